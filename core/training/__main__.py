"""``python -m core.training NAME``: train one of the models and write its folder."""

from __future__ import annotations

import os
import sys

# Page faults of freed and re-requested memory can dominate training on a CPU; glibc reads these at start only.
ALLOCATOR = {"MALLOC_MMAP_THRESHOLD_": "4294967296", "MALLOC_TRIM_THRESHOLD_": "8589934592"}


def keep_freed_memory() -> None:
    """Start this process anew with the allocator's variables, where they are not set."""
    if sys.platform == "linux" and not ALLOCATOR.keys() <= os.environ.keys():
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], {**ALLOCATOR, **os.environ})


if __name__ == "__main__":
    keep_freed_memory()
    from core.training.command import main

    sys.exit(main(sys.argv[1:]))
