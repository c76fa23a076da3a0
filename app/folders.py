"""Where the files lie that are not code."""

from __future__ import annotations

from pathlib import Path


def folder(name: str) -> Path:
    """A folder of files that are not code: inside the installed package, else beside it in a checkout."""
    app = Path(__file__).resolve().parent
    packed = app / f"_{name}"
    return packed if packed.is_dir() else app.parent / name
