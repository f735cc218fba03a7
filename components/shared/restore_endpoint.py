"""The public endpoint ``/restore``. Its name and answer are stable."""

from __future__ import annotations

import json
from typing import Any

import gradio as gr
from PIL import Image

from components.page.feedback import shown
from components.page.i18n import language_of
from components.page.lanes import MODEL
from components.page.made_files import MadeFiles
from components.shared.pixels import middle
from core.lab.lab import Lab
from core.lab.restore import RestoreQuestion

SHARE, SEED = 0.4, 0  # of the patches, as in BEiT's pre-training


def build(lab: Lab, made: MadeFiles) -> None:
    """Register it. The picture is a file of the session that asked, and goes with it."""
    image, model = gr.File(type="filepath", visible=False), gr.Textbox("", visible=False)
    # JSON hands over what was sent as it is; a number's component would fail on a text before core can refuse it.
    share, seed = gr.JSON(json.dumps(SHARE), visible=False), gr.JSON(json.dumps(SEED), visible=False)
    answer, picture = gr.JSON(visible=False), gr.File(visible=False)
    called = gr.Button(visible=False)
    asked = [image, share, seed, model]
    called.click(shown(restore, lab, made), asked, [answer, picture], api_name="restore", **MODEL.options)


def restore(
    lab: Lab, made: MadeFiles, image: str | None, share: Any, seed: Any, model: str, request: gr.Request
) -> tuple[dict[str, Any], str]:
    """One picture, ``share`` of its patches covered in blocks that ``seed`` draws: how many of their visual tokens the
    BEiT names, beside two guesses on the same mask; and a PNG with what it names in their places.
    """
    pixels, notes = middle(image, language_of(request))
    question = RestoreQuestion.drawn(lab, pixels, share, seed, model)
    found = question.restored()
    file = made.path(request, f"restore-{question.digest}", "restored.png")
    Image.fromarray(found.picture).save(file)
    answer = {
        "model": question.model,
        "masked": found.covered.tolist(),
        "accuracy": _rounded(found.accuracy),
        "baselines": {name: _rounded(share) for name, share in found.baselines.items()},
        "notes": notes,
    }
    return answer, str(file)


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 6)
