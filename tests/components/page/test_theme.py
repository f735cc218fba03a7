"""The theme's text is measured by the page's own size, so that a larger text is larger everywhere."""

import re

from components.page.theme import theme


def test_no_text_size_is_fixed_and_at_the_usual_size_all_are_those_of_gradios_default() -> None:
    import gradio as gr

    sizes = [
        dict(re.findall(r"--(text-\w+): ([\d.]+)(?:rem|px);", made._get_theme_css()))
        for made in (theme(), gr.themes.Default())
    ]
    assert {"text-sm", "text-md", "text-lg"} <= set(sizes[0])
    assert not re.search(r"--text-\w+: [\d.]+px", theme()._get_theme_css())
    assert {name: 16 * float(size) for name, size in sizes[0].items()} == {
        name: float(size) for name, size in sizes[1].items()
    }
