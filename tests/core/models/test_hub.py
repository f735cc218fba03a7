"""Models of the hub, from a server on loopback that speaks its protocol."""

import errno
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import huggingface_hub
import pytest
import torch
import transformers
from tokenizers import Tokenizer, models

from core.errors import FetchingError, UnavailableError, WeightsError
from core.fetches import Fetches
from core.lab.lab import Lab
from core.models import hub as hub_module
from core.models.catalog import ModelSpec
from core.models.hub import cached, check, fetch
from core.models.loading import load
from core.network import Reach
from core.networks.masked_head import MaskedBert
from core.settings import Settings
from tests.core.hub_server import COMMIT, Hub

ROOT = Path(__file__).resolve().parents[3]
NAME = "somebody/tiny-bert"


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of a random BERT, as transformers writes them."""
    folder = tmp_path_factory.mktemp("checkpoint")
    torch.manual_seed(5)
    config = transformers.BertConfig(
        vocab_size=30, hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=24
    )
    transformers.BertModel(config).save_pretrained(folder)
    Tokenizer(models.WordPiece({"[UNK]": 0, "a": 1}, unk_token="[UNK]")).save(str(folder / "tokenizer.json"))
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def hub(checkpoint: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """The server, with a fresh cache, as HF_ENDPOINT and HF_HOME would make it (both are read at import)."""
    server = Hub(dict(checkpoint))
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", server.url)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    template = server.url + "/{repo_id}/resolve/{revision}/{filename}"
    monkeypatch.setattr("huggingface_hub.constants.HUGGINGFACE_CO_URL_TEMPLATE", template)
    yield server
    server.close()


@pytest.fixture
def spec(checkpoint: dict[str, bytes]) -> ModelSpec:
    digest = hashlib.sha256(checkpoint["model.safetensors"]).hexdigest()
    return ModelSpec(
        name="tiny",
        title="Tiny",
        job="attention",
        origin="hub",
        kind="bert-hub",
        source=NAME,
        license="none",
        files=(("config.json", None), ("tokenizer.json", None), ("model.safetensors", digest)),
        revision=COMMIT,
    )


def fetch_in(home: Path, url: str, code: str, **environment: str) -> subprocess.Popen[str]:
    """A fresh process whose environment names the server and the cache."""
    lines = (
        "from core.models.catalog import ModelSpec\n"
        f"spec = ModelSpec('tiny', 'Tiny', 'attention', 'hub', 'bert-hub', {NAME!r}, 'none',"
        f" files=(('config.json', None), ('tokenizer.json', None), ('model.safetensors', None)), revision={COMMIT!r})\n"
    )
    env = {**os.environ, "HF_ENDPOINT": url, "HF_HOME": str(home), "PYTHONPATH": str(ROOT), **environment}
    return subprocess.Popen(
        [sys.executable, "-c", lines + code],
        env=env,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_model_is_downloaded_and_gives_the_numbers_of_from_pretrained(hub: Hub, spec: ModelSpec) -> None:
    shares: list[float] = []
    loaded = load(spec, "cpu", shares.append)
    theirs = transformers.BertModel.from_pretrained(NAME, revision=COMMIT, local_files_only=True).eval()
    ids = torch.tensor([[1, 2, 3, 4]])
    with torch.no_grad():
        torch.testing.assert_close(loaded.network(ids).pooled, theirs(ids).pooler_output, atol=1e-5, rtol=1e-5)
    assert shares == sorted(shares)
    assert shares[-1] <= 1
    assert hub.tokens == [], "public files need no token, so none is sent"


def test_a_model_that_fills_masked_words_brings_its_own_head(
    hub: Hub, spec: ModelSpec, tmp_path: Path, checkpoint: dict[str, bytes]
) -> None:
    torch.manual_seed(6)
    config = transformers.BertConfig.from_dict(json.loads(checkpoint["config.json"]))
    theirs = transformers.BertForPreTraining(config).eval()
    theirs.cls.predictions.bias.data.normal_()
    theirs.save_pretrained(tmp_path / "whole")
    hub.files["model.safetensors"] = (tmp_path / "whole" / "model.safetensors").read_bytes()
    files = tuple((name, None) for name, _ in spec.files)
    network = load(replace(spec, fills=True, files=files)).network
    assert isinstance(network, MaskedBert)
    ids = torch.tensor([[1, 2, 3, 4]])
    with torch.no_grad():
        found = network.word_logits(network(ids).hidden[-1])
        torch.testing.assert_close(found, theirs(ids).prediction_logits, atol=1e-5, rtol=1e-5)
        torch.testing.assert_close(network(ids).pooled, theirs.bert(ids).pooler_output, atol=1e-5, rtol=1e-5)


def test_a_head_that_the_file_lacks_is_not_made_up(hub: Hub, spec: ModelSpec) -> None:
    with pytest.raises(WeightsError, match="weights"):
        load(replace(spec, fills=True))


def test_the_second_time_nobody_is_asked(hub: Hub, spec: ModelSpec) -> None:
    fetch(spec)
    hub.asked.clear()
    assert fetch(spec) == cached(spec)
    assert hub.asked == {}


def test_an_unpinned_model_is_found_in_the_cache_too(hub: Hub, spec: ModelSpec) -> None:
    spec = replace(spec, revision=None)
    folder = fetch(spec)
    assert folder.name == COMMIT
    hub.close()
    assert fetch(spec, offline=True) == folder
    assert load(spec, offline=True).network is not None


def test_offline_a_model_that_is_not_here_says_so_and_nobody_is_asked(hub: Hub, spec: ModelSpec) -> None:
    with pytest.raises(UnavailableError, match="offline"):
        fetch(spec, offline=True)
    assert hub.asked == {}


def test_the_environment_can_say_offline(hub: Hub, spec: ModelSpec, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(UnavailableError, match="offline"):
        fetch(spec)
    assert hub.asked == {}


def test_no_network_is_said_at_once(hub: Hub, spec: ModelSpec) -> None:
    hub.close()
    with pytest.raises(UnavailableError, match="cannot be reached"):
        fetch(spec)
    assert hub.asked == {}


def test_the_check_before_a_load_asks_one_question(hub: Hub, spec: ModelSpec) -> None:
    check(spec)
    assert sum(hub.asked.values()) == 1
    with pytest.raises(UnavailableError, match="offline"):
        check(spec, offline=True)
    fetch(spec)
    hub.asked.clear()
    check(spec)
    check(spec, offline=True)
    assert hub.asked == {}
    shutil.rmtree(huggingface_hub.constants.HF_HUB_CACHE)
    hub.faults["*"] = "status 503"
    with pytest.raises(UnavailableError, match="error 503"):
        check(spec)


def arrive(lab: Lab, name: str) -> None:
    """Let the files of a model come, and wait for that. Raises what went wrong."""
    with pytest.raises(FetchingError) as coming, lab.use(name, "attention"):
        pass
    list(lab.fetches.follow(str(coming.value.values["fetch"])))


def test_a_lab_asks_the_hub_before_it_makes_room(hub: Hub, spec: ModelSpec) -> None:
    hub.faults["*"] = "status 500"
    lab = Lab(
        Settings(device="cpu", memory=spec_bytes(hub) + 1000),
        catalog=(spec, replace(spec, name="other")),
        fetches=Fetches(Reach(lambda: hub.url)),
    )
    with pytest.raises(UnavailableError, match="error 500"):
        arrive(lab, "tiny")
    hub.faults.clear()
    arrive(lab, "tiny")
    hub.asked.clear()
    with lab.use("tiny", "attention") as loaded:
        assert loaded.spec is spec
    assert hub.asked == {}, "loading asks nobody"
    shutil.rmtree(huggingface_hub.constants.HF_HUB_CACHE)
    hub.faults["*"] = "status 500"
    with pytest.raises(UnavailableError, match="error 500"):
        arrive(lab, "other")
    assert [model.name for model in lab.registry.state()] == ["tiny"]
    with lab.use("tiny", "attention") as again:
        assert again is loaded, "what is loaded needs no files"


def spec_bytes(hub: Hub) -> int:
    """About what the served network takes."""
    return len(hub.files["model.safetensors"])


def test_a_hub_that_does_not_answer_is_given_up(hub: Hub, spec: ModelSpec, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "ANSWER", 0.2)
    hub.faults["*"] = "no answer"
    with pytest.raises(UnavailableError, match="cannot be reached"):
        fetch(spec)


def test_a_missing_file_is_said_after_one_question(hub: Hub, spec: ModelSpec) -> None:
    del hub.files["model.safetensors"]
    with pytest.raises(UnavailableError, match="no files of tiny"):
        fetch(spec)
    assert hub.asked["HEAD", "model.safetensors"] == 1
    assert not any(method == "GET" for method, _ in hub.asked), "nothing is downloaded in vain"


def test_a_failing_hub_is_said_after_one_question(hub: Hub, spec: ModelSpec) -> None:
    hub.faults["config.json"] = "status 500"
    with pytest.raises(UnavailableError, match="error 500"):
        fetch(spec)
    assert hub.asked == {("HEAD", "config.json"): 1}


def test_a_captive_portal_is_not_taken_for_the_hub(hub: Hub, spec: ModelSpec) -> None:
    hub.faults["*"] = "portal"
    with pytest.raises(UnavailableError, match="log-in page"):
        fetch(spec)
    assert cached(spec) is None


def test_another_revision_than_the_pinned_one_is_refused(hub: Hub, spec: ModelSpec) -> None:
    with pytest.raises(UnavailableError, match="log-in page"):
        fetch(replace(spec, revision="d" * 40))


def test_a_wrong_file_is_set_aside_and_fetched_once_more(hub: Hub, spec: ModelSpec) -> None:
    hub.faults["model.safetensors"] = "wrong once"
    folder = fetch(spec)
    assert hub.asked["GET", "model.safetensors"] == 2
    assert (folder / "model.safetensors").read_bytes() == hub.files["model.safetensors"]
    assert len(list((folder.parents[1] / "blobs").glob("set-aside"))) == 1


def test_a_file_that_is_wrong_twice_is_refused_and_does_not_stay(hub: Hub, spec: ModelSpec) -> None:
    hub.faults["model.safetensors"] = "wrong"
    with pytest.raises(WeightsError, match="twice"):
        fetch(spec)
    assert hub.asked["GET", "model.safetensors"] == 2
    assert cached(spec) is None
    hub.faults.clear()
    assert fetch(spec) == cached(spec), "the next call tries again"


def test_a_file_that_rots_in_the_cache_is_fetched_again(hub: Hub, spec: ModelSpec) -> None:
    path = fetch(spec) / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-5] + b"rotten"[:5])
    hub.asked.clear()
    assert (fetch(spec) / "model.safetensors").read_bytes() == hub.files["model.safetensors"]
    assert hub.asked == {("HEAD", "model.safetensors"): 2, ("GET", "model.safetensors"): 1}


def test_a_file_that_rots_is_refused_offline(hub: Hub, spec: ModelSpec) -> None:
    path = fetch(spec) / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-5])
    with pytest.raises(WeightsError, match="damaged"):
        fetch(spec, offline=True)


@pytest.fixture
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client's pauses between its attempts, without the waiting."""
    monkeypatch.setattr("huggingface_hub.file_download.time", SimpleNamespace(sleep=lambda seconds: None))


