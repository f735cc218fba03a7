"""A catalog entry → a ready model with its processor, in eval mode.

Every file with a known SHA-256 is checked before anything reads it. Weights are safetensors; a ``.bin`` only where the
catalog entry has nothing else, and then read as plain tensors. No code of a checkpoint is ever run.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import nn

from core.errors import LabError, MemoryLimitError, UnavailableError, WeightsError
from core.models import hub
from core.models.catalog import ModelSpec
from core.models.devices import Device, choose_dtype, zero_gpu
from core.networks.bert import BertConfig
from core.networks.bert_checkpoint import bert_for, bert_from_transformers, fill
from core.networks.row_bytes import read_weights
from core.networks.visual_tokens import FILE, Codebook
from core.progress import Progress, unheard

log = logging.getLogger("lab.models")

# What the readers of a broken file raise: safetensors, torch's reader of tensors, the system, torch and transformers
# (RuntimeError), json and transformers' configurations (ValueError). Anything else is no file's fault alone.
UNREADABLE = (SafetensorError, UnpicklingError, EOFError, OSError, RuntimeError, ValueError)


@dataclass(frozen=True, eq=False)
class Loaded:
    """A model that is ready: ``network`` in eval mode on ``device``, and what turns input into its tensors.

    ``processor``: for texts a ``tokenizers.Tokenizer`` that neither cuts nor pads; for BEiT transformers' image
    processor; where it restores covered patches their :class:`core.networks.visual_tokens.Codebook`; None for the MLP.
    ``bytes``: what the network's parameters and buffers take, and a fast head of it.
    """

    spec: ModelSpec
    network: nn.Module
    processor: Any
    device: str
    dtype: torch.dtype
    bytes: int


def verify(spec: ModelSpec, folder: Path) -> None:
    """Raise UnavailableError for a missing file and WeightsError for one that is not what the catalog names."""
    known = spec.hashes
    for file, _ in spec.files:
        path = folder / file
        if not path.is_file():
            raise UnavailableError("models.files_missing", name=spec.name)
        if file in known and hub.sha256(path) != known[file]:
            raise WeightsError("models.wrong_hash", name=spec.name, file=file)


def read_config(folder: Path) -> dict[str, Any]:
    """``config.json`` of a folder."""
    values: dict[str, Any] = json.loads((folder / "config.json").read_text("utf-8"))
    return values


def read_tokenizer(folder: Path) -> Tokenizer:
    """``tokenizer.json`` without its own cutting and padding: the labs cut by themselves, and say so.

    A typed ``[SEP]`` is five characters of text; the labs set special tokens by id.
    """
    try:
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    except Exception as error:  # tokenizers has no type of its own
        raise ValueError(f"tokenizer.json cannot be read: {error}") from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    tokenizer.encode_special_tokens = True
    return tokenizer


def load_bert(spec: ModelSpec, folder: Path) -> tuple[nn.Module, Tokenizer]:
    """A BERT of ours: our config, our names, the heads that its file has; float16 and 8-bit files are widened."""
    state = read_weights(folder / spec.weights)
    return fill(bert_for(BertConfig.from_dict(read_config(folder)), state), state), read_tokenizer(folder)


def load_bert_transformers(spec: ModelSpec, folder: Path) -> tuple[nn.Module, Tokenizer]:
    """A BERT in transformers' layout, read without transformers: its import would cost more than the load."""
    state = load_file(folder / spec.weights)
    return bert_from_transformers(read_config(folder), state), read_tokenizer(folder)


def load_bert_hub(spec: ModelSpec, folder: Path) -> tuple[nn.Module, Tokenizer]:
    """A BERT of the hub by transformers, which knows the layouts of old checkpoints; then its weights in ours.

    One that fills masked words was saved as it came out of pre-training, with both of its heads.
    """
    from transformers import BertForPreTraining, BertModel

    theirs = from_pretrained(BertForPreTraining if spec.fills else BertModel, spec, folder)
    return bert_from_transformers(theirs.config.to_dict(), theirs.state_dict()), read_tokenizer(folder)


