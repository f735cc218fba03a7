"""The answers to what the Journey of a patch asks."""

from __future__ import annotations

from typing import Any

from components.page.desk import Context
from components.segmentation.answers import shown
from components.segmentation.questions import SceneHeadAsk, ScenePlanAsk, SceneTrailAsk, SceneWalkAsk
from components.segmentation.truth import class_name
from components.shared.journey import plan_content, rows_content, trail_content, walk_content
from core.lab import scene_journey
from core.lab.lab import Lab


def plan(lab: Lab, ask: ScenePlanAsk, context: Context) -> dict[str, Any]:
    """The steps of the scene's network."""
    return plan_content(scene_journey.plan(shown(lab, ask, context)))


def walk(lab: Lab, ask: SceneWalkAsk, context: Context) -> dict[str, Any]:
    """A patch in a layer; its classes by name."""
    content = walk_content(scene_journey.walk(shown(lab, ask, context), ask.layer, ask.token))
    named = [[class_name(context.language, int(id)), share] for id, share in content["said"]]
    return content | {"said": named}


def head(lab: Lab, ask: SceneHeadAsk, context: Context) -> dict[str, Any]:
    """A patch in a head."""
    return rows_content(scene_journey.head(shown(lab, ask, context), ask.layer, ask.head, ask.token))


def trail(lab: Lab, ask: SceneTrailAsk, context: Context) -> dict[str, Any]:
    """What a patch's state is made of."""
    question = shown(lab, ask, context)
    return trail_content(
        scene_journey.trails(question, ask.layer, ask.token), scene_journey.states(question, ask.token)
    )
