"""Keeps gradio from writing type stubs when it is imported, which is a third of what its import costs.

Beside each class of components gradio keeps a ``.pyi`` that tells editors of its events: at every import it parses the
sources of all of them, and the stubs too, to see whether one has changed. A program that runs has no use for them, and
may not write where it is installed.
"""

from __future__ import annotations

import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

MODULE, WRITER = "gradio.component_meta", "create_or_modify_pyi"


class _Finder(MetaPathFinder):
    """Finds that one module, and takes the writer out of it once it has run."""

    def find_spec(self, fullname: str, path: Any = None, target: ModuleType | None = None) -> ModuleSpec | None:
        """The module's own spec, whose loader does one thing more."""
        if fullname != MODULE:
            return None
        sys.meta_path.remove(self)
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is None or spec.loader is None:
            return None
        run = spec.loader.exec_module

        def run_and_replace(module: ModuleType) -> None:
            run(module)
            setattr(module, WRITER, lambda *arguments: None)

        spec.loader.exec_module = run_and_replace  # type: ignore[method-assign]
        return spec


def skip_stubs() -> None:
    """From now on gradio, not imported yet, writes none; where it was imported before, nothing changes."""
    if MODULE not in sys.modules:
        sys.meta_path.insert(0, _Finder())
