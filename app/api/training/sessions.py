"""Sessions of trainings: listed, planned, changed, called off, with their people and who was there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from pydantic import AwareDatetime, ConfigDict, Field
from sqlmodel import Session, col
from starlette.responses import Response

from app.actions.training.attendance import close_attendance
from app.actions.training.enrolling import Enrolled, enrol, enrol_everybody, withdraw_enrolment
from app.actions.training.session_changes import call_off_session, change_session
from app.actions.training.sessions import plan_session
from app.actions.training.sitting import Sitting
from app.api.callers import Db
from app.api.describing import changing, reading, versioned
from app.api.fields import Given, Line, PlaceSlug, Prose, RoleId, RowId, RowKey
from app.api.guards import Doer, Reader, Seeing
from app.api.intents import IntentKey
from app.api.issues.change import Written
from app.api.kinds import REFUSED
from app.api.paging import Page, Paged, page_of
from app.api.reading import StrictRoute
from app.api.tags import IfMatch, answer, versioned_step
from app.api.training.session_shapes import SeatLine, SessionItem, SessionWhole
from app.documents.calendar import at_site, calendar_file
from app.models import TrainingSession
from app.queries.training.calendar import session_entry
from app.queries.training.facts import training_facts
from app.queries.training.session import SessionPage, session_page
from app.queries.training.sessions import SessionLine, sessions_at
from app.request import Config, Now
from app.rules.people.access import Viewer

router = APIRouter(tags=["training"], route_class=StrictRoute)
FILE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "A calendar file (RFC 5545).", "content": {"text/calendar": {"schema": {"type": "string"}}}}
}
Size = Annotated[int, Field(ge=1, le=1_440)]
Seats = Annotated[int, Field(ge=1, le=1_000)]


class NewSession(Written):
    """When, how long, where, for how many, and who holds it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"training": "desk", "starts_at": "2027-02-03T16:00:00Z", "seats": 12}]}
    )

    training: RoleId = Field(description="A training of the playbook, by its id.")
    starts_at: AwareDatetime = Field(strict=False)
    minutes: Size | None = Field(None, description="Null: as long as the playbook says.")
    place: Line = ""
    seats: Seats | None = None
    trainer: RowKey | None = None
    recording: Prose = ""

    def sitting(self) -> Sitting:
        said = self.checked()
        return Sitting(
            self.starts_at, self.minutes, said["place"], self.seats, self.trainer, said["recording"]
        )  # fmt: skip


class Asked(Given):
    """Who is asked: these, or everybody of the audience who has no session."""

    staff: list[RowKey] = Field([], max_length=20_000)
    everybody: bool = False
    invite: bool = Field(True, description="Send the date to those with an e-mail.")


class Attendance(Written):
    """Who was there; everybody else who is asked was not."""

    present: list[RowKey] = Field(max_length=20_000, description="Staff, by their ids.")
    recording: Prose = Field("", description="Where the recording is, for those who owe it.")


class Reason(Written):
    reason: Prose


@router.get(
    "/rollouts/{slug}/locations/{location}/training-sessions", summary="Sessions at a location",
    response_model=Page[SessionItem], responses=reading(REFUSED),
)  # fmt: skip
def list_sessions(desk: Seeing, location: PlaceSlug, page: Paged, session: Db, now: Now) -> Response:
    """Held, called off and to come, in the order of their ids."""
    desk.counted_at(now)
    place = desk.rollout.place(location)
    facts = training_facts(session, desk.rollout, [place])
    found = sessions_at(session, facts, [place], col(TrainingSession.id) > 0).get(place.id, [])
    return page_of(
        page, "sessions", SessionItem, found, lambda one: one.id, lambda one: SessionItem(**_item(one, place.slug))
    )


@router.post(
    "/rollouts/{slug}/locations/{location}/training-sessions", summary="Plan a session", status_code=201,
    response_model=SessionWhole, responses=changing(),
)  # fmt: skip
def plan(
    request: Request, given: NewSession, desk: Seeing, location: PlaceSlug, session: Db, now: Now, key: IntentKey = ""
) -> Response:
    """What speaks against it is told in `clashes`, and forbids nothing."""
    place = desk.rollout.place(location)
    row = plan_session(session, place.id, given.training, given.sitting(), token=key, by=desk.viewer, now=now)
    where = f"/api/v1/training-sessions/{row.id}"
    return _shown(request, session, row.id or 0, desk.viewer, status=201, location=where)


@router.get("/training-sessions/{session_id}", summary="One session", response_model=SessionWhole, responses=reading())
def show(request: Request, session_id: RowId, viewer: Reader, session: Db) -> Response:
    """Its `ETag` names the version that changes of it ask for; who is asked to it is part of it."""
    return _shown(request, session, session_id, viewer)


