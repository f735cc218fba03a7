"""``beit-cifar10-pretrained``: a small BEiT that names visual tokens of covered patches, from random weights.

It has seen no label. ``beit-cifar10`` starts from it; by itself it restores pictures of which parts are covered.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from core.networks.patch_masks import SHARE
from core.networks.visual_tokens import FILE, Codebook
from core.training.beit import cut_patches, start_local, start_whitened
from core.training.cards import sentences
from core.training.cifar import load_cifar, source
from core.training.cifar_beit import LOCAL_START, PATCH, SIZE, CifarBeit, rescaled, small_config
from core.training.masked_patches import MaskedPatchesTask, masks_for
from core.training.patch_codes import PATCHES, kmeans
from core.training.patch_evaluation import Restored, copied, most_frequent, restored
from core.training.precision import mixed
from core.training.recipe import Options, Told

TOKENS = 512
BASELINES = ("most_frequent", "nearest_visible")


def codebook_of(images: Tensor, seed: int) -> Codebook:
    """Normalised pictures (N, 3, H, W) → their visual tokens."""
    patches = cut_patches((images[:20_000] + 1) / 2, PATCH)  # (M, P)
    drawn = torch.randperm(len(patches), generator=torch.Generator().manual_seed(seed))[:PATCHES]
    return Codebook(kmeans(patches[drawn], TOKENS, seed).half().float(), PATCH)  # as they are stored


class BeitCifar10Pretrained(CifarBeit):
    """The recipe of ``beit-cifar10-pretrained``."""

    name = "beit-cifar10-pretrained"
    task: MaskedPatchesTask

    def __init__(self, options: Options) -> None:
        from transformers import BeitForMaskedImageModeling

        super().__init__(options)
        data = self.data
        images = rescaled(data.train.images[:20_000])
        codebook = codebook_of(images, options.seed)
        model = BeitForMaskedImageModeling(small_config(use_mask_token=True, vocab_size=len(codebook)))
        start_local(model.beit)
        start_whitened(model.beit, cut_patches(images[:2000], PATCH))
        self.task = MaskedPatchesTask(model, codebook, data.train, data.held_out, self.rate, self.batch)

    def write(self, network: nn.Module, folder: Path) -> None:
        super().write(network, folder)
        save_file({"codes": self.task.codebook.codes.cpu().half().contiguous()}, folder / FILE)

    @staticmethod
    def measure(folder: Path, options: Options) -> dict[str, Any]:
        from transformers import BeitForMaskedImageModeling

        model: Any = BeitForMaskedImageModeling.from_pretrained(folder, dtype=torch.float32).eval()
        codebook, side = Codebook.read(folder), SIZE // PATCH
        test = load_cifar(options, "test")
        count = min(options.test_size or len(test), len(test))
        pictures = (rescaled(test.images[:count]) + 1) / 2  # (N, 3, H, W)
        masks = masks_for(count, side, side, torch.Generator().manual_seed(0))

        def network(part: Tensor, masked: Tensor, true: Tensor) -> Tensor:
            with mixed():
                scores: Tensor = model(2 * part - 1, bool_masked_pos=masked).logits
            return scores.float().argmax(2)

        guesses = (network, most_frequent(codebook), copied(side, side))
        own, *others = (restored(codebook, pictures, masks, guess) for guess in guesses)
        true = restored(codebook, pictures, masks, lambda part, masked, tokens: tokens)
        figures = told_figures(own, "")
        for name, other in zip(BASELINES, others, strict=True):
            figures |= told_figures(other, f"{name}_")
        return {
            "data": {"name": "cifar10", "split": "test", "source": source(options, "cifar10"), "count": count},
            "figures": {**figures, "psnr_of_the_true_tokens": true.psnr},
            "masks": {"seed": 0, "share": SHARE, "covered": int(own.count.sum())},
            "tokens": len(codebook),
            "hits": own.hits.tolist(),  # by picture
        }

    def told(self, evaluation: dict[str, Any]) -> Told:
        return Told({"tokens": evaluation["tokens"]}, sentences()["patches"])

    def facts(self) -> dict[str, Any]:
        return {
            **super().facts(),
            "visual_tokens": f"{TOKENS}, k-means over {PATCHES:,} patches of training pictures",
            "covered": f"{SHARE:.0%} of the patches, in blocks",
            "pictures_shown": "shifted by up to 2 px, half of them mirrored",
            "start": LOCAL_START,
        }


def told_figures(found: Restored, prefix: str) -> dict[str, float]:
    """Accuracy and PSNR with their intervals."""
    figures: dict[str, float] = {}
    for name in ("accuracy", "psnr"):
        low, high = found.interval(name)
        figures |= {f"{prefix}{name}": getattr(found, name), f"{prefix}{name}_low": low, f"{prefix}{name}_high": high}
    return figures
