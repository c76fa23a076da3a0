"""What the house tests look at: the files that are, or would be, in the repository."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def tracked(root: Path = ROOT) -> list[Path]:
    """Tracked files and new ones that git does not ignore, relative to `root`."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout
    return [Path(name) for name in sorted(set(names.split("\0"))) if name and (root / name).is_file()]


def texts(root: Path = ROOT) -> dict[Path, str]:
    """The tracked files that are text."""
    found = {}
    for path in tracked(root):
        try:
            found[path] = (root / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
    return found


def write(root: Path, files: dict[str, str]) -> Path:
    """A small tree for a test that shows that a check notices."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root
