"""Loading, against transformers: whatever it reads from a checkpoint, our BERT must read too."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
import transformers
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer, models, pre_tokenizers

from core.errors import UnavailableError, WeightsError
from core.models.catalog import CATALOG, ModelSpec, find
from core.models.hub import sha256
from core.models.loading import Loaded, load
from core.networks.bert import Bert, BertConfig
from core.networks.bert_checkpoint import bert_from_transformers
from core.networks.mlp import Mlp, MlpConfig, save_mlp

MINILM = find("minilm-l6")
CLOSE = {"atol": 1e-5, "rtol": 1e-5}


def spec_of(folder: Path, kind: str, **changes: object) -> ModelSpec:
    """A bundled entry whose folder is ``folder`` (joining an absolute path gives that path)."""
    values = {"name": "tiny", "title": "Tiny", "job": "attention", "origin": "bundled", "license": "none"}
    return ModelSpec(**values | {"kind": kind, "source": str(folder)} | changes)


def assert_same(ours: Bert, theirs: transformers.BertModel, vocabulary: int) -> None:
    """Hidden states, pooled output and attentions of a padded batch of pairs agree."""
    generator = torch.Generator().manual_seed(0)
    ids = torch.randint(1, vocabulary, (3, 11), generator=generator)
    segments = (torch.arange(11) > 5).long().expand(3, 11)
    mask = torch.ones(3, 11, dtype=torch.long)
    mask[1, 8:], mask[2, 3:] = 0, 0
    with torch.no_grad():
        mine = ours(ids, segments, mask, keep_attentions=True)
        other = theirs(
            input_ids=ids,
            token_type_ids=segments,
            attention_mask=mask,
            output_hidden_states=True,
            output_attentions=True,
        )
    assert len(mine.attentions) == len(other.attentions) == len(ours.layers)
    torch.testing.assert_close(mine.pooled, other.pooler_output, **CLOSE)
    torch.testing.assert_close(mine.hidden, list(other.hidden_states), **CLOSE)
    torch.testing.assert_close(mine.attentions, list(other.attentions), **CLOSE)


def random_bert(**changes: object) -> transformers.BertModel:
    torch.manual_seed(1)
    config = transformers.BertConfig(
        **{
            "vocab_size": 60,
            "hidden_size": 24,
            "num_hidden_layers": 3,
            "num_attention_heads": 4,
            "intermediate_size": 40,
            "max_position_embeddings": 16,
            "attn_implementation": "eager",
        }
        | changes
    )
    model = transformers.BertModel(config).eval()
    for parameter in model.parameters():  # zero biases and unit norms would hide a swap
        parameter.data.normal_(std=0.3)
    return model


@pytest.fixture(scope="module")
def loaded_minilm() -> tuple[Loaded, list[float]]:
    """MiniLM, and what its load reported."""
    shares: list[float] = []
    return load(MINILM, "cpu", shares.append), shares


def test_minilm_gives_the_numbers_of_transformers(loaded_minilm: tuple[Loaded, list[float]]) -> None:
    loaded, _ = loaded_minilm
    assert isinstance(loaded.network, Bert)
    theirs = transformers.BertModel.from_pretrained(MINILM.folder, attn_implementation="eager").eval()
    assert_same(loaded.network, theirs, 30522)


@pytest.mark.parametrize("gelu", ["gelu", "gelu_new", "gelu_pytorch_tanh"])
def test_a_random_bert_gives_the_numbers_of_transformers(gelu: str) -> None:
    theirs = random_bert(hidden_act=gelu)
    assert_same(bert_from_transformers(theirs.config.to_dict(), theirs.state_dict()), theirs, 60)


def test_old_names_with_a_prefix_gamma_and_beta_are_read() -> None:
    theirs = random_bert()
    old = {
        "bert."
        + name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta"): tensor
        for name, tensor in theirs.state_dict().items()
    }
    assert any(name.endswith("gamma") for name in old)
    old["cls.predictions.bias"] = torch.zeros(60)  # a head of pre-training
    assert_same(bert_from_transformers(theirs.config.to_dict(), old), theirs, 60)


def test_a_missing_weight_is_refused_by_name() -> None:
    theirs = random_bert()
    state = dict(theirs.state_dict())
    del state["pooler.dense.bias"]
    with pytest.raises(WeightsError, match=r"pooler\.dense\.bias"):
        bert_from_transformers(theirs.config.to_dict(), state)


def test_a_weight_of_another_shape_is_refused() -> None:
    theirs = random_bert()
    state = dict(theirs.state_dict()) | {"pooler.dense.bias": torch.zeros(7)}
    with pytest.raises(WeightsError, match=r"pooler\.dense\.bias"):
        bert_from_transformers(theirs.config.to_dict(), state)


def test_relative_positions_are_refused_instead_of_being_ignored() -> None:
    theirs = random_bert()
    with pytest.raises(WeightsError, match="not a BERT"):
        bert_from_transformers(
            theirs.config.to_dict() | {"position_embedding_type": "relative_key"}, theirs.state_dict()
        )


def test_minilm_is_ready_to_answer(loaded_minilm: tuple[Loaded, list[float]]) -> None:
    loaded, shares = loaded_minilm
    assert not loaded.network.training
    assert not any(parameter.requires_grad for parameter in loaded.network.parameters())
    assert loaded.dtype is torch.float32
    assert sum(p.numel() for p in loaded.network.parameters()) == MINILM.parameters
    assert loaded.bytes == 4 * MINILM.parameters
    assert shares == sorted(shares)


def test_the_tokenizer_neither_cuts_nor_pads(loaded_minilm: tuple[Loaded, list[float]]) -> None:
    tokenizer = loaded_minilm[0].processor
    assert tokenizer.encode("I enjoyed", "it").tokens == ["[CLS]", "i", "enjoyed", "[SEP]", "it", "[SEP]"]
    assert len(tokenizer.encode("word " * 600).ids) == 602


def write_our_bert(folder: Path) -> Bert:
    config = BertConfig(
        vocab_size=12, hidden_size=8, num_layers=2, num_heads=2, intermediate_size=16, max_positions=10, num_labels=2
    )
    torch.manual_seed(2)
    network = Bert(config).eval()
    (folder / "config.json").write_text(json.dumps({"architecture": "attention-lab-bert", **config.to_dict()}))
    tokenizer = Tokenizer(models.WordPiece({"[UNK]": 0, "a": 1, "b": 2}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.enable_truncation(2)
    tokenizer.save(str(folder / "tokenizer.json"))
    half = {name: tensor.half() for name, tensor in network.state_dict().items()}
    save_file(half, folder / "early.safetensors")
    return network


OUR_FILES = (("config.json", None), ("tokenizer.json", None), ("early.safetensors", None))


def test_a_bert_of_ours_is_widened_from_half_precision(tmp_path: Path) -> None:
    network = write_our_bert(tmp_path)
    loaded = load(spec_of(tmp_path, "bert", files=OUR_FILES, weights="early.safetensors"))
    ids = torch.tensor([[1, 2, 3, 1]])
    assert loaded.dtype is torch.float32
    torch.testing.assert_close(loaded.network(ids).logits, network(ids).logits.detach(), atol=2e-3, rtol=2e-3)
    assert loaded.processor.encode("a b a b").tokens == ["a", "b", "a", "b"]


def test_a_flipped_bit_is_refused_by_the_hash_of_the_evaluation(tmp_path: Path) -> None:
    write_our_bert(tmp_path)
    spec = spec_of(tmp_path, "bert", files=OUR_FILES, weights="early.safetensors")
    weights = tmp_path / "early.safetensors"
    recorded = {"sha256": {"early.safetensors": sha256(weights)}}
    (tmp_path / "evaluation.json").write_text(json.dumps(recorded))
    load(spec)
    damaged = bytearray(weights.read_bytes())
    damaged[-3] ^= 1
    weights.write_bytes(damaged)
    with pytest.raises(WeightsError, match=r"early\.safetensors"):
        load(spec)


def test_a_truncated_file_without_a_known_hash_is_refused(tmp_path: Path) -> None:
    write_our_bert(tmp_path)
    weights = tmp_path / "early.safetensors"
    weights.write_bytes(weights.read_bytes()[:-10])
    with pytest.raises(WeightsError, match="cannot be read"):
        load(spec_of(tmp_path, "bert", files=OUR_FILES, weights="early.safetensors"))


def test_a_file_that_its_reader_refuses_leaves_no_trace_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write_our_bert(tmp_path)
    for file, content in (("tokenizer.json", "{"), ("config.json", "{"), ("config.json", "[" * 50)):
        kept = (tmp_path / file).read_text()
        (tmp_path / file).write_text(content)
        with pytest.raises(WeightsError, match="cannot be read"):
            load(spec_of(tmp_path, "bert", files=OUR_FILES, weights="early.safetensors"))
        (tmp_path / file).write_text(kept)
    assert caplog.records == []


@pytest.mark.parametrize(
    ("changed", "cause"),
    [({"hidden_size": None}, "TypeError"), ({"gelu": "other"}, "AssertionError"), ({"num_layers": "3"}, "TypeError")],
)
def test_what_no_reader_raises_is_logged_with_its_traceback(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, changed: dict[str, object], cause: str
) -> None:
    write_our_bert(tmp_path)
    config = tmp_path / "config.json"
    config.write_text(json.dumps(json.loads(config.read_text()) | changed))
    with pytest.raises(WeightsError, match="cannot be read"):
        load(spec_of(tmp_path, "bert", files=OUR_FILES, weights="early.safetensors"))
    (record,) = caplog.records
    assert (record.name, record.levelname) == ("lab.models", "ERROR")
    assert record.getMessage() == "reading tiny failed in an unexpected way"
    assert record.exc_info is not None
    assert record.exc_info[0].__name__ == cause
    assert "core/models/loading.py" in caplog.text.replace("\\", "/")


def test_a_missing_file_is_unavailable(tmp_path: Path) -> None:
    write_our_bert(tmp_path)
    (tmp_path / "tokenizer.json").unlink()
    with pytest.raises(UnavailableError, match="not on this machine"):
        load(spec_of(tmp_path, "bert", files=OUR_FILES, weights="early.safetensors"))


def test_the_mlp_of_a_folder_is_loaded(tmp_path: Path) -> None:
    torch.manual_seed(3)
    network = Mlp(MlpConfig()).eval()
    save_mlp(network, tmp_path)
    loaded = load(spec_of(tmp_path, "mlp", job="cifar10-mlp"))
    x = torch.randn(2, 3, 32, 32)
    assert not loaded.network.training
    assert torch.equal(loaded.network(x), network(x))
    assert sum(p.numel() for p in loaded.network.parameters()) == find_parameters("mlp-cifar10")


def find_parameters(name: str) -> int | None:
    return next(spec.parameters for spec in CATALOG if spec.name == name)


def tiny_beit(**changes: object) -> transformers.BeitConfig:
    return transformers.BeitConfig(
        **{
            "hidden_size": 16,
            "num_hidden_layers": 4,
            "num_attention_heads": 2,
            "intermediate_size": 20,
            "image_size": 32,
            "patch_size": 8,
            "use_relative_position_bias": True,
            "num_labels": 5,
            "out_indices": [1, 2, 3, 4],
        }
        | changes
    )


def write_beit(cls: type, folder: Path, suffix: str = "safetensors") -> torch.nn.Module:
    torch.manual_seed(4)
    network = cls(tiny_beit()).eval()
    network.save_pretrained(folder)
    transformers.BeitImageProcessorPil(size={"height": 32, "width": 32}).save_pretrained(folder)
    if suffix == "bin":
        torch.save(load_file(folder / "model.safetensors"), folder / "pytorch_model.bin")
        (folder / "model.safetensors").unlink()
    return network


BEIT_FILES = (("config.json", None), ("preprocessor_config.json", None))


@pytest.mark.parametrize(
    ("kind", "cls", "suffix"),
    [
        ("beit-segmentation", transformers.BeitForSemanticSegmentation, "safetensors"),
        ("beit-classification", transformers.BeitForImageClassification, "safetensors"),
        ("beit-classification", transformers.BeitForImageClassification, "bin"),
    ],
)
def test_a_beit_is_loaded_with_eager_attention(tmp_path: Path, kind: str, cls: type, suffix: str) -> None:
    network = write_beit(cls, tmp_path, suffix)
    weights = {"bin": "pytorch_model.bin", "safetensors": "model.safetensors"}[suffix]
    loaded = load(spec_of(tmp_path, kind, files=(*BEIT_FILES, (weights, None)), weights=weights))
    x = torch.randn(1, 3, 32, 32)
    with torch.no_grad():
        ours, theirs = loaded.network(x, output_attentions=True), network(x)
    torch.testing.assert_close(ours.logits, theirs.logits, **CLOSE)  # theirs ran without eager attention
    assert [tuple(weights.shape) for weights in ours.attentions] == [(1, 2, 17, 17)] * 4
    assert loaded.processor(torch.zeros(3, 50, 40, dtype=torch.uint8).numpy())["pixel_values"][0].shape == (3, 32, 32)


def write_restoring(folder: Path, codes: int = 9, patch: int = 8) -> ModelSpec:
    torch.manual_seed(4)
    config = tiny_beit(use_mask_token=True, vocab_size=9)
    transformers.BeitForMaskedImageModeling(config).eval().save_pretrained(folder)
    save_file({"codes": torch.rand(codes, 3 * patch * patch).half()}, folder / "codebook.safetensors")
    files = (("config.json", None), ("codebook.safetensors", None), ("model.safetensors", None))
    return spec_of(folder, "beit-masked-patches", files=files)


def test_a_beit_that_restores_comes_with_its_codebook(tmp_path: Path) -> None:
    loaded = load(write_restoring(tmp_path))
    assert loaded.processor.codes.shape == (9, 192)
    assert loaded.processor.codes.dtype == torch.float32
    mask = torch.zeros(1, 16, dtype=torch.bool)
    assert loaded.network(torch.zeros(1, 3, 32, 32), mask).logits.shape == (1, 16, 9)


@pytest.mark.parametrize(("codes", "patch"), [(8, 8), (9, 4)])
def test_a_codebook_of_another_network_is_refused(tmp_path: Path, codes: int, patch: int) -> None:
    with pytest.raises(WeightsError, match=r"codebook\.safetensors"):
        load(write_restoring(tmp_path, codes, patch))


def test_a_changed_codebook_is_refused_by_its_hash(tmp_path: Path) -> None:
    spec = write_restoring(tmp_path)
    digests = {file: sha256(tmp_path / file) for file, _ in spec.files}
    (tmp_path / "evaluation.json").write_text(json.dumps({"sha256": digests}))
    load(spec)
    data = bytearray((tmp_path / "codebook.safetensors").read_bytes())
    data[-1] ^= 1
    (tmp_path / "codebook.safetensors").write_bytes(data)
    with pytest.raises(WeightsError, match=r"codebook\.safetensors"):
        load(spec)


def test_a_beit_that_lacks_a_weight_is_refused_instead_of_made_up(tmp_path: Path) -> None:
    write_beit(transformers.BeitForImageClassification, tmp_path)
    state = load_file(tmp_path / "model.safetensors")
    del state["classifier.weight"]
    save_file(state, tmp_path / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(WeightsError, match=r"classifier\.weight"):
        load(spec_of(tmp_path, "beit-classification", files=(*BEIT_FILES, ("model.safetensors", None))))


def test_another_file_beside_a_bin_is_not_read_in_its_place(tmp_path: Path) -> None:
    network = write_beit(transformers.BeitForImageClassification, tmp_path, "bin")
    other = {name: tensor + 1 for name, tensor in network.state_dict().items()}
    save_file(other, tmp_path / "model.safetensors", metadata={"format": "pt"})
    files = (*BEIT_FILES, ("pytorch_model.bin", None))
    loaded = load(spec_of(tmp_path, "beit-classification", files=files, weights="pytorch_model.bin"))
    torch.testing.assert_close(loaded.network.state_dict(), network.state_dict())


class Runs:
    """Unpickled, it would call print: a checkpoint that holds one carries code."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return print, ("this ran",)


