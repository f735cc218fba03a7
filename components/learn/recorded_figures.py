"""What the trainings of the bundled models recorded, as figures; empty where a model is not here."""

from __future__ import annotations

import json
from typing import Any

from core.models.spec import OURS


def _read(folder: str, name: str) -> dict[str, Any] | None:
    try:
        found = json.loads((OURS / folder / name).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def training_curves(folder: str) -> list[dict[str, Any]]:
    """Loss by epoch of ``assets/models/<folder>``, and the validation's mean IoU where it was measured."""
    log = _read(folder, "training_log.json")
    rows = log.get("epochs", []) if log else []
    if not rows:
        return []
    x = [row["epoch"] for row in rows]
    held = [row.get("validation", {}).get("loss") for row in rows]
    series = [
        {"name": "train", "x": x, "y": [row.get("train_loss") for row in rows]},
        {"name": "validation", "x": x, "y": held},
    ]
    kept = [line for line in series if all(isinstance(v, int | float) for v in line["y"])]
    figures = [{"kind": "lines", "caption": f"curves_{folder}", "series": kept, "fields": {}}] if kept else []
    ious = [row.get("validation", {}).get("mean_iou") for row in rows]
    if all(isinstance(v, int | float) for v in ious):
        line = {"name": "mean_iou", "x": x, "y": ious}
        figures.append({"kind": "lines", "caption": f"ious_{folder}", "series": [line], "fields": {}})
    return figures


def recorded_ious(folder: str) -> list[dict[str, Any]]:
    """IoU of each class on the validation scenes, as the training's evaluation recorded it."""
    found = _read(folder, "evaluation.json") or {}
    figures = []
    for name, part in found.get("sets", {}).items():
        rows = {
            f"classes.{row['id']}": row["iou"] for row in part.get("classes", {}).values() if row["iou"] == row["iou"]
        }
        if rows:
            mean = f"{sum(rows.values()) / len(rows):.3f}"
            fields = {"mean": mean, "set": name, "count": part["data"]["count"]}
            series = [{"name": "iou", "values": [round(float(v), 4) for v in rows.values()]}]
            figure = {"kind": "bars", "unit": "fraction", "caption": "ious", "keys": list(rows)}
            figures.append({**figure, "series": series, "fields": fields})
    return figures
