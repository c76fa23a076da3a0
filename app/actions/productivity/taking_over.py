"""The figures of a period become readings of the playbook's metrics at its location."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlmodel import Session

from app.actions.metrics.planned import Given, Plan
from app.actions.metrics.recording import record_readings
from app.actions.productivity.opening import OpenPeriod, open_period
from app.errors import Refused
from app.models import Location, RelativeValueFile, Rollout
from app.plan import Playbook
from app.rules.clock import count
from app.rules.people.access import Viewer
from app.rules.productivity.figures import METRICS, Performed, figures_of, included_hours
from app.rules.productivity.periods import share_of_year
from app.stored import playbook_at
from app.stored.productivity import standing_sheets

_CENT: Final = Decimal("0.01")


def take_over(
    session: Session, period_id: int, *, reason: str = "", seen: int | None, by: Viewer, now: datetime
) -> Plan:
    """Record hours, full positions, work RVU and procedures, with what they rest on; `reason` says why they correct
    figures that stand. The same again is quiet.

    Raises NotFound, Forbidden, Stale, and Refused: for a period that is no year or is not whole, for a playbook that
    asks for none of them, and for what the readings of metrics refuse.
    """
    opened = open_period(session, period_id, by=by, seen=seen)
    row = opened.row
    rollout, location = session.get_one(Rollout, row.rollout_id), session.get_one(Location, row.location_id)
    values = _values(session, opened)
    asked = wanted_metrics(playbook_at(session, rollout, location))
    if not asked:
        raise Refused("The playbook asks for none of these figures.")
    basis = {
        "period": f"{row.first.isoformat()} to {row.last.isoformat()}",
        "rvu-year": _file(session, opened).year,
        "included-hours": values.pop("included-hours"),
    }
    note = f"{count(row.unvalued, 'code')} without a value bring no RVU." if row.unvalued else ""
    given = [
        Given(
            metric, row.first, row.last, values[metric], location=location.slug, note=note, reason=reason, basis=basis
        )
        for metric in asked
    ]
    return record_readings(session, row.rollout_id, given, shown=None, reason=reason, source="form", by=by, now=now)


def wanted_metrics(playbook: Playbook) -> list[str]:
    """Those of the four that a playbook asks for."""
    return [metric for metric in METRICS if metric in playbook.figures]


def _values(session: Session, opened: OpenPeriod) -> dict[str, Any]:
    """The four figures by metric, and the hours that are included. Raises Refused where one is missing."""
    row = opened.row
    year = share_of_year(row.first, row.last)
    if year != 1:
        raise Refused("Only the figures of a whole year are taken over: the metrics are those of a year.")
    sheets = [sheet for _, sheet in standing_sheets(session, [opened.id]).get(opened.id, [])]
    figures = figures_of(sheets, Performed(row.procedures, row.rvu), full_time=row.full_time, year=year)
    if not figures.hours or not row.procedures or row.rvu is None:
        raise Refused("Worksheets, procedures and relative values are needed first.")
    return {
        "tash": figures.hours, "fte": figures.positions.quantize(_CENT), "pcwrvu": row.rvu,
        "procedures": Decimal(row.procedures), "included-hours": included_hours(sheets),
    }  # fmt: skip


def _file(session: Session, opened: OpenPeriod) -> RelativeValueFile:
    return session.get_one(RelativeValueFile, opened.row.values_id)