@pytest.mark.usefixtures("no_pause")
def test_a_cut_connection_is_taken_up_again(hub: Hub, spec: ModelSpec) -> None:
    hub.faults["model.safetensors"] = "cut once"
    assert (fetch(spec) / "model.safetensors").read_bytes() == hub.files["model.safetensors"]


@pytest.mark.usefixtures("no_pause")
def test_a_connection_that_is_always_cut_is_given_up(hub: Hub, spec: ModelSpec) -> None:
    hub.faults["model.safetensors"] = "cut, no ranges"
    with pytest.raises(UnavailableError, match="cannot be reached"):
        fetch(spec)
    assert hub.asked["GET", "model.safetensors"] <= 8
    assert cached(spec) is None


@pytest.mark.usefixtures("no_pause")
def test_a_download_that_begins_again_and_again_is_given_up(
    hub: Hub, spec: ModelSpec, monkeypatch: pytest.MonkeyPatch
) -> None:
    # with chunks this small each attempt brings something, and the client alone would go on for ever
    monkeypatch.setattr("huggingface_hub.constants.DOWNLOAD_CHUNK_SIZE", 256)
    hub.faults["model.safetensors"] = "cut, no ranges"
    with pytest.raises(UnavailableError, match="cannot be reached"):
        fetch(spec)
    assert hub.asked["GET", "model.safetensors"] <= 6


