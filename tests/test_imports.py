"""Imports go down only, from room to room: app → server, components → core; inside core from lab down to the root."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FILES = sorted(
    [ROOT / "app.py", *(p for room in ("core", "components", "server") for p in (ROOT / room).rglob("*.py"))]
)
NAMES = [".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in FILES]
KNOWN = set(NAMES)

BELOW: dict[str, set[str]] = {  # room → the rooms that it may import, its own apart
    "root": set(),
    "data": {"root"},
    "networks": {"data", "root"},
    "models": {"networks", "data", "root"},
    "training": {"networks", "data", "root"},
    "text": {"networks", "data", "root"},
    "scene": {"networks", "data", "root"},
    "engines": {"models", "networks", "data", "root"},
    "pictures": {"training", "engines.workers", "networks", "data", "root"},
    "learn": {"text", "scene", "pictures", "networks", "data", "root"},
    "lab": {"engines", "models", "text", "scene", "pictures", "learn", "networks", "data", "root"},
}
PAGE_READS = {
    "server.admission",
    "server.event_log",
    "server.gradio_queue",
    "server.page_files",
    "server.readers",
    "server.sessions",
    "server.upload_store",
}
# What only core/lab may do: lease a model, run work on the engine, keep a result.
MODEL_WORK = re.compile(r"registry\.use|lab\.use|\bengines?\b|\bborrow\w*|lab\.results")
HEAVY = {"torch", "transformers", "safetensors", "tokenizers", "datasets", "sklearn", "huggingface_hub", "foolbox"}
BEFORE_THE_PORT = [
    "core.settings",
    "core.errors",
    "core.texts",
    "core.models.spec",
    "core.models.catalog",
    "core.models.devices",
    "core.models.entries",
    "core.models.registry",
    "core.lab.result_cache",
    "core.lab.lab",
    "core.needs",
    "core.progress",
    "core.engines.engine",
    "core.engines.local",
    "core.engines.zerogpu",
]


def imported(source: str, module: str, top_only: bool = False) -> set[str]:
    """Every module that ``source``, the text of ``module``, imports; blocks for type checkers never run."""
    found: set[str] = set()

    def visit(node: ast.AST) -> None:
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                base = ".".join([*module.split(".")[: -node.level], *filter(None, [base])])
            found.update({base, *(f"{base}.{alias.name}" for alias in node.names)})
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            return
        if top_only and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            return
        for child in ast.iter_child_nodes(node):
            visit(child)

    visit(ast.parse(source))
    return found


def ours(modules: set[str], known: set[str]) -> set[str]:
    """Those of ``modules`` that are files of this project; packages, whose ``__init__`` says nothing, apart."""
    packages = {name.rpartition(".")[0] for name in known}
    return {module for module in modules if module in known and module not in packages - {"core.learn.claims"}}


def house(module: str) -> str:
    """``app``, ``server``, ``components`` or ``core``."""
    return module.split(".")[0]


def room(module: str) -> str:
    """The room inside core; ``root`` for what stands in none."""
    parts = module.split(".")
    return parts[1] if len(parts) > 2 or parts[1] in BELOW else "root"


def faults(module: str, source: str, known: set[str]) -> list[str]:
    """What ``module`` imports and must not."""
    modules = imported(source, module)
    found = [
        f"{module} imports gradio" for name in modules if house(module) == "core" and name.split(".")[0] == "gradio"
    ]
    for other in sorted(ours(modules, known) - {module}):
        found += _fault(module, other)
    return found


def _fault(module: str, other: str) -> list[str]:
    mine, theirs = house(module), house(other)
    above = [f"{module} imports {other}, which stands above it"]
    if theirs == "app":
        return above
    if mine == "core":
        return above if theirs != "core" else _core_fault(module, other)
    if mine == "server":
        return above if theirs == "components" else []
    if mine == "components":
        return _page_fault(module, other)
    return []


def _page_fault(module: str, other: str) -> list[str]:
    """A lab's room uses the page's and the shared room, never another lab's; what it reads of the server is few."""
    place = module.split(".")[1]
    if house(other) == "server":
        return (
            [] if place == "page" and other in PAGE_READS else [f"{module} imports {other}: only the page's room may"]
        )
    if house(other) == "core":
        return []
    theirs = other.split(".")[1]
    if theirs in {place, "page"} or (theirs == "shared" and place != "page"):
        return []
    return [f"{module} imports {other}, of another room"]