@router.get(
    "/training-sessions/{session_id}/calendar", summary="A session for a calendar", response_class=Response,
    responses=reading() | FILE,
)  # fmt: skip
def show_calendar(session_id: RowId, viewer: Reader, session: Db, config: Config) -> Response:
    entry = session_entry(session, session_id, viewer)
    made = calendar_file([at_site(entry, config.address)])
    return Response(made, media_type="text/calendar; charset=utf-8")


@dataclass(frozen=True)
class Holding:
    """Somebody is about to change a session."""

    request: Request
    session: Session
    session_id: int
    viewer: Viewer
    now: datetime

    def make(self, change: Callable[..., object], *given: Any, **named: Any) -> Response:
        made = change(self.session, self.session_id, *given, **named, by=self.viewer, now=self.now)
        waiting = made.waiting if isinstance(made, Enrolled) else ()
        return _shown(self.request, self.session, self.session_id, self.viewer, waiting=waiting)

    def make_seen(self, seen: int, change: Callable[..., object], *given: Any, **named: Any) -> Response:
        """The same for a change that somebody else's outdates."""

        def act() -> object:
            return change(self.session, self.session_id, *given, **named, seen=seen, by=self.viewer, now=self.now)

        versioned_step(self.session, act, self._present)
        return _shown(self.request, self.session, self.session_id, self.viewer)

    def _present(self) -> tuple[SessionWhole, int]:
        page = session_page(self.session, self.session_id, self.viewer)
        return _whole(page), page.line.row.version


async def holding(request: Request, session_id: RowId, viewer: Doer, session: Db, now: Now) -> Holding:
    return Holding(request, session, session_id, viewer, now)


Held = Annotated[Holding, Depends(holding)]
STEP: Final[dict[str, Any]] = {"response_model": SessionWhole, "responses": changing()}
SEEN: Final[dict[str, Any]] = {"response_model": SessionWhole, "responses": versioned()}


@router.put("/training-sessions/{session_id}", summary="Change a session", **SEEN)
def change(held: Held, given: NewSession, seen: IfMatch) -> Response:
    """Whoever was invited gets the new date. `training` stays as it is."""
    return held.make_seen(seen.version, change_session, given.sitting())


@router.put("/training-sessions/{session_id}/calling-off", summary="Call a session off", **SEEN)
def call_off(held: Held, given: Reason, seen: IfMatch) -> Response:
    """Whoever was invited is told. Called off already is quiet."""
    return held.make_seen(seen.version, call_off_session, **given.checked())


@router.put("/training-sessions/{session_id}/attendance", summary="Note who was there", **SEEN)
def attend(held: Held, given: Attendance, seen: IfMatch) -> Response:
    """Once, or to correct it. Whoever was not there owes the recording, or is asked to the next session."""
    recording = given.checked()["recording"]
    return held.make_seen(seen.version, close_attendance, given.present, recording=recording)


@router.post("/training-sessions/{session_id}/enrolments", summary="Ask people to a session", **STEP)
def ask(held: Held, given: Asked) -> Response:
    """Nobody takes a seat that is not there: `waiting` names those for whom there was none."""
    if given.everybody:
        return held.make(enrol_everybody, invite=given.invite)
    return held.make(enrol, given.staff, invite=given.invite)


@router.delete("/training-sessions/{session_id}/enrolments/{staff_id}", summary="Ask somebody no more", **STEP)
def take_off(held: Held, staff_id: RowId) -> Response:
    """Not asked is quiet."""
    return held.make(withdraw_enrolment, staff_id)


def _shown(
    request: Request, session: Session, session_id: int, viewer: Viewer, *, status: int = 200, location: str = "",
    waiting: tuple[int, ...] = (),
) -> Response:  # fmt: skip
    session.flush()
    page = session_page(session, session_id, viewer)
    shown = _whole(page, waiting)
    return answer(request, shown, version=page.line.row.version, status=status, location=location)


def _whole(page: SessionPage, waiting: tuple[int, ...] = ()) -> SessionWhole:
    people = None
    if page.asked is not None:
        people = [SeatLine(staff=one.id, name=one.name, invited=one.invited, attended=one.attended)
                  for one in page.asked]  # fmt: skip
    return SessionWhole(
        **_item(page.line, page.place.slug), people=people, waiting=list(waiting), may_hold=page.may_hold
    )


def _item(line: SessionLine, location: str) -> dict[str, Any]:
    row = line.row
    return {
        "id": line.id, "location": location, "training": row.entry, "starts_at": row.starts_at,
        "minutes": row.minutes, "place": row.place, "seats": row.seats, "trainer": row.trainer_id,
        "recording": row.recording, "enrolled": line.enrolled, "present": line.present, "held_at": row.held_at,
        "called_off_at": row.called_off_at, "clashes": list(line.clashes), "version": row.version,
    }  # fmt: skip
