"""Every lab's model work on a ZeroGPU Space: none of it in the app's own process, and the answers those of a CPU."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from components.learn.picture_figures import PICTURE_FIGURES
from components.learn.text_figures import TEXT_FIGURES
from core.data.galleries import shipped
from core.lab import text
from core.lab.claims import tried
from core.lab.lab import Lab
from core.lab.picture_runs import EvaluationQuestion, RobustnessQuestion, bundled_matrix, evaluation, robustness
from core.lab.pictures import ChangeQuestion, changed_pictures, classify_picture
from core.lab.scene import SceneQuestion
from core.lab.text import Look
from core.learn.claims import CLAIMS
from core.needs import CLAIM, EVALUATION, PICTURE, SCENE, TEXT
from tests.components.segmentation_lab import save
from tests.components.whole_lab import lab_of, write_models
from tests.fake_spaces import FakeSpaces, a_space

SENTENCE = Look(model="minilm-l6", a="the cat sat on the mat")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Lab]:
    """Makes labs of MiniLM, a tiny segmenting BEiT and tiny CIFAR-10 models, each with a cache of its own."""
    root = tmp_path_factory.mktemp("labs")
    write_models(root)
    return lambda: lab_of(root)


@pytest.fixture
def spaces(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeSpaces]:
    """A Space whose own process must not run a network."""
    if not hasattr(os, "fork"):
        pytest.skip("needs fork")
    import torch

    mine, run = os.getpid(), torch.nn.Module.__call__

    def watched(self: Any, *arguments: Any, **named: Any) -> Any:
        assert os.getpid() != mine, f"{type(self).__name__} ran outside of a loan"
        return run(self, *arguments, **named)

    with monkeypatch.context() as patches, a_space(patches) as fake:
        patches.setattr(torch.nn.Module, "__call__", watched)
        yield fake


def scene_question(lab: Lab, folder: Path) -> SceneQuestion:
    rows = np.linspace(0, 255, 48 * 40 * 3).astype(np.uint8).reshape(48, 40, 3)
    return SceneQuestion.of_file(lab, save(folder / "scene.png", rows), "beit-scenes", "exact")


def text_work(lab: Lab, folder: Path) -> Any:
    found = text.attention(lab, SENTENCE)
    steps, parts = text.steps(lab, SENTENCE, 1, 2), text.embeddings(lab, SENTENCE)
    further = (text.occlusion(lab, SENTENCE), text.sublayers(lab, SENTENCE))
    return [found.weights, text.trace(lab, SENTENCE).states, steps.mixed, parts.summed, *further]


def scene_work(lab: Lab, folder: Path) -> Any:
    asked = scene_question(lab, folder)
    steps = [stage.picture for stage, _ in asked.stages()]
    return [asked.trace().states, asked.result().classes, asked.patch(3, 1).weights, *steps]


def picture_work(lab: Lab, folder: Path) -> Any:
    results = classify_picture(lab, shipped().pixels[0]).results
    return [results["mlp"].probabilities, results["beit"].probabilities, np.array(results["beit"].multiply_adds)]


def evaluation_work(lab: Lab, folder: Path) -> Any:
    *_, last = evaluation(lab, EvaluationQuestion(20, "shipped", 3))
    return [answers.confusion for answers in last.evaluation.answers]


def robustness_work(lab: Lab, folder: Path) -> Any:
    *_, last = robustness(lab, RobustnessQuestion.read("pixels", 8, "shipped"))
    attacked = changed_pictures(lab, ChangeQuestion.read("fgsm", 4.0, "shipped"))
    return [last.curve.right, *(probabilities for _, probabilities in attacked.answers)]


def comparison_work(lab: Lab, folder: Path) -> Any:
    """What a training in the page is compared with; the training itself runs outside of any loan."""
    from core.pictures.live_training import split

    return [bundled_matrix(lab, split(shipped(), shipped())[1])]


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
@pytest.mark.parametrize(
    ("work", "seconds"),
    [
        (text_work, {TEXT}),
        (scene_work, {SCENE}),
        (picture_work, {PICTURE}),
        (evaluation_work, {EVALUATION}),
        (robustness_work, {EVALUATION, PICTURE}),
        (comparison_work, {PICTURE}),
    ],
)
def test_a_lab_computes_in_loans_what_it_computes_here(
    made: Callable[[], Lab], tmp_path: Path, request: pytest.FixtureRequest, work: Any, seconds: set[int]
) -> None:
    expected = work(made(), tmp_path)
    spaces: FakeSpaces = request.getfixturevalue("spaces")
    lab = made()
    for there, here in zip(work(lab, tmp_path), expected, strict=True):
        np.testing.assert_allclose(there, here, atol=2e-5)
    assert set(spaces.durations) == seconds
    assert spaces.decorated == 2


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_claims_are_tried_in_loans(made: Callable[[], Lab], tmp_path: Path, spaces: FakeSpaces) -> None:
    lab = made()
    names = ("reach", "stacks", "places", "neighbours", "segments", "twice")
    findings = [tried(lab, CLAIMS[name], min(CLAIMS[name].count, 4), 0) for name in names]
    assert [finding.claim for finding in findings] == list(names)
    assert spaces.durations == [CLAIM] * len(names)


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_the_figures_of_the_walk_are_drawn_in_loans(made: Callable[[], Lab], spaces: FakeSpaces) -> None:
    lab = made()
    for figures in [
        *(figure(lab, SENTENCE, lambda share: None) for figure in TEXT_FIGURES.values()),
        *(figure(lab, lambda share: None) for figure in PICTURE_FIGURES.values()),
    ]:
        json.dumps(figures)  # plain data, or the page could not be sent it
        assert figures
    assert set(spaces.durations) == {TEXT, PICTURE, SCENE}
