"""Runs from the facts of their rooms."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from app.api.runs import shapes
from app.api.runs.lengths import minutes
from app.api.runs.step_whole import step_line
from app.api.tags import answer
from app.models import Run
from app.queries.runs.room import Room, room
from app.rules.people.access import Viewer
from app.rules.runbooks.position import Position, rule_of


def show_run(
    request: Request, session: Session, run_id: int, viewer: Viewer, now: datetime, *, status: int = 200,
    location: str = "",
) -> Response:  # fmt: skip
    """The run as it is now, with the tag of its version. Raises NotFound."""
    session.flush()
    session.expire_all()
    page = room(session, run_id, viewer, now)
    return answer(request, whole(page), version=page.run.version, status=status, location=location)


def mark_facts(run: Run, position: Position | None) -> dict[str, Any]:
    """What every shape shows of a run in a list."""
    stands = None if run.ended_at else position
    return {
        "id": run.id or 0,
        "live": run.live,
        "straight": run.straight,
        "number": run.number,
        "made_at": run.made_at,
        "ended_at": run.ended_at,
        "outcome": run.outcome,
        "colour": stands.colour if stands else None,
        "says": "".join(stands.says) if stands else "",
    }


def whole(page: Room) -> shapes.RunWhole:
    """Everything that the page of a run shows."""
    run, may = page.run, page.rights
    return shapes.RunWhole(
        **_named(page),
        **_typed(page),
        version=run.version,
        detail=page.detail,
        may_lead=may.lead,
        may_retime=may.retime,
        may_go_back=may.go_back,
        may_note=may.note,
        zero_at=run.zero_at,
        moved_to=page.moved_to,
        window_begins=run.window_begins,
        window_ends=run.window_ends,
        planned_end=page.found.plan.planned.end,
        forecast_end=page.forecast.end,
        position=None if page.over else _position(page),
        back_out=_back_out(page),
        chain=list(page.forecast.chain),
        own=page.own.id if page.own and not page.over else None,
        done=page.done,
        blocked=page.blocked,
        to_take_back=[
            shapes.PairLine(step=one.step.id, undone_by=list(one.undone_by), until=one.deadline, past=one.past)
            for one in page.pairs
        ],
        steps=[step_line(page, one) for one in page.lines],
        other_steps=[step_line(page, one) for one in page.other],
    )


def _named(page: Room) -> dict[str, Any]:
    run, place = page.run, page.place
    return {
        "id": page.id,
        "rollout": page.rollout.slug,
        "runbook": run.dated_id,
        "entry": run.runbook,
        "title": page.found.runbook.title,
        "location": place.slug if place else None,
        "wave": "" if place else run.wave,
        "zone": page.zone,
        "live": run.live,
        "straight": run.straight,
        "number": run.number,
        "broadcasts": run.broadcasts,
    }


def _typed(page: Room) -> dict[str, Any]:
    """Who made it, turned it round and ended it, and what they wrote."""
    run, read = page.run, page.detail
    return {
        "made_at": run.made_at,
        "made_by": page.name(run.made_by),
        "returning_at": run.returning_at,
        "returning_by": page.name(run.returning_by) or None,
        "returning_reason": run.returning_reason if read else None,
        "ended_at": run.ended_at,
        "ended_by": page.name(run.ended_by) or None,
        "outcome": run.outcome,
        "outcome_reason": run.outcome_reason if read else None,
    }


def _position(page: Room) -> shapes.PositionLine:
    found = page.position
    return shapes.PositionLine(
        colour=found.colour,
        says="".join(found.says),
        reasons=list(found.reasons),
        note=found.note,
        rule=rule_of(page.found.plan, page.found.goes_back),
    )


def _back_out(page: Room) -> shapes.BackOutLine | None:
    found = page.back
    if found is None or not page.rights.way_back:
        return None
    return shapes.BackOutLine(
        decides=page.found.plan.decide,
        takes=minutes(found.minutes),
        margin=minutes(found.margin),
        done_by=found.done_by,
        last_safe_at=found.last_safe,
        safe_for=minutes(found.safe_for),
        ends_if_now=found.if_now,
        ends_at_worst=found.worst,
    )
