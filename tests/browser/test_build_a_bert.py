"""The form of create_BERT in Chromium."""

from __future__ import annotations

from urllib.parse import urlencode

from playwright.sync_api import Page, expect

from tests.browser.test_attention_views import link_fields

expect.set_options(timeout=20_000)  # a busy machine is slow, not wrong


def open_form(page: Page, url: str, **query: str) -> None:
    """The form by its link, counted once."""
    page.goto(f"{url}/?{urlencode({'lab': 'attention', 'view': 'build'} | query)}")
    expect(page.locator(".lab-total")).to_be_visible(timeout=60_000)


def test_the_form_counts_as_one_types_and_keeps_the_place(page: Page, app_url: str) -> None:
    open_form(page, app_url)
    total = page.locator(".lab-total")
    expect(total).to_contain_text("109,482,240 parameters, 438 MB")
    field = page.locator("input[name=intermediate_size]")
    field.press("Control+a")
    field.press_sequentially("12")
    expect(total).to_contain_text("53,043,600 parameters")
    assert page.evaluate("document.activeElement.name") == "intermediate_size"
    expect(page.locator(".lab-against")).to_contain_text("With 3,072 they would hold 51.8 % of 109,482,240")
    page.locator("[data-preset=small]").click()
    expect(page.locator("input[name=hidden_size]")).to_have_value("128")
    expect(page.locator("[data-preset=small]")).to_have_attribute("aria-checked", "true")
    expect(page.locator("[data-part=feed_forward]")).to_contain_text("L · (2 · C · F + F + C)")


def test_heads_that_do_not_divide_the_hidden_size_are_explained_beside_the_form(page: Page, app_url: str) -> None:
    open_form(page, app_url)
    page.locator("input[name=num_heads]").fill("7")
    expect(page.locator(".lab-problem")).to_have_text(
        "The hidden size 768 must be a multiple of the number of heads, 7."
    )
    expect(page.locator("input[aria-invalid=true]")).to_have_count(2)
    page.locator("input[name=num_heads]").fill("")
    expect(page.locator(".lab-problem")).to_contain_text("heads H must be a whole number from 1 to")
    page.locator("input[name=num_heads]").fill("8")
    expect(page.locator(".lab-problem")).to_be_empty()
    expect(page.locator("input[aria-invalid=true]")).to_have_count(0)


def test_the_encoder_zooms_in_and_out_by_the_keyboard(page: Page, app_url: str) -> None:
    open_form(page, app_url)
    figure = page.locator(".lab-encoder")
    expect(figure).to_have_attribute("data-level", "stack")
    page.get_by_role("button", name="Encoder layer 2: zoom in").press("Enter")
    expect(figure).to_have_attribute("data-level", "layer")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Multi-head attention: zoom in"
    page.keyboard.press("Enter")
    expect(figure).to_have_attribute("data-level", "attention")
    expect(figure).to_contain_text("split into 12 heads of width 64")
    page.locator("[data-preset=small]").click()
    expect(figure).to_contain_text("split into 4 heads of width 32")
    page.locator(".lab-out").focus()
    page.keyboard.press("Escape")
    expect(figure).to_have_attribute("data-level", "layer")
    page.get_by_role("button", name="Feed-forward: zoom in").press(" ")
    expect(figure).to_contain_text("dense 128 → 512")
    page.locator("[data-level=stack]").first.click()
    expect(page.get_by_role("button", name="Encoder layer 4: zoom in")).to_be_visible()


def test_numbers_step_and_curves_are_read_with_the_arrow_keys(page: Page, app_url: str) -> None:
    open_form(page, app_url)
    page.locator("input[name=hidden_size]").press("ArrowUp")
    expect(page.locator("input[name=hidden_size]")).to_have_value("832")
    page.locator("input[name=num_layers]").press("ArrowDown")
    expect(page.locator("input[name=num_layers]")).to_have_value("11")
    for _ in range(20):
        page.locator(".lab-gelu").press("ArrowRight")
    expect(page.locator(".lab-curves output")).to_have_text(
        "x 1.00 · exact 0.84134 · tanh 0.84119 · difference 0.00015"
    )


def test_an_answer_for_the_sentence_leaves_the_form_in_peace(page: Page, app_url: str) -> None:
    open_form(page, app_url)
    expect(page.locator("#attention-viewer .lab-said")).not_to_be_empty(timeout=60_000)
    page.locator("input[name=num_layers]").focus()
    page.evaluate("""() => {
        window.before = document.activeElement;
        document.querySelector("#attention-viewer .lab-said").textContent = "";
        document.querySelector("#attention-look").click();  // a click of the mouse would take the focus
    }""")
    expect(page.locator("#attention-viewer .lab-said")).not_to_be_empty(timeout=60_000)
    assert page.evaluate("document.activeElement === window.before && window.before.isConnected")


def test_a_link_restores_the_form(page: Page, app_url: str) -> None:
    open_form(page, app_url, config="30522.768.12.12.12.32.100")
    expect(page.locator("input[name=intermediate_size]")).to_have_value("12")
    expect(page.locator("[data-preset=reference]")).to_have_attribute("aria-checked", "true")
    page.locator("input[name=num_layers]").fill("2")
    expect(page.locator(".lab-encoder")).to_contain_text("Encoder layer 2")
    fields = link_fields(page)
    assert fields["config"] == "30522.768.2.12.12.32.100"
