"""The table from the report's rows to the page's views."""

from collections import Counter

import pytest

from core.learn.claims import CLAIMS
from core.learn.links import LEARN_VIEWS, ROWS, STATIONS, View, claim, station


def test_every_section_of_the_report_is_there_in_full() -> None:
    assert Counter(row.section for row in ROWS) == {1: 12, 2: 6, 3: 7, 4: 7}


def test_every_row_has_a_name_of_its_own_and_a_view() -> None:
    names = [row.name for row in ROWS]
    assert len(set(names)) == len(names)
    assert all(row.views for row in ROWS)


def test_links_into_the_learn_lab_name_what_is_there() -> None:
    views = [view for row in ROWS for view in row.views if view.lab == "learn"]
    assert {view.view for view in views} <= set(LEARN_VIEWS)
    assert {dict(view.fields)["station"] for view in views if view.view == "walk"} <= set(STATIONS)
    assert {dict(view.fields)["claim"] for view in views if view.view == "claims"} <= set(CLAIMS)


def test_every_claim_has_its_row() -> None:
    shown = {dict(view.fields).get("claim") for row in ROWS for view in row.views}
    assert set(CLAIMS) <= shown


def test_a_links_fields_name_lab_and_view() -> None:
    assert claim("heads").query() == {"lab": "learn", "view": "claims", "claim": "heads"}
    assert View("models").query() == {"lab": "models"}
    with pytest.raises(AssertionError, match="nowhere"):
        station("nowhere")
