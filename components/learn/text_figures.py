"""Figures of the walk-through that a text model draws. Each gives messages for ``assets/viewers/learn/figures.js``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from components.learn.recorded_figures import pretraining, recorded_grades, training_curves
from core.lab import text
from core.lab.lab import Lab
from core.lab.text import Look
from core.learn.links import PAIR
from core.progress import Progress
from core.texts import say

Figure = dict[str, Any]


def rounded(values: Any, digits: int = 4) -> Any:
    """Plain lists of what JSON can carry."""
    return np.round(np.asarray(values, dtype=np.float64), digits).tolist()


def sentence(lab: Lab, a: str) -> Look:
    """What the figures are drawn of: the link's sentence, or the reference's."""
    return Look.read({"a": a or say("en", "attention.examples.reference.a")}, lab)


def texts_of(attention: Any) -> list[str]:
    """Tokens as the axes show them."""
    return list(attention.tokens.texts)


def attention(lab: Lab, look: Look, report: Progress) -> list[Figure]:
    """The mean of all heads in the middle layer."""
    found = text.attention(lab, look, report)
    layer = found.layers // 2
    weights = found.weights[layer].mean(axis=0)
    return [{"kind": "matrix", "names": texts_of(found), "values": rounded(weights, 3), "fields": {"layer": layer + 1}}]


def self_attention(lab: Lab, look: Look, report: Progress) -> list[Figure]:
    """The head that looks most at the previous token."""
    from core.text.heads import strongest

    found = text.attention(lab, look, report)
    layer, head, value = strongest(found, "previous")
    fields = {"layer": layer + 1, "head": head + 1, "share": f"{100 * value:.0f}"}
    values = rounded(found.weights[layer, head], 3)
    return [{"kind": "matrix", "names": texts_of(found), "values": values, "fields": fields}]


def _steps(lab: Lab, look: Look, report: Progress) -> Any:
    from core.text.heads import strongest

    found = text.attention(lab, look, report)
    layer, head, _ = strongest(found, "previous")
    steps = text.steps(lab, look, layer, head)
    return found, layer, head, steps


def vectors(lab: Lab, look: Look, report: Progress) -> list[Figure]:
    """Queries, keys and values of one head: T rows of D numbers."""
    found, layer, head, steps = _steps(lab, look, report)
    grids = []
    for name, part in (("query", steps.query), ("key", steps.key), ("value", steps.value)):
        T, D = part.shape
        scale = max(1e-9, float(np.abs(part).max()))
        grids.append({"name": name, "height": T, "width": D, "values": rounded((part / scale).ravel(), 3)})
    fields = {"layer": layer + 1, "head": head + 1, "width": steps.query.shape[1]}
    return [{"kind": "grids", "signed": True, "wide": True, "rows": texts_of(found), "grids": grids, "fields": fields}]


def softmax(lab: Lab, look: Look, report: Progress) -> list[Figure]:
    """One query's weights as they are, and as they would be without the division: the query where it matters most."""
    from core.text.heads import unscaled

    found = text.attention(lab, look, report)
    config = text.config(lab, look)
    width = config.hidden_size // config.num_heads
    plain = unscaled(found.weights, width)  # (L, H, T, T)
    change = np.abs(plain - found.weights).sum(axis=-1)  # (L, H, T)
    change[:, :, [t for t, special in enumerate(found.tokens.special) if special]] = 0
    layer, head, query = (int(i) for i in np.unravel_index(int(change.argmax()), change.shape))
    series = [
        {"name": "scaled", "values": rounded(found.weights[layer, head, query])},
        {"name": "unscaled", "values": rounded(plain[layer, head, query])},
    ]
    fields = {"layer": layer + 1, "head": head + 1, "query": query, "token": found.tokens.texts[query]}
    fields["width"] = width
    return [{"kind": "bars", "unit": "share", "names": texts_of(found), "series": series, "fields": fields}]


def heads(lab: Lab, look: Look, report: Progress) -> list[Figure]:
    """All heads of the middle layer, small."""
    found = text.attention(lab, look, report)
    layer, T = found.layers // 2, found.weights.shape[-1]
    grids = [
        {"name": "head", "fields": {"head": h + 1}, "height": T, "width": T,
         "values": rounded(found.weights[layer, h].ravel(), 3)}
        for h in range(found.heads)
    ]  # fmt: skip
    return [{"kind": "grids", "grids": grids, "fields": {"layer": layer + 1, "heads": found.heads}}]


def encoder(lab: Lab, look: Look, report: Progress) -> list[Figure]:
    """How long a token's vector is, and how long what each sub-layer adds to it, by layer."""
    found = text.attention(lab, look, report)
    norms = text.sublayers(lab, look)  # (L, 3)
    series = [
        {"name": name, "values": rounded(norms[:, i], 3)} for i, name in enumerate(("given", "attended", "fed_forward"))
    ]
    names = [str(i + 1) for i in range(found.layers)]
    figure = {"kind": "bars", "unit": "number", "names": names, "label": "layer", "series": series}
    return [{**figure, "fields": {"layers": found.layers}}]


def embeddings(lab: Lab, look: Look, report: Progress) -> list[Figure]:
    """The three summands of each token of a pair."""
    pair = Look(look.model, PAIR["a"], PAIR["b"])
    found = text.attention(lab, pair, report)
    parts = text.embeddings(lab, pair)
    summands = (("token", parts.token), ("position", parts.position), ("segment", parts.segment))
    series = [{"name": name, "values": rounded(values, 3)} for name, values in summands]
    return [{"kind": "bars", "unit": "number", "names": texts_of(found), "series": series, "fields": {}}]


def bert(lab: Lab, look: Look, report: Progress) -> list[Figure]:
    """Where the model's parameters are; and how our own BERT learned, where it is here."""
    from core.text.parameters import count

    parts = count(text.config(lab, look, report))
    total = sum(part.count for part in parts)
    figure = {
        "kind": "bars", "unit": "count", "caption": "parts", "fields": {"total": f"{total:,}"},
        "keys": [f"attention.build.parts.{part.name}" for part in parts],
        "series": [{"name": "parameters", "values": [part.count for part in parts]}],
    }  # fmt: skip
    return [figure, *pretraining("bert-imdb"), *recorded_grades("bert-imdb"), *training_curves("bert-sentiment")]


TEXT_FIGURES: dict[str, Callable[[Lab, Look, Progress], list[Figure]]] = {
    "attention": attention,
    "self": self_attention,
    "vectors": vectors,
    "softmax": softmax,
    "heads": heads,
    "encoder": encoder,
    "embeddings": embeddings,
    "bert": bert,
}
