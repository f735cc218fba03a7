"""The CIFAR-10 lab: pictures a second of a live evaluation, in core and in the page, and the memory that it takes."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np
import psutil
import torch
from PIL import Image
from playwright.sync_api import sync_playwright
from transformers import BeitConfig, BeitForImageClassification, BeitImageProcessorPil, pipeline

from components.cifar.messages import evaluation_message
from core.data.galleries import Gallery, shipped
from core.data.labels import CIFAR10
from core.errors import UnavailableError
from core.lab.lab import Lab
from core.lab.picture_runs import Run
from core.lab.pictures import Chosen, chosen, leased
from core.networks.classifier import Classifier, unit
from core.networks.mlp import Mlp, save_mlp
from core.pictures.evaluation import evaluate, paced
from core.settings import Settings
from tests.benchmarks._timing import medians, row, seconds
from tests.browser.conftest import FLAGS, find_chromium
from tests.components.cifar_lab import catalog_of
from tests.core.data.test_galleries import write_parquet
from tests.serving import serving

COUNT, BATCH = 2000, 64  # as many as a class would look at


def many(count: int) -> Gallery:
    """The shipped pictures over and over: speed does not depend on what they show."""
    times = -(-count // 20)
    return Gallery("shipped", np.tile(shipped().pixels, (times, 1, 1, 1)), np.tile(shipped().labels, times))


def random_beit() -> tuple[BeitForImageClassification, BeitImageProcessorPil]:
    """A BEiT of the bundled one's size, for a machine where that is not bundled."""
    config = BeitConfig(
        image_size=32, patch_size=4, hidden_size=192, num_hidden_layers=6, num_attention_heads=6,
        intermediate_size=768, use_relative_position_bias=True, id2label=dict(enumerate(CIFAR10)),
    )  # fmt: skip
    processor = BeitImageProcessorPil(size={"height": 32, "width": 32}, do_center_crop=False)
    return BeitForImageClassification(config).eval(), processor


def lab_with_both(root: Path) -> Lab:
    """The bundled models or, where one is not bundled, random ones of the same size; the data folder is ``root``."""
    gallery = many(COUNT)
    write_parquet(root / "cifar10" / "test.parquet", gallery.pixels[:COUNT], gallery.labels[:COUNT])
    settings = Settings(offline=True, device="cpu", data=root)
    lab = Lab(settings)
    try:
        lab.find("", "cifar10-mlp")
        lab.find("", "cifar10-beit")
        return lab
    except UnavailableError:
        print("  (not both models are bundled: random ones of the same sizes)")
    save_mlp(Mlp(), root / "mlp-cifar10")
    network, processor = random_beit()
    network.save_pretrained(root / "beit-cifar10")
    processor.save_pretrained(root / "beit-cifar10")
    return Lab(settings, catalog=catalog_of(root))


def in_core(classifiers: list[Classifier], parts: Chosen, gallery: Gallery) -> None:
    """The whole evaluation with the messages that the page gets, without the page."""
    for step in paced(evaluate(classifiers, gallery, COUNT)):
        evaluation_message(Run(step, parts), "running")


def bare(classifiers: list[Classifier], gallery: Gallery) -> None:
    """The two networks alone on batches that are ready."""
    with torch.inference_mode():
        for start in range(0, COUNT, BATCH):
            x = unit(gallery.pixels[start : start + BATCH])
            for classifier in classifiers:
                classifier(x)


def grown(classifiers: list[Classifier], count: int) -> int:
    """Bytes by which the process is larger after an evaluation of ``count`` than before."""
    process, gallery = psutil.Process(), many(count)
    before = process.memory_info().rss
    for _ in evaluate(classifiers, gallery, count):
        pass
    return int(process.memory_info().rss - before)


def in_the_page(lab: Lab, peer: Callable[[], object], times: int = 5) -> tuple[float, float]:
    """Seconds from the click on Start to the last step drawn in Chromium, for ``COUNT`` pictures, and ``peer``'s.

    The two take turns, so that a machine that slows down slows both; medians.
    """
    # Asking at each frame would make the browser draw frames for nothing, on the same two cores.
    done = f"""() => new Promise((resolve) => {{
        const root = document.querySelector('#cifar-evaluation');
        const look = () => {{
            const said = root.querySelector('.cifar-status')?.textContent ?? '';
            if (said.startsWith('All {COUNT:,} seen') && said.includes('pictures/s')) resolve();
        }};
        new MutationObserver(look).observe(root, {{childList: true, subtree: true, characterData: true}});
        look();
    }})"""
    with serving(lab) as url, sync_playwright() as playwright:
        program = find_chromium(playwright.chromium.executable_path)
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(300_000)

        def run() -> None:
            page.click("#cifar-start")
            page.evaluate(done)

        taken, beside = [], []
        for seed in range(times + 1):
            page.goto(f"{url}/?lab=cifar&view=evaluation&count={COUNT}&source=data&seed={seed}")
            page.wait_for_selector("#cifar-evaluation [data-state=done]")
            beside.append(seconds(peer))
            taken.append(seconds(run))
        browser.close()
    return median(taken[1:]), median(beside[1:])  # the first of each warms up


def main() -> None:
    """Print every figure."""
    torch.set_num_threads(2)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CACHE_HOME"] = f"{folder}/cache"
        lab = lab_with_both(Path(folder))
        parts, gallery = chosen(lab), many(COUNT)
        with leased(lab, parts) as found:
            classifiers = list(found.values())
            ours, theirs = medians(
                lambda: in_core(classifiers, parts, gallery), lambda: bare(classifiers, gallery), times=3
            )
            row("live evaluation in core : bare batched forward", COUNT / ours, COUNT / theirs, "1/s", "at least 0.8")
            one_by_one(found["beit"], lab, gallery)
            grown(classifiers, 500)
            for count in (500, 3000):
                print(f"  the process has grown by {grown(classifiers, count) / 1e6:.1f} MB after {count:,} pictures")
            page, beside = in_the_page(lab, lambda: bare(classifiers, gallery))
        alone = min(beside, theirs)  # an open browser slows the bare forward, too: the faster of the two is the peer
        row("live evaluation, click to last step drawn : bare", COUNT / page, COUNT / alone, "1/s", "at least 0.8")


def one_by_one(beit: Classifier, lab: Lab, gallery: Gallery, count: int = 100) -> None:
    """The BEiT's evaluation against transformers' pipeline."""
    with lab.use("", "cifar10-beit") as loaded:
        peer = pipeline("image-classification", model=loaded.network, image_processor=loaded.processor, device="cpu")
    some = Gallery("shipped", gallery.pixels[:count], gallery.labels[:count])
    images = [Image.fromarray(picture) for picture in some.pixels]
    ours, theirs = medians(
        lambda: list(evaluate([beit], some, count)), lambda: [peer(image) for image in images], times=3
    )
    row("live evaluation of BEiT : transformers.pipeline, one by one", count / ours, count / theirs, "1/s")
