"""The answers to what the Journey of a token asks."""

from __future__ import annotations

from typing import Any

from components.attention.answers import look_of
from components.attention.questions import JourneyAsk, JourneyHeadAsk, JourneyPlanAsk, JourneyTrailAsk
from components.page.desk import Context
from components.shared.journey import plan_content, rows_content, trail_content, walk_content
from core.lab import text_journey
from core.lab.lab import Lab


def plan(lab: Lab, ask: JourneyPlanAsk, context: Context) -> dict[str, Any]:
    """The steps of the look's network."""
    return plan_content(text_journey.plan(lab, look_of(lab, ask)))


def walk(lab: Lab, ask: JourneyAsk, context: Context) -> dict[str, Any]:
    """A token in a layer."""
    return walk_content(text_journey.walk(lab, look_of(lab, ask), ask.layer, ask.token))


def head(lab: Lab, ask: JourneyHeadAsk, context: Context) -> dict[str, Any]:
    """A token in a head."""
    return rows_content(text_journey.head(lab, look_of(lab, ask), ask.layer, ask.head, ask.token))


def trail(lab: Lab, ask: JourneyTrailAsk, context: Context) -> dict[str, Any]:
    """What a token's state is made of."""
    look = look_of(lab, ask)
    trails = text_journey.trails(lab, look, ask.layer, ask.token)
    return trail_content(trails, text_journey.states(lab, look, ask.token))
