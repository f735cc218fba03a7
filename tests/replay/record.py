"""``python -m tests.replay.record``: make every call on the present program and write ``recorded.json``.

To be run only where an answer is meant to change: the tests compare every later version with this file.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.replay.answers import Caller, running
from tests.replay.calls import CALLS

RECORDED = Path(__file__).with_name("recorded.json")


def written(record: dict[str, Any]) -> str:
    """A record as JSON, one line a call, so that a difference between two records can be read."""

    def line(value: object) -> str:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    calls = ",\n".join(f"{line(name)}:{line(kept)}" for name, kept in record["calls"].items())
    rest = ",\n".join(f"{line(name)}:{line(value)}" for name, value in record.items() if name != "calls")
    return f'{{{rest},\n"calls":{{\n{calls}\n}}}}\n'


def main() -> None:
    """Record all calls."""
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as url:
        caller = Caller(url, Path(folder))
        record: dict[str, Any] = {"endpoints": caller.described(), "calls": {}}
        for call in CALLS:
            record["calls"][call.name] = caller.kept(call)
            print(f"{call.name}: {json.dumps(record['calls'][call.name], ensure_ascii=False)[:100]}", file=sys.stderr)
        record["service"] = caller.service()
        caller.close()
    RECORDED.write_text(written(record), "utf-8")


if __name__ == "__main__":
    main()
