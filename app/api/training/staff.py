"""Staff lists: read, added to, changed, and brought whole, first shown and then taken over."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import ConfigDict, Field
from sqlmodel import Session
from starlette.responses import Response

from app.actions.training.importing import apply_staff, preview_staff
from app.actions.training.sheets import read_text
from app.actions.training.staff import Entry, add_staff, change_staff, mark_left
from app.api.callers import Db, shows_first
from app.api.describing import changing, reading, versioned
from app.api.fields import LARGEST_ID, Given, Line, PlaceId, PlaceSlug, RoleId, RowId, RowKey
from app.api.guards import Desk, Doer, Reader, Seeing
from app.api.intents import IntentKey
from app.api.paging import Page, Paged, cut_page
from app.api.reading import StrictRoute
from app.api.tags import IfMatch, answer, versioned_step
from app.api.training.staff_shapes import ListChanges, ListFault, ResultLine, StaffItem, StaffTraining, StaffWhole
from app.errors import Forbidden
from app.models import StaffMember
from app.queries.training.network import reads_names
from app.queries.training.person import OneOf, StaffPage, staff_page
from app.queries.training.place import pairs_of
from app.queries.training.staff import staff_after
from app.request import Now
from app.rules.people.access import Permission, Viewer

router = APIRouter(tags=["training"], route_class=StrictRoute)


async def keeps_some(desk: Seeing) -> Desk:
    """Somebody who keeps a staff list in the rollout. Raises Forbidden."""
    extent = desk.viewer.locations(desk.rollout.id, Permission.CHECK_OFF)
    if not (extent.everywhere or extent.ids):
        raise Forbidden("You may see this rollout, but keep no staff list in it.")
    return desk


Keeping = Annotated[Desk, Depends(keeps_some)]


class NewStaff(Given):
    """Somebody who works at a location."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"number": "17", "name": "Noor Vos", "role": "front-desk", "shift": "early"}]}
    )

    number: Line
    name: Line
    role: RoleId
    email: Line = ""
    shift: Line = ""
    person: RowKey | None = Field(None, description="Their account, where they have one.")

    def entry(self) -> Entry:
        return Entry(self.number, self.name, self.role, self.email, self.shift, self.person)


class NewList(Given):
    """A staff list as CSV. Its first line names the columns: number, name, role, email, shift, location, go_live."""

    text: str = Field(max_length=4_000_000)
    location: PlaceId | None = Field(None, description="That of rows that name none.")
    left: list[RowKey] = Field([], max_length=20_000, description="Of those who are not on it: who has left.")
    shown: Line = Field("", description="Of the answer without it: then the list is taken over, all of it or nothing.")


@router.get(
    "/rollouts/{slug}/locations/{location}/staff", summary="The staff of a location", response_model=Page[StaffItem],
    responses=reading(),
)  # fmt: skip
def list_staff(desk: Seeing, location: PlaceSlug, page: Paged, session: Db) -> Response:
    """Everybody who works there now, for those who may know their names."""
    place = desk.rollout.place(location)
    if not reads_names(desk.viewer, desk.rollout.id, place.id):
        raise Forbidden("You may see this location, but not who works there.")
    after = page.after("staff")
    found = staff_after(session, place, after, page.limit + 1) if after <= LARGEST_ID else ()
    return cut_page(page, "staff", StaffItem, found, lambda one: one.id or 0, lambda one: _item(one, place.slug))


@router.post(
    "/rollouts/{slug}/locations/{location}/staff", summary="Put somebody on a staff list", status_code=201,
    response_model=StaffWhole, responses=changing(),
)  # fmt: skip
def add(
    request: Request, given: NewStaff, desk: Seeing, location: PlaceSlug, session: Db, now: Now, key: IntentKey = ""
) -> Response:
    place = desk.rollout.place(location)
    row = add_staff(session, place.id, given.entry(), token=key, by=desk.viewer, now=now)
    return show_staff(request, session, row.id or 0, desk.viewer, status=201, location=f"/api/v1/staff/{row.id}")


@router.post(
    "/rollouts/{slug}/staff-list", summary="Bring a staff list", response_model=ListChanges, responses=changing()
)
@shows_first
def bring(request: Request, given: NewList, desk: Keeping, session: Db, now: Now) -> Response:
    """Without `shown` only what the list would do. A list with faults is never taken over, not even in part."""
    return answer(request, _brought(session, given, desk.viewer, desk.rollout.id, now))


