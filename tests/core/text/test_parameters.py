"""Counts by formula against the modules that they stand for."""

from dataclasses import replace
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import RangeError
from core.networks.bert import PRESETS, Bert, BertConfig
from core.text.parameters import DROPOUT, LIMITS, count, read_config, total


def counted(config: BertConfig) -> dict[str, int]:
    """The same parts, counted in a real module without memory for its numbers."""
    with torch.device("meta"):
        network = Bert(config)
    groups = {
        "embeddings.token.": "token",
        "embeddings.position.": "position",
        "embeddings.segment.": "segment",
        "embeddings.norm.": "embedding_norm",
        "pooler.": "pooler",
        "classifier.": "classifier",
    }
    sums: dict[str, int] = {}
    for name, parameter in network.named_parameters():
        part = next((group for start, group in groups.items() if name.startswith(start)), None)
        if part is None:
            inside = name.split(".")[2]  # layers.<number>.<sub-layer>
            part = "norms" if inside.startswith("after_") else inside
        sums[part] = sums.get(part, 0) + parameter.numel()
    return sums


configs = st.builds(
    lambda heads, width, **rest: BertConfig(num_heads=heads, hidden_size=heads * width, **rest),
    heads=st.integers(1, 6),
    width=st.integers(1, 9),
    vocab_size=st.integers(1, 300),
    num_layers=st.integers(1, 4),
    intermediate_size=st.integers(1, 70),
    max_positions=st.integers(1, 60),
    num_segments=st.integers(1, 3),
    num_labels=st.integers(0, 3),
)


@given(configs)
@settings(max_examples=40, deadline=None)
def test_every_part_has_as_many_parameters_as_the_module(config: BertConfig) -> None:
    assert {part.name: part.count for part in count(config)} == counted(config)


@pytest.mark.parametrize("name", PRESETS)
def test_the_parts_of_a_preset_add_up_to_the_whole_module(name: str) -> None:
    assert total(PRESETS[name]) == sum(counted(PRESETS[name]).values())


def test_bert_base_has_as_many_parameters_as_the_one_of_transformers() -> None:
    import transformers

    with torch.device("meta"):
        peer = transformers.BertModel(transformers.BertConfig())
    assert total(PRESETS["base"]) == sum(p.numel() for p in peer.parameters()) == 109_482_240


def test_an_intermediate_size_of_12_leaves_less_than_half_of_bert_base() -> None:
    narrow = replace(PRESETS["base"], intermediate_size=12)
    by_hand = 12 * (2 * 768 * (3072 - 12) + (3072 - 12))  # two matrices and one bias a layer get narrower
    assert total(PRESETS["base"]) - total(narrow) == by_hand
    assert total(narrow) < total(PRESETS["base"]) / 2 + 10**6


@given(configs, st.data())
@settings(max_examples=20, deadline=None)
def test_each_formula_gives_its_count(config: BertConfig, data: st.DataObject) -> None:
    letters = {
        "V": config.vocab_size,
        "C": config.hidden_size,
        "P": config.max_positions,
        "L": config.num_layers,
        "F": config.intermediate_size,
        "N": config.num_labels,
    }
    for part in count(config):
        formula = part.formula.replace("·", "*").replace("²", "**2")
        for letter, value in letters.items():
            formula = formula.replace(letter, f"({value})")
        assert set(formula) <= set("0123456789+*() ")
        code = compile(formula, part.name, "eval")
        assert eval(code, {"__builtins__": {}}) == part.count  # noqa: S307


def test_the_number_of_heads_changes_no_count() -> None:
    assert total(replace(PRESETS["base"], num_heads=1)) == total(replace(PRESETS["base"], num_heads=96))


def test_a_form_without_fields_is_bert_base() -> None:
    assert read_config({}) == BertConfig()


def test_what_a_form_sends_is_read_and_unknown_fields_are_ignored() -> None:
    config = read_config({"hidden_size": 96.0, "num_heads": 3, "dropout": 0, "gelu": "other", "pad_id": -4})
    assert config == BertConfig(hidden_size=96, num_heads=3, dropout=0.0)


@pytest.mark.parametrize("name", LIMITS)
def test_a_field_out_of_range_is_named_with_its_range(name: str) -> None:
    low, high = LIMITS[name]
    for value in (low - 1, high + 1, "12", None, True, 1.5, float("nan"), 10**30, [1]):
        with pytest.raises(RangeError) as caught:
            read_config({name: value})
        assert caught.value.code == f"attention.field_whole{'_empty' if value is None else ''}"
        assert caught.value.values["name"] == name
        assert str(low) in caught.value.sentence()
        assert str(high) in caught.value.sentence()


@pytest.mark.parametrize("value", [-0.1, 0.91, "0.1", None, True, float("nan"), float("inf")])
def test_a_dropout_out_of_range_is_refused(value: object) -> None:
    with pytest.raises(RangeError) as caught:
        read_config({"dropout": value})
    assert caught.value.values["high"] == DROPOUT[1]


def test_a_hidden_size_that_the_heads_do_not_divide_is_refused_in_words() -> None:
    with pytest.raises(RangeError, match="100 must be a multiple of the number of heads, 12"):
        read_config({"hidden_size": 100})


@pytest.mark.parametrize("given_", [None, 5, "x", [1]])
def test_what_is_no_form_is_refused(given_: Any) -> None:
    with pytest.raises(RangeError):
        read_config(given_)


@given(st.dictionaries(st.sampled_from([*LIMITS, "dropout", "x"]), st.integers() | st.floats() | st.text() | st.none()))
@settings(max_examples=200, deadline=None)
def test_any_form_is_read_or_refused_and_never_fails_otherwise(given_: dict[str, Any]) -> None:
    try:
        config = read_config(given_)
    except RangeError:
        return
    assert 0 < total(config) < 2**53


def test_the_largest_form_still_counts_exactly_in_a_page() -> None:
    assert total(BertConfig(**{name: high for name, (_, high) in LIMITS.items()})) < 2**53
