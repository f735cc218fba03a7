"""The page's look. Sizes and colours of our own styles come from this theme's variables."""

from __future__ import annotations

import gradio as gr

TEXT = gr.themes.Size(  # of the page's own size, so that a larger text is larger everywhere
    name="text_rem",
    xxs="0.5625rem",
    xs="0.625rem",
    sm="0.75rem",
    md="0.875rem",
    lg="1rem",
    xl="1.375rem",
    xxl="1.625rem",
)
FONTS = ("ui-sans-serif", "system-ui", "Vazirmatn", "Noto Sans", "Noto Sans Arabic", "DejaVu Sans", "sans-serif")


def theme() -> gr.themes.Base:
    """Gradio's default and the system's fonts: nothing is fetched, Persian has its letters where the system does.

    Quiet text and the main button are darker than the default's, which are too pale to be read from the last row
    (WCAG asks for a contrast of 4.5).
    """
    return gr.themes.Default(
        primary_hue=gr.themes.colors.blue,
        neutral_hue=gr.themes.colors.slate,
        text_size=TEXT,
        font=FONTS,
        font_mono=("ui-monospace", "DejaVu Sans Mono", "monospace"),
    ).set(
        color_accent="*primary_600",
        body_text_color_subdued="*neutral_600",
        body_text_color_subdued_dark="*neutral_300",
        block_info_text_color="*neutral_600",
        block_info_text_color_dark="*neutral_300",
        block_label_text_color="*neutral_600",
        block_label_text_color_dark="*neutral_200",
        block_title_text_color="*neutral_600",
        block_title_text_color_dark="*neutral_200",
        input_placeholder_color="*neutral_500",
        input_placeholder_color_dark="*neutral_400",
        link_text_color="*primary_700",
        link_text_color_dark="*primary_300",
        button_primary_background_fill="*primary_600",
        button_primary_background_fill_dark="*primary_600",
        button_primary_background_fill_hover="*primary_700",
        button_primary_background_fill_hover_dark="*primary_700",
    )
