"""Every limit of the app in one table, which the README shows. A limit that core keeps is read from there."""

from __future__ import annotations

from typing import NamedTuple

from core.data import images
from core.lab.lab import RESULTS
from core.text import tokens

JSON_BYTES = 2_500_000  # a million letters of any alphabet arrive and get core's own sentence, which says the limit
UPLOAD_BYTES = 2 * images.MAX_BYTES + 1_000_000  # a picture, its annotation, and the form around them
UPLOAD_FILES = 4
BODY_SECONDS = 30.0  # between two pieces of a request that is being sent
STORE_BYTES = 1_000_000_000
STORE_FILES = 5_000
KEEP_SECONDS = 3600
SWEEP_SECONDS = 300
YOUNG_SECONDS = 60.0  # an upload this young is not dropped for another one: its owner is about to use it
QUEUE_EVENTS = 512  # opening the page is some ten events, and a class opens it in the same minute
SESSION_EVENTS = 32
UNREAD_MESSAGES = 128  # a page that reads has one or two; it gets some ten a second
READER_SECONDS = 30.0
ANSWER_SECONDS = 300.0
LONG_JOBS = frozenset({"cifar-long", "cifar-training"})  # concurrency ids of what runs for many seconds or minutes
LONG_SECONDS = 10.0  # how long a session's next long job waits for the one before
DRAIN_SECONDS = 30.0


class Limit(NamedTuple):
    """One row of the table: what is limited, to what, and what happens beyond."""

    what: str
    value: str
    beyond: str


def _mb(size: int) -> str:
    return f"{size / 10**6:g} MB"


LIMITS = (
    Limit("picture, file", _mb(images.MAX_BYTES), "refused"),
    Limit("picture, size", f"{images.MAX_PIXELS / 10**6:g} megapixels, {images.MAX_ASPECT}:1", "refused undecoded"),
    Limit("text", f"{tokens.MAX_CHARACTERS:,} characters", "refused before it is tokenised"),
    Limit("request", _mb(JSON_BYTES), "refused, with or without a length in its header"),
    Limit("upload", f"{_mb(UPLOAD_BYTES)}, {UPLOAD_FILES} files", "refused while it arrives"),
    Limit("pause inside a request", f"{BODY_SECONDS:g} s", "given up"),
    Limit("all uploads together", f"{_mb(STORE_BYTES)}, {STORE_FILES:,} files", "the oldest go, or the new is refused"),
    Limit("an upload is kept", f"{KEEP_SECONDS // 60} minutes", "deleted"),
    Limit("results in memory", _mb(RESULTS), "the least recently used go"),
    Limit("events waiting", f"{QUEUE_EVENTS}", "“busy, try again”"),
    Limit("events of one page", f"{SESSION_EVENTS}", "“busy, try again”"),
    Limit("answers that a page has not read", f"{UNREAD_MESSAGES}", "its next events: “busy, try again”"),
    Limit("a stream waits for its reader", f"{READER_SECONDS:g} s", "stopped"),
    Limit("an answer waits to be fetched", f"{ANSWER_SECONDS / 60:g} minutes", "dropped at the next request"),
    Limit("long jobs of one page", "1 at a time", f"the next waits {LONG_SECONDS:g} s, then “busy”"),
    Limit("running jobs when the server is told to stop", f"{DRAIN_SECONDS:g} s", "cut off"),
)
