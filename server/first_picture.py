"""What the first answer shows before any module of the page runs: the Scene with recorded numbers, or grey shapes.

The live page takes its place and looks the same: both have one style and one geometry, ``assets/viewers/attention/``.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from typing import Any

from core.learn.links import LABS
from core.plurals import numeral
from core.texts import RIGHT_TO_LEFT, digits, say
from server.page_files import ASSETS, VIEWERS

RECORDED = ASSETS / "opening_scene.json"
SCENE = {"lab": ("", "attention"), "view": ("", "scene")}  # what an address may say of them
ANY = ("lang", "__theme")
HIGHEST, SAID, TURNS = 1.15, 0.045, 0.5  # as in scene_words.js and scene_said.js


def asks_scene(query: Mapping[str, Sequence[str]]) -> bool:
    """Whether an address, its fragment apart, opens the Scene on the sentence with which a page begins."""
    return all(name in ANY or values[-1] in SCENE.get(name, ()) for name, values in query.items())


@cache
def first_picture(language: str, scene: bool) -> bytes:
    """What goes straight after ``<body>``. ``scene``: with the recorded one, else grey shapes alone."""
    direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
    row = '<div class="first-row">' + "<s></s>" * len(LABS) + "</div>"
    figure = _figure(language, json.loads(RECORDED.read_text("utf-8"))) if scene else ""
    return (
        f"<style>{_style()}</style>"
        f'<div id="lab-first" dir="{direction}" data-sentence="{escape(say(language, "attention.scene.opening"))}">'
        f'<p class="first-said" role="status">{escape(say(language, "app.opening"))}</p>'
        '<div class="first-page" aria-hidden="true">'
        f'<div class="first-head"><span>{escape(say(language, "app.name"))}</span><s></s></div>'
        f'{row}<figure class="first-figure">{figure}</figure>{row}</div></div>'
        f"<script>(() => {{{_script()}}})()</script>"
    ).encode()


@cache
def _style() -> str:
    figure = (VIEWERS / "attention" / "scene_figure.css").read_text("utf-8")
    figure = figure.replace(".lab-attention.lab-viewer", "#lab-first").replace(".dark &", "&.first-dark")
    own = (VIEWERS / "first" / "first.css").read_text("utf-8")
    return re.sub(r"/\*.*?\*/|\n\s*", "", figure.replace("scene-", "first-") + own, flags=re.DOTALL)


@cache
def _script() -> str:
    parts = [VIEWERS / "attention" / "scene_layout.js", VIEWERS / "first" / "first.js"]
    source = "".join(_without(path.read_text("utf-8")) for path in parts)
    assert "</" not in source, "it would end the script"
    return source


def _without(source: str) -> str:
    """A module without what it imports, exports and says to a reader."""
    plain = re.sub(r"/\*\*.*?\*/", "", source, flags=re.DOTALL)
    plain = re.sub(r"^import [^;]*;\n|^export |^[ ]*//.*\n|\s+//\s.*$", "", plain, flags=re.MULTILINE)
    return re.sub(r"\n\s*", "\n", plain)


def _percent(share: float) -> str:
    return f"{100 * share:.{0 if share >= 0.0995 or share == 0 else 1}f}"


def _verdict(language: str, probability: float, label: str) -> dict[str, str]:
    """The label that is said of a probability, and how sure."""
    other = "negative" if label == "positive" else "positive"
    name = label if probability >= TURNS else other
    return {"name": say(language, f"attention.scene.{name}"), "p": _percent(max(probability, 1 - probability))}


def _told(language: str, scene: dict[str, Any]) -> str:
    """The computed sentence: the word that decides, or matters most."""
    words, probability = scene["words"], scene["probability"]
    word = max(words, key=lambda one: abs(one["change"]))
    after = probability + word["change"]
    was, then = (_verdict(language, p, scene["label"]) for p in (probability, after))
    if was["name"] != then["name"]:
        said = {"before": was["name"], "p": was["p"], "after": then["name"], "q": then["p"]}
        return say(language, "attention.scene.decides", word=word["text"], **said)
    label = say(language, f"attention.scene.{scene['label']}")
    p, q = _percent(probability), _percent(after)
    return say(language, "attention.scene.matters", word=word["text"], label=label, p=p, q=q)


def _figure(language: str, scene: dict[str, Any]) -> str:
    words, probability = scene["words"], scene["probability"]
    verdict = say(language, "attention.scene.verdict", **_verdict(language, probability, scene["label"]))
    yes = " first-yes" if probability >= TURNS else ""
    lines = "".join(_line(word["attention"]) for word in words)
    return (
        f'<p class="first-told">{escape(_told(language, scene))}</p><div class="first-room">'
        f'<svg class="first-lines">{lines}</svg><div class="first-top">{_dial(probability)}'
        f'<p class="first-verdict{yes}">{escape(verdict)}</p></div>'
        f'<div class="first-words" dir="ltr">{"".join(_word(language, word) for word in words)}</div></div>'
        f'<p class="first-caption">{_caption(language, scene)}</p>'
    )


def _line(share: float) -> str:
    opacity = 0.25 + 0.6 * min(1, share) if share > 0 else 0
    return f'<path data-share="{share}" style="opacity:{opacity:.2f}"/>'


def _word(language: str, word: dict[str, Any]) -> str:
    before, text, after = (escape(word[part]) for part in ("before", "text", "after"))
    change = word["change"]
    kind = ' class="first-for"' if change < 0 else ""
    size = numeral(round(100 * abs(change)), digits(language))
    points = f"\u2066{'−' if change < 0 else '+'}{size}\u2069" if abs(change) >= SAID else ""  # always left to right
    return (
        f'<span class="first-word"><span class="first-text">{before}<b>{text}</b>{after}</span><span class="first-bar">'
        f'<i{kind} style="height:{HIGHEST * abs(change):.3f}em"></i></span>'
        f"<small>{points}</small></span>"
    )


def _dial(probability: float) -> str:
    def arc(start: float, end: float) -> str:
        angles = [math.pi * (1 - share) for share in (start, end)]
        ends = [f"{100 + 80 * math.cos(angle):.2f} {96 - 80 * math.sin(angle):.2f}" for angle in angles]
        return f"M {ends[0]} A 80 80 0 0 1 {ends[1]}"

    turned = f"transform:rotate({(probability - 0.5) * 180:.2f}deg)"
    return (
        f'<svg class="first-dial" viewBox="0 0 200 106"><path d="{arc(0.005, 0.495)}" class="first-against"/>'
        f'<path d="{arc(0.505, 0.995)}" class="first-for"/>'
        f'<line x1="100" y1="96" x2="100" y2="30" class="first-hand" style="{turned}"/>'
        '<circle cx="100" cy="96" r="7" class="first-pin"/></svg>'
    )


def _caption(language: str, scene: dict[str, Any]) -> str:
    def said(key: str, **values: object) -> str:
        return escape(say(language, f"attention.scene.{key}", **values))

    label = say(language, f"attention.scene.{scene['label']}")
    share = _percent(sum(word["attention"] for word in scene["words"]))
    heads = say(language, "attention.scene.mean")
    return (
        f"{said('lines', layer=scene['layer'], head=heads, share=share)} {said('bars', label=label)} "
        f'<span class="first-key first-for">{said("for", label=label)}</span>'
        f'<span class="first-key">{said("against", label=label)}</span>'
    )
