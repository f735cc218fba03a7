"""The public endpoint ``/segment``. Its name and answer are stable."""

from __future__ import annotations

from typing import Any

import gradio as gr
from PIL import Image

from components.page.feedback import shown
from components.page.made_files import MadeFiles
from core.data.labels import scene_class
from core.errors import ImageError
from core.lab.lab import Lab
from core.lab.scene import SceneQuestion


def build(lab: Lab, made: MadeFiles) -> None:
    """Register ``/segment``. Its masks are files of the session that asked, and go with them."""
    image, model = gr.File(type="filepath", visible=False), gr.Textbox("", visible=False)
    shares, mask = gr.JSON(visible=False), gr.File(visible=False)

    @shown
    def segment(image: str | None, model: str, request: gr.Request) -> tuple[dict[str, Any], str]:
        """One picture: its classes with their shares, and a PNG with the ADE20K id of every pixel."""
        if not isinstance(image, str):
            raise ImageError("images.gone")
        question = SceneQuestion.of_file(lab, image, model, "exact")
        result = question.result()
        height, width = result.classes.shape
        classes = [
            {"id": known.id, "name": known.name, "color": known.color, "share": round(float(share), 6)}
            for known, share in zip((scene_class(int(i)) for i in result.ids), result.shares, strict=True)
        ]
        file = made.path(request, f"segment-{question.digest}-{question.model}", "mask.png")
        Image.fromarray(result.classes).save(file)
        answer = {"model": question.model, "width": width, "height": height, "classes": classes}
        return answer, str(file)

    called = gr.Button(visible=False)
    called.click(
        segment, [image, model], [shares, mask], api_name="segment", concurrency_id="model", concurrency_limit=2
    )
