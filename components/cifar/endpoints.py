"""The public endpoints ``/classify`` and ``/evaluate``. Their names and answers are stable."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr

from components.page.feedback import shown
from components.page.i18n import language_of
from components.page.lanes import LONG, MODEL
from components.shared.pixels import middle
from core.data.labels import CIFAR10
from core.lab.lab import Lab
from core.lab.picture_runs import EvaluationQuestion, evaluation
from core.lab.pictures import BEIT, MLP, classify_picture
from core.metrics import accuracy
from core.texts import say


def classify(lab: Lab, image: str | None, request: gr.Request) -> dict[str, Any]:
    """One picture (JPEG, PNG, WebP, BMP or GIF) through the MLP and the BEiT."""
    pixels, notes = middle(image, language_of(request))
    answer: dict[str, Any] = {MLP: None, BEIT: None, "notes": notes}
    for part, result in classify_picture(lab, pixels).results.items():
        p = result.probabilities[0]
        shares = {name: round(float(share), 6) for name, share in zip(CIFAR10, p, strict=True)}
        answer[part] = {"model": result.model, "label": CIFAR10[int(p.argmax())], "probabilities": shares}
    return answer


def evaluate(lab: Lab, count: int, seed: int = 0, request: gr.Request | None = None) -> Iterator[dict[str, Any]]:
    """``count`` test pictures through both models: what they have said so far, several times a second."""
    language = language_of(request)
    for run in evaluation(lab, EvaluationQuestion.read(count, lab.galleries.default, seed)):
        now = run.evaluation
        answer: dict[str, Any] = {"seen": now.seen, "total": now.total, "source": now.source, MLP: None, BEIT: None}
        answer["notes"] = [say(language, "cifar.fewer", count=count, total=now.total)] if now.total < count else []
        for part, answers in zip(run.parts, now.answers, strict=True):
            answer[part] = {"accuracy": accuracy(answers.confusion), "confusion": answers.confusion.tolist()}
        yield answer


def build(lab: Lab) -> None:
    """Register both. A model that is not here is null."""
    image = gr.File(type="filepath", visible=False)
    answer = gr.JSON(visible=False)
    called = gr.Button(visible=False)
    called.click(shown(classify, lab), image, answer, api_name="classify", **MODEL.options)
    gr.api(shown(evaluate, lab), api_name="evaluate", **LONG.options)
