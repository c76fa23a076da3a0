"""Small files, small functions."""

from __future__ import annotations

import ast
from pathlib import Path
from statistics import median

from tests.house.tree import ROOT, write

FILE_LIMIT, FUNCTION_LIMIT = 300, 50
FILE_MEDIAN, FUNCTION_MEDIAN = 100, 10


def test_no_file_and_no_function_is_too_long() -> None:
    assert size_faults(ROOT) == []


def test_most_are_short() -> None:
    files = median(file_sizes(ROOT).values())
    functions = median(function_sizes(ROOT).values())
    print(f"median lines: file {files}, function {functions}")
    assert files < FILE_MEDIAN
    assert functions < FUNCTION_MEDIAN


def test_one_line_too_many_is_noticed(tmp_path: Path) -> None:
    body = "    x = 1\n"
    write(tmp_path, {"app/short.py": "def f():\n" + 49 * body, "app/long.py": "def f():\n" + 300 * body})
    assert size_faults(tmp_path) == ["app/long.py: 301 lines, 300 allowed", "app/long.py:f: 301 lines, 50 allowed"]


def size_faults(root: Path) -> list[str]:
    found = [(name, size, FILE_LIMIT) for name, size in file_sizes(root).items()]
    found += [(name, size, FUNCTION_LIMIT) for name, size in function_sizes(root).items()]
    return [f"{name}: {size} lines, {limit} allowed" for name, size, limit in found if size > limit]


def file_sizes(root: Path) -> dict[str, int]:
    return {name: len(text.splitlines()) for name, text in sources(root).items() if text}


def function_sizes(root: Path) -> dict[str, int]:
    sizes: dict[str, int] = {}
    for name, text in sources(root).items():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                key = f"{name}:{node.name}"
                sizes[key] = max(sizes.get(key, 0), (node.end_lineno or 0) - node.lineno + 1)
    return sizes


def sources(root: Path) -> dict[str, str]:
    paths = sorted((root / "app").rglob("*.py"))
    return {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in paths}
