"""``python -m tools.annotations OUT``: lay the polygons over their photographs, to look at them, and compare drawings.

Into the folder OUT come, of each photograph that is installed, its ids (``NAME.png``) and an overlay with a grid
(``NAME-over.png``, which belongs to nobody but who looks: some photographs may not be passed on). Where it was drawn
twice, the mean IoU of both drawings is measured, printed, and kept in ``assets/annotations/NAME.json``.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from core.data.labels import palette
from core.data.photographs import FOLDER, Ids, Photograph, agreement, photographs, scored

WIDE = 1200  # pixels of an overlay
GRID = 40  # pixels of the photograph between its lines


def overlay(photo: Photograph, picture: Image.Image, ids: Ids) -> Image.Image:
    """Half photograph, half the classes' colours, under a grid with numbers."""
    colors = Image.fromarray(palette()[ids])
    shown = Image.blend(picture, colors, 0.45)
    shown = Image.composite(shown, picture, Image.fromarray(np.uint8(255) * (ids > 0)))
    scale = WIDE / max(photo.width, photo.height)
    shown = shown.resize((round(photo.width * scale), round(photo.height * scale)))
    draw = ImageDraw.Draw(shown)
    for at in range(0, max(photo.width, photo.height), GRID):
        place = round(at * scale)
        draw.line((place, 0, place, shown.height), fill=(255, 255, 0))
        draw.line((0, place, shown.width, place), fill=(255, 255, 0))
        draw.text((place + 2, 0), str(at), fill=(255, 0, 0))
        draw.text((0, place), str(at), fill=(255, 0, 0))
    return shown


def measure(photo: Photograph) -> tuple[float, float]:
    """The mean IoU of both drawings, edges and all, and of the second as a model is scored; written into the file."""
    path = FOLDER / f"{photo.name}.json"
    text, found = path.read_text("utf-8"), (round(agreement(photo), 4), round(scored(photo), 4))
    for name, value in zip(("agreement", "scored"), found, strict=True):
        before = json.dumps(json.loads(text)[name])
        text = text.replace(f'"{name}": {before}', f'"{name}": {value}')
    path.write_text(text, "utf-8")
    return found


def main() -> None:
    """Draw, measure, tell."""
    parser = argparse.ArgumentParser(prog="python -m tools.annotations", description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("names", nargs="*", help="these photographs alone")
    parser.add_argument("--again", action="store_true", help="lay over the second drawing")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for name, photo in photographs().items():
        path = photo.path
        if (options.names and name not in options.names) or path is None or (options.again and not photo.again):
            continue
        if not photo.is_of(path.read_bytes()):
            print(f"{name}: other bytes than those it was drawn over")
            continue
        ids = photo.ids(again=options.again)
        Image.fromarray(ids).save(options.out / f"{name}.png")
        overlay(photo, Image.open(path).convert("RGB"), ids).save(options.out / f"{name}-over.png")
        told = ", twice: {:.4f}, scored {:.4f}".format(*measure(photo)) if photo.again else ""
        print(f"{name}: {(ids > 0).mean():.1%} labelled{told}")


if __name__ == "__main__":
    main()
