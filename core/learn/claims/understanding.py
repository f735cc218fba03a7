"""Whether a classifier that is right about reviews is right about sentences whose words do not say what is meant."""

from __future__ import annotations

import numpy as np

from core.data.sentences import GRADES, LABELS, Sentence
from core.learn.claims.claim import Condition, Finding, Models, Samples, Verdict, percent, share
from core.text.graded import LANGUAGE, graded, reviews_of

GUESS = 0.5  # half of the sentences of each grade praise


def understands(models: Models, samples: Samples, seed: int) -> Finding:
    """Sentiment of sentences by grade, beside what the training's evaluation recorded on test reviews.

    It is refuted by a grade in which it is measurably worse than a coin: there it goes by the words, not by what they
    say together. It is supported where it is measurably better than one in every grade.
    """
    model = models["sentiment"]
    given = zip(samples.texts, samples.labels, samples.grades, strict=True)
    chosen = [Sentence(text, LABELS[label], grade, LANGUAGE) for text, label, grade in given]
    found = graded(model, chosen)
    right = np.array(found.right)  # (n,)
    grades = np.array(samples.grades)  # (n,)
    by_grade = [share(name, right[grades == name]) for name in dict.fromkeys(samples.grades)]
    shares = {name: "–" for name in GRADES} | {one.name: percent(one.value) for one in by_grade}
    values = {**shares, "all": percent(float(right.mean()))}
    conditions = (*by_grade, *_reviews(model), Condition("coin", GUESS, control=True))
    worse = any(one.high is not None and one.high < GUESS for one in by_grade)
    better = all(one.low is not None and one.low > GUESS for one in by_grade)
    verdict: Verdict = "refuted" if worse else ("supported" if better else "undecided")
    return Finding("understands", verdict, "share", conditions, len(samples), values)


def _reviews(model: object) -> tuple[Condition, ...]:
    """What was recorded on test reviews, whole and from their first tokens, with the interval of either."""
    recorded = reviews_of(getattr(getattr(model, "spec", None), "folder", None))
    if recorded is None:
        return ()
    fields = {"count": f"{recorded.reviews:,}", "tokens": recorded.tokens}
    parts = (("reviews", recorded.whole), ("beginnings", recorded.first))
    return tuple(Condition(name, value, *recorded.interval(value), True, fields) for name, value in parts)
