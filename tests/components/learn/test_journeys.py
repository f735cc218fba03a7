"""The player in the stations: each opens at a step that its network has."""

from __future__ import annotations

import pytest

from components.learn import walk
from components.learn.questions import FigureAsk
from components.shared.pixels import read_pixels
from core.lab import text, text_journey
from core.lab.lab import Lab
from core.lab.picture_journey import PictureTrip
from core.lab.text import Look
from core.learn.links import STATIONS
from tests.components.answering import context

MOMENTS = {"self": "project", "vectors": "scores", "softmax": "softmax", "heads": "join", "encoder": "gelu",
           "embeddings": "sum", "bert": "verdict", "patches": "bias"}  # fmt: skip


@pytest.mark.parametrize("name", STATIONS)
def test_a_station_that_explains_a_step_opens_the_player_at_it(name: str, lab: Lab) -> None:
    answer = walk.figure(lab, FigureAsk(station=name), context())
    journey = answer["journey"]
    if name not in MOMENTS:
        assert journey is None
        return
    at, moment = MOMENTS[name], journey["moment"]
    assert moment["at"] == at
    if journey["kind"] == "square":
        plan = PictureTrip.of(lab, read_pixels(journey["pixels"]), journey["beit"]).plan()
        assert journey["side"] ** 2 + 1 == plan.sizes["T"]
    else:
        look = Look.read(journey["look"], lab)
        plan = text_journey.plan(lab, look)
        assert journey["tokens"]["texts"] == list(text.attention(lab, look).tokens.texts)
        assert journey["place"] == 0 if at == "verdict" else journey["tokens"]["texts"][journey["place"]].isalpha()
    layer = moment["layer"]
    steps = plan.embedding if layer == 0 else plan.layer if layer <= plan.sizes["L"] else plan.answers["classifier"]
    assert at in [step.name for step in steps]


def test_a_station_without_the_network_of_its_journey_keeps_its_figures(lab: Lab) -> None:
    bare = Lab(lab.settings, [spec for spec in lab.catalog if spec.name != "bert-imdb"])
    answer = walk.figure(bare, FigureAsk(station="vectors"), context())
    assert answer["journey"] is None
    assert answer["figures"]
