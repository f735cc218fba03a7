"""What one test leaves behind in the browser that tests share, no other finds."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.conftest import Watch

LEAVE = """async () => {
  localStorage.setItem("left", "1");
  sessionStorage.setItem("left", "1");
  document.cookie = "left=1";
  await caches.open("left");
  await new Promise((done) => { indexedDB.open("left").onsuccess = done; });
}"""
FIND = """async () => ({
  local: localStorage.length, session: sessionStorage.length, cookie: document.cookie,
  caches: await caches.keys(), databases: (await indexedDB.databases()).map((database) => database.name),
  clipboard: (await navigator.permissions.query({name: "clipboard-read"})).state,
})"""
NOTHING = {"local": 0, "session": 0, "cookie": "", "caches": [], "databases": [], "clipboard": "prompt"}
ALL = NOTHING | {"local": 1, "session": 1, "cookie": "left=1", "caches": ["left"], "databases": ["left"]}


@pytest.mark.parametrize("turn", [1, 2])
def test_a_test_begins_with_nothing_of_the_one_before(
    page: Page, watched: tuple[BrowserContext, Watch], app_url: str, turn: int
) -> None:
    context, watch = watched
    assert context.pages == [page]
    assert (watch.faults, watch.dialogs, watch.expect_dialogs) == ([], [], False)
    place = f"{app_url}/lab/version"  # a page without anything of the lab's
    answer = page.goto(place)
    assert answer is not None
    assert "version" in answer.json(), "no route is left that would answer instead"
    found: dict[str, Any] = page.evaluate(FIND)
    assert found == NOTHING
    page.evaluate(LEAVE)
    context.grant_permissions(["clipboard-read"], origin=app_url)
    assert page.evaluate(FIND) == ALL | {"clipboard": "granted"}
    context.route("**/lab/version", lambda route: route.fulfill(json={}))
    watch.expect_dialogs = True
    page.evaluate("alert('left')")
    assert watch.dialogs == ["left"]
    context.new_page().goto(place)


def test_scripts_stay_in_the_browsers_cache(page: Page, app_url: str) -> None:
    sizes = """Object.fromEntries(performance.getEntriesByType("resource")
        .filter((entry) => entry.name.includes("/assets/")).map((entry) => [entry.name, entry.transferSize]))"""
    page.goto(app_url)
    page.wait_for_selector("#lab-header h1")
    before = page.evaluate(sizes)
    page.reload()
    page.wait_for_selector("#lab-header h1")
    after = page.evaluate(sizes)
    came = [size for name, size in after.items() if name in before]  # what was still on its way then is fetched now
    assert len(came) > 20
    assert sum(came) == 0, "or every test would fetch and compile them anew"
