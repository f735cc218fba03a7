"""How the suite is shared among worker processes, and which tests are of which kind.

The whole suite runs in one worker a core; a file, or whatever else the command line names, runs in one process, and so
does everything with ``-n 0`` or ``-p no:xdist``. A file's tests stay together and in order, since they share an app and
its models, and tests that watch their process or change its state may count on that.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import NoReturn

import pytest

TESTS = Path(__file__).parent
MOST = 4  # workers: each holds an app, its models and a browser
SLOW = 25  # tests at most that need another service, or minutes
# What takes longest begins first, or one worker would still be at it when the others have nothing left to do.
LONGEST = ("test_attention.py", "test_accessibility.py", "test_cifar.py", "test_recovery.py")

if "PYTEST_XDIST_WORKER" in os.environ:  # the other cores have workers of their own; read when torch is imported
    os.environ.setdefault("OMP_NUM_THREADS", "1")


def absent(service: str) -> NoReturn:
    """Skip the test that needs ``service``; where ``CI`` is true fail it, since a check that does not run is none."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"there is no {service}, and a check that does not run is no check")
    pytest.skip(f"needs {service}")


def workers() -> int:
    """One for each core that this process may use, within reason."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, MOST)


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Choose the number of workers where the command line leaves it open, and keep each file in one of them."""
    if not config.pluginmanager.hasplugin("xdist"):
        return
    option = config.option
    whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    if option.numprocesses is None and whole and not option.collectonly and not option.usepdb and workers() > 1:
        option.numprocesses = workers()
    if option.numprocesses and option.dist == "no":
        option.dist, option.loadscopereorder = "loadfile", False


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark tests by their folder, and leave out the long ones unless ``-m`` speaks of them."""
    for item in items:
        for kind in ("browser", "gpu"):
            if TESTS / kind in item.path.parents:
                item.add_marker(kind)
    if "long" not in config.option.markexpr:
        long = [item for item in items if item.get_closest_marker("long")]
        if long:
            config.hook.pytest_deselected(items=long)
            items[:] = [item for item in items if item not in long]
    if hasattr(config, "workerinput"):
        items.sort(key=_turn)  # a stable order: a file's tests keep theirs


def _turn(item: pytest.Item) -> tuple[bool, int]:
    """Pages first, since a worker's browser ends when it comes to other tests; the longest files first among them."""
    place = LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST)
    return item.get_closest_marker("browser") is None, place


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Tests of a GPU need one."""
    if item.get_closest_marker("gpu"):
        import torch

        if not torch.cuda.is_available():
            pytest.skip("needs CUDA")
