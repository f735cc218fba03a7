"""Attention Lab: ``create_app(lab)`` joins the tabs, ``main()`` reads options and serves the page."""

from __future__ import annotations

import argparse
import logging
import os
import sys
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from server.gradio_stubs import skip_stubs

if TYPE_CHECKING:
    import gradio as gr

    from core.lab.lab import Lab
    from core.settings import Settings
    from server.admission import Service

# Read by libraries at import: no call home, no tokenizer threads that a fork would trip over.
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", "1000000000")  # else a table of all events for each event
os.environ.setdefault("DISABLE_SAFETENSORS_CONVERSION", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
for name in ("HF_HUB_ETAG_TIMEOUT", "HF_HUB_DOWNLOAD_TIMEOUT"):
    os.environ.setdefault(name, "8")  # seconds to the first byte, as in core/network.py
skip_stubs()

if os.environ.get("SPACES_ZERO_GPU", "").lower() in ("1", "t", "true"):
    import spaces  # noqa: F401  (it changes torch, and has to come before it)


def create_app(lab: Lab, service: Service | None = None) -> gr.Blocks:
    """The page over a lab; tests hand in one with small models. ``service``: by which it will be served."""
    import gradio as gr

    from components.attention import endpoint as endpoints
    from components.attention import tab as attention_tab
    from components.cifar import tab as cifar_tab
    from components.learn import tab as learn_tab
    from components.models import network
    from components.models import tab as models_tab
    from components.page import header, privacy
    from components.page.desk import Desk
    from components.page.i18n import label
    from components.page.linked_tabs import open_linked
    from components.page.made_files import MadeFiles
    from components.segmentation import endpoint as segmentation_endpoint
    from components.segmentation import tab as segmentation_tab
    from components.shared import restore, restore_endpoint
    from core.data.images import protect_process
    from core.learn.links import LABS
    from server import limits
    from server.admission import Service
    from server.gradio_queue import component_files

    protect_process()
    service = service or Service.of(lab)
    kept = (limits.SWEEP_SECONDS, limits.KEEP_SECONDS)
    with gr.Blocks(title="Attention Lab", analytics_enabled=False, fill_width=True, delete_cache=kept) as demo:
        desk = Desk(lab, MadeFiles(service.uploads))
        header.build()
        with gr.Tabs(elem_id="labs") as tabs:
            labs: tuple[tuple[str, Callable[[Any], None]], ...] = (
                ("attention", lambda tab: attention_tab.build(desk, demo)),
                ("segmentation", lambda tab: segmentation_tab.build(desk, demo)),
                ("cifar", lambda tab: cifar_tab.build(desk, demo)),
                ("learn", lambda tab: learn_tab.build(desk, demo)),
                ("models", lambda tab: models_tab.build(desk)),
            )
            for name, build in labs:
                with gr.Tab(label(f"app.tabs.{name}"), id=name, elem_id=f"lab-{name}") as tab:
                    build(tab)
        network.connect(desk)
        restore.connect(desk)
        endpoints.build(lab)
        segmentation_endpoint.build(lab, desk.made)
        restore_endpoint.build(lab, desk.made)
        desk.build()
        privacy.build(service)
        open_linked(demo, tabs, LABS)
    service.routes = desk.routes()
    service.uploads.exempt = lambda: component_files(demo)
    return demo.queue(max_size=limits.QUEUE_EVENTS, api_open=False, default_concurrency_limit=4)


def serve(demo: gr.Blocks, settings: Settings, *, service: Service, **more: Any) -> Any:
    """Launch as every entry point does: quiet towards the outside, strict about what it serves."""
    from starlette.middleware import Middleware

    from components.page.i18n import translations
    from components.page.theme import theme
    from server import page_files
    from server.cache_headers import CacheHeaders
    from server.guard import Guard
    from server.health import CountedAnswers, routes
    from server.page_head import Page
    from server.security_headers import SecurityHeaders

    return demo.launch(
        server_name=settings.host,
        server_port=settings.port or None,
        i18n=translations(demo),
        theme=theme(),
        footer_links=["api"],
        share=False,
        ssr_mode=False,
        run_history=False,
        enable_monitoring=False,
        show_error=False,
        _frontend=False,  # else launching fails where the page takes over 3 s, as it may on a busy machine
        max_file_size="10mb",
        app_kwargs={
            "routes": [*page_files.routes(), *routes(service), *service.routes],
            "middleware": [
                Middleware(SecurityHeaders, embed=settings.embed),
                Middleware(CacheHeaders),
                Middleware(CountedAnswers),
                Middleware(Guard, service=service, language=settings.language),
                Middleware(Page, language=settings.language),
            ],
        },
        **more,
    )


def read_options(arguments: Sequence[str] | None = None) -> Settings:
    """Command line → settings; what is not given comes from the environment, then from the defaults."""
    from pydantic import ValidationError

    from core.settings import Settings, read_settings

    parser = argparse.ArgumentParser(description="Attention Lab: see transformers work.")
    for name, field in Settings.model_fields.items():
        text = f"{field.description} (LAB_{name.upper()}; default: {field.default})"
        if field.annotation is bool:
            parser.add_argument(f"--{name}", action=argparse.BooleanOptionalAction, default=None, help=text)
        else:
            parser.add_argument(f"--{name}", default=None, help=text)
    try:
        return read_settings(**vars(parser.parse_args(arguments)))
    except ValidationError as error:
        sentences = (f"--{'.'.join(map(str, e['loc']))}: {e['msg']}, got {e['input']!r}" for e in error.errors())
        parser.error("; ".join(sentences))


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve the page; the default model warms up while the port already answers."""
    settings = read_options(arguments)
    if settings.offline:
        os.environ["HF_HUB_OFFLINE"] = "1"
    from core.engines.heap import keep_giving_back
    from core.lab.lab import Lab
    from server.admission import Service
    from server.limits import DRAIN_SECONDS
    from server.shutdown import serve_until, stop_signal

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("lab").setLevel(logging.INFO)
    stop = stop_signal()
    lab = Lab(settings)
    service = Service.of(lab)
    demo = create_app(lab, service)
    lab.engine.start(lab.catalog)  # before launching: a Space then writes what is placed to a disk for its forks
    serve(demo, settings, service=service, prevent_thread_lock=True)
    warming = threading.Thread(target=lab.warm_up, name="warm-up", daemon=True)
    warming.start()
    keep_giving_back()
    serve_until(stop, demo, service)
    if stop.is_set():
        warming.join(DRAIN_SECONDS)  # a process that ends while torch's libraries are being loaded aborts


if __name__ == "__main__":
    main(sys.argv[1:])
