"""Scenes: which picture, through which model, in which mode. Every question about one is answered here.

The page keeps the file and says with each request which result it is about. A restarted server therefore loses nothing:
what its cache no longer holds is computed again from the file that comes along.

Files are known by the SHA-256 of their bytes: one whose pixels the cache holds is not decoded again, whatever model or
annotation it comes with. A picture's trace and classes are one lease and one run, and so is each patch's attention.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from core.data.annotations import GUESS, Annotation, read_annotation
from core.data.images import Picture, decode, read
from core.errors import ImageError
from core.lab.lab import Lab
from core.progress import Progress, unheard
from core.scene.doubt import Doubt, doubt_of, energy
from core.scene.results import PatchAttention, Segmentation, Stage, Trace
from core.scene.squeeze import Cost, Squeeze, cost_of, squeeze_of

if TYPE_CHECKING:
    from core.networks.steps import Walk

T = TypeVar("T")
Pixels = NDArray[np.uint8]  # (H, W, 3)
EXACT = "exact"


@dataclass(frozen=True, eq=False)
class Seen:
    """What one run makes of a picture, and the shape of the model that did: what the page asks of it."""

    trace: Trace
    result: Segmentation
    layers: int
    heads: int
    patch: int  # pixels a side
    width: int


@dataclass(frozen=True)
class SceneQuestion:
    """Which picture through which model in which mode. ``digest``: SHA-256 of the picture's file."""

    lab: Lab
    path: str | None
    model: str
    mode: str
    digest: str

    @classmethod
    def of_file(cls, lab: Lab, path: str | None, model: object, mode: object) -> SceneQuestion:
        """About an uploaded file. Errors: those of decoding, an unknown model."""
        name = lab.find(model if isinstance(model, str) else "", "segmentation").name
        data = _bytes(path)
        digest = hashlib.sha256(data).hexdigest()
        lab.results.get(("picture", digest), lambda: decode(data))
        return cls(lab, path, name, mode if isinstance(mode, str) else EXACT, digest)

    @classmethod
    def of_digest(cls, lab: Lab, path: str | None, model: str, mode: str, digest: str) -> SceneQuestion:
        """About what a page shows; its file is read only where the cache lacks something. Errors: an unknown model."""
        return cls(lab, path, lab.find(model, "segmentation").name, mode, digest)

    def sent(self) -> dict[str, str]:
        """As the page keeps it."""
        return {"model": self.model, "mode": self.mode, "digest": self.digest}

    def key(self, *more: object) -> tuple[str, ...]:
        """For the cache of results."""
        return ("segmentation", self.digest, self.model, self.mode, *map(str, more))

    def picture(self) -> Picture:
        """The decoded file. ImageError where the page now holds another one."""

        def compute() -> Picture:
            data = _bytes(self.path)
            if hashlib.sha256(data).hexdigest() != self.digest:
                raise ImageError("segmentation.changed")
            return decode(data)

        return self.lab.results.get(("picture", self.digest), compute)

    def seen(self, progress: Progress | None = None, windows: Progress | None = None) -> Seen:
        """The picture through encoder and head. Errors: those of core.

        ``progress`` hears of the model's loading, ``windows`` of those that a long picture is cut into.
        """
        asked = Asked(self.model, self.mode, lambda: self.picture().pixels, progress, windows or unheard)
        return _seen(self.lab, self.key("seen"), asked)

    def trace(self) -> Trace:
        """The picture through the encoder."""
        return self.seen().trace

    def result(self, progress: Progress | None = None) -> Segmentation:
        """The picture's classes."""
        return self.seen(progress).result

    def squeeze(self) -> tuple[Squeeze, Cost | None] | None:
        """How a long picture is squeezed, with what was measured of that for the model; None of others."""
        height, width = self.picture().pixels.shape[:2]
        found = squeeze_of(width, height, self.trace().grid)
        return None if found is None else (found, cost_of(self.lab.find(self.model, "segmentation").folder, found))

    def doubt(self) -> Doubt | None:
        """What was measured for the model, where this picture is doubtful by it; else None.

        It was measured at the exact size, and not on long pictures, whose scores are blended.
        """
        if self.mode != EXACT or self.result().windows > 1:
            return None
        measured = doubt_of(self.lab.find(self.model, "segmentation").folder)
        return measured if measured is not None and energy(self.result()) < measured.energy else None

    def patch(self, query: int, layer: int) -> PatchAttention:
        """Where a token looks in a layer (from 0)."""
        from core.scene.patches import patch_attention

        return self.further(("patch", query, layer), patch_attention, query, layer)

    def ends(self, token: int) -> Walk:
        """The classes that are read from a patch at the end. Errors: RangeError."""
        from core.scene.journey import answer_walk

        seen = self.seen()
        return answer_walk(seen.result, seen.trace, token)

    def further(self, name: tuple[object, ...], work: Callable[..., T], *arguments: Any) -> T:
        """``work(model, trace, *arguments)``, kept under the question's key and ``name``."""
        return self.lab.kept(self.key(*name), self.model, "segmentation", work, self.trace(), *arguments)

    def stages(self) -> list[tuple[Stage, str | None]]:
        """Every step from the picture to its classes. No network runs, so that no engine is asked."""
        from core.scene.stages import stages

        def compute() -> list[tuple[Stage, str | None]]:
            pixels, seen = self.picture().pixels, self.seen()
            with self.lab.use(self.model, "segmentation") as loaded:  # for its processor
                return stages(loaded, pixels, seen.trace, seen.result)

        return self.lab.results.get(self.key("stages"), compute)


