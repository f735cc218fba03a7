"""Types of the page's questions for its modules: ``python -m tools.types`` writes ``viewers/lib/questions.d.ts``.

They are made from the pydantic models, so that ``tsc`` finds a question that no handler knows.
"""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any, get_args

from pydantic import TypeAdapter

from components.page.questions import Question, union_of

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "assets" / "viewers" / "lib" / "questions.d.ts"
PLAIN = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}
TOP = "// Written by `python -m tools.types` from the questions in components/*/*questions.py.\n"


def type_of(schema: dict[str, Any]) -> str:
    """The TypeScript of one part of a JSON schema. KeyError for a kind of schema that no question has yet."""
    if "const" in schema:
        return json.dumps(schema["const"])
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(type_of(option) for option in schema["anyOf"]))
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if schema.get("type") == "array":
        if "prefixItems" in schema:
            return f"[{', '.join(type_of(item) for item in schema['prefixItems'])}]"
        return f"({type_of(schema['items'])})[]"
    if schema.get("type") == "object":
        if "properties" in schema:
            return _fields(schema)
        return f"Record<string, {type_of(schema['additionalProperties'])}>"
    return PLAIN[schema["type"]]


def _fields(schema: dict[str, Any]) -> str:
    needed = {*schema.get("required", ()), "want"}
    lines = []
    for name, field in schema["properties"].items():
        bounds = [f"{sign} {field[key]}" for key, sign in (("minimum", "≥"), ("maximum", "≤")) if key in field]
        note = f" // {', '.join(bounds)}" if bounds else ""
        lines.append(f"  {name}{'' if name in needed else '?'}: {type_of(field)};{note}")
    return "\n".join(["{", *lines, "}"])


def written(union: TypeAdapter[Question]) -> str:
    """The file's text for a union of questions."""
    schema = union.json_schema()
    definitions = schema.pop("$defs", None) or {schema["title"]: schema}
    parts = []
    for name, one in sorted(definitions.items()):
        said = " ".join(one.get("description", "").split())
        note = f"/** {said} */\n" if said else ""
        parts.append(f"{note}export type {name} = {type_of(one)};\n")
    wanted = sorted(name for name, one in definitions.items() if "want" in one.get("properties", {}))
    parts.append(f"export type Question =\n{chr(10).join(f'  | {name}' for name in wanted)};\n")
    return "\n".join([TOP, *parts])


def questions() -> list[type[Question]]:
    """Every question of ``components/*/*questions.py``."""
    names = [f"components.{path.parent.name}.{path.stem}" for path in sorted(ROOT.glob("components/*/*questions.py"))]
    found = [value for name in names for value in vars(import_module(name)).values()]
    kinds = [one for one in found if isinstance(one, type) and issubclass(one, Question)]
    return [one for one in kinds if get_args(one.model_fields["want"].annotation)]  # what they share has no name


def of_the_app() -> str:
    """The file's text for the app's own questions."""
    return written(union_of(dict.fromkeys(questions())))


if __name__ == "__main__":
    TARGET.write_text(of_the_app(), "utf-8")
    print(TARGET)
