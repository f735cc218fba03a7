"""Where the page shows each row of the reference report: a table from row to view, which a test holds complete."""

from __future__ import annotations

from dataclasses import dataclass

STATIONS = (
    "attention",
    "self",
    "vectors",
    "softmax",
    "heads",
    "encoder",
    "embeddings",
    "bert",
    "patches",
    "masking",
    "segmentation",
    "versus",
    "convolution",
)
"""The walk-through, in its order."""

LABS = ("attention", "segmentation", "cifar", "learn", "models")
"""The labs, in the order of their tabs."""

LEARN_VIEWS = ("walk", "claims", "quiz", "table")


@dataclass(frozen=True)
class View:
    """One place of the page: a lab, a view in it, and what else its link names."""

    lab: str
    view: str = ""
    fields: tuple[tuple[str, str], ...] = ()

    def query(self) -> dict[str, str]:
        """The fields of its link."""
        return {"lab": self.lab, **({"view": self.view} if self.view else {}), **dict(self.fields)}


def attention(view: str, **fields: str) -> View:
    """A view of the Attention lab."""
    return View("attention", view, tuple(fields.items()))


def journey(at: str, layer: int = 1, level: str = "layer", **fields: str) -> View:
    """A moment of the Journey of a token: a step of a layer, on a level, through the network of the Scene."""
    return attention("journey", model="bert-imdb", layer=str(layer), at=at, level=level, **fields)


def square_journey(at: str, layer: int, level: str, **fields: str) -> View:
    """A moment of the Journey of a patch of one of the shipped pictures."""
    named = {"source": "shipped", "place": "2", "layer": str(layer), "at": at, "level": level, **fields}
    return View("cifar", "journey", tuple(named.items()))


def station(name: str) -> View:
    """A station of the walk-through."""
    assert name in STATIONS, f"expected one of {STATIONS}, got {name!r}"
    return View("learn", "walk", (("station", name),))


def claim(name: str) -> View:
    """A claim of the Learn lab."""
    return View("learn", "claims", (("claim", name),))


@dataclass(frozen=True)
class Row:
    """One row of the report: its section, its name (a key of ``learn.rows``), and where it can be seen and tried."""

    section: int
    name: str
    views: tuple[View, ...]


PAIR = {"a": "The cat sat on the mat", "b": "The dog lay on the rug"}

ROWS = (
    Row(
        1,
        "scaled_dot_product",
        (attention("inside"), journey("softmax", level="head"), station("softmax"), station("vectors")),
    ),
    Row(1, "multi_head", (attention("grid"), journey("join"), station("heads"), claim("parallel"))),
    Row(1, "gelu", (attention("build"), journey("gelu"))),
    Row(1, "feed_forward", (attention("build"), journey("widen"), station("encoder"))),
    Row(1, "add_norm", (attention("build"), journey("add"), station("encoder"))),
    Row(1, "encoder_layer", (attention("build"), station("encoder"))),
    Row(1, "bert_embeddings", (attention("embeddings"), journey("sum", layer=0), station("embeddings"))),
    Row(1, "pooler", (attention("build"), journey("pool", layer=5), station("bert"))),
    Row(1, "create_bert", (attention("build"), claim("intermediate"))),
    Row(1, "bert_training", (station("bert"), claim("understands"))),
    Row(1, "reading_attention", (attention("heads"), attention("bertviz"))),
    Row(1, "theory", (station("attention"), station("self"), attention("embeddings", **PAIR))),
    Row(2, "recipe", (station("segmentation"), station("masking"))),
    Row(2, "ade20k", (View("segmentation", "truth"),)),
    Row(2, "segmentation_model", (View("segmentation", "overlay"), View("models"))),
    Row(2, "segmentation_picture", (View("segmentation", "overlay"), View("segmentation", "steps"))),
    Row(2, "iou", (View("segmentation", "truth"), station("segmentation"))),
    Row(2, "segmentation_training", (station("segmentation"),)),
    Row(3, "mlp", (View("cifar", "training"), station("versus"), claim("parameters"), claim("twice"))),
    Row(3, "mlp_curves", (View("cifar", "curves"),)),
    Row(3, "mlp_result", (View("cifar", "evaluation"),)),
    Row(3, "beit_training", (View("cifar", "curves"),)),
    Row(3, "beit_by_epoch", (View("cifar", "curves"),)),
    Row(3, "beit_result", (View("cifar", "evaluation"),)),
    Row(3, "comparison", (View("cifar", "reasons"), View("cifar", "picture"), station("versus"), claim("neighbours"))),
    Row(4, "convolution", (station("convolution"), claim("reach"))),
    Row(4, "reach", (station("convolution"), claim("reach"))),
    Row(4, "other_layers", (View("learn", "quiz"), claim("layers"))),
    Row(4, "stacks", (View("learn", "quiz"), claim("stacks"))),
    Row(4, "parallel", (View("learn", "quiz"), claim("parallel"))),
    Row(4, "positions", (View("learn", "quiz"), claim("positions"), claim("places"), claim("scene"))),
    Row(4, "roles", (claim("neighbours"), claim("heads"), claim("segments"), claim("explains"))),
)