def test_a_full_disk_is_said_before_the_download(hub: Hub, spec: ModelSpec, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=1000))
    with pytest.raises(UnavailableError, match="disk space"):
        fetch(spec)
    assert not any(method == "GET" for method, _ in hub.asked)


def test_a_disk_that_fills_up_on_the_way_is_said(hub: Hub, spec: ModelSpec, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: object, **named: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("huggingface_hub.file_download.http_get", full)
    with pytest.raises(UnavailableError, match="disk space"):
        fetch(spec)
    assert cached(spec) is None


def test_what_a_dead_process_left_behind_goes_after_an_hour(hub: Hub, spec: ModelSpec) -> None:
    blobs = Path(huggingface_hub.constants.HF_HUB_CACHE) / "models--somebody--tiny-bert" / "blobs"
    blobs.mkdir(parents=True)
    old, new = blobs / "x.1.incomplete", blobs / "x.2.incomplete"
    for path in (old, new):
        path.write_bytes(b"half")
    os.utime(old, (time.time() - 7200,) * 2)
    fetch(spec)
    assert not old.exists()
    assert new.exists(), "another process may be writing it"


def test_a_process_killed_in_the_middle_leaves_a_cache_that_recovers(hub: Hub, spec: ModelSpec, tmp_path: Path) -> None:
    hub.faults["model.safetensors"] = "stall"
    process = fetch_in(tmp_path, hub.url, "from core.models.hub import fetch\nfetch(spec)")
    assert hub.halfway.wait(60), process.communicate(timeout=5)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=20)
    assert cached(spec) is None
    hub.faults.clear()
    assert (fetch(spec) / "model.safetensors").read_bytes() == hub.files["model.safetensors"]


