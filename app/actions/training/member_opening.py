"""Somebody of the staff, opened for a change: loaded through what the person may see, locked."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from app.actions.loading import key_of, load
from app.actions.training.opening import Place, open_place
from app.errors import NotFound
from app.models import StaffMember
from app.rules.people.access import Viewer


@dataclass(frozen=True)
class OpenMember:
    """Somebody of the staff, with their place."""

    row: StaffMember
    place: Place

    @property
    def id(self) -> int:
        return key_of(self.row)


def open_member(session: Session, staff_id: int, *, by: Viewer) -> OpenMember:
    """Somebody of the staff of a place that the person may see. Raises NotFound and Refused; for a name that may not
    be read there the caller judges.
    """
    row = load(session, StaffMember, staff_id, "person")
    try:
        return OpenMember(row, open_place(session, row.location_id, by=by))
    except NotFound:
        raise NotFound("person") from None