def segmentation_of(lab: Lab, pixels: Pixels, progress: Progress | None = None) -> Segmentation:
    """The classes of a picture of the app's own, by the default model. Errors: those of core."""
    model = lab.find("", "segmentation").name
    digest = hashlib.sha256(repr(pixels.shape).encode() + pixels.tobytes()).hexdigest()
    asked = Asked(model, EXACT, lambda: pixels, progress, unheard)
    return _seen(lab, ("segmentation", "pixels", digest, model), asked).result


def annotation_of(lab: Lab, path: str | None, picture: Picture, counting: str = GUESS) -> Annotation | None:
    """An uploaded annotation of a picture, or None where there is none. Errors: ImageError.

    ``counting``: see :func:`core.data.annotations.read_annotation`.
    """
    if not isinstance(path, str):
        return None
    data = read(path)
    height, width = picture.pixels.shape[:2]
    about = (width, height, counting, picture.orientation)
    key = ("annotation", hashlib.sha256(data).hexdigest(), *map(str, about))
    return lab.results.get(key, lambda: read_annotation(data, *about))


@dataclass(frozen=True, eq=False)
class Asked:
    """One run: its model and mode, its picture where that is needed, and who hears of loading and of windows."""

    model: str
    mode: str
    pixels: Callable[[], Pixels]
    progress: Progress | None
    windows: Progress


def _seen(lab: Lab, key: tuple[str, ...], asked: Asked) -> Seen:
    def compute() -> Seen:
        given = asked.pixels()
        with lab.use(asked.model, "segmentation", asked.progress) as loaded:
            traced, result = _run(lab, loaded, given, asked)
            config: Any = loaded.network.config
        return Seen(
            traced, result, config.num_hidden_layers, config.num_attention_heads, config.patch_size, config.hidden_size
        )

    return lab.results.get(key, compute)


def _run(lab: Lab, loaded: Any, pixels: Pixels, asked: Asked) -> tuple[Trace, Segmentation]:
    """One run on the engine; of a long picture, window by window."""
    from core.scene.segment import analyse, analyse_long
    from core.scene.windows import windows_of

    if windows_of(*pixels.shape[:2]) is None:
        return lab.engine.run(analyse, loaded, pixels, asked.mode)
    for step in lab.engine.steps(analyse_long, loaded, pixels, asked.mode):
        if not isinstance(step, float):
            return step
        asked.windows(step)
    raise AssertionError("the last step is the result")


def _bytes(path: str | None) -> bytes:
    if not isinstance(path, str):
        raise ImageError("segmentation.no_picture")
    return read(path)
