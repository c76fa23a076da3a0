"""The baseline of a place as values for its template: what is captured, what is frozen, and the form that signs it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.models import Baseline
from app.queries.figures.lines import FigureLine
from app.queries.figures.place import PlaceFigures
from app.rules.clock import moment
from app.rules.signoffs import is_fresh
from app.web.figures.at import Spot
from app.web.figures.words import captured_words, days_words, figure_words, window_words, zone_of


def shown_baseline(spot: Spot, page: PlaceFigures, now: datetime) -> dict[str, Any] | None:
    """Nothing where the playbook asks for none."""
    facts, zone = page.baseline, zone_of(page.rollout, page.place)
    if not facts.asked:
        return None
    asked = [line for line in page.lines if line.metric.baseline]
    may = facts.may_sign and spot.open and not facts.missing
    return {
        "rows": [_row(line, page) for line in asked],
        "said": f"{sum(line.captured for line in asked)} of {len(asked)} captured",
        "missing": list(facts.missing),
        "signatures": [_signature(spot, row, zone, now) for row in facts.rows],
        "frozen": facts.frozen is not None,
        "changed": facts.changed and not facts.missing,
        "may": may and (facts.frozen is None or facts.changed),
        "shown": facts.shown,
        "password": not is_fresh(spot.desk.viewer.proven_at, now),
        "address": spot.address("baseline/signature"),
    }


def _row(line: FigureLine, page: PlaceFigures) -> dict[str, Any]:
    row = line.standing
    return {
        "title": line.metric.title,
        "until": window_words(line, page.today),
        "captured": figure_words(row.captured, line.metric.unit) if row and row.captured is not None else "",
        "from": captured_words(line),
        "days": days_words(row.captured_first, row.captured_last) if row else "",
        "complete": line.captured,
        "signed": figure_words(float(line.signed["value"]), line.signed["unit"]) if line.signed else "",
        "otherwise": bool(line.signed and line.signed["definition"] != line.metric.definition),
    }


def _signature(spot: Spot, row: Baseline, zone: str, now: datetime) -> dict[str, Any]:
    """One that is in force, or was before another one took its place."""
    stands = row.replaced_at is None
    return {
        "name": row.name,
        "line": f"Signed and froze baseline {row.number}, {moment(row.at, zone, now)}",
        "state": "stands" if stands else "void",
        "status": "Frozen" if stands else f"Replaced {moment(row.replaced_at, zone, now)}" if row.replaced_at else "",
        "why": f"It took the place of the one before: {row.reason}" if row.reason else "",
        "hash": row.sha256,
        "href": spot.address(f"baseline/{row.number}/content"),
    }
