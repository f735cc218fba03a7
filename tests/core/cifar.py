"""Small random networks and pictures that the tests of the CIFAR-10 lab share."""

from types import SimpleNamespace

import numpy as np
import torch
from transformers import BeitConfig, BeitForImageClassification, BeitForMaskedImageModeling

from core.data.labels import CIFAR10
from core.networks.classifier import Classifier
from core.networks.mlp import Mlp, MlpConfig
from core.networks.visual_tokens import Codebook

torch.set_num_threads(1)  # networks this small spend their time waiting for a second thread

PLAIN = SimpleNamespace(image_mean=[0.5, 0.4, 0.3], image_std=[0.2, 0.25, 0.3])


def pictures(count: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (count, 32, 32, 3), dtype=np.uint8)


def mlp_network(seed: int = 0, **options: object) -> Mlp:
    torch.manual_seed(seed)
    return Mlp(MlpConfig(hidden=(24, 16), **options)).eval()


def beit_network(seed: int = 0, labels: tuple[str, ...] = CIFAR10, **options: object) -> BeitForImageClassification:
    torch.manual_seed(seed)
    defaults = {
        "image_size": 32, "patch_size": 4, "hidden_size": 24, "num_hidden_layers": 2, "num_attention_heads": 2,
        "intermediate_size": 48, "use_relative_position_bias": True, "initializer_range": 0.2,
    }  # fmt: skip
    config = BeitConfig(**{**defaults, **options}, id2label=dict(enumerate(labels)))
    return BeitForImageClassification(config).eval()


def mlp(seed: int = 0, **options: object) -> Classifier:
    return Classifier("tiny-mlp", mlp_network(seed, **options))


def beit(seed: int = 0, **options: object) -> Classifier:
    return Classifier("tiny-beit", beit_network(seed, **options), PLAIN)


def masked_network(seed: int = 0, **options: object) -> BeitForMaskedImageModeling:
    """A tiny BEiT that names one of 24 visual tokens."""
    torch.manual_seed(seed)
    defaults = {
        "image_size": 32, "patch_size": 4, "hidden_size": 24, "num_hidden_layers": 2, "num_attention_heads": 2,
        "intermediate_size": 48, "use_relative_position_bias": True, "initializer_range": 0.2, "use_mask_token": True,
        "vocab_size": 24,
    }  # fmt: skip
    return BeitForMaskedImageModeling(BeitConfig(**{**defaults, **options})).eval()


def codebook(seed: int = 0, count: int = 24) -> Codebook:
    return Codebook(torch.rand(count, 48, generator=torch.Generator().manual_seed(seed)), 4)
