"""Figures that other centres share beside the reader's own: one small table for each metric."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from app.plan.format.metrics import Metric
from app.queries.shared import Neighbour, SharedFigure
from app.rules.clock import MINUS, NBSP
from app.rules.metrics.beside import Figure, titles
from app.rules.metrics.periods import period_words

NOTHING: Final = "\u2013"


def shown_figures(others: Iterable[Neighbour]) -> list[dict[str, Any]]:
    """A table for each metric: the reader's own centres first, then those that share it."""
    by_metric: dict[str, list[tuple[str, SharedFigure]]] = {}
    for one in others:
        for figure in {each.figure.metric.id: each for share in one.shares for each in share.figures}.values():
            by_metric.setdefault(figure.figure.metric.id, []).append((one.name, figure))
    return [_table(found) for found in by_metric.values()]


def _table(found: list[tuple[str, SharedFigure]]) -> dict[str, Any]:
    metric, own = found[0][1].figure.metric, found[0][1].own
    based = titles(*(one.figure.metric for _, one in found), *(one.metric for one in own.values()))
    rows = [_row(f"{name} (yours)", figure, bool(based)) for name, figure in own.items()]
    rows += [_row(name, one.figure, bool(based)) for name, one in found]
    return {
        "title": metric.title,
        "based": bool(based),
        "rows": rows,
        "warnings": [
            f"{place} and {name}: do not compare. {' '.join(why)}"
            for place, one in found
            for name, why in one.differs.items()
        ],
    }


def _row(name: str, figure: Figure, based: bool) -> list[str]:
    metric = figure.metric
    if figure.latest is None or figure.first is None or figure.last is None:
        cells = ["No figure yet", "", _baseline(figure), ""]
    else:
        days = period_words((figure.first, figure.last))
        cells = [_worded(figure.latest, metric), days, _baseline(figure), _changed(figure)]
    basis = [_basis(figure)] if based else []
    return [name, *cells, _target(figure), *basis]


def _baseline(figure: Figure) -> str:
    if figure.baseline is None and figure.metric.baseline:
        return "not signed yet"
    return _worded(figure.baseline, figure.metric)


def _changed(figure: Figure) -> str:
    """`−1.5 days (−12.5 %), better`."""
    change = figure.change
    if change is None:
        return NOTHING
    percent = f" ({_signed(change.percent, 1)}{NBSP}%)" if change.percent is not None else ""
    way = {True: ", better", False: ", worse", None: ""}[change.better]
    unit = f"{NBSP}{_unit(figure.metric)}" if _unit(figure.metric) else ""
    return f"{_signed(change.by)}{unit}{percent}{way}"


def _unit(metric: Metric) -> str:
    """A difference of two shares is in points."""
    return "points" if metric.unit == "%" else metric.unit or ""


def _target(figure: Figure) -> str:
    if figure.target is None:
        return "none"
    by = f"by {period_words((figure.by, figure.by))}" if figure.by else "no date set"
    return f"{_worded(figure.target, figure.metric)}, {by}"


def _basis(figure: Figure) -> str:
    named = [f"{title}: {figure.basis[id_]}" for id_, title in titles(figure.metric).items() if id_ in figure.basis]
    return "; ".join([f"Definition {figure.metric.definition}", *named])


def _worded(value: Decimal | None, metric: Metric) -> str:
    if value is None:
        return NOTHING
    return f"{_plain(value)}{NBSP}{metric.unit}" if metric.unit else _plain(value)


def _signed(value: Decimal, digits: int = 2) -> str:
    return f"+{_plain(value, digits)}" if value > 0 else _plain(value, digits)


def _plain(value: Decimal, digits: int = 2) -> str:
    """At most two decimals, and none that say nothing: `1,753.5`."""
    whole = value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    text = f"{whole:,f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", MINUS)
