"""The Attention lab: bytes sent, ``attend`` and ``/attend`` against transformers, a cached model against loading."""

from __future__ import annotations

import json

import torch
from bertviz import head_view
from transformers import AutoModel

from app import create_app, serve
from components.attention.messages import layer_content
from core.lab.lab import Lab
from core.settings import Settings
from core.text.attend import attend
from server.admission import Service
from tests.benchmarks._timing import medians, row

SENTENCE = "The old professor explains once more why a head may look at the word before it and another at nothing. "


def sized(loaded, tokens: int) -> str:
    """A text of exactly ``tokens`` tokens with [CLS] and [SEP]."""
    words = (SENTENCE * 40).split()
    while True:
        text = " ".join(words)
        count = len(loaded.processor.encode(text, add_special_tokens=False).ids) + 2
        if count <= tokens:
            break
        words.pop()
    return text + " ." * (tokens - count)


def plain(folder: str):
    """The same checkpoint in transformers, with eager attention."""
    return AutoModel.from_pretrained(folder, attn_implementation="eager").eval()


def main() -> None:
    """Print every figure."""
    lab = Lab(Settings(offline=True))
    spec = lab.find("", "attention")
    model = plain(str(spec.folder))
    with lab.use("", "attention") as loaded:
        for tokens in (16, 128):
            text = sized(loaded, tokens)
            result = attend(loaded, text)
            ids = torch.tensor([result.tokens.ids])
            assert ids.shape[1] == tokens, f"expected {tokens} tokens, got {ids.shape[1]}"

            def bare(ids=ids) -> None:
                with torch.inference_mode():
                    model(ids, output_attentions=True)

            ours, theirs = medians(lambda text=text: attend(loaded, text), bare, times=15, warm=3)
            row(f"attend, {tokens} tokens : bare forward of transformers, eager", ours, theirs, wanted="at most 1.5")

        sent = len(json.dumps(layer_content(result, 0)).encode())
        with torch.inference_mode():
            attentions = model(ids, output_attentions=True).attentions
        names = list(result.tokens.texts)
        page = len(head_view(attentions, names, html_action="return").data.encode())
        one = len(head_view(attentions, names, html_action="return", include_layers=[0]).data.encode())
        row("one layer's head view, 128 tokens : BertViz's page", sent, page, "B", "at most 0.01")
        row("the same : BertViz's page of that one layer", sent, one, "B")

        def load_each_time() -> None:
            with torch.inference_mode():
                plain(str(spec.folder))(ids[:, :16], output_attentions=True)

        short = sized(loaded, 16)
        ours, theirs = medians(lambda: attend(loaded, short), load_each_time, times=5)
        row("a second sentence on the cached model : loading each time", ours, theirs)

    through_the_page(lab, model)


def through_the_page(lab: Lab, model) -> None:
    """``/attend`` as a client calls it, each time another sentence, so that no result is cached."""
    from gradio_client import Client

    service = Service.of(lab)
    demo = create_app(lab, service)
    _, url, _ = serve(demo, Settings(port=0, offline=True), service=service, prevent_thread_lock=True, quiet=True)
    client = Client(url, verbose=False)
    with lab.use("", "attention") as loaded:
        for tokens in (16, 128):
            text, count = sized(loaded, tokens - 1), iter(range(10, 99))
            ids = torch.tensor([attend(loaded, f"{text} 1").tokens.ids])

            def call(text=text, count=count) -> None:
                client.predict(f"{text} {next(count)}", "", "", 1, api_name="/attend")

            def bare(ids=ids) -> None:
                with torch.inference_mode():
                    model(ids, output_attentions=True)

            ours, theirs = medians(call, bare, times=9)
            row(f"/attend whole, client included, {tokens} tokens : bare forward", ours, theirs)
    demo.close()
