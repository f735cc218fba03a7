"""Street pictures as training batches: scaled, cropped, mirrored and coloured at random."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from core.data.datasets import Scenes

MEAN = STD = 0.5  # of BEiT's processors


class DeviceScenes:
    """Pictures with their label maps in the memory of a device, of which crops are cut there. Shapes as in Scenes."""

    def __init__(self, scenes: Scenes, device: torch.device) -> None:
        self.pixels, self.ids = (torch.from_numpy(np.array(part)).to(device) for part in (scenes.pixels, scenes.ids))
        self.sizes, self.starts = scenes.sizes, scenes.starts

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        """Picture (H, W, 3) and ids (H, W)."""
        a, b = int(self.starts[index]), int(self.starts[index + 1])
        height, width = (int(value) for value in self.sizes[index])
        return self.pixels[3 * a : 3 * b].view(height, width, 3), self.ids[a:b].view(height, width)


@dataclass(frozen=True)
class Crop:
    """How a training picture is cut: squares of ``size`` from pictures scaled to ``full`` × a random factor."""

    size: int
    full: int
    low: float = 0.6
    high: float = 1.7
    aspect: float = 1.25


def tensor_of(part: np.ndarray[tuple[int, ...], np.dtype[np.uint8]] | Tensor) -> Tensor:
    """A part of a picture as a tensor; one that is a tensor already stays where it is."""
    return part if isinstance(part, Tensor) else torch.from_numpy(np.array(part))


def random_crop(
    scenes: Scenes | DeviceScenes, index: int, crop: Crop, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """One picture and label map, (3, size, size) in 0..1 and (size, size) ADE20K ids; outside the picture ids are 0."""
    image, ids = scenes[index]
    H, W = ids.shape
    u = torch.rand(5, generator=generator).tolist()
    scale = float(np.exp(np.log(crop.low) + u[0] * np.log(crop.high / crop.low)))
    stretch = crop.aspect ** (2 * u[1] - 1)
    # How many source rows and columns the square shows, if the whole picture were drawn as full × full.
    h = min(H, round(crop.size / crop.full * H / scale * stretch**0.5))
    w = min(W, round(crop.size / crop.full * W / scale / stretch**0.5))
    top, left = int(u[2] * (H - h + 1)), int(u[3] * (W - w + 1))
    part = tensor_of(image[top : top + h, left : left + w]).permute(2, 0, 1)[None].float() / 255
    classes = tensor_of(ids[top : top + h, left : left + w])[None, None].float()
    size = (crop.size, crop.size)
    part = nn.functional.interpolate(part, size, mode="bilinear", align_corners=False, antialias=True)[0]
    classes = nn.functional.interpolate(classes, size, mode="nearest-exact")[0, 0]
    if u[4] < 0.5:
        part, classes = part.flip(2), classes.flip(1)
    return part, classes.long()


def colored(pictures: Tensor, generator: torch.Generator) -> Tensor:
    """Brightness, contrast, saturation, a cast of colour and gamma, another for each of (B, 3, H, W) in 0..1."""
    B = len(pictures)

    def factor(low: float, high: float, channels: int = 1) -> Tensor:
        return (low + (high - low) * torch.rand(B, channels, 1, 1, generator=generator)).to(pictures.device)

    x = pictures.clamp(min=1e-4) ** factor(-0.4, 0.4).exp()  # gamma
    grey = x.mean(1, keepdim=True)
    x = grey + (x - grey) * factor(0.3, 1.6)  # saturation
    middle = x.mean((1, 2, 3), keepdim=True)
    x = middle + (x - middle) * factor(0.6, 1.4)  # contrast
    return (x * factor(0.7, 1.3) * factor(0.9, 1.1, 3)).clamp(0, 1)  # brightness, cast


def normalised(pictures: Tensor) -> Tensor:
    """0..1 → what BEiT's processor gives."""
    return (pictures - MEAN) / STD


def whole(scenes: Scenes, index: int, size: int) -> tuple[Tensor, np.ndarray[tuple[int, ...], np.dtype[np.uint8]]]:
    """A picture squeezed to (1, 3, size, size), normalised, and its label map as it is."""
    image, ids = scenes[index]
    x = tensor_of(image).permute(2, 0, 1)[None].float() / 255
    x = nn.functional.interpolate(x, (size, size), mode="bilinear", align_corners=False, antialias=True)
    return normalised(x), np.asarray(ids)


def mixed_order(
    counts: list[int], shares: list[float], length: int, generator: torch.Generator
) -> Iterator[tuple[int, int]]:
    """``length`` pairs of (which set, which picture): sets by ``shares``, a picture again only after all of its set."""
    rounds: list[list[int]] = [[] for _ in counts]
    which = torch.multinomial(torch.tensor(shares), length, replacement=True, generator=generator)
    for s in which.tolist():
        if not rounds[s]:
            rounds[s] = torch.randperm(counts[s], generator=generator).tolist()
        yield s, rounds[s].pop()
