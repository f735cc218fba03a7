"""What of an earlier answer a later one lacks or says otherwise. What is new in the later one is no difference."""

from __future__ import annotations

import re
from typing import Any

FLOAT = 1e-2  # probabilities, accuracies and shares
THOUSANDTHS = 2  # attention
RARE = 1e-3  # share of a picture below which a class may be missing
MOVED = 0.02  # share of a mask's places, or of rows' heaviest keys, that may be others
CHOICES = re.compile(r"(?<=: )[\w-]+(?:, [\w-]+)*(?=\.$)")  # names at a sentence's end, to which more may come


def differences(before: Any, now: Any, place: str = "answer") -> list[str]:
    """One sentence for each difference between two kept answers; ``place`` says where in the answer they are."""
    own = {"attention": _attention, "mask": _mask, "classes": _classes, "refused": _sentence}.get(
        place.rpartition(".")[2]
    )
    if own is not None:
        return own(before, now, place)
    if isinstance(before, dict):
        if not isinstance(now, dict):
            return [f"{place} is no object any more: {now!r:.80}"]
        lost = [f"{place}.{key} is gone" for key in before if key not in now]
        return lost + [
            found for key in before if key in now for found in differences(before[key], now[key], f"{place}.{key}")
        ]
    if isinstance(before, list):
        if place == "answer":  # rows with names
            return _rows(before, now, place)
        if not isinstance(now, list) or len(now) != len(before):
            return [f"{place} has another length: {before!r:.80} → {now!r:.80}"]
        pairs = zip(before, now, strict=True)
        return [found for i, (old, new) in enumerate(pairs) for found in differences(old, new, f"{place}[{i}]")]
    if isinstance(before, float) and isinstance(now, int | float) and not isinstance(now, bool):
        same = abs(before - now) <= FLOAT
    elif place.endswith(".items"):  # how often a stream speaks depends on the machine
        same = now >= 1
    else:
        same = type(before) is type(now) and before == now
    return [] if same else [f"{place}: {before!r:.200} → {now!r:.200}"]


def _sentence(before: str, now: Any, place: str) -> list[str]:
    old, new = CHOICES.search(before), CHOICES.search(now) if isinstance(now, str) else None
    if old is None or new is None:
        return [] if before == now else [f"{place}: {before!r} → {now!r}"]
    lost = [name for name in old[0].split(", ") if name not in new[0].split(", ")]
    same = before[: old.start()] == now[: new.start()]
    return [] if same and not lost else [f"{place}: {before!r} → {now!r}"]


def _rows(before: list[Any], now: Any, place: str) -> list[str]:
    if not isinstance(now, list):
        return [f"{place} is no list any more: {now!r:.80}"]
    names = [row["name"] for row in before]
    known = {row["name"]: row for row in now}
    kept = [row["name"] for row in now if row["name"] in names]
    found = [] if kept == names else [f"{place}: the names were {names}, and of them are left {kept}"]
    pairs = [(row, known[row["name"]]) for row in before if row["name"] in known]
    return found + [line for old, new in pairs for line in differences(old, new, f"{place}[{old['name']}]")]


def _close(before: list[int], now: list[int], most: int, place: str) -> list[str]:
    if len(before) != len(now):
        return [f"{place}: {len(before)} values → {len(now)}"]
    away = [(i, old, new) for i, (old, new) in enumerate(zip(before, now, strict=True)) if abs(old - new) > most]
    return [f"{place}: {len(away)} of {len(before)} values differ, the first at {away[0]}"] if away else []


def _others(before: list[int], now: list[int], place: str) -> list[str]:
    count = sum(old != new for old, new in zip(before, now, strict=False))
    if len(before) == len(now) and count <= MOVED * len(before):
        return []
    return [f"{place}: {count} of {len(before)} places are others ({len(now)} now)"]


def _attention(before: dict[str, Any], now: dict[str, Any], place: str) -> list[str]:
    if before["shape"] != now["shape"]:
        return [f"{place}.shape: {before['shape']} → {now['shape']}"]
    found = [] if before.get("rows") == now.get("rows") else [f"{place}.rows: other rows were kept"]
    for part in ("thousandths", "weight", "received"):
        found += _close(before.get(part, []), now.get(part, []), THOUSANDTHS, f"{place}.{part}")
    return found + _others(before.get("heaviest", []), now.get("heaviest", []), f"{place}.heaviest")


def _mask(before: dict[str, Any], now: dict[str, Any], place: str) -> list[str]:
    fixed = [
        f"{place}.{key}: {before[key]} → {now[key]}" for key in ("format", "mode", "size") if before[key] != now[key]
    ]
    total = sum(before["pixels"].values())
    for number, count in before["pixels"].items():
        other = now["pixels"].get(number, 0)
        if abs(count - other) > FLOAT * total:
            fixed.append(f"{place}: class {number} had {count} pixels, and has {other}")
    return fixed + _others(before["grid"], now["grid"], f"{place}.grid")


def _classes(before: list[dict[str, Any]], now: list[dict[str, Any]], place: str) -> list[str]:
    known = {one["id"]: one for one in now}
    found = []
    for one in before:
        if one["id"] in known:
            found += differences(one, known[one["id"]], f"{place}[{one['name']}]")
        elif one["share"] > RARE:
            found.append(f"{place}: {one['name']} ({one['share']}) is gone")
    return found
