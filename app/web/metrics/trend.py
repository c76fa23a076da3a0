"""The geometry of a trend: where in the picture each figure, line and mark stands. Widths in percent, heights in px."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from app.rules.clock import plain_day
from app.rules.metrics.readings import Stretch

HEIGHT: Final = 132
SMALL: Final = 56
_AIR: Final = 0.1
_APART: Final = 13


@dataclass(frozen=True)
class Dot:
    """One figure. `kind`: counts, left-out, otherwise (another definition) or partial (not of all places)."""

    first: date
    last: date
    value: Decimal
    kind: str = "counts"


@dataclass(frozen=True)
class Drawn:
    """What a trend is drawn from: `lives` are go-lives, `without` stretches that are left out, `cuts` the days from
    which another definition holds.
    """

    dots: Sequence[Dot]
    baseline: Decimal | None = None
    target: Decimal | None = None
    lives: Sequence[date] = ()
    without: Sequence[Stretch] = ()
    cuts: Sequence[date] = ()


def span_of(drawn: Sequence[Drawn]) -> Stretch | None:
    """The first and the last day of several trends, for one axis of time."""
    days = [day for one in drawn for dot in one.dots for day in (dot.first, dot.last)]
    return (min(days), max(days)) if days else None


def reach_of(drawn: Sequence[Drawn]) -> tuple[float, float] | None:
    """The least and the greatest value of several trends, with what they are compared to."""
    values = [float(dot.value) for one in drawn for dot in one.dots]
    values += [float(value) for one in drawn for value in (one.baseline, one.target) if value is not None]
    return (min(values), max(values)) if values else None


def trend(
    drawn: Drawn,
    *,
    height: int = HEIGHT,
    span: Stretch | None = None,
    reach: tuple[float, float] | None = None,
) -> dict[str, Any] | None:
    """Everything the picture needs; None without a figure. `span` and `reach` are those of a shared axis."""
    days, values = span or span_of([drawn]), reach or reach_of([drawn])
    if days is None or values is None or not drawn.dots:
        return None
    scale = _Scale(days, values, height)
    dots = sorted(drawn.dots, key=lambda dot: (dot.last, dot.first))
    told = [dot for dot in dots if dot.kind in ("counts", "partial")]
    return {
        "height": height,
        "lines": _lines(scale, told, drawn.cuts),
        "hollow": [{"x": scale.x(dot.last), "y": scale.y(dot.value)} for dot in dots if dot.kind != "counts"],
        "last": _last(scale, told),
        "baseline": _level(scale, drawn.baseline, above=_higher(drawn.baseline, drawn.target)),
        "target": _level(scale, drawn.target, above=not _higher(drawn.baseline, drawn.target)),
        "lives": [scale.x(day) for day in sorted(set(drawn.lives)) if scale.holds(day)],
        "without": [_band(scale, one) for one in drawn.without if scale.holds(one[0]) or scale.holds(one[1])],
        "cuts": [scale.x(day) for day in sorted(set(drawn.cuts)) if scale.holds(day)],
        "from": f"{plain_day(days[0])} {days[0].year}",
        "to": f"{plain_day(days[1])} {days[1].year}",
    }


def _higher(baseline: Decimal | None, target: Decimal | None) -> bool:
    return baseline is None or target is None or baseline >= target


class _Scale:
    def __init__(self, days: Stretch, values: tuple[float, float], height: int) -> None:
        self.first, self.last, self.height = *days, height
        self.length = max(1, (self.last - self.first).days)
        low, high = values
        air = (high - low) * _AIR or abs(high) * _AIR or 1.0
        self.low, self.high = low - air, high + air

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last

    def x(self, day: date) -> float:
        return round(min(100.0, max(0.0, (day - self.first).days / self.length * 100)), 2)

    def y(self, value: Decimal) -> float:
        return round((self.high - float(value)) / (self.high - self.low) * self.height, 1)


def _lines(scale: _Scale, told: Sequence[Dot], cuts: Sequence[date]) -> list[str]:
    """The curve, cut where another definition begins; x from 0 to 1000."""
    pieces: list[list[Dot]] = [[]]
    for before, dot in zip((None, *told), told, strict=False):
        if before and any(before.last < cut <= dot.last for cut in cuts):
            pieces.append([])
        pieces[-1].append(dot)
    return [
        " ".join(f"{round(scale.x(dot.last) * 10, 1)},{scale.y(dot.value)}" for dot in piece)
        for piece in pieces
        if len(piece) > 1
    ]


def _last(scale: _Scale, told: Sequence[Dot]) -> dict[str, Any] | None:
    if not told:
        return None
    x, y = scale.x(told[-1].last), scale.y(told[-1].value)
    return {"x": x, "y": y, "label": max(12.0, y - 9), "late": x > 50}


def _level(scale: _Scale, value: Decimal | None, *, above: bool) -> dict[str, float] | None:
    if value is None:
        return None
    y = scale.y(value)
    # Above its line, or below it where another one stands above; never outside of the picture.
    over = y > _APART if above else y + _APART > scale.height
    return {"y": y, "label": round(y - 4 if over else y + _APART, 1)}


def _band(scale: _Scale, days: Stretch) -> dict[str, float]:
    first, last = scale.x(max(days[0], scale.first)), scale.x(min(days[1] + timedelta(days=1), scale.last))
    return {"x": first, "width": round(max(last - first, 0.6), 2)}
