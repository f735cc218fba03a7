"""``python -m core.training NAME``: train one of the models and write its folder."""

from __future__ import annotations

import os
import sys

# Page faults of freed and re-requested memory can dominate training on a CPU; glibc reads these at start only.
# Threads that spin while they wait cost several times what they compute where other programs want the cores too.
AT_START = {
    "MALLOC_MMAP_THRESHOLD_": "4294967296",
    "MALLOC_TRIM_THRESHOLD_": "8589934592",
    "OMP_WAIT_POLICY": "PASSIVE",
}


def start_well() -> None:
    """Start this process anew with the allocator's and the threads' variables, where they are not set."""
    if sys.platform == "linux" and not AT_START.keys() <= os.environ.keys():
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], {**AT_START, **os.environ})


if __name__ == "__main__":
    start_well()
    from core.training.command import main

    sys.exit(main(sys.argv[1:]))
