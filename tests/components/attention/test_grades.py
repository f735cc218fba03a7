"""What the page is sent of the sentences written for this app."""

from __future__ import annotations

import json

from components.attention.grades import answer
from components.attention.questions import SentencesAsk
from core.data.sentences import GRADES, sentences
from core.lab.lab import Lab
from core.texts import LANGUAGES, texts
from tests.components.answering import context


def test_every_sentence_is_sent_under_its_grade_and_those_that_were_misjudged_come_first(lab: Lab) -> None:
    sent = json.loads(json.dumps(answer(lab, SentencesAsk(), context()), allow_nan=False))
    assert [grade["name"] for grade in sent["grades"]] == list(GRADES)
    for grade in sent["grades"]:
        texts_sent = {one["text"] for one in grade["sentences"]}
        assert texts_sent == {one.text for one in sentences(grades=(grade["name"],))}
        hits = [one["right"] for one in grade["sentences"]]
        assert hits == sorted(hits)
        assert (sum(hits), len(hits)) == (grade["right"], grade["total"])
        assert grade["low"] < grade["right"] / grade["total"] < grade["high"]
        for language in LANGUAGES:
            assert f"attention.scene.grades.{grade['name']}" in texts(language)
    assert (sent["reviews"], sent["tokens"]) == (25000, 32)
    assert 0.5 < sent["first"] < sent["whole"] < 1


def test_where_the_network_is_not_here_there_are_no_grades(lab: Lab) -> None:
    bare = Lab(lab.settings, [spec for spec in lab.catalog if spec.source != "bert-imdb"])
    assert answer(bare, SentencesAsk(), context()) == {"grades": []}
