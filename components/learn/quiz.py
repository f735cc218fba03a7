"""The quiz: fixed questions, and questions about the reader's own sentence. The score stays in the browser."""

from __future__ import annotations

from typing import Any

from components.learn.messages import question_content, quiz_content
from components.learn.questions import LiveAsk, QuizAsk
from components.page.desk import Context
from core.lab import text
from core.lab.lab import Lab
from core.lab.text import Look
from core.learn.quiz import live_questions

LONGEST = 64  # tokens: leaving each out is a forward pass for every one


def quiz(lab: Lab, ask: QuizAsk, context: Context) -> dict[str, Any]:
    """The questions that need no model."""
    return quiz_content()


def live(lab: Lab, ask: LiveAsk, context: Context) -> dict[str, Any]:
    """Questions about one sentence, answered by the model that reads it. Errors: TextError."""
    look = Look.read({"a": ask.sentence}, lab)
    attention = text.attention(lab, look, context.loading)
    change = text.occlusion(lab, look) if len(attention.tokens) <= LONGEST else None
    questions = live_questions(attention, change, ask.seed)
    model = lab.find(look.model, "attention").title
    return {"questions": [question_content(one) for one in questions], "model": model, "sentence": look.sent()["a"]}