def load_beit(spec: ModelSpec, folder: Path) -> tuple[nn.Module, Any]:
    """A BEiT with its image processor; eager attention, since the others do not hand their weights over."""
    import transformers

    classes = {
        "beit-segmentation": transformers.BeitForSemanticSegmentation,
        "beit-classification": transformers.BeitForImageClassification,
    }
    network = from_pretrained(classes[spec.kind], spec, folder)
    processor = transformers.AutoImageProcessor.from_pretrained(
        folder, backend="pil", local_files_only=True, trust_remote_code=False
    )
    return network, processor


def load_masked_patches(spec: ModelSpec, folder: Path) -> tuple[nn.Module, Codebook]:
    """A BEiT that names visual tokens, and what they look like. Its pictures are normalised as ``restore`` does it."""
    from transformers import BeitForMaskedImageModeling

    network = from_pretrained(BeitForMaskedImageModeling, spec, folder)
    codebook = Codebook.read(folder)
    known = (network.config.vocab_size, network.config.patch_size)
    if known != (len(codebook), codebook.patch):
        raise WeightsError("models.weights_do_not_fit", names=FILE, count=1)
    return network, codebook


def load_mlp(spec: ModelSpec, folder: Path) -> tuple[nn.Module, None]:
    """Our MLP."""
    from core.networks.mlp import load_mlp as read

    return read(folder), None


def from_pretrained(cls: Any, spec: ModelSpec, folder: Path) -> Any:
    """transformers' own loading, from the hub's cache by id and revision, or from a bundled folder.

    The files are here and checked by now, so it must not look for others. A weight that the checkpoint lacks would be
    made up at random with no more than a line in a log: that is a WeightsError.
    """
    from transformers.utils.logging import disable_progress_bar

    hub.keep_quiet()
    disable_progress_bar()  # a server's log is no terminal
    place = {"revision": spec.revision or "main"} if spec.origin == "hub" else {}
    network, report = cls.from_pretrained(
        spec.source if spec.origin == "hub" else folder,
        **place,
        local_files_only=True,
        use_safetensors=spec.weights.endswith(".safetensors"),
        weights_only=True,
        dtype=torch.float32,
        attn_implementation="eager",
        output_loading_info=True,
    )
    lacking = sorted({*report["missing_keys"], *(str(entry[0]) for entry in report.get("mismatched_keys", ()))})
    if lacking:
        raise WeightsError("models.weights_do_not_fit", names=", ".join(lacking[:3]), count=len(lacking))
    return network


LOADERS: dict[str, Callable[[ModelSpec, Path], tuple[nn.Module, Any]]] = {
    "bert": load_bert,
    "bert-transformers": load_bert_transformers,
    "bert-hub": load_bert_hub,
    "beit-segmentation": load_beit,
    "beit-classification": load_beit,
    "beit-masked-patches": load_masked_patches,
    "mlp": load_mlp,
}


def load(spec: ModelSpec, device: Device = "cpu", progress: Progress = unheard, *, offline: bool = False) -> Loaded:
    """Load ``spec`` to ``device``; ``progress`` hears the share that is done. Raises UnavailableError, WeightsError."""
    progress(0.0)
    if spec.folder is not None:
        verify(spec, spec.folder)
        folder = spec.folder
    elif spec.origin == "hub":
        folder = hub.fetch(spec, lambda share: progress(0.8 * share), offline)
    else:
        raise UnavailableError("models.files_missing", name=spec.name)
    progress(0.8)
    try:
        network, processor = LOADERS[spec.kind](spec, folder)
    except LabError:
        raise
    except UNREADABLE as error:
        if "allocate memory" in str(error):
            raise MemoryLimitError("models.no_memory", name=spec.name) from error
        raise WeightsError("models.unreadable", name=spec.name) from error
    except Exception as error:
        log.exception("reading %s failed in an unexpected way", spec.name)
        raise WeightsError("models.unreadable", name=spec.name) from error
    progress(0.95)
    dtype = choose_dtype(device, spec.bytes)
    network = network.to(device=device, dtype=dtype).eval().requires_grad_(False)
    size = sum(tensor.nbytes for tensor in (*network.parameters(), *network.buffers()))
    if spec.kind == "beit-segmentation" and not zero_gpu():  # there, the head is the card's
        from core.networks.scene_head import (
            head_bytes,  # made with the model, so that the registry counts it from the start
        )

        size += head_bytes(network)
    return Loaded(spec, network, processor, device, dtype, size)
