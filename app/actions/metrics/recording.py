"""Readings of metrics: entered on a page, from a file or by a program, and corrected; the old figure stays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlmodel import Session

from app.actions import texts
from app.actions.events import record
from app.actions.issues.reporting import report_issue
from app.actions.loading import key_of
from app.actions.metrics.planned import Given, Plan, Planned, planned_readings
from app.actions.metrics.restanding import restand
from app.errors import Invalid, Refused
from app.models import MetricReading
from app.rules.metrics.judging import fault_of_value
from app.rules.people.access import Viewer

SUBJECT: Final = "metric_reading"
MOST_SAID: Final = 20
REASON_LIMIT: Final = 1_000


def record_reading(
    session: Session, rollout_id: int, given: Given, *, source: str = "form", by: Viewer, now: datetime
) -> MetricReading:
    """Enter one figure, or correct the one of those days; the same again is quiet. Returns the reading that stands.

    Raises NotFound, Refused, and Invalid, whose fields are those of `Planned.faults`.
    """
    plan = planned_readings(session, rollout_id, [given], by=by, now=now)
    (row,) = plan.rows
    if row.faults:
        raise Invalid(dict(row.faults))
    found = _write(session, plan, source=source, reason="", by=by, now=now)
    if row.outcome == "same" and row.stands is not None:
        return row.stands
    verb = "corrected" if row.outcome == "corrected" else "recorded"
    said = {"metric": given.metric, "first": given.first.isoformat(), "last": given.last.isoformat()}
    record(
        session, f"{SUBJECT}.{verb}", (SUBJECT, key_of(found[0])), by=by, now=now, rollout_id=rollout_id,
        location_id=found[0].location_id,
        before={"value": f"{row.stands.value:f}"} if row.stands else None,
        after={**said, "value": f"{given.value:f}", "source": source},
    )  # fmt: skip
    return found[0]


def record_readings(
    session: Session, rollout_id: int, given: Sequence[Given], *, shown: str | None, reason: str = "",
    source: str = "file", by: Viewer, now: datetime,
) -> Plan:  # fmt: skip
    """Enter all of them or, when this raises, nothing (the transaction must not be committed then). `shown` is the
    fingerprint of what was shown before; None: whatever it is now.

    Raises what `planned_readings` raises, and Refused where one cannot be taken or they would do another thing now.
    """
    plan = planned_readings(session, rollout_id, given, reason=reason, by=by, now=now)
    faulty = plan.of("faulty")
    if faulty:
        said = tuple(_fault(number, row) for number, row in enumerate(plan.rows, 1) if row.faults)[:MOST_SAID]
        raise Refused("Nothing was entered: some figures cannot be taken.", said)
    if shown is not None and plan.fingerprint != shown:
        raise Refused("Nothing was entered: figures have changed since these were shown.")
    written = _write(session, plan, source=source, reason=reason, by=by, now=now)
    if written:
        after = {outcome: len(plan.of(outcome)) for outcome in ("new", "corrected", "same")}
        places = {row.location_id for row in written}
        record(
            session, f"{SUBJECT}.uploaded", ("rollout", rollout_id), by=by, now=now, rollout_id=rollout_id,
            location_id=places.pop() if len(places) == 1 else None, after={**after, "source": source},
        )  # fmt: skip
    return plan


def _fault(number: int, row: Planned) -> str:
    return f"Figure {number}: {' '.join(row.faults.values())}"


def _write(session: Session, plan: Plan, *, source: str, reason: str, by: Viewer, now: datetime) -> list[MetricReading]:
    written = [
        _keep(session, plan, row, source, reason, by, now) for row in plan.rows if row.outcome in ("new", "corrected")
    ]
    if not written:
        return []
    session.flush()
    places = {row.place.key: row.place for row in plan.rows if row.place is not None}
    touched = {(row.metric, row.first, row.last) for row in written if row.location_id is not None}
    restand(session, plan.rollout, list(places.values()), touched)
    return written


def _keep(
    session: Session, plan: Plan, row: Planned, source: str, reason: str, by: Viewer, now: datetime
) -> MetricReading:
    """The row that stands from now on; the one before it keeps when it was replaced."""
    given, metric, place = row.given, row.metric, row.place
    if metric is None or place is None:
        raise ValueError("a figure without a metric or a place cannot be kept")
    if row.stands is not None:
        row.stands.replaced_at = now
        session.add(row.stands)
        session.flush()
    location, wave = place.key
    why = given.reason or reason
    found = MetricReading(
        rollout_id=key_of(plan.rollout),
        location_id=location,
        wave=wave,
        metric=metric.id,
        first=given.first,
        last=given.last,
        value=given.value,
        size=given.size,
        definition=metric.definition,
        unit=metric.unit or "",
        basis=dict(given.basis),
        source=source,
        note=texts.prose("note", "" if row.stands and given.note == why else given.note, REASON_LIMIT, required=False),
        reason=texts.prose("reason", why, REASON_LIMIT) if row.stands else "",
        by_id=by.person,
        at=now,
        figure=float(given.value),
    )
    session.add(found)
    failed_before = row.stands is not None and fault_of_value(metric, row.stands.value, row.before)
    if metric.on_fail and not failed_before and fault_of_value(metric, given.value, row.before):
        title = f"{metric.title}: {given.value:f} {metric.unit or ''}".strip()
        report_issue(
            session, key_of(plan.rollout), location_id=location, title=title, severity=metric.on_fail, by=by, now=now
        )
    return found
