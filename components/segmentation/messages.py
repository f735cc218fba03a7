"""Results of the Segmentation lab → plain data for its viewer."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from components.page.viewer import packed
from components.segmentation.notes import doubt, picture_notes
from components.segmentation.truth import class_name, truth_part
from core.data.annotations import Annotation, Ids
from core.data.labels import scene_class
from core.lab.scene import SceneQuestion
from core.progress import Progress
from core.scene.results import Segmentation

SHOWN = 1280  # pixels a side at most on the page; exports have all of them
KERNELS = (3, 5, 7)
WINDOW = 7


def legend(language: str, ids: list[int]) -> dict[str, dict[str, str]]:
    """Name and colour of each id."""
    return {str(i): {"name": class_name(language, i), "color": scene_class(i).color} for i in ids if i}


def shown_size(width: int, height: int) -> tuple[int, int]:
    """The size at which a picture goes to the page."""
    scale = min(1.0, SHOWN / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def stored(image: Image.Image, kind: str, **options: Any) -> bytes:
    """An image as a file of that kind."""
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def shown_picture(pixels: NDArray[np.uint8]) -> bytes:
    """What the model saw, (H, W, 3), as a WebP of the page's size: a quarter less than a JPEG of the same look."""
    height, width = pixels.shape[:2]
    image = Image.fromarray(pixels).resize(shown_size(width, height), Image.Resampling.LANCZOS)
    return stored(image, "WEBP", quality=80, method=2)


def small_ids(ids: Ids, size: tuple[int, int]) -> Ids:
    """A map of ids at the page's size, by nearest neighbour: anything else would invent classes."""
    return np.asarray(Image.fromarray(ids).resize(size, Image.Resampling.NEAREST), dtype=np.uint8)


def segmented(
    question: SceneQuestion,
    truth: Annotation | None,
    language: str,
    progress: Progress | None = None,
    windows: Progress | None = None,
) -> dict[str, Any]:
    """All that the page needs beside the picture to draw, hover and isolate without asking again.

    ``progress``, ``windows``: see :meth:`core.lab.scene.SceneQuestion.seen`.
    """
    seen, picture = question.seen(progress, windows), question.picture()
    height, width = picture.pixels.shape[:2]
    size = shown_size(width, height)
    spec = question.lab.find(question.model, "segmentation")
    annotated = [int(i) for i in np.unique(truth.ids)] if truth is not None else []
    result = seen.result
    return {
        "shown": question.sent(),
        "model": {"name": spec.name, "title": spec.title, "origin": spec.origin},
        "layers": seen.layers,
        "heads": seen.heads,
        "patch": seen.patch,
        "width": seen.width,
        "size": [width, height],
        "drawn": list(size),
        "side": seen.trace.side,
        "grid": list(seen.trace.grid),
        "windows": result.windows,
        **class_maps(result, size),
        "classes": legend(language, sorted({*(int(i) for i in result.ids), *annotated})),
        "knows": len(result.known),
        "known": [class_name(language, int(i)) for i in result.known] if len(result.known) < 150 else [],
        "notes": picture_notes(question, language),
        "doubt": doubt(question, language),
        "seconds": {
            "encoder": round(seen.trace.seconds + result.encoder_seconds, 3),
            "head": round(result.head_seconds, 3),
            "enlarge": round(result.enlarge_seconds, 3),
        },
        "truth": None if truth is None else truth_part(result, truth, small_ids(truth.ids, size), language),
    }


def class_maps(result: Segmentation, size: tuple[int, int]) -> dict[str, Any]:
    """The ids at the page's size, how sure the model is of them, and the pixels of each class."""
    return {
        "ids": packed(small_ids(result.classes, size)),
        "confidence": packed(result.confidence),
        "confidence_size": [int(n) for n in result.confidence.shape],
        "areas": [[int(i), int(n)] for i, n in zip(result.ids, result.pixels, strict=True)],
    }


def patch(question: SceneQuestion, layer: int, place: tuple[float, float] | None, language: str) -> dict[str, Any]:
    """Where a token looks in a layer (from 1), every head and rollout; scores at its place; what others could reach.

    ``place``: down and across, 0..1, or None for [CLS]. Errors: RangeError for a layer that there is not.
    """
    from core.scene.patches import check, query_at
    from core.scene.segment import scores_at

    scene = question.seen()
    check("layer", layer, 1, scene.layers)
    query = 0 if place is None else query_at(scene.trace.grid, *place)
    seen = question.patch(query, layer - 1)
    scores = scores_at(scene.result, *place) if place is not None else []
    return {
        "layer": layer,
        "query": query,
        "place": place,
        "weights": floats(seen.weights),
        "rollout": floats(seen.rollout),
        "window": min(WINDOW, *scene.trace.grid),
        "reach": reach(scene.trace.grid, query, layer),
        "scores": [[id, round(p, 5)] for id, p in scores],
        "classes": legend(language, [id for id, _ in scores]),
    }


def reach(grid: tuple[int, int], query: int, layers: int) -> dict[int, list[dict[str, Any]]]:
    """By side of a convolution's kernel, how far that, a window and global attention reach in so many layers."""
    from core.scene.patches import reaches

    window = min(WINDOW, *grid)
    return {
        kernel: [
            {"kind": r.kind, "box": [r.top, r.left, r.bottom, r.right], "patches": r.patches}
            for r in reaches(grid, query, kernel, window, layers)
        ]
        for kernel in KERNELS
    }


def floats(array: NDArray[np.float32]) -> str:
    """float32, deflated, in full precision: a hover shows the exact value."""
    return packed(np.ascontiguousarray(array, dtype="<f4").view(np.uint8))


def steps(question: SceneQuestion) -> dict[str, Any]:
    """Every step from the picture to its classes, with the code that runs; pictures apart."""
    from core.scene.stages import source

    drawn: list[dict[str, Any]] = [
        {
            "name": stage.name.split()[0],
            "number": int(stage.name.split()[1]) if " " in stage.name else None,
            "shape": list(stage.shape),
            "size": [stage.picture.shape[1], stage.picture.shape[0]],
            "source": step,
        }
        for stage, step in question.stages()
    ]
    return {"steps": drawn, "code": {step["source"]: source(step["source"]) for step in drawn if step["source"]}}
