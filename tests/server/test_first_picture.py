"""The first page's picture: where it is the Scene, that its numbers are the network's, and that it weighs little."""

from __future__ import annotations

import gzip
import json
from urllib.parse import parse_qs

import pytest

from components.page.theme import FONTS
from core.lab.lab import Lab
from core.texts import LANGUAGES, say
from server.first_picture import RECORDED, asks_scene, first_picture
from server.page_files import VIEWERS
from tools.opening_scene import QUIET, scene

COMPRESSED = 6_000  # bytes


@pytest.mark.parametrize(
    ("query", "asks"),
    [
        ("", True),
        ("lang=fa&__theme=dark", True),
        ("lab=attention&view=scene", True),
        ("lab=attention", True),
        ("lab=cifar", False),
        ("view=heads", False),
        ("a=Another+one", False),
        ("model=minilm-l6", False),
        ("lab=attention&view=scene&stage=2", False),
        ("lab=attention&lab=learn", False),
        ("controls=0&title=x", False),
    ],
)
def test_the_scene_is_drawn_where_the_address_asks_for_it_alone(query: str, asks: bool) -> None:
    assert asks_scene(parse_qs(query, keep_blank_values=True)) is asks


def test_the_recorded_numbers_are_those_of_the_network(lab: Lab) -> None:
    recorded = json.loads(RECORDED.read_text("utf-8"))
    found = scene(lab)
    assert recorded["label"] == found["label"]
    assert recorded["layer"] == found["layer"]
    assert recorded["probability"] == pytest.approx(found["probability"], abs=2e-4)
    for kept, word in zip(recorded["words"], found["words"], strict=True):
        assert [kept[part] for part in ("before", "text", "after")] == [
            word[part] for part in ("before", "text", "after")
        ]
        assert kept["change"] == pytest.approx(word["change"], abs=2e-4)
        assert kept["attention"] == pytest.approx(word["attention"], abs=2e-3)
    assert max(abs(word["change"]) for word in found["words"]) > QUIET


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_screen_reader_hears_one_sentence_and_nobody_elsewhere_sees_the_scene(language: str) -> None:
    page = first_picture(language, True).decode()
    said = f'<p class="first-said" role="status">{say(language, "app.opening")}</p><div class="first-page" aria-hidden='
    assert said in page
    assert page.count('class="first-word"') == 9
    assert 'class="first-word"' not in first_picture(language, False).decode()
    assert page.count("</script>") == 1
    assert len(gzip.compress(page.encode())) < COMPRESSED


def test_its_letters_are_the_themes() -> None:
    named = ", ".join(f'"{font}"' if " " in font else font for font in FONTS)
    assert f"ui-sans-serif, {named.partition(', ')[2]}" in (VIEWERS / "first" / "first.css").read_text("utf-8")
