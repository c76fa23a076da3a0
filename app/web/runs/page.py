"""The page of a run, that of one of its steps, and the answer to every form on them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Path, Request
from sqlmodel import Session
from starlette.responses import Response

from app.errors import Invalid, NotFound, Refused, Stale
from app.queries.runs.room import Room, room
from app.rules.people.access import Permission, Viewer
from app.web.answers import is_fragment, see_other
from app.web.forms import RowId
from app.web.frame import in_rollout, rail
from app.web.runs.shown import shown_run
from app.web.runs.step_shown import shown_step
from app.web.runs.words import where_words
from app.web.site import Db, Desk, Guard, Now
from app.web.tasks.forms import seen_version
from app.web.templating import html
from app.web.told import NOTHING, Told

router = APIRouter()
Reader = Annotated[Viewer, Depends(Guard(Permission.SEE_PLAN))]
Doer = Annotated[Viewer, Depends(Guard(Permission.CHECK_OFF))]
Checker = Annotated[Viewer, Depends(Guard(Permission.SIGN_OFF))]
StepId = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,200}$")]
On = Annotated[str, Form(pattern=r"^(run|step)$")]
Seen = Annotated[int, Depends(seen_version)]


@router.get("/runs/{run_id}")
def show(run_id: RowId, viewer: Reader, session: Db, now: Now) -> Response:
    found = room(session, run_id, viewer, now)
    return html("runs/show.html", **whole(found, viewer, NOTHING, now))


@router.get("/runs/{run_id}/steps/{step}")
def show_step(run_id: RowId, step: StepId, viewer: Reader, session: Db, now: Now) -> Response:
    found = room(session, run_id, viewer, now)
    return html("runs/step.html", **whole_step(found, step, viewer, NOTHING, now))


def whole(found: Room, viewer: Viewer, told: Told, now: datetime, step: str = "") -> dict[str, Any]:
    """Everything the page of a run needs, frame and all; `step` is the one that a form was about."""
    return {**_frame(found, viewer, now), **shown_run(found, told, step, found.rollout.as_of(now)), "on": "run"}


def whole_step(found: Room, step: str, viewer: Viewer, told: Told, now: datetime) -> dict[str, Any]:
    """Everything the page of a step needs. Raises NotFound."""
    line = found.line(step)
    if line is None:
        raise NotFound("step")
    return {**_frame(found, viewer, now), **shown_step(found, line, told, found.rollout.as_of(now)), "on": "step"}


def _frame(found: Room, viewer: Viewer, now: datetime) -> dict[str, Any]:
    base = f"/rollouts/{found.rollout.slug}"
    where = where_words(found.rollout, found.place, found.run.wave)
    title = f"{found.found.runbook.title}, {where}"
    return {
        **in_rollout(Desk(viewer, found.rollout), "Runbooks"),
        "weeks": rail(found.rollout, now),
        "crumbs": [("Runbooks", f"{base}/runbooks"), (title, f"/runbooks/{found.run.dated_id}")],
    }


@dataclass(frozen=True)
class RunForm:
    """A form of one run, sent from its page or (`on`) from that of a step by somebody who may have a part in it; `seen`
    is the last entry of the step that it showed.
    """

    request: Request
    session: Session
    viewer: Viewer
    run_id: int
    now: datetime
    on: str = "run"
    step: str = ""
    seen: int | None = None

    def room(self) -> Room:
        return room(self.session, self.run_id, self.viewer, self.now)

    def make(self, change: Callable[..., object], told: Told, *where: Any, **given: Any) -> Response:
        """Make one change of the run (or of what `where` names in it); a refusal keeps what was typed."""
        try:
            change(self.session, self.run_id, *where, **given, by=self.viewer, now=self.now)
        except (Stale, Refused, Invalid) as refusal:
            self.session.rollback()
            sent = (("on", self.on), *told.sent)
            return self.answer(replace(told, sent=sent, action=self.request.url.path).refused(refusal))
        self.session.flush()
        return self.answer(NOTHING)

    def make_step(self, change: Callable[..., object], told: Told, **given: Any) -> Response:
        """The same for its step, as the form showed it."""
        return self.make(change, told, self.step, **given, seen=self.seen)

    def answer(self, told: Told) -> Response:
        """The changed element for a script, else the page: 409 for a refusal, 422 for a fault of what was typed."""
        if told.status == 200 and not is_fragment(self.request):
            path = f"/runs/{self.run_id}"
            return see_other(f"{path}/steps/{self.step}" if self.on == "step" else path)
        return self.again(told)

    def again(self, told: Told) -> Response:
        """The page or the element once more, with what was typed."""
        on_step, alone = self.on == "step" and self.step, is_fragment(self.request)
        if on_step:
            values = whole_step(self.room(), self.step, self.viewer, told, self.now)
        else:
            values = whole(self.room(), self.viewer, told, self.now, self.step)
        if not alone:
            return html(f"runs/{'step' if on_step else 'show'}.html", told.status, **values)
        swap = {"HX-Retarget": "#run", "HX-Reswap": "morph:outerHTML"}
        return html(f"runs/{'_step' if on_step else '_run'}.html", told.status, swap, **values)


async def sending(request: Request, run_id: RowId, viewer: Doer, session: Db, now: Now, on: On = "run") -> RunForm:
    return RunForm(request, session, viewer, run_id, now, on)


async def stepping(
    request: Request, run_id: RowId, step: StepId, seen: Seen, viewer: Doer, session: Db, now: Now, on: On = "step"
) -> RunForm:
    return RunForm(request, session, viewer, run_id, now, on, step, seen)


async def checking(
    request: Request, run_id: RowId, step: StepId, seen: Seen, viewer: Checker, session: Db, now: Now, on: On = "step"
) -> RunForm:
    return RunForm(request, session, viewer, run_id, now, on, step, seen)


Sending = Annotated[RunForm, Depends(sending)]
Stepping = Annotated[RunForm, Depends(stepping)]
Checking = Annotated[RunForm, Depends(checking)]
