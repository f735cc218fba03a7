"""What users do, and how it is checked that each gets their own answer."""

from __future__ import annotations

import random
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from gradio_client import Client, handle_file
from PIL import Image

WORDS = ("cat", "dog", "bird", "movie", "tree", "house", "river", "song", "light", "paper", "bread", "stone", "cloud")
LIGHT = ("attend", "models", "page")


class Mixed(AssertionError):
    """Somebody got an answer to a question that was not theirs."""


@dataclass(frozen=True)
class Call:
    """One call: when it began, in seconds of ``time.perf_counter()``, how long it took, and what went wrong."""

    name: str
    start: float
    seconds: float
    error: str = ""


@dataclass
class User:
    """Somebody with a page of their own."""

    url: str
    number: int
    calls: list[Call] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = random.Random(self.number)
        self.client = Client(self.url, verbose=False, analytics_enabled=False)
        self.asked = 0

    def timed(self, name: str, work: Callable[[], None]) -> None:
        """Do ``work`` and note how it went."""
        start = time.perf_counter()
        error = ""
        try:
            work()
        except Mixed:
            error = "MIXED"
        except Exception as failure:
            error = f"{type(failure).__name__}: {failure}"[:80]
        self.calls.append(Call(name, start, time.perf_counter() - start, error))

    def do(self, name: str) -> None:
        """One action by name."""
        self.timed(name, getattr(self, f"_{name}"))

    def _attend(self) -> None:
        """A sentence that nobody else types; its tokens must come back."""
        self.asked += 1
        words = [self.random.choice(WORDS) for _ in range(self.random.randint(3, 12))]
        sentence = " ".join([*words, str(self.number), str(self.asked)])
        answer = self.client.predict(sentence, layer=1, api_name="/attend")
        got = "".join(token.removeprefix("##") for token in answer["tokens"][1:-1])
        if got != sentence.replace(" ", ""):
            raise Mixed(f"{sentence!r} was answered by {answer['tokens']}")

    def _models(self) -> None:
        self.client.predict(api_name="/models")

    def _page(self) -> None:
        httpx.get(self.url, timeout=120).raise_for_status()

    def _classify(self) -> None:
        self.client.predict(handle_file(picture(self.random.randrange(10**9), 64)), api_name="/classify")

    def _segment(self) -> None:
        """A picture of a size that nobody else sends; the answer must have that size."""
        width, height = self.random.randint(200, 400), self.random.randint(200, 400)
        answer = self.client.predict(
            handle_file(picture(self.random.randrange(10**9), width, height)), "", api_name="/segment"
        )
        if (answer[0]["width"], answer[0]["height"]) != (width, height):
            raise Mixed(f"{width}×{height} was answered by {answer[0]['width']}×{answer[0]['height']}")

    def _evaluate(self) -> None:
        self.client.predict(20, self.random.randrange(1000), api_name="/evaluate")

    def close(self) -> None:
        """Leave the page."""
        self.client.close()


_folder = tempfile.TemporaryDirectory(prefix="lab-pictures-")


def picture(seed: int, width: int, height: int | None = None) -> str:
    """The path of a PNG with noise in blocks, different for each seed."""
    path = Path(_folder.name) / f"{seed}-{width}-{height}.png"
    small = np.random.default_rng(seed).integers(0, 256, (12, 16, 3), dtype=np.uint8)
    Image.fromarray(small).resize((width, height or width)).save(path)
    return str(path)


def able(url: str) -> tuple[list[str], list[str]]:
    """The actions that this app can do, and those that it cannot, as a model is not bundled or a tab is not there."""
    user = User(url, 0)
    names = ["attend", "models", "page", "classify", "segment", "evaluate"]
    for name in names:
        user.do(name)
    user.close()
    works = [call.name for call in user.calls if not call.error]
    return works, [f"{call.name} ({call.error})" for call in user.calls if call.error]


def together(users: Sequence[User], work: Callable[[User], Any]) -> None:
    """``work`` for all users, each in a thread."""
    threads = [threading.Thread(target=work, args=(user,), daemon=True) for user in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
