"""How many pictures each source of the CIFAR-10 lab has: what a field for a number ends at."""

from __future__ import annotations

from core.data.galleries import SHIPPED
from core.lab.lab import Lab
from core.lab.picture_runs import recordings, sources
from core.lab.pictures import chosen
from core.pictures.evaluation import MAX_COUNT
from core.pictures.recorded import RECORDED

MOST_LEARNED = 5000  # training pictures of a training that somebody watches


def to_evaluate(lab: Lab) -> dict[str, int]:
    """Test pictures by source, the recorded run among them, ``MAX_COUNT`` at most."""
    found = {}
    for source in sources(lab):
        if source == RECORDED:
            found[source] = min(map(len, recordings(chosen(lab)).values()))
        else:
            found[source] = lab.galleries.count(source)
    return {source: max(1, min(count, MAX_COUNT)) for source, count in found.items()}


def to_learn_from(lab: Lab) -> dict[str, int]:
    """Training pictures by source, of those sources that have any; the shipped ones always are there."""
    counts = {source: lab.galleries.count(source, "train") for source in lab.galleries.sources}
    return {source: min(count, MOST_LEARNED) for source, count in counts.items() if count or source == SHIPPED}
