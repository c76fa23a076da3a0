"""Meetings are held and called off; what is agreed there is a task; a text is taken away."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request
from pydantic import ConfigDict, Field
from starlette.responses import Response

from app.actions.meetings.agreeing import agree_action
from app.actions.meetings.holding import call_off, hold_meeting, redact_meeting
from app.api.acts import Change
from app.api.callers import Db
from app.api.describing import changing, versioned
from app.api.fields import Day, Given, Line, Prose, RoleId, RowId, RowKey
from app.api.guards import Guard
from app.api.intents import IntentKey
from app.api.issues.change import Written
from app.api.meetings.meetings import shown
from app.api.meetings.shapes import MeetingWhole
from app.api.meetings.whole import whole
from app.api.reading import StrictRoute
from app.api.tags import IfMatch
from app.queries.meetings.agenda import whole_agenda
from app.queries.meetings.page import meeting_page
from app.queries.meetings.seen import seen_meeting
from app.request import Now
from app.rules.people.access import Permission, Viewer

router = APIRouter(tags=["meetings"], route_class=StrictRoute)
Recorder = Annotated[Viewer, Depends(Guard(Permission.CHECK_OFF))]


class Attendance(Written):
    """Who was there, and what was said. The first time keeps the agenda as it stands."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"attended": [3, 4], "notes": "The line comes on Friday."}]}
    )

    attended: list[RowKey] = Field(
        max_length=5_000, description="People, by their ids. Those noted before of whom you may not know stay noted."
    )
    notes: Prose = ""


class Reason(Written):
    reason: Prose


class Agreement(Written):
    """Work that was agreed on: a task at the place of the meeting, held by a role or by one person."""

    title: Line
    due: Day | None = None
    role: RoleId | None = None
    person: RowKey | None = None


class Redaction(Given):
    part: Literal["notes", "reason"] = Field(description="`reason`: why it was called off.")


class Recording(Change):
    """Somebody is about to record a meeting of which they saw a version."""

    def shown(self, status: int = 200) -> Response:
        return shown(self.request, self.session, self.id, self.viewer, self.now, status=status)

    def present(self) -> tuple[MeetingWhole, int]:
        page = meeting_page(self.session, self.id, self.viewer, self.now)
        return whole(page), page.version


async def recording(
    request: Request, occasion_id: RowId, seen: IfMatch, viewer: Recorder, session: Db, now: Now
) -> Recording:
    return Recording(request, session, occasion_id, viewer, now, seen.version)


Changing = Annotated[Recording, Depends(recording)]


@router.put(
    "/meetings/{occasion_id}/holding", summary="Record that a meeting was held", response_model=MeetingWhole,
    responses=versioned(),
)  # fmt: skip
def hold(change: Changing, given: Attendance) -> Response:
    """From its day on, and again to correct it. The same again is quiet."""
    agenda = whole_agenda(change.session, seen_meeting(change.session, change.id, change.viewer), change.now)
    return change.make_seen(hold_meeting, agenda=agenda, **given.checked())


@router.put(
    "/meetings/{occasion_id}/calling-off", summary="Call a meeting off", response_model=MeetingWhole,
    responses=versioned(),
)  # fmt: skip
def off(change: Changing, given: Reason) -> Response:
    """409 for one that was held."""
    return change.make_seen(call_off, **given.checked())


@router.post(
    "/meetings/{occasion_id}/actions", summary="Agree on work at a meeting", status_code=201,
    response_model=MeetingWhole, responses=changing(),
)  # fmt: skip
def agree(
    request: Request, occasion_id: RowId, viewer: Recorder, given: Agreement, session: Db, now: Now,
    key: IntentKey = "",
) -> Response:  # fmt: skip
    """It becomes a task. In whatever version the meeting is; it is held by that."""
    said = given.checked()
    agenda = whole_agenda(session, seen_meeting(session, occasion_id, viewer), now)
    agree_action(
        session, occasion_id, title=said["title"], due=given.due, role=given.role or "", person=given.person,
        agenda=agenda, token=key, by=viewer, now=now,
    )  # fmt: skip
    return shown(request, session, occasion_id, viewer, now, 201)


@router.put(
    "/meetings/{occasion_id}/redaction", summary="Take a text of a meeting away for good",
    response_model=MeetingWhole, responses=changing(),
)  # fmt: skip
def redact(request: Request, occasion_id: RowId, viewer: Recorder, given: Redaction, session: Db, now: Now) -> Response:
    """In whatever version it is. What was there is kept nowhere."""
    redact_meeting(session, occasion_id, part=given.part, by=viewer, now=now)
    return shown(request, session, occasion_id, viewer, now)
