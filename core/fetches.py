"""What has to come over the network first: fetched in threads of its own, one a key however many ask for it.

Nobody who asks for such a thing waits where model work is done: he is told that it is on its way
(:class:`core.errors.FetchingError`), and may follow it elsewhere under its key.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from core.errors import FetchingError, LabError
from core.network import NoAnswerError, Reach
from core.progress import Progress
from core.stops import Stopped, never

TICK = 0.5  # seconds between two looks at something on its way
KEPT = 60.0  # seconds for which a failure is kept for those who follow it


@dataclass(eq=False)
class _Fetch:
    """One thing on its way, or what became of it."""

    share: float = 0.0
    over: float | None = None  # when it ended
    error: BaseException | None = None
    told: bool = False  # whether somebody has heard of the error


class Fetches:
    """See the module. ``reach`` knows whether the network answers, and is told."""

    def __init__(self, reach: Reach | None = None) -> None:
        self.reach = reach or Reach()
        self._changed = threading.Condition()
        self._all: dict[str, _Fetch] = {}

    def coming(self, key: str, work: Callable[[Progress], object], name: str, unreachable: LabError) -> FetchingError:
        """The error that says that ``name`` is on its way under ``key``; ``work(progress)`` begins where it is not.

        Raises ``unreachable`` where the network is known not to answer, and what the last attempt raised where nobody
        has heard of that yet; whoever asks again after that begins anew.
        """
        with self._changed:
            fetch = self._all.get(key)
            if fetch is None or fetch.over is not None:
                if fetch is not None and fetch.error is not None and not fetch.told:
                    fetch.told = True
                    raise fetch.error
                if self.reach.unreachable():
                    raise unreachable
                fetch = self._all[key] = _Fetch()
                arguments = (fetch, work, unreachable)
                threading.Thread(target=self._run, args=arguments, name=f"fetch {key}", daemon=True).start()
            return FetchingError("app.fetching", name=name, share=round(100 * fetch.share), fetch=key)

    def follow(self, key: str, stopped: Stopped = never) -> Iterator[float]:
        """The share that is there, again and again, until all is there. Raises what went wrong.

        Ends at once for a key of which nothing is known: whoever asks for it then is told how it stands.
        """
        while not stopped():
            with self._changed:
                fetch = self._all.get(key)
                if fetch is None:
                    return
                if fetch.over is not None:
                    if fetch.error is not None:
                        fetch.told = True
                        raise fetch.error
                    return
                share = fetch.share
            yield share
            with self._changed:
                if fetch.over is None:
                    self._changed.wait(TICK)

    def _run(self, fetch: _Fetch, work: Callable[[Progress], object], unreachable: LabError) -> None:
        error: BaseException | None = None

        def report(share: float) -> None:
            fetch.share = min(max(share, fetch.share), 0.99)

        try:
            self.reach.require()
            work(report)
        except NoAnswerError as nobody:
            error = unreachable
            error.__cause__ = nobody
        except BaseException as failure:
            error = failure
        if isinstance(error, LabError) and error.code.endswith(".unreachable"):
            self.reach.found(False)
        with self._changed:
            now = time.monotonic()
            fetch.over, fetch.error = now, error
            self._all = {k: f for k, f in self._all.items() if f.over is None or now - f.over < KEPT}
            self._changed.notify_all()
