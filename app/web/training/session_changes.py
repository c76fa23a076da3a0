"""Forms on the page of a session: who is asked, who was there, another date, called off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form
from sqlmodel import Session
from starlette.responses import Response

from app.actions.training.attendance import Attendance, close_attendance
from app.actions.training.enrolling import Enrolled, enrol, enrol_everybody, invite_enrolled, withdraw_enrolment
from app.actions.training.session_changes import call_off_session, change_session
from app.actions.training.sitting import Sitting
from app.errors import Invalid, Refused, Stale
from app.models import StaffMember
from app.queries.training.session import session_page
from app.web.answers import see_other
from app.web.forms import Line, RowId
from app.web.issues.identifiers import Confirmed, warned
from app.web.site import Db, Now
from app.web.tasks.forms import Doer, Key, Seen, Typed, key_of
from app.web.told import NOTHING, Told
from app.web.training.fields import instant_of, whole_number
from app.web.training.place import Figure, Ids
from app.web.training.session import one_session
from app.web.training.words import named

router = APIRouter()
Ticked = Annotated[str, Form(max_length=10)]


@dataclass(frozen=True)
class SessionForm:
    """A form of one session, sent by somebody who may hold it."""

    session: Session
    session_id: int
    viewer: Any
    now: datetime

    def make(self, form: str, typed: dict[str, Any], act: Callable[[], object]) -> Response:
        """Make the change and show the session; a refusal keeps what was typed, and a seat that was not there is
        told by name.
        """
        try:
            made = act()
            self.session.flush()
        except (Stale, Refused, Invalid) as refusal:
            self.session.rollback()
            return self.page(Told(form=form, typed=typed).refused(refusal))
        waiting = self._waiting(made)
        if waiting:
            return self.page(NOTHING, waiting)
        return see_other(f"/training/{self.session_id}")

    def page(self, told: Told, waiting: str = "") -> Response:
        return one_session(self.session, self.session_id, self.viewer, self.now, told, waiting)

    def _waiting(self, made: object) -> str:
        without = made.waiting if isinstance(made, Enrolled) else ()
        without = made.next.waiting if isinstance(made, Attendance) else without
        return named(self.session.get_one(StaffMember, one).name for one in without)


async def session_form(session_id: RowId, viewer: Doer, session: Db, now: Now) -> SessionForm:
    return SessionForm(session, session_id, viewer, now)


Holding = Annotated[SessionForm, Depends(session_form)]


@router.post("/training/{session_id}/enrolments")
def ask(form: Holding, staff: Ids = [], everybody: Ticked = "", invite: Ticked = "") -> Response:  # noqa: B006
    mails = invite == "yes"
    given: dict[str, Any] = {"invite": mails, "by": form.viewer, "now": form.now}
    if everybody == "yes":
        return form.make("ask", {}, partial(enrol_everybody, form.session, form.session_id, **given))
    chosen = [key_of(one) or 0 for one in staff]
    return form.make("ask", {"staff": staff}, partial(enrol, form.session, form.session_id, chosen, **given))


@router.post("/training/{session_id}/enrolments/removal")
def take_off(form: Holding, staff: Key = "") -> Response:
    who = key_of(staff) or 0
    act = partial(withdraw_enrolment, form.session, form.session_id, who, by=form.viewer, now=form.now)
    return form.make("ask", {}, act)


@router.post("/training/{session_id}/invitations")
def invite(form: Holding) -> Response:
    act = partial(invite_enrolled, form.session, form.session_id, by=form.viewer, now=form.now)
    return form.make("ask", {}, act)


@router.post("/training/{session_id}/attendance")
def note(
    form: Holding,
    seen: Seen,
    present: Ids = [],  # noqa: B006 (FastAPI copies it)
    also: Ids = [],  # noqa: B006
    recording: Typed = "",
    confirmed: Confirmed = "",
) -> Response:
    """Everybody in one go: the marks, others who came, and where the recording is."""
    typed = {"present": present, "also": also, "recording": recording}
    if found := warned({"recording": recording}, confirmed):
        return form.page(replace(Told(form="note", typed=typed), warning=found))
    there = [key_of(one) or 0 for one in (*present, *also)]
    act = partial(
        close_attendance, form.session, form.session_id, there, recording=recording, seen=seen, by=form.viewer,
        now=form.now,
    )  # fmt: skip
    return form.make("note", typed, act)


@router.post("/training/{session_id}/change")
def change(
    form: Holding,
    seen: Seen,
    day: Line = "",
    time: Line = "",
    minutes: Figure = "",
    seats: Figure = "",
    room: Line = "",
    trainer: Key = "",
) -> Response:
    typed = {"day": day, "time": time, "minutes": minutes, "seats": seats, "room": room, "trainer": trainer}

    def act() -> object:
        page = session_page(form.session, form.session_id, form.viewer)
        sitting = Sitting(
            instant_of(day, time, page.place.zone), whole_number("minutes", minutes), room,
            whole_number("seats", seats), key_of(trainer), page.line.row.recording,
        )  # fmt: skip
        return change_session(form.session, form.session_id, sitting, seen=seen, by=form.viewer, now=form.now)

    return form.make("change", typed, act)


@router.post("/training/{session_id}/calling-off")
def call_off(form: Holding, seen: Seen, reason: Typed = "", confirmed: Confirmed = "") -> Response:
    typed = {"reason": reason}
    if found := warned(typed, confirmed):
        return form.page(replace(Told(form="off", typed=typed), warning=found))
    act = partial(call_off_session, form.session, form.session_id, reason=reason, seen=seen, by=form.viewer,
                  now=form.now)  # fmt: skip
    return form.make("off", typed, act)
