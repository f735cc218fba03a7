"""What tests share: a lab of bundled models, a tiny BERT, and the app running on a free port of this machine.

``app`` is imported first, since it sets what libraries read at their own import.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import settings as hypothesis_settings

import app  # noqa: F401
from core import places
from core.lab.lab import Lab
from core.models.catalog import CATALOG, ModelSpec
from core.settings import Settings
from tests.serving import serving
from tests.workers import pytest_cmdline_main, pytest_collection_modifyitems, pytest_runtest_setup

__all__ = ["pytest_cmdline_main", "pytest_collection_modifyitems", "pytest_runtest_setup"]
# A busy machine is slow, and that is no fault of the code. What a build finds must be found again by the next one.
SAME = {"derandomize": True, "database": None} if os.environ.get("CI") == "true" else {}
hypothesis_settings.register_profile("lab", deadline=None, **SAME)
hypothesis_settings.load_profile("lab")
# For every call httpx reads the certificates of the whole world, 30 ms each; they stay what they are.
httpx._transports.default.create_ssl_context = cache(httpx.create_ssl_context)

places.DATA = Path(__file__).with_name("no-data")  # a developer may have data/ beside the app; no test sees it

WORDS = ("the", "cat", "sat", "on", "mat", "dog", "lay", "rug", "a", "i", "movie", "this", "##s", "##ed", ".", "!")
SPECIALS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


@dataclass(frozen=True)
class TinySpec:
    """The part of a catalog entry that an analysis reads."""

    name: str = "tiny"


@dataclass(frozen=True, eq=False)
class TinyModel:
    """What ``core.models.loading.Loaded`` is to an analysis."""

    network: Any
    processor: Any
    spec: TinySpec = TinySpec()


def tiny_tokenizer() -> Any:
    """A WordPiece tokenizer of BERT's kind whose whole vocabulary is ``SPECIALS`` and ``WORDS``."""
    from tokenizers import AddedToken, Tokenizer, models, normalizers, pre_tokenizers

    vocabulary = {word: i for i, word in enumerate((*SPECIALS, *WORDS))}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.add_special_tokens([AddedToken(name, special=True) for name in SPECIALS])
    tokenizer.encode_special_tokens = True
    return tokenizer


def tiny_network(seed: int = 0, **changes: Any) -> Any:
    """A BERT of 3 layers × 4 heads whose weights are large enough for uneven attention, in eval mode."""
    import torch

    from core.networks.bert import Bert, BertConfig

    values = {"hidden_size": 32, "num_layers": 3, "num_heads": 4, "intermediate_size": 48, "max_positions": 64}
    config = BertConfig(**{"vocab_size": len(SPECIALS) + len(WORDS)} | values | changes)
    generator = torch.Generator().manual_seed(seed)
    network = Bert(config).eval().requires_grad_(False)
    for name, parameter in network.named_parameters():
        parameter.normal_(1.0 if name.endswith("norm.weight") else 0.0, 0.3, generator=generator)
    return network


@pytest.fixture(scope="session")
def tiny_bert() -> TinyModel:
    """A random BERT with its tokenizer; it takes at most 64 tokens."""
    return TinyModel(tiny_network(), tiny_tokenizer())


@pytest.fixture(scope="session")
def tiny_spec(tiny_bert: TinyModel, tmp_path_factory: pytest.TempPathFactory) -> ModelSpec:
    """A catalog entry whose files are those of ``tiny_bert``."""
    from safetensors.torch import save_file

    folder = tmp_path_factory.mktemp("tiny")
    (folder / "config.json").write_text(json.dumps(tiny_bert.network.config.to_dict()), "utf-8")
    tiny_bert.processor.save(str(folder / "tokenizer.json"))
    save_file(tiny_bert.network.state_dict(), folder / "model.safetensors")
    files = tuple((name, None) for name in ("config.json", "tokenizer.json", "model.safetensors"))
    return ModelSpec("tiny", "Tiny", "attention", "bundled", "bert", str(folder), "apache-2.0", files)


@pytest.fixture(scope="session")
def lab(tiny_spec: ModelSpec) -> Lab:
    """A lab that asks no hub and runs on the CPU, whatever the environment says. It also offers the tiny BERT."""
    settings = Settings(offline=True, device="cpu", memory=4 * 10**9, data=None, language="en")
    return Lab(settings, (*CATALOG, tiny_spec))


@pytest.fixture(scope="session")
def minilm(lab: Lab) -> Iterator[Any]:
    """The bundled MiniLM, loaded once for all tests."""
    with lab.use("minilm-l6", "attention") as loaded:
        yield loaded


@pytest.fixture(scope="session")
def app_url(lab: Lab, minilm: Any) -> Iterator[str]:
    """The address of the whole app over ``lab``, without a slash at its end."""
    with serving(lab) as address:
        yield address


@pytest.fixture(scope="session")
def new_client(app_url: str) -> Iterator[Callable[[], Any]]:
    """Makes clients of the app's API, each with a session of its own."""
    from gradio_client import Client

    clients: list[Any] = []

    def make() -> Any:
        clients.append(Client(app_url, verbose=False, analytics_enabled=False))
        return clients[-1]

    yield make
    for client in clients:
        client.close()


@pytest.fixture(scope="session")
def client(new_client: Callable[[], Any]) -> Any:
    """One client for the calls that do not care whose they are."""
    return new_client()
