"""Steps, entries and proofs of a run, from the facts of its room."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from app.api.contents import file_facts
from app.api.runs import step_shapes as shapes
from app.api.runs.lengths import minutes
from app.api.tags import answer
from app.errors import NotFound
from app.models import RunEntry, RunFile
from app.plan.minutes import length
from app.queries.people import Holders
from app.queries.runs.room import Room, StepLine, room
from app.rules.people.access import Viewer
from app.rules.runbooks.acts import before_finish, lines
from app.rules.runbooks.ledger import Act
from app.rules.runbooks.steps import RunStep


def show_step(
    request: Request, session: Session, run_id: int, step: str, viewer: Viewer, now: datetime, *, status: int = 200
) -> Response:
    """The step as it is now; the number of its tag is the id of its last entry. Raises NotFound."""
    session.flush()
    session.expire_all()
    shown, version = present_step(session, run_id, step, viewer, now)
    return answer(request, shown, version=version, status=status)


def present_step(
    session: Session, run_id: int, step: str, viewer: Viewer, now: datetime
) -> tuple[shapes.StepWhole, int]:
    """The step and the id of its last entry. Raises NotFound."""
    page = room(session, run_id, viewer, now)
    line = page.line(step)
    if line is None:
        raise NotFound("step")
    return step_whole(page, line), line.last


def planned_facts(step: RunStep, holders: Holders, location: int | None) -> dict[str, Any]:
    """What a plan says of a step, as every shape of one shows it."""
    owners = step.asked.owner.roles if step.asked.owner else ()
    checkers = step.asked.checked_by.roles if step.asked.checked_by else ()
    return {
        "id": step.id,
        "number": step.number,
        "title": step.title,
        "group": list(step.group),
        "takes": minutes(step.takes),
        "not_before": step.not_before,
        "after": list(dict.fromkeys(one.step for one in step.after)),
        "critical": step.critical,
        "optional": bool(step.asked.optional) and not step.critical,
        "no_return": step.no_return,
        "undoes": step.undoes,
        "owners": list(owners),
        "people": list(holders.names(owners, location)),
        "checkers": list(checkers),
        "checked_by": list(holders.names(checkers, location)),
    }


def step_line(page: Room, line: StepLine) -> shapes.RunStepLine:
    """A step as a line of its run."""
    return shapes.RunStepLine(**_facts(page, line))


def _facts(page: Room, line: StepLine) -> dict[str, Any]:
    row, told, span = line.row, line.told, line.span
    return {
        **planned_facts(line.planned, page.holders, page.run.location_id),
        **_rights(page, line),
        "back": row.back,
        "state": line.state,
        "baseline_begins": row.baseline_begins,
        "baseline_ends": row.baseline_ends,
        "planned_begins": row.planned_begins,
        "planned_ends": row.planned_ends,
        "forecast_begins": span.begin if span else None,
        "forecast_ends": span.end if span else None,
        "started_at": told.started,
        "finished_at": told.finished,
        "verified_at": told.verified,
        "skipped_at": told.skipped,
        "blocked_at": told.blocked,
        "expected_at": told.expected,
        "lost": minutes(told.lost),
        "round": told.round,
        "on_chain": line.on_chain,
        "holder": row.holder_id,
        "holder_name": line.holder,
        "waits_for": list(line.waits),
        "version": line.last,
    }


def _rights(page: Room, line: StepLine) -> dict[str, bool]:
    can = line.doing
    return {
        "yours": line.mine,
        "may_start": can.start,
        "may_finish": can.finish,
        "may_skip": can.skip,
        "may_block": can.block,
        "may_unblock": can.unblock,
        "may_verify": can.verify,
        "may_reopen": can.reopen,
        "may_hand_over": can.hand_over,
        "may_attach": line.able and page.rollout.closed_at is None,
    }


def step_whole(page: Room, line: StepLine) -> shapes.StepWhole:
    """A step with what it asks for, and all that was entered and attached."""
    entries = [one for one in page.entries if one.step_id == line.row.id]
    files = [one for one in page.files if one.step_id == line.row.id] if page.detail else []
    return shapes.StepWhole(
        **_facts(page, line),
        **_asked(line.planned),
        run=page.id,
        detail=page.detail,
        waits_to_end=list(before_finish(line.planned, page.found.told, page.found.steps)),
        entries=[entry_line(page, one, line.id) for one in entries],
        files=[_proof(page, one) for one in files],
    )


def _asked(step: RunStep) -> dict[str, Any]:
    asked = step.asked
    return {
        "how": step.how,
        "why": asked.why,
        "links": list(asked.links),
        "wait": minutes(step.wait),
        "wait_until": asked.wait_until,
        "repeat": _repeat(step),
        "type": asked.answer.type,
        "options": list(asked.answer.options),
        "unit": asked.answer.unit,
        "columns": list(asked.answer.columns or ()),
        "checklist": [
            shapes.TickLine(path=path, title=one.title, how=one.how, optional=bool(one.optional))
            for path, one in lines(asked.checklist)
        ],
        "proofs_wanted": [
            shapes.ProofWanted(kind=one.type, title=one.title, at_least=one.at_least) for one in asked.evidence
        ],
        "gate": asked.gate,
        "reconciliation": asked.reconcile,
        "message": asked.broadcast.text if asked.broadcast else "",
        "back_out": asked.back_out,
        "back_out_takes": minutes(step.back_out_takes),
        "undo_within": minutes(step.undo_within),
    }


def _repeat(step: RunStep) -> shapes.RepeatLine | None:
    found = step.asked.repeat
    if found is None:
        return None
    return shapes.RepeatLine(
        every=minutes(length(found.every)), until=found.until, at_least=found.at_least, at_most=found.at_most
    )


def entry_line(page: Room, one: RunEntry, step: str | None) -> shapes.EntryLine:
    """An entry of a step, or (None) of the whole run; what was typed only for whoever may read it."""
    value, read = one.value, page.detail
    return shapes.EntryLine(
        id=one.id or 0,
        step=step,
        kind=Act(one.kind),
        happened_at=one.happened_at,
        at=one.at,
        by=one.by_id,
        name=one.name,
        paper=one.paper,
        why=one.why if read else None,
        note=value.get("note", "") if read else None,
        answer=value.get("answer") if read else None,
        judged=value.get("judged") if read else None,
        ticks=value.get("ticks") if read else None,
        round=value.get("round"),
        until=_instant(value.get("until")),
        to=value.get("to") if one.kind == Act.HANDED else None,
        to_name=value.get("name"),
        sent=value.get("sent"),
        told=value.get("told"),
        corrects=one.corrects_id,
        was=_instant(value.get("was")),
        zero=_instant(value.get("zero")),
        issue=one.issue_id,
    )


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _proof(page: Room, one: RunFile) -> shapes.ProofLine:
    facts = file_facts(one, f"/api/v1/runs/{page.id}/files/{one.id}/content", page.name(one.by_id))
    return shapes.ProofLine(url=one.url, by=one.by_id, **facts)
