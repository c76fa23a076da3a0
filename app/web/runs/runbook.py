"""The page of a runbook at its place, and the forms that make a run of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form
from sqlmodel import Session
from starlette.responses import Response

from app.actions.runs.making import make_run
from app.errors import Invalid, Refused
from app.models import Run
from app.queries.runs.runbook import RunbookPage, runbook_page, waits_for_live_run
from app.rules.people.access import Permission, Viewer
from app.web.answers import see_other
from app.web.forms import Line, RowId
from app.web.frame import in_rollout, rail
from app.web.runs.fields import when_of
from app.web.runs.planned import shown
from app.web.runs.words import where_words
from app.web.site import Db, Desk, Guard, Now
from app.web.tasks.forms import Day
from app.web.templating import html
from app.web.told import NOTHING, Told

router = APIRouter()
Reader = Annotated[Viewer, Depends(Guard(Permission.SEE_PLAN))]
Leader = Annotated[Viewer, Depends(Guard(Permission.CHECK_OFF))]
Word = Annotated[str, Form(max_length=20)]


@router.get("/runbooks/{dated_id}")
def show(dated_id: RowId, viewer: Reader, session: Db, now: Now) -> Response:
    page = runbook_page(session, dated_id, viewer, now)
    return html("runs/runbook.html", **whole(page, viewer, NOTHING, now))


def whole(page: RunbookPage, viewer: Viewer, told: Told, now: datetime) -> dict[str, Any]:
    """Everything the page of a runbook needs, frame and all."""
    base = f"/rollouts/{page.rollout.slug}"
    where = where_words(page.rollout, page.place, page.dated.wave)
    place = (where, f"{base}/locations/{page.place.slug}") if page.place else (where, None)
    return {
        **in_rollout(Desk(viewer, page.rollout), "Runbooks"),
        "weeks": rail(page.rollout, now),
        "crumbs": [("Runbooks", f"{base}/runbooks"), place, (page.runbook.title, None)],
        **shown(page, told, page.rollout.as_of(now)),
    }


@router.post("/runbooks/{dated_id}/rehearsal")
def rehearse(
    dated_id: RowId,
    viewer: Leader,
    session: Db,
    now: Now,
    how: Word = "straight",
    day: Day = "",
    time: Line = "",
    broadcasts: Word = "off",
) -> Response:
    """Straight through it begins now; at the hours of the plan it has a T of its own."""
    told = Told(form="rehearse", typed={"how": how, "day": day, "time": time, "broadcasts": broadcasts})

    def act() -> Run:
        zero = None
        if how != "straight":
            page = runbook_page(session, dated_id, viewer, now)
            zero = when_of("zero", day, time, page.zone)
            if zero is None and page.lead:
                raise Invalid({"zero": "Say when T is."})
        return make_run(
            session, dated_id, straight=how == "straight", zero=zero, broadcasts=broadcasts, by=viewer, now=now
        )

    return _made(session, dated_id, viewer, told, act, now)


@router.post("/runbooks/{dated_id}/live-run")
def run_live(dated_id: RowId, viewer: Leader, session: Db, now: Now, broadcasts: Word = "") -> Response:
    told = Told(form="live", typed={"broadcasts": broadcasts})

    def act() -> Run:
        waits = waits_for_live_run(session, dated_id, viewer, now)
        return make_run(session, dated_id, live=True, broadcasts=broadcasts, waits=waits, by=viewer, now=now)

    return _made(session, dated_id, viewer, told, act, now)


def _made(
    session: Session, dated_id: int, viewer: Viewer, told: Told, act: Callable[[], Run], now: datetime
) -> Response:
    """On to the run; a refusal shows the page with what was chosen."""
    try:
        run = act()
        session.flush()
    except (Invalid, Refused) as refusal:
        session.rollback()
        told = told.refused(refusal)
        page = runbook_page(session, dated_id, viewer, now)
        return html("runs/runbook.html", told.status, **whole(page, viewer, told, now))
    return see_other(f"/runs/{run.id}")
