"""Where the page's questions are answered: each has an id, and whatever is said to it carries that id.

A lab's room registers its handlers with :meth:`Desk.takes`; ``docs/protocol.md`` describes what goes over the wire.
"""

from __future__ import annotations

import inspect
import json
import logging
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, NamedTuple, get_args

import gradio as gr
from pydantic import TypeAdapter, ValidationError
from starlette.routing import Route

from components.page.i18n import language_of
from components.page.lanes import LANES, LIGHT, Lane
from components.page.made_files import MadeFiles
from components.page.picture_input import CarriedFile
from components.page.questions import Envelope, Files, Question, refusal, union_of
from components.page.stop_flags import StopFlags
from core.errors import LabError
from core.lab.lab import Lab
from core.texts import say
from server.event_log import Record
from server.page_files import version
from server.readers import keep_pace

log = logging.getLogger("lab")


@dataclass(frozen=True, eq=False)
class Context:
    """What a handler may know beside its question. ``stopped``: whether nobody waits for the answer any more."""

    language: str
    request: gr.Request
    files: Files
    stopped: Callable[[], bool]
    made: MadeFiles = field(default_factory=MadeFiles.own)

    @property
    def picture(self) -> str | None:
        """Path of the picture that came with the question."""
        return self.files.picture

    @property
    def annotation(self) -> str | None:
        """Path of the annotation that came with it."""
        return self.files.annotation

    def file(self, name: str, content: bytes) -> dict[str, Any]:
        """A file that the page may fetch, and ask with, as long as an upload of its own. Errors: BusyError."""
        return self.made.sent(self.request, name, content)

    def progress(self, share: float, text: str = "") -> None:
        """Tell the page how far the work is: a share of 1, and words in the page's language."""
        gr.Progress()(share, desc=text)

    def loading(self, share: float, /) -> None:
        """Tell the page how far the loading of a model is; a listener as core calls one."""
        self.progress(share, say(self.language, "app.loading_model"))


Handler = Callable[[Lab, Any, Context], Any]


class Taken(NamedTuple):
    """One kind of question and who answers it."""

    question: type[Question]
    handler: Handler
    lane: Lane


class Desk:
    """All questions of one app over a lab."""

    def __init__(self, lab: Lab, made: MadeFiles | None = None) -> None:
        self.lab = lab
        self.made = made or MadeFiles.own()
        self.stops = StopFlags()
        self.taken: dict[str, Taken] = {}

    def takes(self, question: type[Question], handler: Handler, lane: Lane = LIGHT) -> None:
        """Let ``handler(lab, ask, context)`` answer such questions: by a dict, or as a generator by many."""
        for want in get_args(question.model_fields["want"].annotation):
            if want in self.taken:
                raise ValueError(f"{want} is taken already")
            self.taken[want] = Taken(question, handler, lane)

    def union(self) -> TypeAdapter[Question]:
        """All questions as one type, told apart by ``want``."""
        return union_of(taken.question for taken in self.taken.values())

    def build(self) -> None:
        """One private event a lane, called inside the page's Blocks when every room has registered."""
        asked, said = gr.JSON(visible=False), gr.Textbox(visible=False)
        files = [CarriedFile(visible=False), CarriedFile(visible=False)]
        questions = self.union()
        for lane in LANES:
            gr.Button(visible=False).click(
                self._event(questions, lane),
                [asked, *files],
                said,
                api_name=f"ask_{lane.name}",
                api_description=" ".join(sorted(want for want, taken in self.taken.items() if taken.lane == lane)),
                api_visibility="private",
                show_progress="hidden",
                **lane.options,
            )

    def routes(self) -> list[Route]:
        """What the page asks beside gradio's queue."""
        return self.stops.routes()

    def _event(self, questions: TypeAdapter[Any], lane: Lane) -> Callable[..., Iterator[str]]:
        def answered(sent: Any, picture: str | None, annotation: str | None, request: gr.Request) -> Iterator[str]:
            with closing(self._said(questions, lane, sent, Files(picture, annotation), request)) as items:
                yield from items

        return answered

    def _said(
        self, questions: TypeAdapter[Any], lane: Lane, sent: Any, files: Files, request: gr.Request
    ) -> Generator[str]:
        """What goes out to one question, each item as JSON. No two are equal, or gradio would leave one out."""
        language = language_of(request)
        try:
            envelope = Envelope.model_validate(sent)
        except ValidationError as error:
            yield _json({"id": "", "error": refusal(None, error, language)})
            return
        if envelope.version != version():
            yield _json({"id": envelope.id, "reload": True})
            return
        with self.stops.running(envelope.id) as stopped:
            context = Context(language, request, files, stopped, self.made)
            with closing(self._answers(questions, lane, envelope, context)) as items:
                for step, item in enumerate(items):
                    yield _json({"id": envelope.id, "step": step, **item})
                    keep_pace(request)
        yield _json({"id": envelope.id, "end": True})  # small: gradio sends the last item twice

    def _answers(
        self, questions: TypeAdapter[Any], lane: Lane, envelope: Envelope, context: Context
    ) -> Generator[dict[str, Any]]:
        """The answers, or the one error that is said in their place; noted in the log by what was wanted."""
        want = envelope.ask.get("want")
        taken = self.taken.get(want) if isinstance(want, str) else None
        record = Record(f"ask.{want}" if taken else "ask.unknown")
        try:
            if context.stopped():
                record.outcome = "stopped"
                yield {"stopped": True}
                return
            question = questions.validate_python(envelope.ask)
            if taken is None or taken.lane != lane:
                raise LabError("app.no_event")
            yield from self._worked(record, taken, question, context)
            record.outcome = "ok"
        except ValidationError as error:
            record.outcome = "refused:app.question"
            yield {"error": refusal(taken.question if taken else None, error, context.language)}
        except LabError as error:
            record.outcome = f"refused:{error.code}"
            yield {"error": _told(error, context.language)}
        except Exception:
            record.outcome = "failed"
            log.exception("a question failed: %s", want if taken else "unknown")
            yield {"error": {"code": "app.failed", "sentence": say(context.language, "app.failed")}}
        finally:
            record.write()

    def _worked(self, record: Record, taken: Taken, question: Question, context: Context) -> Iterator[dict[str, Any]]:
        with record.working():
            result = taken.handler(self.lab, question, context)
        if not inspect.isgenerator(result):
            yield {"answer": result}
            return
        try:
            while True:
                with record.working():
                    try:
                        part = next(result)
                    except StopIteration:
                        return
                yield {"part": part}
        finally:
            with record.working():
                result.close()


def _told(error: LabError, language: str) -> dict[str, Any]:
    """An error of core's as the page gets it, with the range that it names, or the key under which to wait for it."""
    found = {"code": error.code, "sentence": error.sentence(language)}
    named = {"field": "name", "low": "low", "high": "high", "fetch": "fetch"}
    return found | {key: error.values[name] for key, name in named.items() if name in error.values}


def _json(item: dict[str, Any]) -> str:
    return json.dumps(item, ensure_ascii=False, allow_nan=False)
