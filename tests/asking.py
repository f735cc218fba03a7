"""The page's side of a question in Python: gradio's queue and its stream, as ``viewers/lib/ask.js`` speaks them."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

import httpx

from server.page_files import version


class Page:
    """One page of the app at ``url``: ``said`` and ``answer`` ask; ``join`` some questions, and ``read`` them all."""

    def __init__(self, url: str, **headers: str) -> None:
        self.http = httpx.Client(base_url=url, headers=headers, timeout=120)
        self.session = uuid.uuid4().hex
        config = self.http.get("/config").json()
        events = {event["api_name"]: event for event in config["dependencies"] if event["api_name"]}
        self.lanes = {
            want: event["id"]
            for name, event in events.items()
            if name.startswith("ask_")
            for want in event["api_description"].split()
        }

    def close(self) -> None:
        """End its connections."""
        self.http.close()

    def join(self, ask: dict[str, Any], *, name: str = "", lane: int | None = None, **more: Any) -> tuple[str, str]:
        """Put a question into the queue; its id and its event. ``more``: version, lang, picture, annotation."""
        name = name or uuid.uuid4().hex
        sent = {"id": name, "version": more.get("version", version()), "ask": ask}
        body = {
            "data": [sent, more.get("picture"), more.get("annotation")],
            "fn_index": self.lanes[ask["want"]] if lane is None else lane,
            "session_hash": self.session,
        }
        answer = self.http.post(f"/gradio_api/queue/join?lang={more.get('lang', 'en')}", json=body)
        answer.raise_for_status()
        return name, answer.json()["event_id"]

    def messages(self) -> Iterator[dict[str, Any]]:
        """What the queue says to this page until nothing is pending."""
        with self.http.stream("GET", f"/gradio_api/queue/data?session_hash={self.session}") as stream:
            for line in stream.iter_lines():
                if line.startswith("data:"):
                    message = json.loads(line[5:])
                    if message["msg"] == "close_stream":
                        return
                    yield message

    def read(self) -> dict[str, list[dict[str, Any]]]:
        """By event, every item that was said to it."""
        found: dict[str, list[dict[str, Any]]] = {}
        for message in self.messages():
            if message["msg"] == "process_generating":
                sent = message["output"]["data"][0]
                text = sent if isinstance(sent, str) else sent[0][2]
                found.setdefault(message["event_id"], []).append(json.loads(text))
            assert message.get("success", True), message
        return found

    def said(self, ask: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
        """Every item that is said to one question, its end apart."""
        name, event = self.join(ask, **more)
        items = self.read()[event]
        assert {item["id"] for item in items} <= {name, ""}
        return [item for item in items if "end" not in item]

    def answer(self, ask: dict[str, Any], **more: Any) -> Any:
        """The one answer to a question; KeyError where there was an error."""
        return self.said(ask, **more)[-1]["answer"]
