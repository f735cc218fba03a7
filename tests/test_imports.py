"""Imports go down only: app → tabs → viewers, figures, texts, feedback → core; inside core likewise."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FILES = sorted(
    path
    for path in (ROOT / "app.py", *(ROOT / "core").rglob("*.py"), *(ROOT / "components").rglob("*.py"))
    if path.is_file()
)
NAMES = [".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in FILES]
LEVELS = {
    "settings": 0,
    "errors": 0,
    "results": 0,
    "catalog": 1,
    "devices": 1,
    "hub": 2,
    "loading": 3,
    "registry": 4,
    "zerogpu": 4,
    "lab": 5,
}
HEAVY = {"torch", "transformers", "safetensors", "tokenizers", "datasets", "sklearn", "huggingface_hub", "foolbox"}
BEFORE_THE_PORT = [
    "core.settings",
    "core.errors",
    "core.spec",
    "core.catalog",
    "core.devices",
    "core.memory",
    "core.entries",
    "core.registry",
    "core.lab",
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
    """Those of ``modules`` that are files of this project, packages' empty ``__init__`` apart."""
    return {
        module for module in modules if module in known and module not in ("core", "components", "components.viewers")
    }


def layer(module: str) -> int:
    """0 core, 1 what tabs are made of, 2 tabs, 3 the app."""
    if module == "app":
        return 3
    if module.startswith("core"):
        return 0
    return 2 if module.endswith("_tab") else 1


def faults(module: str, source: str, known: set[str]) -> list[str]:
    """What ``module`` imports and must not."""
    modules = imported(source, module)
    found = [f"{module} imports gradio" for name in modules if layer(module) == 0 and name.split(".")[0] == "gradio"]
    for other in sorted(ours(modules, known) - {module}):
        if layer(other) > layer(module):
            found.append(f"{module} imports {other}, which stands above it")
        if layer(other) == layer(module) == 2:
            found.append(f"{module} imports the tab {other}")
        if layer(module) == layer(other) == 0:
            found += core_faults(module, other)
    return found


def core_faults(module: str, other: str) -> list[str]:
    """The ladder inside core: settings, errors → catalog, devices → loading → registry → lab."""
    mine, theirs = module.split(".")[1], other.split(".")[1]
    if mine in LEVELS and theirs in LEVELS and LEVELS[theirs] > LEVELS[mine]:
        return [f"{module} imports {other}, which stands above it"]
    if mine in ("settings", "errors", "results"):
        return [f"{module} imports {other}, and must import nothing of ours"]
    if mine not in LEVELS and theirs in ("registry", "lab", "loading") and mine != "training":
        return [f"{module} imports {other}: it must be handed a model, not look one up"]
    if theirs == "training" and mine in LEVELS:
        return [f"{module} imports {other}: loading a model needs no training"]
    return []


@pytest.mark.parametrize(("path", "module"), list(zip(FILES, NAMES, strict=True)), ids=NAMES)
def test_imports_go_down_only(path: Path, module: str) -> None:
    assert faults(module, path.read_text("utf-8"), set(NAMES)) == []


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
        ("core.metrics", "import components.texts", "stands above it"),
        ("components.texts", "from components import cifar_tab", "stands above it"),
        ("components.cifar_tab", "from components.learn_tab import build", "imports the tab"),
        ("components.cifar_tab", "from .learn_tab import build", "imports the tab"),
        ("components.cifar_tab", "import app", "stands above it"),
        ("core.errors", "from core.settings import Settings", "nothing of ours"),
        ("core.loading", "from core import registry", "stands above it"),
        ("core.attention", "from core.registry import Registry", "must be handed a model"),
    ],
)
def test_this_test_sees_a_wrong_import(module: str, source: str, expected: str) -> None:
    known = {
        *("app", "components.texts", "components.cifar_tab", "components.learn_tab", "core.metrics", "core.errors"),
        *("core.settings", "core.registry", "core.loading", "core.attention"),
    }
    assert any(expected in fault for fault in faults(module, source, known))


def test_this_test_allows_what_is_right() -> None:
    source = "import gradio\nfrom core.lab import Lab\nfrom components.texts import say"
    assert faults("components.cifar_tab", source, {"core.lab", "components.texts", "components.cifar_tab"}) == []
