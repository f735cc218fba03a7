"""Tabs that open where the page's address says: when the page is loaded, and when a link inside the app is followed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import gradio as gr

from components.page.lanes import IN_THE_PAGE

# Read in the page, where the address is; it may have changed since the page was loaded.
SELECTED = """() => {
  const address = new URLSearchParams(location.search);
  const named = address.get(%s), others = %s;
  const wanted = others[named] ?? named;
  const mine = %s.includes(wanted) && [wanted, %s].includes(address.get("lab"));
  return mine ? {__type__: "update", selected: wanted} : {__type__: "update"};
}"""


def open_linked(
    demo: gr.Blocks, tabs: gr.Tabs, names: Sequence[str], lab: str = "", others: Mapping[str, str] | None = None
) -> None:
    """``?lab=`` opens one of the tabs; with ``lab``, those are its views, and ``?view=`` of its links opens one.

    ``others``: views that stand in the tab of another one, which they name.
    The button that nobody sees does it again: ``page/address.js`` presses all of its class.
    """
    parts = ("view" if lab else "lab", dict(others or {}), list(names), lab)
    reads = SELECTED % tuple(json.dumps(part) for part in parts)
    again = gr.Button(visible="hidden", elem_classes="lab-go")
    for trigger in (demo.load, again.click):
        trigger(None, None, tabs, js=reads, **IN_THE_PAGE)
