"""The page's look. Sizes and colours of our own styles come from this theme's variables."""

from __future__ import annotations

import gradio as gr

FONTS = ("ui-sans-serif", "system-ui", "Vazirmatn", "Noto Sans", "Noto Sans Arabic", "DejaVu Sans", "sans-serif")


def theme() -> gr.themes.Base:
    """Gradio's default and the system's fonts: nothing is fetched, Persian has its letters where the system does."""
    return gr.themes.Default(
        primary_hue=gr.themes.colors.blue,
        neutral_hue=gr.themes.colors.slate,
        font=FONTS,
        font_mono=("ui-monospace", "DejaVu Sans Mono", "monospace"),
    )
