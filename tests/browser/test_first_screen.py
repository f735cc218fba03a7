"""What a stranger sees first: how much of the first screen each lab's picture takes, and how much stands above it."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

Make = Callable[..., tuple[BrowserContext, object]]
LABS = ("attention", "segmentation", "cifar", "learn")
SCREENS = {"projector": (1920, 1080), "laptop": (1280, 800), "tablet": (820, 1180), "phone": (390, 844)}
LEAST = {"projector": 0.35, "laptop": 0.35, "tablet": 0.35, "phone": 0.18}  # of the screen
CONTROLS = 12  # above the picture, at most
# By screen: the languages in which it is measured.
LANGUAGES = {"projector": ("en",), "laptop": ("en", "fa"), "tablet": ("en",), "phone": ("en", "fa")}
CASES = [(name, screen, language) for name in LABS for screen in SCREENS for language in LANGUAGES[screen]]
SETTLED = 180_000  # milliseconds for a model to load
FIRST = """() => {
  const shown = [...document.querySelectorAll("[data-picture]")].map((one) => one.getBoundingClientRect())
    .filter((box) => box.width > 0 && box.height > 0);
  const within = (low, high, end) => Math.max(0, Math.min(high, end) - Math.max(low, 0));
  const covered = shown.map((box) =>
    within(box.left, box.right, innerWidth) * within(box.top, box.bottom, innerHeight));
  const top = Math.min(...shown.map((box) => box.top));
  const controls = [...document.querySelectorAll("button, input, select, textarea, [role=tab]")].filter((one) => {
    const box = one.getBoundingClientRect();
    return box.width > 0 && box.bottom > 0 && box.bottom <= top;
  });
  return {
    pictures: shown.length,
    share: Math.max(...covered) / (innerWidth * innerHeight),
    controls: controls.map((one) => one.textContent.trim()),
    sideways: document.documentElement.scrollWidth - innerWidth,
  };
}"""


def measured(page: Page) -> dict[str, Any]:
    """How it stands on the page that is open."""
    found: dict[str, Any] = page.evaluate(FIRST)
    return found


@pytest.mark.parametrize(("name", "screen", "language"), CASES)
def test_the_picture_fills_the_first_screen(
    new_context: Make, ready_url: str, name: str, screen: str, language: str
) -> None:
    width, height = SCREENS[screen]
    page = new_context(viewport={"width": width, "height": height})[0].new_page()
    page.goto(f"{ready_url}/?lab={name}&lang={language}")
    page.wait_for_selector(f"#lab-{name} [data-picture]", timeout=SETTLED)
    page.wait_for_timeout(500)  # what comes beside it
    found = measured(page)
    assert found["pictures"] == 1, "one figure counts"
    assert found["share"] >= LEAST[screen]
    assert len(found["controls"]) <= CONTROLS, found["controls"]
    assert found["sideways"] <= 0


def test_this_test_sees_a_small_picture_controls_above_it_and_a_wide_page(page: Page) -> None:
    page.set_viewport_size({"width": 1000, "height": 1000})
    page.set_content(
        "<body style='margin:0'><button>one</button><input><select></select>"
        "<div data-picture style='position:absolute;top:800px;width:500px;height:400px'></div>"
        "<div style='width:1200px;height:1px'></div>"
    )
    found = measured(page)
    assert found["share"] == pytest.approx(0.1)
    assert len(found["controls"]) == 3
    assert found["sideways"] == 200
