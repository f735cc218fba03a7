"""What has to be said about a picture beside its classes: what was done to it, and what speaks against them."""

from __future__ import annotations

from core.lab.scene import SceneQuestion
from core.scene.squeeze import Cost, Squeeze
from core.texts import say


def picture_notes(question: SceneQuestion, language: str) -> list[str]:
    """What was done to the picture on its way, and what its being long costs."""
    notes = [say(language, note) for note in question.picture().notes]
    found = question.squeeze()
    return notes if found is None else [*notes, squeezed(*found, question.result().windows, language)]


def squeezed(squeeze: Squeeze, cost: Cost | None, windows: int, language: str) -> str:
    """Into how many windows a long picture was cut, where it is squeezed and, if that was measured, what it costs."""
    said = say(
        language,
        f"segmentation.squeeze.{squeeze.way}",
        ratio=f"{squeeze.ratio:.1f}",
        windows=windows,
        across=squeeze.across,
        down=squeeze.down,
    )
    if cost is None:
        return said
    before, after = f"{100 * cost.before:.0f} %", f"{100 * cost.after:.0f} %"
    more = say(language, "segmentation.squeeze.cost", ratio=f"{cost.ratio:.1f}", before=before, after=after)
    return f"{said} {more}"


def doubt(question: SceneQuestion, language: str) -> str:
    """Why the picture may be of none of the model's classes; "" where nothing speaks for that."""
    found = question.doubt()
    return "" if found is None else say(language, "segmentation.doubt.said", share=f"{100 * (1 - found.share):.0f} %")
