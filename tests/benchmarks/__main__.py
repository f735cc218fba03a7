"""``python -m tests.benchmarks [NAME …]``: run all benchmarks, or those named. Each prints ratios to a peer."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from pathlib import Path


def main(wanted: list[str]) -> None:
    """Run the ``main()`` of each module here whose name is wanted."""
    found = [module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)])]
    names = sorted(name for name in found if not name.startswith("_"))
    unknown = set(wanted) - set(names)
    if unknown:
        sys.exit(f"no benchmark {', '.join(sorted(unknown))}; there are: {', '.join(names)}")
    for name in wanted or names:
        print(f"\n{name}")
        importlib.import_module(f"tests.benchmarks.{name}").main()


main(sys.argv[1:])