def _core_fault(module: str, other: str) -> list[str]:
    mine, theirs = room(module), room(other)
    allowed = BELOW[mine]
    if mine == theirs or theirs in allowed or other.removeprefix("core.") in allowed:
        return []
    return [f"{module} imports {other}: {mine} must not use {theirs}"]


def circles(arrows: dict[str, set[str]]) -> list[list[str]]:
    """Every module that can be reached from itself, with the way back to it."""
    found = []
    for start in sorted(arrows):
        ways, seen = [[start]], set()
        while ways:
            way = ways.pop(0)
            for following in sorted(arrows.get(way[-1], ())):
                if following == start:
                    found.append([*way, start])
                    ways = []
                    break
                if following not in seen:
                    seen.add(following)
                    ways.append([*way, following])
    return found


@pytest.mark.parametrize(("path", "module"), list(zip(FILES, NAMES, strict=True)), ids=NAMES)
def test_imports_go_down_only(path: Path, module: str) -> None:
    assert faults(module, path.read_text("utf-8"), KNOWN) == []


def test_nothing_imports_in_a_circle() -> None:
    arrows = {
        name: ours(imported(path.read_text("utf-8"), name), KNOWN) - {name}
        for path, name in zip(FILES, NAMES, strict=True)
    }
    assert circles(arrows) == []


def model_work(source: str) -> list[str]:
    """Where a text leases, runs or keeps what is core/lab's to lease, run and keep."""
    return sorted(set(MODEL_WORK.findall(source)))


@pytest.mark.parametrize("path", [path for path in FILES if "components" in path.parts], ids=str)
def test_components_ask_the_lab_and_never_lease_run_or_keep_themselves(path: Path) -> None:
    assert model_work(path.read_text("utf-8")) == []


@pytest.mark.parametrize("module", BEFORE_THE_PORT)
def test_what_the_app_needs_before_its_port_answers_is_light(module: str) -> None:
    path = ROOT / (module.replace(".", "/") + ".py")
    tops = {name.split(".")[0] for name in imported(path.read_text("utf-8"), module, top_only=True)}
    assert tops & HEAVY == set()


@pytest.mark.parametrize(
    ("module", "source", "expected"),
    [
        ("core.metrics", "import gradio as gr", "core.metrics imports gradio"),
        ("core.metrics", "def f():\n    from gradio import Tab", "core.metrics imports gradio"),
        ("core.metrics", "import components.page.i18n", "stands above it"),
        ("core.errors", "from core.data.labels import CIFAR10", "root must not use data"),
        ("core.text.attend", "from core.models.registry import Registry", "text must not use models"),
        ("core.models.loading", "from core.lab.lab import Lab", "models must not use lab"),
        ("core.pictures.evaluation", "from core.engines import zerogpu", "pictures must not use engines"),
        ("server.guard", "from components.page.i18n import label", "stands above it"),
        ("components.page.i18n", "from components.cifar import tab", "of another room"),
        ("components.page.i18n", "from server.guard import Guard", "only the page's room may"),
        ("components.cifar.tab", "from server.event_log import recorded", "only the page's room may"),
        ("components.cifar.tab", "from components.learn.tab import build", "of another room"),
        ("components.cifar.tab", "from ..learn.tab import build", "of another room"),
        ("components.cifar.tab", "import app", "stands above it"),
    ],
)
def test_this_test_sees_a_wrong_import(module: str, source: str, expected: str) -> None:
    known = {*KNOWN, "components.learn.tab", "components.cifar.tab"}
    assert any(expected in fault for fault in faults(module, source, known))


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("with lab.registry.use(name) as loaded:", ["registry.use"]),
        ("with lab.use('', 'segmentation') as loaded:", ["lab.use"]),
        ("lab.engine.run(work, loaded)", ["engine"]),
        ("from core.engines.zerogpu import borrow_steps", ["borrow_steps", "engines"]),
        ("lab.results.get(key, compute)", ["lab.results"]),
        ("text.attention(lab, look)", []),
        ("from core.text.results import Attention", []),
    ],
)
def test_this_test_sees_model_work(source: str, found: list[str]) -> None:
    assert model_work(source) == found


def test_this_test_allows_what_is_right() -> None:
    source = "import gradio\nfrom core.lab.lab import Lab\nfrom components.page.i18n import label"
    assert faults("components.cifar.tab", source, KNOWN) == []
    assert faults("core.pictures.evaluation", "from core.engines.workers import workers", KNOWN) == []


def test_this_test_sees_a_circle() -> None:
    arrows = {"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a"}}
    assert circles(arrows) == [["b", "c", "b"], ["c", "b", "c"]]
    assert circles({"a": {"b"}, "b": set()}) == []
