"""Results of the Segmentation lab → messages for its viewer."""

from __future__ import annotations

import base64
import io
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from components.page.viewer import message, packed
from core.checks import share
from core.data.labels import palette, scene_class
from core.errors import RangeError
from core.lab.scene import Ids, SceneQuestion
from core.metrics import Confusion, SegmentationReport, segmentation_report
from core.progress import Progress
from core.texts import say

SHOWN = 1280  # pixels a side at most on the page; exports have all of them
KERNELS = (3, 5, 7)
WINDOW = 7


def class_name(language: str, id: int) -> str:
    """The name of an ADE20K id."""
    return say(language, f"classes.{id}" if id else "segmentation.unlabelled")


def legend(language: str, ids: list[int]) -> dict[str, dict[str, str]]:
    """Name and colour of each id."""
    return {str(i): {"name": class_name(language, i), "color": scene_class(i).color} for i in ids if i}


def shown_size(width: int, height: int) -> tuple[int, int]:
    """The size at which a picture goes to the page."""
    scale = min(1.0, SHOWN / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def data_url(image: Image.Image, kind: str, **options: Any) -> str:
    """An image as the page can draw it without another request."""
    stored = io.BytesIO()
    image.save(stored, kind, **options)
    return f"data:image/{kind.lower()};base64,{base64.b64encode(stored.getvalue()).decode('ascii')}"


def small_ids(ids: Ids, size: tuple[int, int]) -> Ids:
    """A map of ids at the page's size, by nearest neighbour: anything else would invent classes."""
    return np.asarray(Image.fromarray(ids).resize(size, Image.Resampling.NEAREST), dtype=np.uint8)


def segmented(
    question: SceneQuestion,
    truth: Ids | None,
    language: str,
    progress: Progress | None = None,
    example: str | None = None,
) -> str:
    """All that the page needs to draw, hover and isolate without asking again."""
    seen, picture = question.seen(progress), question.picture()
    traced, result = seen.trace, seen.result
    height, width = picture.pixels.shape[:2]
    size = shown_size(width, height)
    image = Image.fromarray(picture.pixels).resize(size, Image.Resampling.LANCZOS)
    spec = question.lab.find(question.model, "segmentation")
    found = [int(i) for i in result.ids]
    annotated = [int(i) for i in np.unique(truth)] if truth is not None else []
    return message(
        "segmented",
        job=question.sent(),
        example=example,
        model={"name": spec.name, "title": spec.title, "origin": spec.origin},
        layers=seen.layers,
        heads=seen.heads,
        patch=seen.patch,
        width=seen.width,
        size=[width, height],
        shown=list(size),
        side=traced.side,
        grid=list(traced.grid),
        image=data_url(image, "WEBP", quality=80, method=2),  # a quarter less than JPEG of the same look
        ids=packed(small_ids(result.classes, size)),
        confidence=packed(result.confidence),
        confidence_size=[int(n) for n in result.confidence.shape],
        classes=legend(language, sorted({*found, *annotated})),
        areas=[[i, int(n)] for i, n in zip(found, result.pixels, strict=True)],
        knows=len(result.known),
        known=[class_name(language, int(i)) for i in result.known] if len(result.known) < 150 else [],
        notes=[say(language, note) for note in picture.notes],
        seconds={
            "encoder": round(traced.seconds, 3),
            "head": round(result.head_seconds, 3),
            "enlarge": round(result.enlarge_seconds, 3),
        },
        truth=None if truth is None else truth_part(result.classes, result.known, truth, size, language),
    )


def number(value: float) -> float | None:
    """For JSON, which has no NaN."""
    return None if math.isnan(value) else round(value, 6)


def scored(classes: Ids, truth: Ids) -> SegmentationReport:
    """The metrics of a prediction against its annotation; unlabelled pixels are left out and counted."""
    confusion = Confusion(151, ignore=0).add(truth, classes)
    return segmentation_report(confusion.counts, confusion.ignored)


def truth_part(classes: Ids, known: Ids, truth: Ids, size: tuple[int, int], language: str) -> dict[str, Any]:
    """The annotation at the page's size and its table: one row a class that occurs in either map."""
    report = scored(classes, truth)
    rows = [
        [
            id,
            int(report.intersection[id]),
            int(report.union[id]),
            number(float(report.iou[id])),
            number(float(report.class_accuracy[id])),
        ]
        for id in np.flatnonzero(report.union).tolist()
    ]
    foreign = ~np.isin(truth, [0, *known])
    return {
        "ids": packed(small_ids(truth, size)),
        "rows": rows,
        "mean_iou": number(report.mean_iou),
        "pixel_accuracy": number(report.pixel_accuracy),
        "pixels": report.pixels,
        "ignored": report.ignored,
        "foreign": int(foreign.sum()),
        "foreign_names": [class_name(language, int(i)) for i in np.unique(truth[foreign])],
    }


def asked_share(ask: dict[str, Any], name: str) -> float:
    """A place in the picture, 0 to 1. Errors: RangeError."""
    return share("segmentation.range", name, ask.get(name))


def patch(question: SceneQuestion, ask: dict[str, Any], language: str) -> str:
    """One patch's attention in one layer, every head and rollout; scores at the place; what others could reach."""
    from core.scene.patches import check, query_at, reaches
    from core.scene.segment import scores_at

    scene = question.seen()
    layer = check("layer", ask.get("layer"), 0, scene.layers - 1)
    grid = scene.trace.grid
    place = None if ask.get("cls") else (asked_share(ask, "down"), asked_share(ask, "across"))
    query = 0 if place is None else query_at(grid, *place)
    seen = question.patch(query, layer)
    window = min(WINDOW, *grid)
    bounds = {
        kernel: [
            {"kind": r.kind, "box": [r.top, r.left, r.bottom, r.right], "patches": r.patches}
            for r in reaches(grid, query, kernel, window, layer + 1)
        ]
        for kernel in KERNELS
    }
    scores = scores_at(scene.result, *place) if place is not None else []
    return message(
        "patch",
        job=question.sent(),
        layer=layer,
        query=query,
        place=place,
        weights=floats(seen.weights),
        rollout=floats(seen.rollout),
        window=window,
        reach=bounds,
        scores=[[id, round(p, 5)] for id, p in scores],
        classes=legend(language, [id for id, _ in scores]),
    )


def floats(array: NDArray[np.float32]) -> str:
    """float32, deflated, in full precision: a hover shows the exact value."""
    return packed(np.ascontiguousarray(array, dtype="<f4").view(np.uint8))


def steps(question: SceneQuestion, ask: dict[str, Any], language: str) -> str:
    """Every step from the picture to its classes, with the code that runs."""
    from core.scene.stages import source

    drawn = [
        {
            "name": stage.name.split()[0],
            "number": int(stage.name.split()[1]) if " " in stage.name else None,
            "shape": list(stage.shape),
            "picture": data_url(Image.fromarray(stage.picture), "PNG"),
            "size": [stage.picture.shape[1], stage.picture.shape[0]],
            "source": step,
        }
        for stage, step in question.stages()
    ]
    code = {step["source"]: source(step["source"]) for step in drawn if step["source"]}
    return message("steps", job=question.sent(), steps=drawn, code=code)


def exported(question: SceneQuestion, ask: dict[str, Any], language: str) -> str:
    """A picture of full size to be saved: ``ids``, ``colors`` or ``overlay`` with ``opacity`` 0..1."""
    what, classes = ask.get("what"), question.result().classes
    if what == "ids":
        image = Image.fromarray(classes)
    elif what in ("colors", "overlay"):
        image = Image.fromarray(palette()[classes])
        if what == "overlay":
            image = Image.blend(Image.fromarray(question.picture().pixels), image, asked_share(ask, "opacity"))
    else:
        raise RangeError("segmentation.export", choices="ids, colors, overlay")
    return message("export", what=what, job=question.sent(), url=data_url(image, "PNG", compress_level=4))


SAVED = {"export": exported}  # of what is there
WORKED = {"patch": patch, "steps": steps}  # by the model
