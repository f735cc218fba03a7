"""The calls of the public endpoints that are recorded and replayed, as data.

A picture is named by the installed package that carries it, or by the text of a file that is no picture.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

REFERENCE = "I enjoyed watching this movie"
PAIR = ("The cat sat on the mat", "The dog lay on the rug")
PERSIAN = "من از دیدن این فیلم لذت بردم"
HOSTILE = "</script><img src=x onerror=alert(1)> ${alert(2)} {{7*7}} '; DROP TABLE heads; -- \u202e\u200f😀"
SPECIAL = "the [MASK] sat [SEP] on [CLS] the [PAD] mat"
LONG = "The movie was not as good as I had hoped, but the music and the actors were wonderful. " * 4
CHINA, FLOWER = "sklearn:datasets/images/china.jpg", "sklearn:datasets/images/flower.jpg"
CAT, SHIP = "foolbox:data/cifar10_00_3.png", "foolbox:data/cifar10_01_8.png"
ATTENTION_MODELS = ("minilm-l6", "bert-sentiment", "bert-sentiment-early", "bert-sentiment-untrained")


@dataclass(frozen=True)
class Call:
    """One call. ``picture``: ``package:path``, ``text:content``, or "" for an endpoint that takes none; it is the
    first argument. ``after``: names of calls whose effect on the server this one reports.
    """

    name: str
    endpoint: str
    arguments: dict[str, Any] = field(default_factory=dict)
    picture: str = ""
    language: str = "en"
    after: tuple[str, ...] = ()


def attend(name: str, sentence: Any, other: Any = "", language: str = "en", **more: Any) -> Call:
    """A call of ``/attend``; what is not given is left to the endpoint's defaults."""
    arguments = {"sentence_a": sentence, **({"sentence_b": other} if other else {}), **more}
    return Call(f"attend {name}", "/attend", arguments, language=language)


def in_both(name: str, endpoint: str, picture: str = "", **arguments: Any) -> tuple[Call, Call]:
    """A call whose answer is a sentence, in English and in Persian."""
    english, persian = (Call(f"{name}, {code}", endpoint, arguments, picture, code) for code in ("en", "fa"))
    return english, persian


ATTEND = (
    attend("the reference", REFERENCE),
    *(attend(f"{model}, layer {layer}", REFERENCE, model=model, layer=layer)
      for model in ATTENTION_MODELS for layer in (1, 2, 4)),
    attend("the last layer of minilm-l6", REFERENCE, model="minilm-l6", layer=6),
    *(attend(f"a pair, {model}", *PAIR, model=model, layer=3) for model in ATTENTION_MODELS[:2]),
    *(attend(f"Persian, {model}", PERSIAN, model=model) for model in ATTENTION_MODELS[:2]),
    attend("Persian, asked for in Persian", PERSIAN, language="fa"),
    *(attend(f"hostile text, {model}", HOSTILE, model=model, layer=2) for model in ATTENTION_MODELS[:2]),
    *(attend(f"special tokens as text, {model}", SPECIAL, model=model, layer=2) for model in ATTENTION_MODELS[:2]),
    attend("a long text", LONG, model="minilm-l6", layer=5),
    attend("a text that is cut", "movie " * 400, model="bert-sentiment", layer=1),
)  # fmt: skip

ATTEND_REFUSED = (
    *in_both("attend an empty sentence", "/attend", sentence_a="  "),
    *in_both("attend a second sentence alone", "/attend", sentence_a="", sentence_b="dog"),
    *in_both("attend a number", "/attend", sentence_a=5),
    *in_both("attend too long a text", "/attend", sentence_a="a" * 20_001),
    *in_both("attend an unknown model", "/attend", sentence_a="x", model="<b>gpt-9</b>"),
    *in_both("attend a model of another job", "/attend", sentence_a="x", model="mlp-cifar10"),
    *in_both("attend a model of the hub", "/attend", sentence_a="x", model="bert-base-uncased"),
    *in_both("attend layer 0", "/attend", sentence_a="x", layer=0),
    *in_both("attend layer 5 of 4", "/attend", sentence_a="x", model="bert-sentiment", layer=5),
    *in_both("attend a layer that is text", "/attend", sentence_a="x", layer="2"),
)

