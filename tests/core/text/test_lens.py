"""The logit lens: its last floor is the network's own answer, and each other floor the heads on that layer's states."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from core.errors import RangeError
from core.networks.masked_head import MaskedBert
from core.text.attend import attend
from core.text.fill import fill
from core.text.lens import lens
from tests.conftest import TinyModel, tiny_tokenizer
from tests.core.text.test_fill import VOCABULARY, model, models  # noqa: F401 - fixtures

SENTENCE = "the cats [MASK] on a mat ."


@pytest.fixture(scope="module")
def judge() -> TinyModel:
    """A random network that fills words and tells two labels."""
    from core.networks.bert import BertConfig

    sizes = {"hidden_size": 32, "num_layers": 3, "num_heads": 4, "intermediate_size": 48, "max_positions": 64}
    config = BertConfig(vocab_size=VOCABULARY, num_labels=2, labels=("negative", "positive"), **sizes)
    network = MaskedBert(config).eval().requires_grad_(False)
    generator = torch.Generator().manual_seed(3)
    for name, parameter in network.named_parameters():
        parameter.normal_(1.0 if name.endswith("norm.weight") else 0.0, 0.3, generator=generator)
    return TinyModel(network, tiny_tokenizer())


def test_the_last_floor_is_the_networks_own_answer(judge: TinyModel) -> None:
    found, own = lens(judge, SENTENCE, (0,)), fill(judge, SENTENCE, (0,))
    last = found.floors[-1]
    assert [floor.layer for floor in found.floors] == [0, 1, 2, 3]
    assert found.places == tuple(place.position for place in own.masks)
    for likely, place in zip(last.candidates, own.masks, strict=True):
        assert [one.token for one in likely] == [one.token for one in place.candidates]
        assert [one.probability for one in likely] == pytest.approx(
            [one.probability for one in place.candidates], abs=1e-6
        )
    assert last.hidden == pytest.approx([place.probability for place in own.masks], abs=1e-6)
    assert last.hidden[1] is None
    with torch.inference_mode():
        logits = judge.network(torch.tensor([own.tokens.ids])).logits[0]
    assert found.label == "positive"
    assert last.probability == pytest.approx(float(logits.softmax(-1)[1]), abs=1e-6)


def test_every_floor_is_the_heads_on_that_layers_states(judge: TinyModel) -> None:
    found = lens(judge, SENTENCE, top=VOCABULARY)
    (place,) = found.places
    network = judge.network
    with torch.inference_mode():
        hidden = network(torch.tensor([fill(judge, SENTENCE).tokens.ids])).hidden
        for floor, states in zip(found.floors, hidden, strict=True):
            words = network.word_logits(states[0, place]).softmax(-1)
            for one in floor.candidates[0]:
                assert one.probability == pytest.approx(float(words[judge.processor.token_to_id(one.token)]), abs=1e-6)
            label = network.classifier(network.pooler(states))[0].softmax(-1)[1]
            assert floor.probability == pytest.approx(float(label), abs=1e-6)


def test_a_network_without_a_classifier_has_the_words_alone(model: TinyModel) -> None:  # noqa: F811
    found = lens(model, SENTENCE)
    assert found.label == ""
    assert [floor.probability for floor in found.floors] == [None] * 4


def test_with_nothing_covered_the_classifier_is_still_read(judge: TinyModel) -> None:
    found = lens(judge, "the cat sat")
    assert found.places == ()
    assert [floor.candidates for floor in found.floors] == [()] * 4
    assert all(floor.probability is not None for floor in found.floors)
    with pytest.raises(RangeError):
        lens(judge, SENTENCE, top=0)


def test_the_bundled_network_says_on_its_last_floor_what_it_says_of_the_sentence(lab: Any) -> None:
    sentence = "I expected a masterpiece and got a boring film."
    with lab.use("bert-imdb", "attention") as loaded:
        found = lens(loaded, sentence)
        own = attend(loaded, sentence).probabilities["positive"]
    assert found.floors[-1].probability == pytest.approx(own, abs=1e-5)
