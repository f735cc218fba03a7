"""The one computed sentence of each view of the Attention lab, in Chromium: it says what core computed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from core.text.attend import attend, embedding_parts
from core.text.heads import head_metrics
from core.text.matrices import rollout
from core.text.occlusion import left_out
from tests.browser.test_attention import REFERENCE, open_lab, viewer
from tests.browser.views import pick_view

expect.set_options(timeout=30_000)  # a busy machine is slow, and that is no fault of the page


def open_view(page: Page, url: str, view: str, **query: object) -> Locator:
    """A view by its link; the sentence above its picture, which is there for those who listen."""
    open_lab(page, url, view=view, **query)
    return viewer(page, ".lab-found [role=status]")


def percent(share: float) -> str:
    """As the page says it: whole from 10 % on."""
    return f"{100 * share:.{0 if share >= 0.0995 else 1}f}"


def test_every_layer_says_which_token_takes_most_of_its_attention(page: Page, app_url: str, minilm: Any) -> None:
    attention = attend(minilm, REFERENCE)
    said = open_view(page, app_url, "heads")
    takers = set()
    for layer in range(6):
        viewer(page, f'[data-layer="{layer}"]').click()
        shares = attention.weights[layer].mean(axis=(0, 1))
        most = attention.tokens.texts[int(shares.argmax())]
        takers.add(most)
        expect(said).to_have_text(
            f"Here {percent(shares.max())} % of the attention of layer {layer + 1} goes to {most}, an attention sink; "
            "spread evenly it would be 14 %."
        )
    assert "[CLS]" in takers, "which the explanation before named nowhere"
    viewer(page, ".lab-found button").click()
    expect(viewer(page, ".lab-from bdi")).to_have_count(5)
    expect(said).to_contain_text("spread evenly it would be 20 %")
    expect(viewer(page, ".lab-found button")).to_be_hidden()
    assert "sink" not in said.inner_text()


def test_rollout_is_told_as_what_it_is_in_every_text_of_its_view(page: Page, app_url: str, minilm: Any) -> None:
    attention = attend(minilm, REFERENCE)
    shares = rollout(attention.weights)[-1].mean(axis=0)
    most = attention.tokens.texts[int(shares.argmax())]
    said = open_view(page, app_url, "heads", layer="rollout")
    expect(said).to_contain_text(f"Through all layers, {percent(shares.max())} % of what arrives in a token comes from")
    expect(said).to_contain_text(most)
    for view, drawn in (("heads", "canvas"), ("matrix", "canvas.lab-matrix")):
        pick_view(page, "attention", view)
        expect(viewer(page, drawn)).to_be_visible()
        expect(viewer(page, ".lab-explain")).to_contain_text("Rollout multiplies the layers up")
        expect(viewer(page, ".lab-explain")).not_to_contain_text("asks a question")
        expect(viewer(page, ".lab-caption").first).to_contain_text("after the last layer")
    canvas = viewer(page, "canvas.lab-matrix")
    assert (canvas.get_attribute("aria-label") or "").startswith("Attention rollout")
    canvas.press("ArrowDown")
    value = rollout(attention.weights)[-1][1, 0]
    expect(viewer(page, "output.lab-value")).to_have_text(f"{value:.3f} of “i” after the last layer comes from “[CLS]”")


def test_all_heads_name_the_first_token_and_the_separator_layer_by_layer(page: Page, app_url: str, minilm: Any) -> None:
    metrics = head_metrics(attend(minilm, REFERENCE))
    said = open_view(page, app_url, "grid")
    parts = []
    for token, name in (("[CLS]", "first"), ("[SEP]", "separator")):
        means = metrics[name].mean(axis=1)
        low, high = int(means.argmin()), int(means.argmax())
        parts.append(
            f"{token} takes {percent(means[low])} % (layer {low + 1}) to {percent(means[high])} % (layer {high + 1})"
        )
    expect(said).to_have_text(f"Of a layer's attention, {parts[0]}; {parts[1]}.")
    layer, head = np.unravel_index(int(metrics["first"].argmax()), metrics["first"].shape)
    expect(viewer(page, ".lab-leaders li").first).to_have_text(
        f"Layer {layer + 1}, head {head + 1} looks most at [CLS]: {percent(metrics['first'].max())} %."
    )
    for line in viewer(page, ".lab-leaders li").all_inner_texts():
        assert line.startswith("Layer ")
        assert line.endswith(" %."), "whole sentences, which a screen reader can follow"


def test_one_head_a_part_of_a_pair_and_the_embeddings_say_their_numbers(page: Page, app_url: str, minilm: Any) -> None:
    pair = ("the cat sat", "a dog lay")
    attention = attend(minilm, *pair)
    weights, texts = attention.weights[1, 2].round(3), attention.tokens.texts  # as the page has them
    said = open_view(page, app_url, "matrix", a=pair[0], b=pair[1], layer=2, head=3, block="A→B")
    part = weights[:5, 5:]
    shares = part.mean(axis=0)
    name = texts[5 + int(shares.argmax())]
    expect(said).to_contain_text(f"{percent(part.sum(axis=1).mean())} % of what these rows give stays in this part")
    expect(said).to_contain_text(f"goes to the token “{name}”: {percent(shares.max())} %")
    pick_view(page, "attention", "inside")
    expect(said).to_contain_text("“cat” gives")
    row = weights[2]
    expect(said).to_contain_text(f"{100 * row.max():.0f} % of its attention to “{texts[int(row.argmax())]}")
    pick_view(page, "attention", "embeddings")
    parts = embedding_parts(minilm, attention.tokens)
    expect(said).to_contain_text(f"On average the vector of what a token is has length {parts.token.mean():.2f}")
    assert said.get_attribute("role") == "status"


def test_a_text_of_which_the_model_knows_nothing_has_no_such_sentence(page: Page, app_url: str) -> None:
    said = open_view(page, app_url, "heads", a="😀🎬")
    expect(viewer(page, ".lab-notes")).to_contain_text("says nothing about your text")
    expect(said).to_be_empty()


@pytest.mark.parametrize("model", ["minilm-l6", "bert-sentiment", "tiny"])
def test_the_sentence_holds_for_the_model_on_screen(page: Page, app_url: str, lab: Any, model: str) -> None:
    with lab.use(model, "attention") as loaded:
        attention = attend(loaded, "the cat sat on the mat")
    shares = dict.fromkeys(attention.tokens.texts, 0.0)
    for text, share in zip(attention.tokens.texts, attention.weights[0, 0].mean(axis=0), strict=True):
        shares[text] = shares[text] + float(share) if text == "[SEP]" else max(shares[text], float(share))
    most = max(shares, key=lambda text: shares[text])
    said = open_view(page, app_url, "heads", a="the cat sat on the mat", model=model, head=1)
    expect(said).to_contain_text("of head 1 in layer 1 goes to")
    expect(said).to_contain_text(most)
    expect(said).to_contain_text(f"Here {100 * shares[most]:.0f} %")


def test_leaving_a_token_out_of_the_sentiment_model_is_told_as_the_change_of_p_positive(
    page: Page, app_url: str, lab: Any
) -> None:
    with lab.use("bert-sentiment", "attention") as loaded:
        attention = attend(loaded, REFERENCE)
        found = left_out(loaded, attention.tokens)
    open_view(page, app_url, "embeddings", model="bert-sentiment")
    viewer(page, ".lab-occlude").click()
    rows = viewer(page, ".lab-occlusion tbody tr")
    expect(rows).to_have_count(5)
    expect(viewer(page, ".lab-occlusion th").nth(1)).to_have_text("change of P(positive)")
    for i in range(5):
        said = rows.nth(i).locator("td").nth(1).inner_text()
        assert float(said.replace("−", "-")) == pytest.approx(found.moved[i + 1], abs=0.0001)
    most = int(np.abs(found.moved).argmax())
    whole, without = (f"{100 * p:.1f}" for p in (found.probability, found.probability + found.moved[most]))
    expect(viewer(page, ".lab-step .lab-found")).to_have_text(
        f"With all tokens P(positive) is {whole} %; without “{attention.tokens.texts[most]}”, which changes it most, "
        f"it is {without} %."
    )
    expect(viewer(page, ".lab-panel")).not_to_contain_text("cosine")
