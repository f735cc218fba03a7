"""The questions of the view of masked words, and their answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from components.attention.messages import said
from components.attention.questions import AboutFill, FillAsk, FillContrastAsk, FillLensAsk, FillReasonsAsk
from components.attention.verdict import stage_row
from components.page.desk import Context
from core.lab import fill
from core.lab.fill import FillQuestion
from core.lab.fill_contrast import ContrastQuestion
from core.lab.fill_contrast import contrast as compared
from core.lab.lab import Lab
from core.lab.verdict import stages
from core.models.catalog import models
from core.texts import say

if TYPE_CHECKING:
    from core.text.fill import Candidate, Filled, Place

DIGITS = 6  # after the point, of a probability


def question_of(lab: Lab, ask: AboutFill) -> FillQuestion:
    """What is asked, its model by name. Errors: those of :meth:`core.lab.fill.FillQuestion.read`."""
    return FillQuestion.read(lab, ask.sentence, ask.model, ask.covered)


def answer(lab: Lab, ask: FillAsk, context: Context) -> dict[str, Any]:
    """A sentence, its covered words, and what is expected in their place."""
    found = fill.fill(lab, question_of(lab, ask), context.loading)
    return {
        **content(found),
        "model": found.model,
        "stages": [stage_row(stage) for stage in stages(lab)],
        "offered": offered(lab),
        "notes": [*said(found.tokens, context.language), *readers(lab, found.model, context.language)],
    }


def content(found: Filled) -> dict[str, Any]:
    """What the page draws. Words count from 0; ``word``: the one that a [MASK] stands in."""
    return {
        "words": [{"text": word.text, "before": word.before, "after": word.after} for word in found.words],
        "covered": list(found.covered),
        "vocabulary": found.vocabulary,
        "masks": [_place(found, place) for place in found.masks],
    }


def _place(found: Filled, place: Place) -> dict[str, Any]:
    words = [w for w, word in enumerate(found.words) if place.position in word.places]
    return {
        "position": place.position,
        "word": words[0] if words else -1,
        "candidates": pairs(place.candidates),
        "hidden": place.hidden,
        "rank": place.rank,
        "probability": rounded(place.probability),
    }


def pairs(candidates: tuple[Candidate, ...]) -> list[tuple[str, float]]:
    """Tokens with their probabilities."""
    return [(one.token, round(one.probability, DIGITS)) for one in candidates]


def rounded(probability: float | None) -> float | None:
    """A probability as it is sent; None where there is none."""
    return None if probability is None else round(probability, DIGITS)


def reasons(lab: Lab, ask: FillReasonsAsk, context: Context) -> dict[str, Any]:
    """How the first guess changes with each visible word, beside the mask's attention."""
    found = fill.reasons(lab, question_of(lab, ask), ask.mask)
    return {
        "position": found.position,
        "candidate": found.candidate,
        "probability": rounded(found.probability),
        "words": list(found.words),
        "moved": [round(float(value), DIGITS) for value in found.moved],
        "attention": [round(float(value), DIGITS) for value in found.attention],
        "agreement": None if found.agreement is None else round(found.agreement, 3),
    }


def lens(lab: Lab, ask: FillLensAsk, context: Context) -> dict[str, Any]:
    """Layer by layer, the embedding first: the candidates of every [MASK], and the probability of the label."""
    found = fill.lens(lab, question_of(lab, ask))
    floors = [
        {
            "layer": floor.layer,
            "candidates": [pairs(likely) for likely in floor.candidates],
            "hidden": [rounded(share) for share in floor.hidden],
            "probability": rounded(floor.probability),
        }
        for floor in found.floors
    ]
    return {"places": list(found.places), "label": found.label, "floors": floors}


def contrast(lab: Lab, ask: FillContrastAsk, context: Context) -> dict[str, Any]:
    """Log odds, in nats, of both words in every pair of sentences, with their shift and its noise floor."""
    question = ContrastQuestion.read(lab, ask.model, (ask.who, ask.against), (ask.one, ask.other))
    found = compared(lab, question, context.loading)
    rows = zip(found.sentences, found.here, found.there, strict=True)
    return {
        "model": question.model,
        "who": list(question.who),
        "words": list(question.words),
        "rows": [[*pair, round(float(here), 4), round(float(there), 4)] for pair, here, there in rows],
        "shift": round(found.shift, 4),
        "floor": round(found.floor, 4),
        "chance": round(found.chance, 4),
    }


def offered(lab: Lab) -> list[dict[str, Any]]:
    """The networks that fill masked words, one for all moments of a training; ``here``: whether they can be asked.

    One of the hub that is not here can be asked where the hub can.
    """
    moments = [stage.model.name for stage in stages(lab)]
    specs = [spec for spec in models("attention", lab.catalog) if spec.fills and spec.name not in moments[:-1]]
    named = {spec.name for spec in fill.fillers(lab)}
    return [{"name": spec.name, "title": spec.title, "here": spec.name in named} for spec in specs]


def readers(lab: Lab, model: str, language: str) -> list[str]:
    """On a page in another language than the network's: which of them have read that one."""
    if language == "en" or language in lab.find(model, "attention").languages:
        return []
    titles = [spec.title for spec in lab.catalog if spec.fills and language in spec.languages]
    return [say(language, "masked.readers", models="; ".join(titles))] if titles else []
