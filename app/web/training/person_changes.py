"""Forms about one of the staff: what they have shown, their buddy, what the list says of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from sqlmodel import Session
from starlette.responses import Response

from app.actions.training.pairing import pair, unpair
from app.actions.training.results import note_check, note_practice, watch_recording, withdraw_result
from app.actions.training.staff import Entry, change_staff, mark_left
from app.models import StaffMember
from app.rules.people.access import Viewer
from app.web.answers import see_other
from app.web.forms import Line, RowId
from app.web.issues.identifiers import Confirmed, warned
from app.web.site import Db, Now
from app.web.tasks.forms import Doer, Key, Seen, Typed, key_of
from app.web.told import Told
from app.web.training.answers import answered
from app.web.training.fields import whole_number
from app.web.training.person import one_person
from app.web.training.place import Figure

router = APIRouter()


@dataclass(frozen=True)
class StaffForm:
    """A form about somebody of the staff."""

    session: Session
    staff_id: int
    viewer: Viewer
    now: datetime

    def make(self, form: str, typed: dict[str, Any], act: Callable[[], object]) -> Response:
        return answered(self.session, form, typed, act, self.page, f"/training/people/{self.staff_id}")

    def page(self, told: Told) -> Response:
        return one_person(self.session, self.staff_id, self.viewer, self.now, told)

    def noting(
        self, form: str, typed: dict[str, Any], note: str, confirmed: str, act: Callable[[], object]
    ) -> Response:
        """The same for a form with a note, which names no patient."""
        if found := warned({"note": note}, confirmed):
            return self.page(replace(Told(form=form, typed=typed), warning=found))
        return self.make(form, typed, act)


async def staff_form(staff_id: RowId, viewer: Doer, session: Db, now: Now) -> StaffForm:
    return StaffForm(session, staff_id, viewer, now)


About = Annotated[StaffForm, Depends(staff_form)]


@router.post("/training/people/{staff_id}/details")
def change(
    form: About, seen: Seen, number: Line = "", name: Line = "", role: Line = "", email: Line = "", shift: Line = ""
) -> Response:
    typed = {"number": number, "name": name, "role": role, "email": email, "shift": shift}

    def act() -> object:
        row = form.session.get(StaffMember, form.staff_id)
        entry = Entry(number, name, role, email, shift, row.person_id if row else None)
        return change_staff(form.session, form.staff_id, entry, seen=seen, by=form.viewer, now=form.now)

    return form.make("details", typed, act)


@router.post("/training/people/{staff_id}/leaving")
def leave(form: About) -> Response:
    return form.make("leaving", {}, partial(mark_left, form.session, form.staff_id, by=form.viewer, now=form.now))


@router.post("/training/people/{staff_id}/practice")
def practise(
    form: About,
    entry: Line = "",
    line: Line = "",
    passed: Figure = "",
    failed: Figure = "",
    note: Typed = "",
    token: Line = "",
    confirmed: Confirmed = "",
) -> Response:
    typed = {"line": line, "passed": passed, "failed": failed, "note": note}

    def act() -> object:
        good, bad = whole_number("passed", passed) or 0, whole_number("failed", failed) or 0
        return note_practice(
            form.session, form.staff_id, entry, line, passed=good, failed=bad, note=note, token=token, by=form.viewer,
            now=form.now,
        )  # fmt: skip

    return form.noting(f"practice-{entry}", typed, note, confirmed, act)


@router.post("/training/people/{staff_id}/check")
def check(
    form: About, entry: Line = "", score: Figure = "", note: Typed = "", token: Line = "", confirmed: Confirmed = ""
) -> Response:
    typed = {"score": score, "note": note}

    def act() -> object:
        figure = whole_number("score", score)
        return note_check(
            form.session, form.staff_id, entry, score=-1 if figure is None else figure, note=note, token=token,
            by=form.viewer, now=form.now,
        )  # fmt: skip

    return form.noting(f"check-{entry}", typed, note, confirmed, act)


@router.post("/training/people/{staff_id}/recording")
def watch(form: About, entry: Line = "") -> Response:
    act = partial(watch_recording, form.session, form.staff_id, entry, by=form.viewer, now=form.now)
    return form.make(f"recording-{entry}", {}, act)


@router.post("/training/people/{staff_id}/buddy")
def give_buddy(form: About, entry: Line = "", buddy: Key = "") -> Response:
    chosen = key_of(buddy)
    given: dict[str, Any] = {"by": form.viewer, "now": form.now}
    act: Callable[[], object] = partial(unpair, form.session, form.staff_id, entry, **given)
    if chosen is not None:
        act = partial(pair, form.session, form.staff_id, entry, chosen, **given)
    return form.make(f"buddy-{entry}", {"buddy": buddy}, act)


@router.post("/training/results/{result_id}/withdrawal")
def take_back(result_id: RowId, viewer: Doer, session: Db, now: Now) -> Response:
    row = withdraw_result(session, result_id, by=viewer, now=now)
    return see_other(f"/training/people/{row.staff_id}")
