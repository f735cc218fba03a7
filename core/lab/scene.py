"""The Segmentation lab's results, by picture and model: computed once, shared by whoever sends the same picture.

The page keeps the file and says with each request which result it is about. A restarted server therefore loses nothing:
what its cache no longer holds is computed again from the file that comes along.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.data.images import Picture, decode, decode_annotation, read
from core.engines.zerogpu import SCENE, borrow
from core.errors import ImageError, RangeError
from core.lab.lab import Lab
from core.scene.results import PatchLook, Segmentation, Stage, Trace

LoadProgress = Callable[[float], None]
Ids = NDArray[np.uint8]


@dataclass(frozen=True)
class Job:
    """Which picture through which model in which mode. ``digest``: SHA-256 of the picture's file."""

    lab: Lab
    path: str | None
    model: str
    mode: str
    digest: str

    @classmethod
    def of_file(cls, lab: Lab, path: str | None, model: object, mode: object) -> Job:
        """A job on an uploaded file. Errors: those of decoding, an unknown model, RangeError."""
        name = lab.find(model if isinstance(model, str) else "", "segmentation").name
        picture = _decoded(path)
        lab.results.get(("picture", picture.digest), lambda: picture)
        return cls(lab, path, name, mode if isinstance(mode, str) else "exact", picture.digest)

    @classmethod
    def of_ask(cls, lab: Lab, path: str | None, ask: object) -> Job:
        """The job that a page asks about; its file is read only where the cache lacks something."""
        given = ask.get("job") if isinstance(ask, dict) else None
        if not isinstance(given, dict) or not all(isinstance(given.get(n), str) for n in ("model", "mode", "digest")):
            raise RangeError("segmentation.not_a_job")
        name = lab.find(given["model"], "segmentation").name
        return cls(lab, path, name, given["mode"], given["digest"])

    def sent(self) -> dict[str, str]:
        """As the page keeps it."""
        return {"model": self.model, "mode": self.mode, "digest": self.digest}

    def key(self, *more: object) -> tuple[str, ...]:
        """For the cache of results."""
        return ("segmentation", self.digest, self.model, self.mode, *map(str, more))

    def picture(self) -> Picture:
        """The decoded file. ImageError where the page now holds another one."""

        def compute() -> Picture:
            picture = _decoded(self.path)
            if picture.digest != self.digest:
                raise ImageError("segmentation.changed")
            return picture

        return self.lab.results.get(("picture", self.digest), compute)

    def trace(self, progress: LoadProgress | None = None) -> Trace:
        """The picture through the encoder."""
        from core.scene.segment import trace

        def compute() -> Trace:
            pixels = self.picture().pixels
            with self.lab.use(self.model, "segmentation", progress) as loaded:
                return borrow(SCENE, trace, loaded, pixels, self.mode)

        return self.lab.results.get(self.key("trace"), compute)

    def result(self, progress: LoadProgress | None = None) -> Segmentation:
        """The picture's classes."""
        from core.scene.segment import segment

        def compute() -> Segmentation:
            traced = self.trace(progress)
            height, width = self.picture().pixels.shape[:2]
            with self.lab.use(self.model, "segmentation", progress) as loaded:
                return borrow(SCENE, segment, loaded, traced, height, width)

        return self.lab.results.get(self.key("result"), compute)

    def look(self, query: int, layer: int) -> PatchLook:
        """Where a token looks in a layer (from 0)."""
        from core.scene.patches import look

        def compute() -> PatchLook:
            traced = self.trace()
            with self.lab.use(self.model, "segmentation") as loaded:
                return borrow(SCENE, look, loaded, traced, query, layer)

        return self.lab.results.get(self.key("look", query, layer), compute)

    def stages(self) -> list[tuple[Stage, str | None]]:
        """Every step from the picture to its classes."""
        from core.scene.stages import stages

        def compute() -> list[tuple[Stage, str | None]]:
            picture, traced, result = self.picture(), self.trace(), self.result()
            with self.lab.use(self.model, "segmentation") as loaded:
                return stages(loaded, picture.pixels, traced, result)

        return self.lab.results.get(self.key("stages"), compute)

    def about(self) -> dict[str, int]:
        """Layers, heads, patch size and the side of the squeezed picture, for the page."""
        with self.lab.use(self.model, "segmentation") as loaded:
            config: Any = loaded.network.config
            return {
                "layers": config.num_hidden_layers,
                "heads": config.num_attention_heads,
                "patch": config.patch_size,
                "width": config.hidden_size,
            }


def _decoded(path: str | None) -> Picture:
    if not isinstance(path, str):
        raise ImageError("segmentation.no_picture")
    return decode(read(path))


def annotation_of(path: str | None, width: int, height: int) -> Ids | None:
    """An uploaded annotation (H, W), or None where there is none. Errors: ImageError."""
    return decode_annotation(read(path), width, height) if isinstance(path, str) else None
