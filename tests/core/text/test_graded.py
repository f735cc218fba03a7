"""What a classifier makes of the sentences written for this app: recorded and measured anew, read with suspicion."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from sklearn.metrics import accuracy_score

from core.data.sentences import GRADES, Sentence, sentences
from core.errors import RangeError
from core.lab.lab import Lab
from core.metrics import wilson_interval
from core.models.spec import OURS
from core.text.graded import FILE, FIRST, POSITIVE, Graded, graded, graded_of, reviews_of
from tests.conftest import TinyModel, tiny_network, tiny_tokenizer

CLASSIFIERS = ("bert-imdb", "bert-sentiment")


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_what_is_recorded_is_what_is_measured_again(lab: Lab, name: str) -> None:
    recorded = graded_of(lab.find(name).folder)
    assert recorded is not None
    with lab.use(name, "attention") as model:
        found = graded(model, sentences())
    assert found.positive == pytest.approx(recorded.positive, abs=1e-3)
    assert found.scores == recorded.scores
    content = json.loads((OURS / name / FILE).read_text("utf-8"))
    assert content["right"] == {score.name: [score.right, score.total] for score in found.scores}


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_the_scores_are_sklearns_with_the_intervals_of_wilson(name: str) -> None:
    found = graded_of(OURS / name)
    assert found is not None
    assert [score.name for score in found.scores] == list(GRADES)
    for score in found.scores:
        pairs = [(one, p) for one, p in zip(found.sentences, found.positive, strict=True) if one.grade == score.name]
        share = accuracy_score([one.label == POSITIVE for one, _ in pairs], [p > 0.5 for _, p in pairs])
        assert score.share == pytest.approx(share)
        assert (score.low, score.high) == wilson_interval(score.right, len(pairs))


def test_plain_sentences_are_read_and_negated_or_ironic_ones_are_not() -> None:
    found = graded_of(OURS / "bert-imdb")
    assert found is not None
    assert found.score("plain").low > 0.8
    assert found.score("negated").high < 0.5
    assert found.score("ironic").high < 0.5


def test_the_reviews_are_the_evaluations() -> None:
    content = json.loads((OURS / "bert-imdb" / "evaluation.json").read_text("utf-8"))
    found = reviews_of(OURS / "bert-imdb")
    assert found is not None
    figures = content["figures"]
    assert (found.reviews, found.whole) == (content["data"]["count"], figures["accuracy"])
    assert found.first == figures[f"accuracy_{FIRST}_tokens"]
    assert found.interval(found.whole) == pytest.approx((figures["accuracy_low"], figures["accuracy_high"]), abs=1e-6)
    assert reviews_of(None) is None
    assert reviews_of(OURS / "beit-scenes") is None


def test_a_sentence_is_judged_by_the_label_that_is_more_probable() -> None:
    praise, blame = (Sentence("a film", label, "plain", "en") for label in ("positive", "negative"))
    found = Graded((praise, praise, blame, blame), (0.9, 0.1, 0.1, 0.5))
    assert found.right == (True, False, True, True)
    assert [(score.name, score.right, score.total) for score in found.scores] == [("plain", 3, 4)]


def test_a_network_without_that_label_is_refused() -> None:
    with pytest.raises(RangeError):
        graded(TinyModel(tiny_network(1, num_labels=2), tiny_tokenizer()), sentences()[:2])


def test_what_is_recorded_holds_for_its_own_weights_and_sentences_alone(tmp_path: Path) -> None:
    for name in (FILE, "evaluation.json"):
        shutil.copy(OURS / "bert-imdb" / name, tmp_path)
    assert graded_of(tmp_path) == graded_of(OURS / "bert-imdb") is not None
    content = json.loads((tmp_path / FILE).read_text("utf-8"))
    for changes in (
        {"sha256": "0" * 64},
        {"sentences": "0" * 64},
        {"positive": content["positive"][1:]},
        {"positive": [2.0] * len(content["positive"])},
        {"positive": [float("nan")] * len(content["positive"])},
        {"positive": ["much"]},
        {"positive": None},
    ):
        (tmp_path / FILE).write_text(json.dumps({**content, **changes}), "utf-8")
        assert graded_of(tmp_path) is None
    assert graded_of(None) is None