MASKS = "This is the best [MASK] I have ever [MASK]."
FILL = (
    *(Call(f"fill, {model or 'default'}", "/fill", {"sentence": MASKS, **({"model": model} if model else {})})
      for model in ("", "bert-imdb-pretrained")),
    Call("fill with one candidate", "/fill", {"sentence": MASKS, "top": 1}),
    Call("fill Persian and emoji", "/fill", {"sentence": f"{PERSIAN} [MASK] 😀"}, language="fa"),
    *in_both("fill without a mask", "/fill", sentence="the cat sat on the [mask]"),
    *in_both("fill too many masks", "/fill", sentence="[MASK] " * 40),
    *in_both("fill by a network without the head", "/fill", sentence=MASKS, model="bert-sentiment"),
    *in_both("fill no candidates", "/fill", sentence=MASKS, top=0),
)  # fmt: skip

NOT_A_PICTURE, HALF = "text:<html>hello</html>", "text:\x89PNG\r\n\x1a\nnothing more"

SEGMENT = (
    Call("segment china", "/segment", {"model": "beit-street"}, CHINA),
    Call("segment flower", "/segment", {"model": "beit-street"}, FLOWER),
    Call("segment by the default model", "/segment", {}, CHINA),
    Call("segment a small picture", "/segment", {}, CAT),
    *in_both("segment by an unknown model", "/segment", CHINA, model="nobody"),
    *in_both("segment by a model of the hub", "/segment", CHINA, model="beit-base-ade-640"),
    *in_both("segment what is no picture", "/segment", NOT_A_PICTURE),
    *in_both("segment a damaged picture", "/segment", HALF),
    *in_both("segment an empty file", "/segment", "text:"),
)

CLASSIFY = (
    Call("classify a cat", "/classify", {}, CAT),
    Call("classify a ship", "/classify", {}, SHIP),
    Call("classify a large picture", "/classify", {}, CHINA),
    *in_both("classify what is no picture", "/classify", NOT_A_PICTURE),
    *in_both("classify a damaged picture", "/classify", HALF),
    *in_both("classify an empty file", "/classify", "text:"),
)

EVALUATE = (
    Call("evaluate 20", "/evaluate", {"count": 20, "seed": 0}),
    Call("evaluate 5 by the default seed", "/evaluate", {"count": 5}),
    Call("evaluate more than there are", "/evaluate", {"count": 10_000, "seed": 7}),
    *in_both("evaluate none", "/evaluate", count=0),
    *in_both("evaluate too many", "/evaluate", count=10_001),
    *in_both("evaluate by a seed below 0", "/evaluate", count=5, seed=-1),
    *in_both("evaluate a count that is text", "/evaluate", count="many"),
)

RESTORE = (
    Call("restore a cat", "/restore", {}, CAT),
    Call("restore a quarter of a ship by seed 5", "/restore", {"share": 0.25, "seed": 5}, SHIP),
    Call("restore a large picture", "/restore", {"seed": 2}, CHINA),
    Call("restore where all is covered", "/restore", {"share": 1}, CAT),
    *in_both("restore more than all", "/restore", CAT, share=1.5),
    *in_both("restore by a seed that is text", "/restore", CAT, seed="many"),
    *in_both("restore by an unknown model", "/restore", CAT, model="nobody"),
    *in_both("restore a damaged picture", "/restore", HALF),
)

LOADING = (*(f"attend {model}, layer 1" for model in ATTENTION_MODELS), "segment china", "classify a cat")
MODELS = (Call("models", "/models", after=LOADING),)

CALLS = (*ATTEND, *ATTEND_REFUSED, *FILL, *SEGMENT, *CLASSIFY, *EVALUATE, *RESTORE, *MODELS)
BY_NAME = {call.name: call for call in CALLS}
