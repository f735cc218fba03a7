"""``/restore`` through the running app, and what the page is answered."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np
import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from components.page.desk import Context
from components.page.questions import Files
from components.shared.pixels import read_pixels, sent_pixels
from components.shared.questions import LookedAsk, RestoreAsk, TokensAsk
from components.shared.restore import look, looked, tokens
from core.data.galleries import shipped
from core.errors import RangeError
from core.lab.lab import Lab
from core.lab.restore import RestoreQuestion
from core.settings import Settings
from tests.serving import calling

CONTEXT = Context("en", gr.Request(), Files(None, None), lambda: False)
PICTURE = np.asarray(shipped().pixels[1])
SENT = sent_pixels(PICTURE)


@pytest.fixture(scope="module")
def lab() -> Lab:
    return Lab(Settings(offline=True, device="cpu", data=None))


@pytest.fixture(scope="module")
def client(lab: Lab) -> Iterator[Client]:
    with calling(lab) as client:
        yield client


@pytest.fixture
def file(tmp_path: Path) -> Any:
    path = tmp_path / "ship.png"
    Image.fromarray(PICTURE).save(path)
    return handle_file(path)


def test_restore_gives_the_shares_of_the_question_and_its_picture(client: Client, lab: Lab, file: Any) -> None:
    answer, path = client.predict(file, api_name="/restore")
    expected = RestoreQuestion.drawn(lab, PICTURE, 0.4, 0).restored()
    assert answer["model"] == "beit-cifar10-pretrained"
    assert answer["masked"] == expected.covered.tolist()
    assert answer["accuracy"] == pytest.approx(expected.accuracy)
    assert answer["baselines"] == pytest.approx(expected.baselines, abs=1e-6)
    assert answer["notes"] == []
    with Image.open(path) as image:
        np.testing.assert_array_equal(np.asarray(image), expected.picture)


def test_a_seed_repeats_and_a_share_is_kept(client: Client, file: Any) -> None:
    first, again, other = (client.predict(file, 0.25, seed, api_name="/restore")[0] for seed in (5, 5, 6))
    assert first == again
    assert first["masked"] != other["masked"]
    assert len(first["masked"]) == len(other["masked"]) == 16


def test_nothing_and_everything_covered_are_answered(client: Client, file: Any) -> None:
    none, everything = (client.predict(file, share, api_name="/restore")[0] for share in (0, 1))
    assert (none["masked"], none["accuracy"]) == ([], None)
    assert len(everything["masked"]) == 64
    assert everything["baselines"]["nearest_visible"] is None


def test_a_larger_picture_is_cut_and_said_so(client: Client, tmp_path: Path) -> None:
    Image.fromarray(np.full((60, 150, 3), 90, np.uint8)).save(tmp_path / "wide.png")
    answer, path = client.predict(handle_file(tmp_path / "wide.png"), api_name="/restore")
    assert any("60 × 60 of 150 × 60" in note for note in answer["notes"])
    with Image.open(path) as image:
        assert image.size == (32, 32)


@pytest.mark.parametrize(
    ("share", "seed", "model", "said"),
    [
        ("much", 0, "", "from 0 to 1"),
        (1.5, 0, "", "from 0 to 1"),
        (None, 0, "", "from 0 to 1"),
        (0.4, -1, "", "whole number"),
        (0.4, "<b>x</b>", "", "whole number"),
        (0.4, [1], "", "whole number"),
        (0.4, 0, "beit-cifar10", "beit-cifar10-pretrained"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    client: Client, file: Any, share: Any, seed: Any, model: str, said: str
) -> None:
    with pytest.raises(AppError, match=said) as caught:
        client.predict(file, share, seed, model, api_name="/restore")
    assert "<" not in str(caught.value)


def test_what_is_no_picture_is_refused(client: Client, tmp_path: Path) -> None:
    (tmp_path / "page.png").write_text("<html>hello</html>")
    with pytest.raises(AppError, match=r"\.$"):
        client.predict(handle_file(tmp_path / "page.png"), api_name="/restore")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9),
    st.lists,
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(share=JSON, seed=JSON)
def test_any_share_and_seed_is_answered_or_refused_in_a_sentence(
    client: Client, file: Any, share: Any, seed: Any
) -> None:
    try:
        answer, _ = client.predict(file, share, seed, api_name="/restore")
    except AppError as error:
        assert str(error).endswith(("given.", "empty."))  # noqa: PT017
    else:
        assert len(answer["masked"]) == round(share * 64)


def test_the_page_is_sent_numbers_of_tokens_and_once_what_they_look_like(lab: Lab) -> None:
    all_tokens = tokens(lab, TokensAsk(), CONTEXT)
    drawn = np.frombuffer(zlib.decompress(base64.b64decode(all_tokens["pictures"])), np.uint8).reshape(-1, 4, 4, 3)
    assert len(drawn) == all_tokens["count"] == 512
    answer = look(lab, RestoreAsk(pixels=SENT, mask="random-3"), CONTEXT)
    expected = RestoreQuestion.written(lab, PICTURE, "random-3").restored()
    patch = answer["covered"][0]
    rows, columns = (slice(4 * at, 4 * at + 4) for at in divmod(patch, 8))
    np.testing.assert_array_equal(drawn[answer["candidates"][0][0]], expected.picture[rows, columns])
    assert look(lab, RestoreAsk(pixels=SENT, mask=answer["mask"]), CONTEXT) == answer
    named = [candidates[0] for candidates in answer["candidates"]]
    true = [answer["tokens"][patch] for patch in answer["covered"]]
    assert np.mean(np.equal(named, true)) == expected.accuracy


def test_the_page_is_told_where_a_patch_looks(lab: Lab) -> None:
    seen = looked(lab, LookedAsk(pixels=SENT, mask="blocks-1", patch=9, layer=6), CONTEXT)
    for name in ("mean", "all"):
        assert len(seen[name]) == 65
        assert sum(seen[name]) == pytest.approx(1, abs=0.001)


@given(st.one_of(st.text(max_size=40), st.just("8" * 17)))
def test_a_mask_that_is_none_is_refused(lab: Lab, mask: str) -> None:
    with pytest.raises(RangeError):
        look(lab, RestoreAsk(pixels=SENT, mask=mask), CONTEXT)


@pytest.mark.parametrize("sent", ["", "????", SENT[:-4], SENT + SENT])
def test_pixels_that_are_none_are_refused(sent: str) -> None:
    with pytest.raises(RangeError):
        read_pixels(sent)
