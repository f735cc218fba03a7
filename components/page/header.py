"""The line above the tabs: name, language switch, link to what is on screen."""

from __future__ import annotations

from components.page.viewer import viewer


def build() -> None:
    """Draw the header; it needs no request."""
    viewer("page/header", elem_id="lab-header")
