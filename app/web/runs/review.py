"""The review of a run, and the form that proposes measured minutes for the playbook."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form
from sqlmodel import Session
from starlette.responses import Response

from app.actions.runs.proposing import propose_minutes
from app.errors import Invalid, Refused
from app.plan.check import PlaybookError
from app.queries.runs.review import ReviewPage, review_page
from app.rules.people.access import Permission, Viewer
from app.web.answers import see_other
from app.web.forms import Line, RowId
from app.web.frame import in_rollout, rail
from app.web.lessons.beside import learns
from app.web.runs.reviewed import shown
from app.web.site import Db, Desk, Guard, Now
from app.web.templating import html
from app.web.told import NOTHING, Told

router = APIRouter()
Reader = Annotated[Viewer, Depends(Guard(Permission.SEE_PLAN))]
Proposer = Annotated[Viewer, Depends(Guard(Permission.CHANGE_PLAYBOOK))]
Figure = Annotated[str, Form(pattern=r"^[a-z][a-z0-9-]{0,47}:[0-9]{1,5}$")]
"""`load-patients:75`: a step, and the minutes that the form showed for it."""
FORM = "minutes"


@router.get("/runs/{run_id}/review")
def show(run_id: RowId, viewer: Reader, session: Db, now: Now) -> Response:
    return _answer(session, run_id, viewer, NOTHING, now)


@router.post("/runs/{run_id}/review/proposal")
def propose(
    run_id: RowId,
    viewer: Proposer,
    session: Db,
    now: Now,
    minutes: Annotated[list[Figure], Form(max_length=300)] = [],  # noqa: B006 (FastAPI copies it)
    token: Line = "",
) -> Response:
    """On to the proposal, which is decided as every other is."""
    chosen = _figures(minutes)
    try:
        row = propose_minutes(session, run_id, minutes=chosen, token=token, by=viewer, now=now)
    except PlaybookError as mistake:
        first = mistake.report.errors[0].message
        told = Told(form=FORM, refusal=f"The playbook would have mistakes: {first}.", typed={FORM: minutes})
    except (Refused, Invalid) as refusal:
        told = Told(form=FORM, typed={FORM: minutes}).refused(refusal)
    else:
        return see_other(f"/proposals/{row.id}")
    session.rollback()
    return _answer(session, run_id, viewer, told, now)


def _figures(sent: Sequence[str]) -> dict[str, int]:
    parts = (one.partition(":") for one in sent)
    return {step: int(minutes) for step, _, minutes in parts}


def _answer(session: Session, run_id: int, viewer: Viewer, told: Told, now: datetime) -> Response:
    page = review_page(session, run_id, viewer, now)
    return html("runs/review.html", told.status, **_values(page, viewer, told, now))


def _values(page: ReviewPage, viewer: Viewer, told: Told, now: datetime) -> dict[str, Any]:
    """Everything the page needs, frame and all."""
    room, desk = page.room, Desk(viewer, page.room.rollout)
    title, base = room.found.runbook.title, f"/rollouts/{room.rollout.slug}"
    return {
        **in_rollout(desk, "Runbooks"),
        "weeks": rail(room.rollout, now),
        "crumbs": [("Runbooks", f"{base}/runbooks"), (title, f"/runbooks/{room.run.dated_id}"), ("Review", None)],
        "learns": learns(desk, room.place, f"run-{room.id}"),
        "told": told,
        "token": secrets.token_urlsafe(12),
        **shown(page, room.rollout.as_of(now)),
    }