def test_hf_endpoint_and_hf_home_lead_to_the_server(hub: Hub, tmp_path: Path) -> None:
    code = "from core.models.loading import load\nprint(sum(p.numel() for p in load(spec).network.parameters()))"
    out, err = fetch_in(tmp_path, hub.url, code).communicate(timeout=250)
    assert out.strip().isdigit(), err
    assert hub.asked["GET", "model.safetensors"] == 1
    assert set(hub.asked) == {
        (m, f) for m in ("HEAD", "GET") for f in ("config.json", "tokenizer.json", "model.safetensors")
    }


def test_a_checkpoint_without_a_pooler_is_refused_instead_of_made_up(hub: Hub, spec: ModelSpec) -> None:
    from safetensors.torch import load as read
    from safetensors.torch import save

    state = {name: tensor for name, tensor in read(hub.files["model.safetensors"]).items() if "pooler" not in name}
    hub.files["model.safetensors"] = save(state, metadata={"format": "pt"})
    with pytest.raises(WeightsError, match="pooler"):
        load(replace(spec, files=tuple((file, None) for file, _ in spec.files)))


def test_a_config_that_is_not_json_is_refused(hub: Hub, spec: ModelSpec) -> None:
    hub.files["config.json"] = b"{"
    with pytest.raises(WeightsError, match="cannot be read"):
        load(spec)


def test_a_config_that_asks_for_its_own_code_is_not_obeyed(hub: Hub, spec: ModelSpec) -> None:
    config = json.loads(hub.files["config.json"]) | {"auto_map": {"AutoModel": "modeling_evil.Evil"}}
    hub.files["config.json"] = json.dumps(config).encode()
    hub.files["modeling_evil.py"] = b"raise SystemExit('this ran')"
    load(spec)
    assert not any("evil" in file for _, file in hub.asked)
