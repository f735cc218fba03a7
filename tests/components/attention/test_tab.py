"""Which lane each question of the Attention lab waits in."""

from __future__ import annotations

import gradio as gr

from components.attention.tab import build
from components.page.desk import Desk
from components.page.lanes import LIGHT, LONG, MODEL
from core.lab.lab import Lab


def test_what_a_model_works_for_waits_among_the_models_work_and_what_is_cut_out_does_not(lab: Lab) -> None:
    desk = Desk(lab)
    with gr.Blocks() as demo:
        build(desk, demo)
    lanes = {want: taken.lane for want, taken in desk.taken.items()}
    assert lanes == {
        **{f"attention.{name}": MODEL for name in ("verdict", "trace", "look", "inside", "embeddings", "occlusion")},
        **{f"attention.{name}": MODEL for name in ("fill", "fill_reasons", "fill_lens", "fill_contrast")},
        **{f"attention.journey{name}": MODEL for name in ("", "_plan", "_head", "_trail")},
        "attention.prune": LONG,
        **{f"attention.{name}": LIGHT for name in ("layer", "bertviz", "build", "sentences")},
    }
