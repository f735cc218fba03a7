"""A catalog entry → a ready model with its processor, in eval mode.

Every file with a known SHA-256 is checked before anything reads it. Weights are safetensors; a ``.bin`` only where the
catalog entry has nothing else, and then read as plain tensors. No code of a checkpoint is ever run.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import nn

from core.bert import Bert, BertConfig
from core.bert_weights import bert_from_transformers, fill
from core.catalog import ModelSpec
from core.devices import Device, choose_dtype
from core.errors import UnavailableError, WeightsError

Progress = Callable[[float], None]


@dataclass(frozen=True, eq=False)
class Loaded:
    """A model that is ready: ``network`` in eval mode on ``device``, and what turns input into its tensors.

    ``processor``: for texts a ``tokenizers.Tokenizer`` that neither cuts nor pads; for BEiT transformers' image
    processor; None for the MLP. ``bytes``: what the network's parameters and buffers take.
    """

    spec: ModelSpec
    network: nn.Module
    processor: Any
    device: str
    dtype: torch.dtype
    bytes: int


def sha256(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def verify(spec: ModelSpec, folder: Path) -> None:
    """Raise UnavailableError for a missing file and WeightsError for one that is not what the catalog names."""
    known = spec.hashes
    for file, _ in spec.files:
        path = folder / file
        if not path.is_file():
            raise UnavailableError("models.files_missing", name=spec.name)
        if file in known and sha256(path) != known[file]:
            raise WeightsError("models.wrong_hash", name=spec.name, file=file)


def read_config(folder: Path) -> dict[str, Any]:
    """``config.json`` of a folder."""
    values: dict[str, Any] = json.loads((folder / "config.json").read_text("utf-8"))
    return values


def read_tokenizer(folder: Path) -> Tokenizer:
    """``tokenizer.json`` without its own cutting and padding: the labs cut by themselves, and say so."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def load_bert(spec: ModelSpec, folder: Path) -> tuple[nn.Module, Tokenizer]:
    """A BERT of ours: our config, our names; float16 files are widened."""
    state = {name: tensor.float() for name, tensor in load_file(folder / spec.weights).items()}
    return fill(Bert(BertConfig.from_dict(read_config(folder))), state), read_tokenizer(folder)


def load_bert_transformers(spec: ModelSpec, folder: Path) -> tuple[nn.Module, Tokenizer]:
    """A BERT in transformers' layout, read without transformers: its import would cost more than the load."""
    state = load_file(folder / spec.weights)
    return bert_from_transformers(read_config(folder), state), read_tokenizer(folder)


LOADERS: dict[str, Callable[[ModelSpec, Path], tuple[nn.Module, Any]]] = {
    "bert": load_bert,
    "bert-transformers": load_bert_transformers,
}


def load(spec: ModelSpec, device: Device = "cpu", progress: Progress = lambda share: None) -> Loaded:
    """Load ``spec`` to ``device``. Raises UnavailableError and WeightsError."""
    progress(0.05)
    folder = spec.folder
    if folder is None:
        raise UnavailableError("models.files_missing", name=spec.name)
    verify(spec, folder)
    progress(0.3)
    network, processor = LOADERS[spec.kind](spec, folder)
    progress(0.9)
    dtype = choose_dtype(device, spec.bytes)
    network = network.to(device=device, dtype=dtype).eval().requires_grad_(False)
    size = sum(tensor.nbytes for tensor in (*network.parameters(), *network.buffers()))
    return Loaded(spec, network, processor, device, dtype, size)
