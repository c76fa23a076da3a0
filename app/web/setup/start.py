"""Set-up, first steps: a new rollout, its playbook, its start day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form
from sqlmodel import Session
from starlette.responses import Response

from app.actions.rollouts.drafting import draft_rollout, set_playbook, set_start
from app.errors import Invalid, NotFound, Stale
from app.plan.terms import WEEKDAYS
from app.queries.playbooks import versions
from app.queries.rollouts.facts import RolloutFacts
from app.rules.people.access import Permission, Viewer
from app.web.answers import see_other
from app.web.forms import LARGEST_ID, Line, Whole, demanded_day
from app.web.frame import framed
from app.web.people.sign_in import shown_errors, summary
from app.web.setup.steps import address, demand_draft, done_steps, step_frame
from app.web.site import Db, Desk, Directing, EverywhereGuard, Now
from app.web.templating import html

router = APIRouter()
Director = Annotated[Viewer, Depends(EverywhereGuard(Permission.DIRECT))]
DraftVersion = Annotated[int, Form(alias="version", ge=0, le=LARGEST_ID), Whole]
Chosen = Annotated[int, Form(alias="playbook", ge=1, le=LARGEST_ID), Whole]
DAY_NAMES = dict(
    zip(WEEKDAYS, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), strict=True)
)


@router.get("/rollouts/new")
def ask(viewer: Director, session: Db) -> Response:
    return _new(viewer, session, {"title": "", "playbook": ""}, {}, 200)


def _new(viewer: Viewer, session: Session, values: dict[str, str], errors: dict[str, str], status: int) -> Response:
    return html(
        "rollouts/new.html",
        status,
        **framed(viewer, "Rollouts"),
        playbooks=playbook_options(session),
        values=values,
        errors=shown_errors(errors, ("title", "playbook")),
        summary=summary(errors),
    )


def playbook_options(session: Session) -> list[dict[str, Any]]:
    return [
        {"value": one.row, "label": f"{one.title}, {one.version}", "hint": f"by {one.uploaded_by or 'Muster'}"}
        for one in versions(session)
    ]


@router.post("/rollouts/new")
def begin(viewer: Director, session: Db, now: Now, title: Line = "", playbook: Chosen = 0) -> Response:
    try:
        draft = draft_rollout(session, title=title, playbook_version_id=playbook, by=viewer, now=now)
    except (Invalid, NotFound) as fault:
        session.rollback()
        errors = fault.fields if isinstance(fault, Invalid) else {"playbook": "Choose a playbook."}
        return _new(viewer, session, {"title": title, "playbook": str(playbook or "")}, errors, 422)
    return see_other(f"/rollouts/{draft.slug}/set-up/start")


@router.get("/rollouts/{slug}/set-up/playbook")
def ask_playbook(desk: Directing, session: Db) -> Response:
    demand_draft(desk.rollout)
    return _playbook(desk, session, None, 200)


def _playbook(desk: Desk, session: Session, stale: Stale | None, status: int) -> Response:
    return html(
        "rollouts/set_up/playbook.html",
        status,
        **step_frame(desk, "playbook", done_steps(desk.rollout)),
        playbooks=playbook_options(session),
        chosen=str(desk.rollout.playbook_version_id),
        sources=desk.rollout.playbook.sources,
        stale=str(stale) if stale else "",
    )


@router.post("/rollouts/{slug}/set-up/playbook")
def choose_playbook(desk: Directing, session: Db, now: Now, seen: DraftVersion, playbook: Chosen) -> Response:
    rollout = desk.rollout
    try:
        set_playbook(session, rollout.id, playbook_version_id=playbook, seen=seen, by=desk.viewer, now=now)
    except Stale as refusal:
        session.rollback()
        return _playbook(desk, session, refusal, 409)
    return see_other(address(rollout, "start"))


@router.get("/rollouts/{slug}/set-up/start")
def ask_start(desk: Directing, now: Now) -> Response:
    demand_draft(desk.rollout)
    return _start(desk, now, str(desk.rollout.start or suggested(desk.rollout, now)), {}, "", 200)


def suggested(rollout: RolloutFacts, now: datetime) -> date:
    """The playbook's own start, else its start day of the week after next."""
    if rollout.playbook.start:
        return rollout.playbook.start
    wanted = rollout.playbook.calendar.start_day
    monday = rollout.today(now) + timedelta(days=14 - rollout.today(now).weekday())
    return monday + timedelta(days=WEEKDAYS.index(wanted) if wanted in WEEKDAYS else 0)


def _start(desk: Desk, now: datetime, value: str, errors: dict[str, str], stale: str, status: int) -> Response:
    wanted = desk.rollout.playbook.calendar.start_day
    day = DAY_NAMES.get(wanted)
    hint = f"This playbook starts on a {day}." if day else "This playbook may start on any day."
    return html(
        "rollouts/set_up/start.html",
        status,
        **step_frame(desk, "start", done_steps(desk.rollout)),
        value=value,
        hint=hint,
        length=desk.rollout.playbook.length,
        errors=shown_errors(errors, ("start",)),
        summary=summary(errors),
        stale=stale,
    )


@router.post("/rollouts/{slug}/set-up/start")
def choose_start(
    desk: Directing,
    session: Db,
    now: Now,
    seen: DraftVersion,
    start: Line = "",
) -> Response:
    try:
        day = demanded_day("start", start, "2027-01-04")
        set_start(session, desk.rollout.id, start=day, seen=seen, by=desk.viewer, now=now)
    except Invalid as fault:
        session.rollback()
        return _start(desk, now, start, fault.fields, "", 422)
    except Stale as refusal:
        session.rollback()
        return _start(desk, now, start, {}, str(refusal), 409)
    return see_other(address(desk.rollout, "locations"))
