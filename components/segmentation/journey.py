"""The answers to what the Journey of a patch asks."""

from __future__ import annotations

from typing import Any

from components.page.desk import Context
from components.segmentation.answers import shown
from components.segmentation.questions import SceneHeadAsk, ScenePlanAsk, SceneTrailAsk, SceneWalkAsk
from components.segmentation.truth import class_name
from components.shared.journey import patch_head, patch_trail, patch_walk, plan_content
from core.lab import scene_journey
from core.lab.lab import Lab


def plan(lab: Lab, ask: ScenePlanAsk, context: Context) -> dict[str, Any]:
    """The steps of the scene's network."""
    return plan_content(scene_journey.plan(shown(lab, ask, context)))


def walk(lab: Lab, ask: SceneWalkAsk, context: Context) -> dict[str, Any]:
    """A patch in a layer; its classes by name."""
    content = patch_walk(shown(lab, ask, context), ask)
    named = [[class_name(context.language, int(id)), share] for id, share in content["said"]]
    return content | {"said": named}


def head(lab: Lab, ask: SceneHeadAsk, context: Context) -> dict[str, Any]:
    """A patch in a head."""
    return patch_head(shown(lab, ask, context), ask)


def trail(lab: Lab, ask: SceneTrailAsk, context: Context) -> dict[str, Any]:
    """What a patch's state is made of."""
    return patch_trail(shown(lab, ask, context), ask.layer, ask.token)
