"""Segmentation against transformers on the same weights in the same process: forward, whole call, memory, bytes."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from tests.benchmarks._timing import medians, row

MEGAPIXELS = (3000, 4000)  # 12 megapixels


@dataclass(frozen=True, eq=False)
class Model:
    """What ``core.models.loading.Loaded`` is to the analyses."""

    network: Any
    processor: Any


def base_640() -> Model:
    """BEiT-base at 640 pixels with 150 classes, as ``microsoft/beit-base-finetuned-ade-640-640``, weights random."""
    from transformers import BeitConfig, BeitForSemanticSegmentation, BeitImageProcessorPil

    torch.manual_seed(0)
    config = BeitConfig(
        image_size=640,
        use_relative_position_bias=True,
        out_indices=[3, 5, 7, 11],
        num_labels=150,
        attn_implementation="sdpa",  # the faster of transformers' own on a CPU
    )
    network = BeitForSemanticSegmentation(config).eval().requires_grad_(False)
    for layer in network.beit.layers:
        layer.relative_position_bias.relative_position_bias_table.normal_(std=0.5)
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(std=0.1)
            module.running_var.uniform_(0.5, 2)
    return Model(network, BeitImageProcessorPil(size={"height": 640, "width": 640}, do_center_crop=False))


def photo(height: int, width: int) -> np.ndarray:
    """A real photograph at any size."""
    from PIL import Image
    from sklearn.datasets import load_sample_image

    return np.asarray(Image.fromarray(load_sample_image("china.jpg")).resize((width, height)))


def forward(model: Model) -> None:
    """Prepared picture → logits; and how far labels and logits agree."""
    from core.networks import beit, scene_head
    from core.scene import segment as segmentation

    network, config = model.network, model.network.config
    picture = segmentation.prepare(model, photo(427, 640), 640)
    head = scene_head.fast_head(network)
    assert head is not None, "the fast head does not agree with the plain one"

    @torch.inference_mode()
    def ours() -> torch.Tensor:
        x = beit.embed(network.beit, picture)
        states = torch.stack([x, *beit.advance(network.beit, x, (40, 40), 0, scene_head.depth(config))])
        return head(scene_head.head_maps(config, states, (40, 40)))

    @torch.inference_mode()
    def theirs() -> torch.Tensor:
        return network(picture).logits[0]

    mine, other = ours(), theirs()
    same = float((mine.argmax(0) == other.argmax(0)).float().mean())
    error = float((mine - other).abs().max() / other.abs().max())
    print(f"  labels equal: {100 * same:.3f} %, largest error of a logit / largest logit: {error:.1e}")
    peer, fast = medians(theirs, ours, times=3, warm=0)
    row("BEiT-base 640, forward: transformers : ours", peer, fast, wanted="at least 1.7")


def whole(model: Model) -> None:
    """Photograph → classes at its own size, against the pipeline."""
    from PIL import Image
    from transformers import pipeline

    from core.scene.segment import segment, trace

    pixels = photo(427, 640)
    theirs = pipeline("image-segmentation", model=model.network, image_processor=model.processor)
    image = Image.fromarray(pixels)
    peer, fast = medians(
        lambda: theirs(image, subtask="semantic"),
        lambda: segment(model, trace(model, pixels), 427, 640),
        times=2,
        warm=0,
    )
    row("photograph → classes: pipeline : ours", peer, fast)


PEAK = """
import resource, sys, torch
torch.set_num_threads(2)
torch.manual_seed(0)
scores = torch.nn.functional.interpolate(torch.randn(1, 150, 20, 20), (160, 160), mode="bicubic")[0]
if sys.argv[1] == "ours":
    from core.scene.enlarging import winners
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
height, width = {size}
if sys.argv[1] == "ours":
    labels = winners(scores, height, width)
else:
    labels = torch.nn.functional.interpolate(scores[None], (height, width), mode="bilinear")[0].argmax(0)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, int(labels.long().sum()))
"""


def memory() -> None:
    """Peak memory of 150 classes' scores → labels of a 12-megapixel photo; each side in a process of its own."""
    found = {}
    for side in ("ours", "plain"):
        code = PEAK.replace("{size}", str(MEGAPIXELS))
        done = subprocess.run([sys.executable, "-c", code, side], capture_output=True, text=True, check=True)
        kilobytes, total = map(int, done.stdout.split())
        found[side] = (kilobytes / 1000, total)
    assert found["ours"][1] == found["plain"][1], "the labels differ"
    row("12 megapixels, peak memory: ours : plain", found["ours"][0], found["plain"][0], "MB", "at most 0.33")


def sent() -> None:
    """Bytes of one answer to the page, against gradio's AnnotatedImage of the same classes."""
    from pathlib import Path

    import gradio as gr

    from components.segmentation import messages
    from core.data.scene_examples import photo_path
    from core.lab.lab import Lab
    from core.lab.scene import SceneQuestion
    from core.settings import Settings

    lab = Lab(Settings(offline=True, device="cpu"))
    question = SceneQuestion.of_file(lab, str(photo_path("china")), "", "exact")
    ours = len(messages.segmented(question, None, "en").encode())
    picture, result = question.picture(), question.result()
    parts = [((result.classes == i).astype(float), str(i)) for i in result.ids]
    drawn = gr.AnnotatedImage().postprocess((picture.pixels, parts))
    files = [drawn.image.path, *(part.image.path for part in drawn.annotations)]
    theirs = sum(Path(file).stat().st_size for file in files) + len(json.dumps(drawn.model_dump()))
    row(f"bytes sent, {len(parts)} classes: ours : AnnotatedImage", ours / 1000, theirs / 1000, "kB")


def click() -> None:
    """A click in the picture: one row of attention of a model of the bundled one's size, rollout included."""
    from transformers import BeitForSemanticSegmentation, BeitImageProcessorPil

    from core.scene.patches import patch_attention
    from core.scene.segment import trace
    from core.training.beit_street import small_config

    network = BeitForSemanticSegmentation(small_config(attn_implementation="eager")).eval().requires_grad_(False)
    model = Model(network, BeitImageProcessorPil(size={"height": 384, "width": 384}, do_center_crop=False))
    traced = trace(model, photo(427, 640))
    picture = torch.zeros(1, 3, 384, 384)

    @torch.inference_mode()
    def plain() -> Any:
        return network(picture, output_attentions=True).attentions

    ours, peer = medians(lambda: patch_attention(model, traced, 300, 9), plain, times=5)
    row("one patch, last layer, with rollout: ours : all attentions by transformers", ours, peer)


def main() -> None:
    """Print every comparison; ``BENCHMARK_QUICK=1`` leaves out those of BEiT-base."""
    import os

    torch.set_num_threads(min(2, torch.get_num_threads()))
    memory()
    sent()
    click()
    if os.environ.get("BENCHMARK_QUICK") != "1":
        model = base_640()
        forward(model)
        whole(model)
    print(f"  peak memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")
