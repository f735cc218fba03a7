"""``/classify`` and ``/evaluate`` through the running app."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from sklearn.metrics import confusion_matrix

from core.data.galleries import shipped
from core.data.labels import CIFAR10
from core.lab.lab import Lab
from core.lab.pictures import chosen, leased
from tests.components.cifar_lab import lab_of, write_folders
from tests.serving import calling


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    root = tmp_path_factory.mktemp("cifar")
    write_folders(root)
    return lab_of(root)


@pytest.fixture(scope="module")
def client(lab: Lab) -> Iterator[Client]:
    with calling(lab) as client:
        yield client


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "ship.png"
    Image.fromarray(shipped().pixels[1]).save(path)
    return path


def test_classify_gives_each_models_label_and_ten_probabilities(client: Client, lab: Lab, picture: Path) -> None:
    answer = client.predict(handle_file(picture), api_name="/classify")
    with leased(lab, chosen(lab)) as found:
        for part, name in (("mlp", "mlp-cifar10"), ("beit", "beit-cifar10")):
            expected = found[part].probabilities(shipped().pixels[1][None])[0]
            assert answer[part]["model"] == name
            assert answer[part]["label"] == CIFAR10[expected.argmax()]
            assert list(answer[part]["probabilities"]) == list(CIFAR10)
            np.testing.assert_allclose(list(answer[part]["probabilities"].values()), expected, atol=2e-6)


def test_the_answers_say_what_was_done_to_what_was_asked(client: Client, picture: Path, tmp_path: Path) -> None:
    assert client.predict(handle_file(picture), api_name="/classify")["notes"] == []
    Image.fromarray(np.full((60, 150, 4), (9, 9, 9, 0), np.uint8)).save(tmp_path / "wide.png")
    said = client.predict(handle_file(tmp_path / "wide.png"), api_name="/classify")["notes"]
    assert any("60 × 60 of 150 × 60" in note for note in said)
    assert any("transparent" in note.lower() for note in said)
    assert client.predict(20, 0, api_name="/evaluate")["notes"] == []
    (few,) = client.predict(10_000, 0, api_name="/evaluate")["notes"]
    assert "10000" in few
    assert "20" in few


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.png", b"", "empty"),
        ("b.png", b"<html>hello</html>", "text, not a picture"),
        ("c.jpg", b"\xff\xd8\xff\xe0rest", "damaged"),
    ],
)
def test_a_file_that_is_no_picture_is_refused_in_a_sentence(
    client: Client, tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(AppError, match=words):
        client.predict(handle_file(tmp_path / name), api_name="/classify")


def test_evaluate_streams_matrices_that_grow_to_the_whole(client: Client, lab: Lab) -> None:
    job = client.submit(20, 3, api_name="/evaluate")
    last = job.result(timeout=60)
    steps = job.outputs()
    assert [step["seen"] for step in steps] == sorted({step["seen"] for step in steps})
    assert (last["seen"], last["total"], last["source"]) == (20, 20, "shipped")
    with leased(lab, chosen(lab)) as found:
        for part in ("mlp", "beit"):
            guesses = found[part].probabilities(shipped().pixels).argmax(1)
            expected = confusion_matrix(shipped().labels, guesses, labels=range(10))
            assert last[part]["confusion"] == expected.tolist()
            assert last[part]["accuracy"] == pytest.approx(np.trace(expected) / 20)


def test_a_count_above_what_is_here_is_answered_with_what_is_here(client: Client) -> None:
    assert client.predict(10_000, 0, api_name="/evaluate")["total"] == 20


@pytest.mark.parametrize(("count", "seed", "words"), [(0, 0, "1 to 10000"), (10_001, 0, "to 10000"), (5, -1, "0 to")])
def test_a_value_out_of_range_is_refused_with_the_range(client: Client, count: int, seed: int, words: str) -> None:
    with pytest.raises(AppError, match=words):
        client.predict(count, seed, api_name="/evaluate")


VALUES = st.one_of(
    st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=20), st.none(), st.booleans(),
    st.lists(st.integers(), max_size=3), st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(VALUES, VALUES)
def test_any_arguments_are_answered_or_refused_in_a_sentence(client: Client, count: Any, seed: Any) -> None:
    try:
        answer = client.predict(count, seed, api_name="/evaluate")
    except AppError as error:
        sentence = str(error)
    else:
        sentence = ""
        assert answer["seen"] == answer["total"] == min(count, 20)
    assert "The upstream Gradio app" not in sentence
    assert "Traceback" not in sentence


def test_only_the_two_are_public(client: Client) -> None:
    named = client.view_api(return_format="dict", print_info=False)["named_endpoints"]
    ours = {name for name in named if name not in ("/attend", "/fill", "/models", "/restore", "/segment", "/score")}
    assert ours == {"/classify", "/evaluate"}
