"""The repository holds our own text, tied to no registry and to nobody's machine."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.house.tree import ROOT, texts, tracked, write

LINE_LIMIT = 1_000  # nobody writes longer ones; minifiers do
FOREIGN = re.compile(
    r"(^|/)(node_modules|vendor|site-packages|\.venv)/|[.-]min\.(js|css)$|\.(woff2?|ttf|otf|map|whl|tgz|jar)$"
)
REGISTRY = re.compile(
    r"\b(pypi|npmjs|pythonhosted|yarnpkg|unpkg|jsdelivr|cdnjs)\.\w+|\bregistry\.\w+\.\w+", re.IGNORECASE
)
MACHINE = re.compile(r"(?<![\w.~:/$}-])/(work|root|home|Users)/\w|\b[A-Z]:\\Users\\", re.IGNORECASE)


def test_the_tree_is_clean() -> None:
    assert tree_faults(ROOT) == []


def test_the_locks_hold_hashes_and_no_address() -> None:
    locks = sorted((ROOT / "requirements").iterdir())
    assert [path.name for path in locks] == ["build.lock", "dev.lock", "prod.lock", "uv.lock.txt"]
    for path in locks:
        text = path.read_text(encoding="utf-8")
        assert "://" not in text, path.name
        pins = re.findall(r"^\S+==\S+", text, re.MULTILINE)
        assert pins, path.name
        assert len(re.findall(r"^\S+==.*\\\n\s+--hash=sha256:", text, re.MULTILINE)) == len(pins), path.name
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text(encoding="utf-8")


def test_the_smaller_locks_pin_what_the_tests_ran_on() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^[^\s;#]+==[^\s;]+", (ROOT / "requirements" / name).read_text(encoding="utf-8"), re.M))

    assert pins("prod.lock") | pins("build.lock") | pins("uv.lock.txt") <= pins("dev.lock")


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("static/vendor/htmx.js", "x", "not ours"),
        ("static/js/htmx.min.js", "x", "not ours"),
        ("static/inter.woff2", "x", "not ours"),
        ("static/js/big.js", "x" * 1_001, "line 1 is longer than 1000"),
        ("docs/a.md", "ok\nsee https://py" + "pi.org/project/x\n", "line 2 names a registry"),
        ("app/a.py", 'PATH = "/ho' + 'me/ann/muster"\n', "line 1 is a path of somebody's machine"),
    ],
)
def test_what_does_not_belong_is_noticed(tmp_path: Path, name: str, text: str, fault: str) -> None:
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    assert tree_faults(write(tmp_path, {name: text})) == [f"{name}: {fault}"]


def tree_faults(root: Path) -> list[str]:
    faults = [f"{path.as_posix()}: not ours" for path in tracked(root) if FOREIGN.search(path.as_posix())]
    for path, text in texts(root).items():
        for number, line in enumerate(text.splitlines(), start=1):
            if len(line) > LINE_LIMIT:
                faults.append(f"{path.as_posix()}: line {number} is longer than {LINE_LIMIT}")
            if REGISTRY.search(line):
                faults.append(f"{path.as_posix()}: line {number} names a registry")
            if MACHINE.search(line):
                faults.append(f"{path.as_posix()}: line {number} is a path of somebody's machine")
    return faults