def test_code_inside_a_bin_does_not_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_beit(transformers.BeitForImageClassification, tmp_path, "bin")
    torch.save({"classifier.weight": Runs()}, tmp_path / "pytorch_model.bin")
    files = (*BEIT_FILES, ("pytorch_model.bin", None))
    with pytest.raises(WeightsError):
        load(spec_of(tmp_path, "beit-classification", files=files, weights="pytorch_model.bin"))
    assert "this ran" not in capsys.readouterr().out


@pytest.mark.parametrize("spec", [s for s in CATALOG if s.origin == "bundled"], ids=lambda spec: spec.name)
def test_every_entry_that_is_here_loads_with_its_hashes(spec: ModelSpec) -> None:
    if not spec.present:
        pytest.skip(f"{spec.name} is not on this machine")
    assert set(spec.hashes) >= {spec.weights}, "the weights of what is bundled have a known SHA-256"
    loaded = load(spec)
    if spec.parameters is not None:
        assert sum(p.numel() for p in loaded.network.parameters()) == spec.parameters


def test_a_changed_hash_in_the_catalog_refuses_minilm() -> None:
    files = tuple((file, "0" * 64 if file == "config.json" else digest) for file, digest in MINILM.files)
    with pytest.raises(WeightsError, match=r"config\.json"):
        load(replace(MINILM, files=files))
