"""A look: which sentences, through which model, changed how. Everything the page asks about one is answered here.

The page sends the whole look with each request, so that the server keeps nothing for a session: a restart, a second
tab or another user's request cannot mix two looks up. Results come from the lab's cache, keyed by the look.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.engines.zerogpu import TEXT, borrow
from core.errors import RangeError
from core.lab.lab import Lab

if TYPE_CHECKING:
    from core.text.attend import Options
    from core.text.results import Attention

SEGMENTS = ("normal", "swapped", "zero")
LoadProgress = Callable[[float], None]


@dataclass(frozen=True)
class Look:
    """What a person asked to see. Texts are checked by core when they are read."""

    model: str = ""
    a: str = ""
    b: str = ""
    special: bool = False
    masked: tuple[int, ...] = ()
    segments: str = "normal"

    @classmethod
    def read(cls, given: object) -> Look:
        """A look from what a page sent. Unknown keys are ignored. Errors: RangeError."""
        if not isinstance(given, dict):
            raise RangeError("attention.not_a_look")
        masked = given.get("masked") or []
        if not isinstance(masked, list) or not all(isinstance(m, int) and 0 <= m < 512 for m in masked):
            raise RangeError("attention.not_a_look")
        segments = given.get("segments") or "normal"
        if segments not in SEGMENTS:
            raise RangeError("attention.segments", choices=", ".join(SEGMENTS))
        texts = {name: given[name] if isinstance(given.get(name), str) else "" for name in ("model", "a", "b")}
        return cls(**texts, special=bool(given.get("special")), masked=tuple(sorted(set(masked))), segments=segments)

    def sent(self) -> dict[str, Any]:
        """As the page keeps it; lone surrogates cannot be sent and are replaced, as they are for the model."""
        texts = {name: _sendable(getattr(self, name)) for name in ("model", "a", "b")}
        return {**texts, "special": self.special, "masked": list(self.masked), "segments": self.segments}

    def key(self, *more: object) -> tuple[str, ...]:
        """For the cache of results: texts as a hash, so that the cache holds no text of anybody's."""
        look = repr((self.a, self.b, self.special, self.masked, self.segments))  # quoted, so no text can imitate a seam
        digest = hashlib.sha256(look.encode("ascii", "backslashreplace")).hexdigest()
        return ("attention", self.model, digest, *map(str, more))

    def options(self) -> Options:
        """For :func:`core.text.attend.attend`."""
        from core.text.attend import Options

        return Options(self.special, self.masked, self.segments)  # type: ignore[arg-type]


def _sendable(text: str) -> str:
    return "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text)


def attention_of(lab: Lab, look: Look, progress: LoadProgress | None = None) -> Attention:
    """Every weight of the look, from the cache or by a forward pass. Errors: those of core."""
    from core.text.attend import attend

    def compute() -> Attention:
        with lab.use(look.model, "attention", progress) as loaded:
            return borrow(TEXT, attend, loaded, look.a, look.b, look.options())

    return lab.results.get(look.key(), compute)


def with_model(lab: Lab, look: Look, name: str, work: Callable[..., Any], *more: Any) -> Any:
    """A further result, ``work(model, tokens, *more)`` on the look's own tokens, cached as ``name``."""
    attention = attention_of(lab, look)

    def run() -> Any:
        with lab.use(look.model, "attention") as loaded:
            return borrow(TEXT, work, loaded, attention.tokens, *more)

    return lab.results.get(look.key(name, *more), run)
