"""Arrows of what waits for what, drawn line by line: every line carries its own piece, so that lines may grow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Line = dict[str, Any]


def draw(lines: Sequence[Line], pairs: Iterable[tuple[str, str]]) -> None:
    """Add to the lines (in the order of the page, headings too) the arrows from one id to another. What does not lie
    within the weeks shown has none.
    """
    at: Mapping[str, int] = {line["id"]: number for number, line in enumerate(lines)}
    for source, target in pairs:
        if source in at and target in at and source != target:
            _arrow(lines, at[source], at[target])


def _arrow(lines: Sequence[Line], source: int, target: int) -> None:
    from_x, to_x = _end(lines[source]), _begin(lines[target])
    if from_x is None or to_x is None:
        return
    down = source < target
    _add(lines[source]["rails"], {"x": from_x, "part": "bottom" if down else "top"})
    for number in range(min(source, target) + 1, max(source, target)):
        _add(lines[number]["rails"], {"x": from_x, "part": "all"})
    _add(lines[target]["rails"], {"x": from_x, "part": "top" if down else "bottom"})
    _add(lines[target]["arms"], {"from": from_x, "to": to_x, "back": to_x < from_x})


def _add(pieces: list[Line], piece: Line) -> None:
    """Arrows that run over each other are drawn once."""
    if piece not in pieces:
        pieces.append(piece)


def _end(line: Line) -> float | None:
    bar = line.get("bar")
    return round(bar[0] + bar[1], 2) if bar else None


def _begin(line: Line) -> float | None:
    bar = line.get("bar")
    return bar[0] if bar else None
