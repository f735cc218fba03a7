"""``python -m tests.load``: users at work on the app in a process of its own, and a table of how it went.

Exit code 1 where a call failed that was not told to come back later, or where two users' answers mixed.
"""

from __future__ import annotations

import argparse
import sys
import time
from functools import partial

from tests.load.calls import Call, User, able, together
from tests.load.servers import ROOT, Servers, running
from tests.load.tables import console, is_busy, markdown
from tools.readme import README, put

HEAVY = ("segment", "evaluate")


def classroom(
    names: list[str], users: int, seconds: float, think: float, servers: Servers, first: int = 1
) -> list[Call]:
    """``users`` for ``seconds``, each thinking about ``think`` seconds between two actions; light ones more often.

    Numbered from ``first``: another number asks other things, which no cache knows.
    """
    people = [User(servers.url, number) for number in range(first, first + users)]
    weights = [1 if name in HEAVY else 3 for name in names]
    end = time.monotonic() + seconds

    def work(user: User) -> None:
        time.sleep(user.random.uniform(0, think))
        while time.monotonic() < end:
            user.do(user.random.choices(names, weights)[0])
            time.sleep(user.random.uniform(0.5, 1.5) * think)

    together(people, work)
    for user in people:
        user.close()
    return [call for user in people for call in user.calls]


def burst(users: int, servers: Servers) -> list[Call]:
    """Everybody opens the page and asks one thing at the same moment."""
    people = [User(servers.url, 1000 + number) for number in range(users)]
    together(people, lambda user: (user.do("page"), user.do("attend")))
    for user in people:
        user.close()
    return [call for user in people for call in user.calls]


def many(names: list[str], calls: int, servers: Servers, users: int = 16) -> list[Call]:
    """``calls`` without a pause, each checked to be its asker's own."""
    people = [User(servers.url, 2000 + number) for number in range(users)]

    def work(user: User) -> None:
        for turn in range(calls // users):
            user.do("segment" if "segment" in names and turn % 50 == 0 else "attend")

    together(people, work)
    for user in people:
        user.close()
    return [call for user in people for call in user.calls]


REST = 65.0  # seconds: longer than the pause between two times that freed memory is given back


def soak(servers: Servers, names: list[str], seconds: float) -> None:
    """Users without an end, and what memory and disk do meanwhile.

    Freed memory goes back to the system once a minute, so that the lows tell what grows, and the highs what is in use.
    """
    measured: list[tuple[float, float]] = []  # minutes, megabytes
    print(f"\n{'minute':>7}{'memory MB':>12}{'uploads MB':>12}{'results MB':>12}{'calls':>8}{'errors':>8}")
    start = time.monotonic()
    while time.monotonic() < start + seconds:
        calls = classroom(names, 8, min(60.0, seconds), 2.0, servers, first=int(10 * (time.monotonic() - start)))
        uploads, results = servers.gauge("lab_uploads_bytes") / 10**6, servers.gauge("lab_results_bytes") / 10**6
        errors = sum(bool(call.error) and not is_busy(call) for call in calls)
        minute = (time.monotonic() - start) / 60
        memory = servers.megabytes()
        measured.append((minute, memory))
        print(f"{minute:>7.1f}{memory:>12.0f}{uploads:>12.1f}{results:>12.1f}{len(calls):>8}{errors:>8}")
    quarters = [[size for minute, size in measured if 4 * minute // (seconds / 60) == i] for i in range(4)]
    print("\nlowest in each quarter: " + ", ".join(f"{min(sizes):.0f} MB" for sizes in quarters if sizes))
    time.sleep(REST)


def main() -> int:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=30)
    parser.add_argument("--think", type=float, default=10.0, help="seconds between two actions of a user")
    parser.add_argument("--seconds", type=float, default=300.0, help="of the classroom")
    parser.add_argument("--burst", type=int, default=60, help="users who come at once")
    parser.add_argument("--calls", type=int, default=3000, help="that must not mix")
    parser.add_argument("--soak", type=float, default=0.0, help="seconds; instead of the rest")
    parser.add_argument("--readme", action="store_true", help="write README.md's table, or with 2 replicas deploy/'s")
    parser.add_argument("--replicas", type=int, default=1, choices=(1, 2))
    options = parser.parse_args()
    with running(options.replicas) as servers:
        names, cannot = able(servers.url)
        print(f"replicas: {options.replicas} · actions: {', '.join(names)} · cannot: {', '.join(cannot) or 'none'}")
        before = servers.megabytes()
        if options.soak:
            soak(servers, names, options.soak)
            print(f"memory: {before:.0f} MB before, {servers.megabytes():.0f} MB after {REST:.0f} s of rest")
            return 0
        parts: list[tuple[str, list[Call]]] = []
        for title, run in (
            (f"{options.users} users", partial(classroom, names, options.users, options.seconds, options.think)),
            (f"{options.burst} at once", partial(burst, options.burst)),
            (f"{options.calls} calls", partial(many, names, options.calls)),
        ):
            start = time.perf_counter()
            calls = run(servers)
            parts.append((f"{title}, {len(calls) / (time.perf_counter() - start):.1f} calls a second", calls))
            print(console(*parts[-1]))
        after = servers.megabytes()
    everything = [call for _, calls in parts for call in calls]
    mixed = sum(call.error == "MIXED" for call in everything)
    failed = sum(bool(call.error) and not is_busy(call) for call in everything)
    last = f"Memory: {before:.0f} MB before, {after:.0f} MB after. Answers that were somebody else's: {mixed}."
    print(f"\n{last} Errors: {failed}.")
    if options.readme:
        page = README if options.replicas == 1 else ROOT / "deploy" / "README.md"
        page.write_text(put(page.read_text("utf-8"), f"load-{options.replicas}", markdown(parts, last)), "utf-8")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
