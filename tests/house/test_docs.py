"""The documents say what is so: settings, dependencies, commands and links."""

from __future__ import annotations

import ast
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from app.settings import Settings
from tests.house.tree import ROOT, texts

# Loaded by name rather than by import: the driver of a URL, the parser of forms, the data of zoneinfo.
NOT_IMPORTED = {"psycopg", "python-multipart", "tzdata"}
IMPORT_NAME = {"pyyaml": "yaml", "markdown-it-py": "markdown_it"}
SETTINGS = {f"MUSTER_{name.upper()}" for name in Settings.model_fields}
WORD = re.compile(r"\bMUSTER_[A-Z_]+[A-Z]")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_readme_lists_every_setting_and_no_other() -> None:
    assert set(WORD.findall(read("README.md"))) == SETTINGS


@pytest.mark.parametrize("name", ["compose.yaml", "Dockerfile"])
def test_the_containers_set_only_what_exists(name: str) -> None:
    assert set(WORD.findall(read(name))) - SETTINGS == set()


def test_every_setting_says_what_it_is_for() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_every_dependency_has_its_line_and_every_line_its_dependency() -> None:
    listed = re.findall(r"^\| (?!Package |-)(\S+) \| \S.* \| \S.* \|$", read("docs/dependencies.md"), re.MULTILINE)
    assert sorted(listed) == sorted(run_dependencies() | other_dependencies())


def test_every_dependency_to_run_is_used() -> None:
    imported = {module for path in ROOT.glob("app/**/*.py") for module in top_modules(path)}
    imported |= {module for path in ROOT.glob("migrations/**/*.py") for module in top_modules(path)}
    needed = {IMPORT_NAME.get(name, name.replace("-", "_")) for name in run_dependencies() - NOT_IMPORTED}
    assert needed - imported == set()


def test_the_readme_names_the_commands_and_ci_calls_one_of_them() -> None:
    commands = set(re.findall(r"python3 run\.py \w+", read("README.md")))
    assert {"python3 run.py demo", "python3 run.py test", "python3 run.py serve"} <= commands
    assert re.findall(r"^exec (.*)$", read(".ci/run"), re.MULTILINE) == ["python3 run.py test"]


def test_links_between_documents_lead_somewhere() -> None:
    broken = [
        f"{path}: {target}"
        for path, text in texts().items()
        if path.suffix == ".md"
        for target in re.findall(r"\]\(([^)\s#]+)[^)]*\)", text)
        if "://" not in target and not target.startswith("mailto:") and not (ROOT / path.parent / target).exists()
    ]
    assert broken == []


def run_dependencies() -> set[str]:
    return {plain(line) for line in project()["project"]["dependencies"]}


def other_dependencies() -> set[str]:
    groups = project()["dependency-groups"].values()
    python = {plain(line) for group in groups for line in group if isinstance(line, str)}
    package = json.loads(read("package.json"))
    return python | set(package["dependencies"]) | set(package["devDependencies"])


def project() -> dict[str, Any]:
    return tomllib.loads(read("pyproject.toml"))


def plain(requirement: str) -> str:
    return re.split(r"[\[<>=!~; ]", requirement)[0].lower()


def top_modules(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found
