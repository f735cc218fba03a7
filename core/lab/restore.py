"""Which picture with which covered patches, and what the pre-trained BEiT says of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from core.data.galleries import Pixels
from core.data.patch_record import PatchRecord, patch_record
from core.lab.lab import Lab
from core.lab.pictures import pixels_digest
from core.lab.result_cache import digest_of
from core.models.catalog import Job, ModelSpec
from core.progress import Progress

if TYPE_CHECKING:
    from core.pictures.restore import Mask, Restoration
    from core.scene.results import PatchAttention

JOB: Job = "masked-patches"


@dataclass(frozen=True, eq=False)
class VisualTokens:
    """What every token looks like, and how a model did on pictures that it never saw.

    ``pictures``: (K, patch, patch, 3). ``grid``: patches down and across. ``recorded``: None where nothing is.
    """

    spec: ModelSpec
    pictures: NDArray[np.uint8]
    grid: tuple[int, int]
    layers: int
    recorded: PatchRecord | None


def visual_tokens(lab: Lab, model: str = "", progress: Progress | None = None) -> VisualTokens:
    """The tokens of a model, "" for the default. Errors: those of a lease."""
    from core.pictures.restore import code_pictures, grid_of

    spec = lab.find(model, JOB)

    def compute() -> tuple[NDArray[np.uint8], tuple[int, int], int]:
        with lab.use(spec.name, JOB, progress) as loaded:
            network: Any = loaded.network
            return code_pictures(loaded.processor), grid_of(network), len(network.beit.layers)

    pictures, grid, layers = lab.results.get(("restore", "tokens", spec.name), compute)
    recorded = None if spec.folder is None else patch_record(spec.folder)
    return VisualTokens(spec, pictures, grid, layers, recorded)


@dataclass(frozen=True, eq=False)
class RestoreQuestion:
    """A picture (32, 32, 3) with covered patches, mask (h, w), through a model. Errors of its methods: of a lease."""

    lab: Lab
    pixels: Pixels
    mask: Mask
    model: str

    @classmethod
    def written(cls, lab: Lab, pixels: Pixels, mask: object, model: str = "") -> RestoreQuestion:
        """The mask as a link writes it. Errors: RangeError, an unknown model, those of a lease."""
        from core.pictures.restore import written_mask

        tokens = visual_tokens(lab, model)
        return cls(lab, pixels, written_mask(mask, tokens.grid), tokens.spec.name)

    @classmethod
    def drawn(cls, lab: Lab, pixels: Pixels, share: object, seed: object, model: str = "") -> RestoreQuestion:
        """A share of the patches in blocks, as BEiT is pre-trained. Errors: RangeError, an unknown model."""
        from core.pictures.restore import drawn_mask

        tokens = visual_tokens(lab, model)
        return cls(lab, pixels, drawn_mask("blocks", seed, tokens.grid, share), tokens.spec.name)

    def restored(self, progress: Progress | None = None) -> Restoration:
        """What stands under the covered patches, from the cache or by one pass."""
        from core.pictures.restore import restore

        return self.lab.kept(self._key(), self.model, JOB, restore, self.pixels, self.mask, progress=progress)

    def looked(self, patch: int, layer: int) -> PatchAttention:
        """Where a patch, from 0, looks in a layer, from 1, and in all up to it. Errors: RangeError."""
        from core.scene.patches import check, patch_attention
        from core.scene.results import Trace

        check("patch", patch, 0, self.mask.size - 1)
        done = self.restored()
        traced = Trace(done.states, done.mask.shape, len(self.pixels), done.seconds)
        check("layer", layer, 1, len(traced.states) - 1)
        key = self._key("looked", patch, layer)
        return self.lab.kept(key, self.model, JOB, patch_attention, traced, patch + 1, layer - 1)

    @property
    def digest(self) -> str:
        """A name for the picture, the mask and the model together."""
        return digest_of(pixels_digest(self.pixels), self.mask.tobytes(), self.model)

    def _key(self, *more: object) -> tuple[str, ...]:
        return ("restore", self.digest, *map(str, more))
