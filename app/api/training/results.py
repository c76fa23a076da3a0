"""What somebody of the staff has shown: practice, checks, the recording; and who is beside them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from app.actions.training.pairing import pair, pair_everybody, unpair
from app.actions.training.results import note_check, note_practice, watch_recording, withdraw_result
from app.api.callers import Db
from app.api.describing import changing
from app.api.fields import ROLE_PATTERN, ChecklistPath, Given, PlaceSlug, Prose, RoleId, RowId, RowKey, Shown
from app.api.guards import Doer, Seeing
from app.api.intents import IntentKey
from app.api.issues.change import Written
from app.api.reading import StrictRoute
from app.api.tags import answer
from app.api.training.staff import show_staff
from app.api.training.staff_shapes import StaffWhole
from app.request import Now
from app.rules.people.access import Viewer

router = APIRouter(tags=["training"], route_class=StrictRoute)
Training = Annotated[str, Path(pattern=ROLE_PATTERN, description="A training of the playbook, by its id.")]
Pieces = Annotated[int, Field(ge=0, le=100)]


class Practice(Written):
    """Pieces of one line of the training's checklist."""

    training: RoleId
    line: ChecklistPath
    passed: Pieces
    failed: Pieces = 0
    note: Prose = ""


class Check(Written):
    """One attempt, with its score in percent."""

    training: RoleId
    score: int = Field(ge=0, le=100)
    note: Prose = ""


class BuddyGiven(Given):
    person: RowKey


class Audience(Given):
    training: RoleId


class Paired(Shown):
    """How many have a buddy now."""

    paired: int


@router.post("/staff/{staff_id}/practice", summary="Note practice", response_model=StaffWhole, responses=changing())
def practise(
    request: Request, staff_id: RowId, given: Practice, viewer: Doer, session: Db, now: Now, key: IntentKey = ""
) -> Response:
    """By somebody else than the person themselves."""
    note_practice(
        session, staff_id, given.training, given.line, passed=given.passed, failed=given.failed,
        note=given.checked()["note"], token=key, by=viewer, now=now,
    )  # fmt: skip
    return show_staff(request, session, staff_id, viewer)


@router.post("/staff/{staff_id}/checks", summary="Note a check", response_model=StaffWhole, responses=changing())
def check(
    request: Request, staff_id: RowId, given: Check, viewer: Doer, session: Db, now: Now, key: IntentKey = ""
) -> Response:
    """Passed from the pass mark of the playbook on; every attempt is counted."""
    note_check(
        session, staff_id, given.training, score=given.score, note=given.checked()["note"], token=key, by=viewer,
        now=now,
    )  # fmt: skip
    return show_staff(request, session, staff_id, viewer)


@router.put(
    "/staff/{staff_id}/recordings/{training}", summary="The recording was watched", response_model=StaffWhole,
    responses=changing(),
)  # fmt: skip
def watch(request: Request, staff_id: RowId, training: Training, viewer: Doer, session: Db, now: Now) -> Response:
    """Said by themselves, where they have an account, or by whoever holds the training."""
    watch_recording(session, staff_id, training, by=viewer, now=now)
    return show_staff(request, session, staff_id, viewer)


@router.put(
    "/training-results/{result_id}/withdrawal", summary="Take a result back", response_model=StaffWhole,
    responses=changing(),
)  # fmt: skip
def take_back(request: Request, result_id: RowId, viewer: Doer, session: Db, now: Now) -> Response:
    """It stays in the history and counts no more."""
    row = withdraw_result(session, result_id, by=viewer, now=now)
    return show_staff(request, session, row.staff_id, viewer)


@router.put(
    "/staff/{staff_id}/buddies/{training}", summary="Give somebody a buddy", response_model=StaffWhole,
    responses=changing(),
)  # fmt: skip
def give_buddy(
    request: Request, staff_id: RowId, training: Training, given: BuddyGiven, viewer: Doer, session: Db, now: Now
) -> Response:
    pair(session, staff_id, training, given.person, by=viewer, now=now)
    return show_staff(request, session, staff_id, viewer)


@router.delete(
    "/staff/{staff_id}/buddies/{training}", summary="Somebody has no buddy any more", response_model=StaffWhole,
    responses=changing(),
)  # fmt: skip
def end_buddy(request: Request, staff_id: RowId, training: Training, viewer: Doer, session: Db, now: Now) -> Response:
    unpair(session, staff_id, training, by=viewer, now=now)
    return show_staff(request, session, staff_id, viewer)


@router.post(
    "/rollouts/{slug}/locations/{location}/buddies", summary="Give everybody a buddy", response_model=Paired,
    responses=changing(),
)  # fmt: skip
def pair_all(request: Request, given: Audience, desk: Seeing, location: PlaceSlug, session: Db, now: Now) -> Response:
    """Everybody of the audience, those who hold the buddy's role in turns."""
    return answer(request, _paired(session, desk.rollout.place(location).id, given.training, desk.viewer, now))


def _paired(session: Session, place: int, training: str, viewer: Viewer, now: Now) -> Paired:
    return Paired(paired=len(pair_everybody(session, place, training, by=viewer, now=now)))
