"""BertViz's pages: its numbers are ours, once, and nothing is fetched."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.attention.bertviz import DATA, LIMITS, bertviz, lean, libraries, page, second_start
from components.attention.messages import SLICED
from core.errors import RangeError
from core.lab import text
from core.lab.lab import Lab
from core.lab.text import Look
from core.text.results import Attention, Tokens

SENTENCE = Look("minilm-l6", "I enjoyed watching this movie")
PAIR = Look("minilm-l6", "The cat sat on the mat", "The dog lay on the rug")


def data_of(made: str) -> dict[str, Any]:
    """What BertViz's script draws."""
    found: dict[str, Any] = json.JSONDecoder().raw_decode(made, made.index(DATA) + len(DATA))[0]
    return found


def random_attention(texts: tuple[str, ...], segments: tuple[int, ...] | None = None) -> Attention:
    T = len(texts)
    weights = np.random.default_rng(0).dirichlet(np.ones(T), (2, 3, T)).astype(np.float32)
    tokens = Tokens(texts, tuple(range(T)), segments or (0,) * T, (False,) * T, tuple(range(T)))
    return Attention("random", tokens, weights, np.zeros(4, np.float32))


def test_the_head_view_has_one_layer_to_three_decimals(lab: Lab, minilm: Any) -> None:
    attention = text.attention(lab, SENTENCE)
    made, shown = page(attention, "head", 4)
    drawn = data_of(made)
    assert shown == 7
    assert drawn["include_layers"] == [4]
    assert len(drawn["attention"]) == 1
    assert drawn["attention"][0]["left_text"] == list(attention.tokens.texts)
    np.testing.assert_allclose(drawn["attention"][0]["attn"], attention.weights[4:5], atol=5.1e-4)
    assert all(round(x, 3) == x for x in np.ravel(drawn["attention"][0]["attn"]))


def test_the_model_view_has_every_layer_and_head(lab: Lab, minilm: Any) -> None:
    attention = text.attention(lab, SENTENCE)
    drawn = data_of(page(attention, "model", 0)[0])
    np.testing.assert_allclose(drawn["attention"][0]["attn"], attention.weights, atol=5.1e-4)
    assert (drawn["include_layers"], drawn["include_heads"]) == (list(range(6)), list(range(12)))


def test_a_pair_can_be_seen_in_its_four_blocks(lab: Lab, minilm: Any) -> None:
    attention = text.attention(lab, PAIR)
    drawn = data_of(page(attention, "head", 0)[0])["attention"]
    assert [part["name"] for part in drawn][1:] == [
        f"Sentence {x} -> Sentence {y}" for x, y in ("AA", "BB", "AB", "BA")
    ]
    start = attention.tokens.segments.index(1)
    np.testing.assert_allclose(drawn[3]["attn"], attention.weights[:1, :, :start, start:], atol=5.1e-4)


@pytest.mark.parametrize("view", LIMITS)
def test_a_page_fetches_nothing_and_holds_its_numbers_once(view: str) -> None:
    made = page(random_attention(("a", "b", "c")), view, 1)[0]
    assert "src=" not in made
    assert "cdn" not in made
    assert "require.config" not in made
    assert made.count('"attn":') == 1
    assert "PYTHON_PARAMS" not in made


@pytest.mark.parametrize("view", LIMITS)
def test_of_a_long_text_the_first_tokens_are_drawn(view: str) -> None:
    attention = random_attention(tuple(f"t{i}" for i in range(50)), (0,) * 40 + (1,) * 10)
    made, shown = page(attention, view, 0)
    assert shown == LIMITS[view] <= 32
    drawn = data_of(made)["attention"]
    assert len(drawn) == 1, "the second sentence is not among the tokens shown, so there are no blocks to choose"
    assert drawn[0]["right_text"] == [f"t{i}" for i in range(shown)]
    assert np.shape(drawn[0]["attn"])[-2:] == (shown, shown)


@given(st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=5))
@settings(max_examples=40, deadline=None)
def test_no_token_ends_the_script_or_changes_the_numbers(texts: list[str]) -> None:
    hostile = ("</script><script>alert(1)</script>", "<!--", "; // HACK: ", "${x}", *texts)
    made = page(random_attention(hostile), "head", 0)[0]
    assert made.count("</script") == 1
    assert "<!--" not in made
    assert data_of(made)["attention"][0]["left_text"] == list(hostile)


def test_what_stands_after_the_data_is_kept() -> None:
    given_ = 'a\nconst params = {"x": [1, "<"]}; // HACK: {"x": [1, "<"]} is a marker.\nrest'
    assert lean(given_) == 'a\nconst params = {"x":[1,"\\u003c"]};\nrest'


@pytest.mark.parametrize(
    ("segments", "start"), [((0, 0, 0), None), ((0, 0, 1), 2), ((1, 1, 0), 2), ((0, 0, 0, 1), None)]
)
def test_the_second_sentence_starts_where_the_segment_changes(segments: tuple[int, ...], start: int | None) -> None:
    assert second_start(random_attention(tuple("abcd"[: len(segments)]), segments).tokens, 3) == start


def test_the_libraries_are_the_ones_that_bertviz_asks_for() -> None:
    assert "d3js.org v5.7.0" in libraries()
    assert "jQuery v3" in libraries()
    assert "</script" not in libraries()


def test_the_libraries_are_sent_once(lab: Lab, minilm: Any) -> None:
    first = json.loads(bertviz(lab, SENTENCE, {"view": "head", "layer": 0, "libraries": True}, "en"))
    later = json.loads(bertviz(lab, SENTENCE, {"view": "head", "layer": 1, "libraries": False}, "en"))
    assert first["libraries"] == libraries()
    assert later["libraries"] is None
    assert len(json.dumps(later)) < 60_000 < 300_000 < len(json.dumps(first))
    assert (later["kind"], later["look"], later["layer"]) == ("bertviz", SENTENCE.sent(), 1)
    assert (later["shown"], later["total"]) == (7, 7)


def test_it_answers_under_its_name() -> None:
    assert SLICED["bertviz"] is bertviz


@pytest.mark.parametrize("view", [None, "neuron", 1, ["head"], {}])
def test_an_unknown_view_is_refused_with_the_choices(lab: Lab, view: object) -> None:
    with pytest.raises(RangeError, match="head, model"):
        bertviz(lab, SENTENCE, {"view": view, "layer": 0}, "en")


@pytest.mark.parametrize("layer", [-1, 6, None, "0", 1.5])
def test_a_layer_out_of_range_is_refused_with_the_range(lab: Lab, minilm: Any, layer: object) -> None:
    with pytest.raises(RangeError, match="from 0 to 5"):
        bertviz(lab, SENTENCE, {"view": "head", "layer": layer}, "en")
