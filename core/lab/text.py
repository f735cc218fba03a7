"""A look: which sentences, through which model, changed how. Every question about one is answered here.

The page sends the whole look with each request, so that the server keeps nothing for a session: a restart, a second
tab or another user's request cannot mix two looks up. Results come from the lab's cache, keyed by the look.

A look is one forward pass, whose weights and states are kept; what follows from them asks no model for another one.
Only two questions need more by their nature: ``occlusion`` (a pass for each token) and ``sublayers`` (each layer once).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from core.checks import choice, wholes
from core.errors import RangeError
from core.lab.lab import Lab
from core.lab.result_cache import digest_of
from core.progress import Progress

if TYPE_CHECKING:
    from core.networks.bert import BertConfig
    from core.text.attend import Options
    from core.text.occlusion import LeftOut
    from core.text.results import Attention, EmbeddingParts, Floats, HeadSteps, Trace

T = TypeVar("T")
SEGMENTS = ("normal", "swapped", "zero")
LONGEST = 512  # tokens of a text, at most


@dataclass(frozen=True)
class Look:
    """What a person asked to see. ``model`` is a name of the catalog; texts are checked when they are read."""

    model: str
    a: str = ""
    b: str = ""
    special: bool = False
    masked: tuple[int, ...] = ()
    segments: str = "normal"

    @classmethod
    def read(cls, given: object, lab: Lab) -> Look:
        """A look from what a page sent, its model by name: the default's where it names none. Unknown keys are ignored.

        Errors: RangeError, UnknownModelError, UnavailableError.
        """
        if not isinstance(given, dict):
            raise RangeError("attention.not_a_look")
        masked = wholes("attention.not_a_look", "masked", given.get("masked") or [], 0, LONGEST - 1)
        segments = choice("attention.segments", given.get("segments") or "normal", SEGMENTS)
        texts = {name: given[name] if isinstance(given.get(name), str) else "" for name in ("model", "a", "b")}
        texts["model"] = lab.find(texts["model"], "attention").name
        return cls(**texts, special=bool(given.get("special")), masked=masked, segments=segments)

    def sent(self) -> dict[str, Any]:
        """As the page keeps it; lone surrogates cannot be sent and are replaced, as they are for the model."""
        texts = {name: _sendable(getattr(self, name)) for name in ("model", "a", "b")}
        return {**texts, "special": self.special, "masked": list(self.masked), "segments": self.segments}

    def key(self, *more: object) -> tuple[str, ...]:
        """For the cache of results: texts as a hash, so that the cache holds no text of anybody's."""
        digest = digest_of(self.a, self.b, self.special, self.masked, self.segments)
        return ("attention", self.model, digest, *map(str, more))

    def options(self) -> Options:
        """For :func:`core.text.attend.attend`."""
        from core.text.attend import Options

        return Options(self.special, self.masked, self.segments)  # type: ignore[arg-type]


def _sendable(text: str) -> str:
    return "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text)


def trace(lab: Lab, look: Look, progress: Progress | None = None) -> Trace:
    """The forward pass: every weight, and what entered each layer. Errors: those of core."""
    from core.text.attend import trace

    def compute() -> Trace:
        with lab.use(look.model, "attention", progress) as loaded:
            return lab.engine.run(trace, loaded, look.a, look.b, look.options())

    return lab.results.get(look.key(), compute)


def attention(lab: Lab, look: Look, progress: Progress | None = None) -> Attention:
    """Every weight of the look."""
    return trace(lab, look, progress).attention


def steps(lab: Lab, look: Look, layer: object, head: object, padding: int = 0) -> HeadSteps:
    """One head worked through; layer and head count from 0. From the states that the pass left; with [PAD] behind the
    sentence from a pass of its own, since padding has states, too. Errors: RangeError."""
    from core.text.attend import check_range, head_steps

    traced = trace(lab, look)
    found = traced.attention
    layer, head = check_range("layer", layer, 0, found.layers - 1), check_range("head", head, 0, found.heads - 1)
    given = (found.tokens, layer, head, None if padding else traced.states[layer], padding)
    return further(lab, look, ("steps", layer, head, padding), head_steps, *given)


def embeddings(lab: Lab, look: Look) -> EmbeddingParts:
    """How long each summand of the input is: from the tables alone."""
    from core.text.attend import embedding_parts

    return further(lab, look, ("embeddings",), embedding_parts, attention(lab, look).tokens)


def left_out(lab: Lab, look: Look) -> LeftOut:
    """What leaving each token out changes: a pass for each, by its nature. Errors: RangeError."""
    from core.text.occlusion import left_out

    return further(lab, look, ("left out",), left_out, attention(lab, look).tokens)


def occlusion(lab: Lab, look: Look) -> Floats:
    """(T,) how far leaving each token out turns the sentence's vector. Errors: RangeError."""
    return left_out(lab, look).turned


def sublayers(lab: Lab, look: Look) -> Floats:
    """(L, 3) how long what enters a layer is, and what its sub-layers add: every layer worked through once more."""
    from core.learn.measures import sublayer_norms

    return further(lab, look, ("sublayers",), sublayer_norms, attention(lab, look).tokens)


def config(lab: Lab, look: Look, progress: Progress | None = None) -> BertConfig:
    """The configuration of the look's model."""

    def compute() -> BertConfig:
        with lab.use(look.model, "attention", progress) as loaded:
            found: BertConfig = loaded.network.config  # type: ignore[assignment]
            return found

    return lab.results.get(("attention", look.model, "config"), compute)


def further(lab: Lab, look: Look, name: tuple[object, ...], work: Callable[..., T], *arguments: Any) -> T:
    """``work(model, *arguments)``, kept under the look's key and ``name``."""
    return lab.kept(look.key(*name), look.model, "attention", work, *arguments)
