"""Imports only point down, each layer names only the packages it may, and time arrives as an argument."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.tree import ROOT, write

GROUND = {"errors", "settings", "db", "storage", "folders", "shipped", "stored"}
BELOW_ENTRYPOINTS = GROUND | {"documents", "queries", "actions", "models", "notify", "rules", "plan"}

# Layer: what it may import of `app`. `plan.terms` is that module alone.
MAY_IMPORT: dict[str, set[str]] = {
    "plan": {"plan"},
    "rules": {"rules", "plan"},
    "models": {"models", "plan.terms"},
    "notify": {"notify"},
    "errors": set(),
    "settings": set(),
    "storage": {"errors"},
    "db": {"models"},
    "folders": set(),
    "shipped": {"folders", "rules", "errors"},
    "stored": {"stored", "models", "rules", "plan", "errors"},
    "request": {"db", "settings", "storage"},
    "admission": {"request", "queries", "actions", "rules", "errors"},
    "queries": {"queries", "stored", "models", "rules", "plan", "errors"},
    "actions": {"actions", "stored", "models", "notify", "rules", "plan", "errors", "storage", "db", "settings"},
    "documents": {"documents", "folders", "queries", "actions", "rules", "plan", "errors"},
    "web": {"web", "request", "admission"} | BELOW_ENTRYPOINTS,
    "api": {"api", "request", "admission"} | BELOW_ENTRYPOINTS,
    "worker": {"worker"} | BELOW_ENTRYPOINTS,
    "demo": {"demo"} | BELOW_ENTRYPOINTS,
    "main": {"main", "web", "api", "worker"} | BELOW_ENTRYPOINTS,
    "serving": {"main", "worker", "demo"} | BELOW_ENTRYPOINTS,
    "cli": {"cli", "serving"} | BELOW_ENTRYPOINTS,
}
KNOWS_THE_TIME = {"request", "web", "api", "worker", "demo", "main", "serving", "cli"}

# The pure layers: the only packages they may name, and the parts of the standard library they may not.
PURE = {"plan": {"yaml", "holidays"}, "rules": {"holidays"}}
IMPURE = set(
    "io os pathlib socket ssl http subprocess sqlite3 threading asyncio tempfile shutil random secrets".split()  # noqa: SIM905
)
# Elsewhere below the entrypoints: what belongs to a request.
OF_A_REQUEST = {"fastapi", "starlette", "uvicorn", "typer", "jinja2"}
ROWS = {"sqlmodel", "sqlalchemy"}
NEVER = {
    "models": OF_A_REQUEST,
    "queries": OF_A_REQUEST,
    "actions": OF_A_REQUEST,
    "documents": OF_A_REQUEST - {"jinja2"} | ROWS,
    "notify": OF_A_REQUEST - {"jinja2"} | ROWS,
    "db": OF_A_REQUEST,
    "storage": OF_A_REQUEST | ROWS,
}


def test_the_layers_hold() -> None:
    assert layer_faults(ROOT) == []


@pytest.mark.parametrize(
    ("path", "line", "fault"),
    [
        ("app/plan/a.py", "from app.rules import x", "plan may not import app.rules"),
        ("app/plan/a.py", "import sqlalchemy", "plan may not name sqlalchemy"),
        ("app/plan/a.py", "import pathlib", "plan may not name pathlib"),
        ("app/rules/a.py", "import app.models.tasks", "rules may not import app.models.tasks"),
        ("app/rules/a.py", "import yaml", "rules may not name yaml"),
        ("app/models/a.py", "from app.plan import terms, load", "models may not import app.plan.load"),
        ("app/queries/a.py", "from app import actions", "queries may not import app.actions"),
        (
            "app/actions/a.py",
            "def f():\n    from app.queries.tasks import x",
            "actions may not import app.queries.tasks",
        ),
        ("app/actions/a.py", "import fastapi", "actions may not name fastapi"),
        ("app/actions/a.py", "from ..web import site", "actions may not import app.web"),
        ("app/actions/a.py", "x = datetime.now(UTC)", "actions may not ask for the time"),
        ("app/rules/a.py", "f = dt.date.today", "rules may not ask for the time"),
        ("app/queries/a.py", "x = time.time()", "queries may not ask for the time"),
        ("app/queries/a.py", "from time import time", "queries may not ask for the time"),
        ("app/web/a.py", "from app.cli import main", "web may not import app.cli"),
        ("app/helpers.py", "x = 1", "helpers has no place among the layers"),
    ],
)
def test_a_step_out_of_line_is_noticed(tmp_path: Path, path: str, line: str, fault: str) -> None:
    found = layer_faults(write(tmp_path, {path: line + "\n"}))
    assert found == [f"{path}:{2 if 'def f' in line else 1}: {fault}"]


def test_what_is_allowed_is_not_a_fault(tmp_path: Path) -> None:
    allowed = {
        "app/models/a.py": "import sqlmodel\nfrom app.plan import terms\nfrom app.plan.terms import X\n",
        "app/rules/a.py": "from zoneinfo import ZoneInfo\nfrom app.plan import Playbook\n",
        "app/worker/a.py": "from app.actions import jobs\nx = datetime.now(UTC)\n",
    }
    assert layer_faults(write(tmp_path, allowed)) == []


def layer_faults(root: Path) -> list[str]:
    faults = []
    for path in sorted((root / "app").rglob("*.py")):
        name = path.relative_to(root)
        layer = name.parts[1].removesuffix(".py")
        if layer == "__init__":
            continue
        if layer not in MAY_IMPORT:
            faults.append(f"{name.as_posix()}:1: {layer} has no place among the layers")
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found = [*import_faults(layer, name, tree), *([] if layer in KNOWS_THE_TIME else clock_faults(tree))]
        faults += [f"{name.as_posix()}:{line}: {layer} may not {what}" for line, what in sorted(found)]
    return faults


def import_faults(layer: str, name: Path, tree: ast.AST) -> Iterator[tuple[int, str]]:
    for line, module in imports(name, tree):
        if module == "app" or module.startswith("app."):
            if not any(f"{module}.".startswith(f"app.{allowed}.") for allowed in MAY_IMPORT[layer]):
                yield line, f"import {module}"
        elif not may_name(layer, top := module.split(".")[0]):
            yield line, f"name {top}"


def may_name(layer: str, package: str) -> bool:
    if layer in PURE:
        return package not in IMPURE if package in sys.stdlib_module_names else package in PURE[layer]
    return package not in NEVER.get(layer, set())


def imports(name: Path, tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and full name of every import, also inside functions. `from app import x` is `app.x`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = list(name.parts[: -node.level]) if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            # `from app import x` and `from app.plan import terms` name modules; so may every other `from`.
            if module in ("app", "app.plan"):
                yield from dict.fromkeys((node.lineno, f"{module}.{alias.name}") for alias in node.names)
            else:
                yield node.lineno, module


def clock_faults(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner = getattr(node.value, "id", getattr(node.value, "attr", ""))
            asked = (owner in ("datetime", "date") and node.attr in ("now", "utcnow", "today")) or (
                owner == "time" and node.attr in ("time", "time_ns", "localtime", "gmtime")
            )
        else:
            asked = isinstance(node, ast.ImportFrom) and node.module == "time"
        if asked:
            yield getattr(node, "lineno", 0), "ask for the time"
