"""Questions about a scene: what is decoded, leased and run for each, and what is refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from components.segmentation import answers, messages
from components.segmentation.questions import ExportAsk, PatchAsk, SceneAsk
from core.errors import ImageError, RangeError, UnknownModelError
from core.lab import scene
from core.lab.lab import Lab
from core.lab.scene import SceneQuestion, segmentation_of
from core.scene.patches import patch_attention
from core.scene.segment import segment, trace
from tests.components.segmentation_lab import PLACE, context, lab_of, save, write_model
from tests.core.lab.cifar import Counting
from tests.core.scenes import noise

TWIN = "twin"  # the same files under a second name


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("models") / PLACE
    write_model(made)
    return made


def fresh(folder: Path) -> tuple[Lab, Counting]:
    """A lab of its own with two names for one model, and its engine."""
    bare, engine = lab_of(folder), Counting()
    twin = replace(bare.find(PLACE), name=TWIN)
    return Lab(bare.settings, (*bare.catalog, twin), engine=engine), engine


@pytest.fixture(scope="module")
def lab(folder: Path) -> Lab:
    return fresh(folder)[0]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> str:
    return save(tmp_path_factory.mktemp("pictures") / "noise.png", noise())


@contextmanager
def decodes(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter[str]]:
    """How often pictures and annotations are decoded while the context lasts."""
    counts: Counter[str] = Counter()
    with monkeypatch.context() as patches:
        for name in ("decode", "read_annotation"):
            given = getattr(scene, name)

            def counted(*arguments: Any, name: str = name, given: Any = given) -> Any:
                counts[name] += 1
                return given(*arguments)

            patches.setattr(scene, name, counted)
        yield counts


def test_another_model_mode_or_annotation_decodes_no_picture_again(
    folder: Path, file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab, _ = fresh(folder)
    first, second = (save(tmp_path / f"{id}.png", np.full((40, 60), id, np.uint8)) for id in (2, 3))
    with decodes(monkeypatch) as counts:
        for model, mode, annotation in (
            ("", "exact", None),
            (TWIN, "exact", None),
            (TWIN, "quick", first),
            (PLACE, "quick", first),
            (PLACE, "exact", second),
            (PLACE, "exact", first),
        ):
            told = answers.look(lab, SceneAsk(model=model, mode=mode), context(file, annotation))
            assert (told["shown"]["mode"], told["truth"] is None) == (mode, annotation is None)
        copied = save(tmp_path / "copy.png", noise())  # the same bytes under another name
        SceneQuestion.of_file(lab, copied, "", "exact").result()
    assert counts == {"decode": 1, "read_annotation": 2}


def leases_of(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collects the names of the models that are leased from now on."""
    leased: list[str] = []
    given = lab.registry.use

    def use(name: str, progress: Any = None) -> Any:
        leased.append(name)
        return given(name, progress)

    monkeypatch.setattr(lab.registry, "use", use)
    return leased


def test_a_picture_is_one_lease_and_one_run_and_so_is_each_patch(
    folder: Path, file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab, engine = fresh(folder)
    leased = leases_of(lab, monkeypatch)
    question = SceneQuestion.of_file(lab, file, "", "exact")
    messages.segmented(question, None, "en")
    answers.export(lab, ExportAsk(shown=question.sent(), what="colors"), context(file))
    assert (engine.ran, leased) == (["analyse"], [PLACE])
    for _ in range(2):
        answers.patch(lab, PatchAsk(shown=question.sent(), layer=2, down=0.5, across=0.5), context(file))
    assert (engine.ran, leased) == (["analyse", "patch_attention"], [PLACE] * 2)


def test_a_long_picture_is_one_lease_and_one_run_too(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab, engine = fresh(folder)
    leased = leases_of(lab, monkeypatch)
    question = SceneQuestion.of_file(lab, save(tmp_path / "long.png", noise(40, 200)), "", "exact")
    messages.segmented(question, None, "en")
    answers.export(lab, ExportAsk(shown=question.sent(), what="colors"), context())
    assert question.result().windows > 1
    assert (engine.ran, leased) == (["analyse_long"], [PLACE])


def test_one_run_gives_what_trace_and_segment_give_one_after_the_other(lab: Lab, file: str) -> None:
    question = SceneQuestion.of_file(lab, file, "", "exact")
    with lab.use("", "segmentation") as loaded:
        traced = trace(loaded, noise())
        expected = segment(loaded, traced, 40, 60)
        row = patch_attention(loaded, traced, 8, 2)
    seen = question.seen()
    np.testing.assert_array_equal(seen.trace.states, traced.states)
    np.testing.assert_array_equal(seen.result.classes, expected.classes)
    np.testing.assert_array_equal(seen.result.scores, expected.scores)
    np.testing.assert_array_equal(question.patch(8, 2).weights, row.weights)
    assert (seen.layers, seen.heads, seen.patch, seen.width) == (4, 4, 16, 32)


def test_a_picture_of_the_apps_own_is_segmented_once(folder: Path, file: str) -> None:
    lab, engine = fresh(folder)
    first, second = segmentation_of(lab, noise()), segmentation_of(lab, noise())
    assert first is second
    assert engine.ran == ["analyse"]
    expected = SceneQuestion.of_file(lab, file, "", "exact").result()
    np.testing.assert_array_equal(first.classes, expected.classes)
    assert segmentation_of(lab, noise(60, 40)).classes.shape == (60, 40)


def test_a_result_is_computed_once(lab: Lab, file: str) -> None:
    one, two = SceneQuestion.of_file(lab, file, "", "exact"), SceneQuestion.of_file(lab, file, PLACE, "exact")
    assert one.result() is two.result()
    assert one.patch(3, 1) is two.patch(3, 1)


def test_what_the_cache_lost_is_computed_again_from_the_file_that_comes_along(lab: Lab, file: str) -> None:
    question = SceneQuestion.of_digest(lab, file, **SceneQuestion.of_file(lab, file, "", "exact").sent())
    before = question.result().classes
    lab.results.clear()
    np.testing.assert_array_equal(question.result().classes, before)


def test_a_page_that_holds_another_picture_by_now_is_told_so(lab: Lab, file: str, tmp_path: Path) -> None:
    sent = SceneQuestion.of_file(lab, file, "", "exact").sent()
    other = save(tmp_path / "other.png", noise(seed=9))
    lab.results.clear()
    with pytest.raises(ImageError, match="another one"):
        SceneQuestion.of_digest(lab, other, **sent).result()


def test_unknown_models_and_modes_are_refused(lab: Lab, file: str) -> None:
    with pytest.raises(UnknownModelError):
        SceneQuestion.of_file(lab, file, "minilm-l6", "exact")
    with pytest.raises(RangeError, match="exact, quick"):
        SceneQuestion.of_file(lab, file, "", "sideways").result()
    with pytest.raises(ImageError, match="no picture"):
        SceneQuestion.of_file(lab, None, "", "exact")