def _brought(session: Session, given: NewList, viewer: Viewer, rollout: int, now: datetime) -> ListChanges:
    table = read_text(given.text)
    usual = given.location or ""
    found = preview_staff(session, rollout, table, usual=usual, by=viewer, now=now)
    if given.shown:
        apply_staff(session, rollout, table, usual=usual, left=given.left, shown=given.shown, by=viewer, now=now)
    changes, faults = found.changes, found.read.faults
    takes = not faults and not (changes.nothing and not changes.missing)
    return ListChanges(
        faults=[ListFault(line=one.line, column=one.column, message=one.say) for one in faults],
        rows=len(found.read.rows), new=len(changes.new), changed=len(changes.changed) + len(changes.roster),
        same=changes.same, missing=[one.id for one in changes.missing],
        shown=changes.digest if takes and not given.shown else "", done=bool(given.shown),
    )  # fmt: skip


@router.get("/staff/{staff_id}", summary="One of the staff", response_model=StaffWhole, responses=reading())
def show(request: Request, staff_id: RowId, viewer: Reader, session: Db) -> Response:
    """With how they stand, and what was noted. For themselves, their place, and the owners of their trainings."""
    return show_staff(request, session, staff_id, viewer)


@router.put("/staff/{staff_id}", summary="Change one of the staff", response_model=StaffWhole, responses=versioned())
def change(
    request: Request, staff_id: RowId, given: NewStaff, seen: IfMatch, viewer: Doer, session: Db, now: Now
) -> Response:
    """The same again is quiet."""

    def act() -> object:
        return change_staff(session, staff_id, given.entry(), seen=seen.version, by=viewer, now=now)

    versioned_step(session, act, lambda: _present(session, staff_id, viewer))
    return show_staff(request, session, staff_id, viewer)


@router.put(
    "/staff/{staff_id}/leaving", summary="Somebody works there no more", response_model=StaffWhole,
    responses=changing(),
)  # fmt: skip
def leave(request: Request, staff_id: RowId, viewer: Doer, session: Db, now: Now) -> Response:
    """What they have shown is kept. Left already is quiet."""
    mark_left(session, staff_id, by=viewer, now=now)
    return show_staff(request, session, staff_id, viewer)


def show_staff(
    request: Request, session: Session, staff_id: int, viewer: Viewer, *, status: int = 200, location: str = ""
) -> Response:
    """Somebody of the staff as an answer."""
    session.flush()
    shown, version = _present(session, staff_id, viewer)
    return answer(request, shown, version=version, status=status, location=location)


def _present(session: Session, staff_id: int, viewer: Viewer) -> tuple[StaffWhole, int]:
    page = staff_page(session, staff_id, viewer)
    buddies = pairs_of(session, staff_id)
    return _whole(page, buddies), page.member.version


def _item(one: StaffMember, location: str) -> StaffItem:
    return StaffItem(
        id=one.id or 0, location=location, number=one.number, name=one.name, role=one.role, email=one.email,
        shift=one.shift, person=one.person_id, left_at=one.left_at, version=one.version,
    )  # fmt: skip


def _whole(page: StaffPage, buddies: dict[str, int]) -> StaffWhole:
    trainings = [_training(one, buddies.get(one.demand.entry)) for one in page.trainings]
    return StaffWhole(**_item(page.member, page.place.slug).model_dump(), trainings=trainings)


def _training(one: OneOf, buddy: int | None) -> StaffTraining:
    found = one.progress
    return StaffTraining(
        training=one.demand.entry, title=one.demand.title, standing=found.standing, practised=found.practised,
        pieces=found.pieces, attempts=found.attempts, score=found.score,
        session=found.seat.session if found.seat else None, buddy=buddy,
        results=[
            ResultLine(
                id=note.row.id or 0, kind=note.row.kind, line=note.row.line, passed=note.row.passed,
                score=note.row.score, note=note.row.note, by=note.by, at=note.row.at,
                withdrawn_at=note.row.withdrawn_at,
            )
            for note in one.noted
        ],
    )  # fmt: skip
