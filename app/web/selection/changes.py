"""Forms of a selection: questions answered, exclusions waived, a set proposed and signed."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from app.actions.selection.answering import answer_of_location, answer_of_set
from app.actions.selection.choosing import propose_set, sign_set
from app.actions.selection.waiving import waive_exclusion, withdraw_waiver
from app.rules.people.access import Permission, Viewer
from app.web.forms import Line, Password, RowId, Whole
from app.web.issues.identifiers import Confirmed, warned
from app.web.selection.page import PlaceSlug, Proving, ProvingThere, SelectionForm
from app.web.setup.locations import Form as AnyForm
from app.web.setup.locations import version_of
from app.web.site import Db, Guard, Now
from app.web.tasks.forms import Typed
from app.web.told import Told

router = APIRouter()
# Whoever is named may answer and propose: the action judges it.
Selector = Annotated[Viewer, Depends(Guard(Permission.VOTE))]
Waiver = Annotated[Viewer, Depends(Guard(Permission.SIGN_OFF))]
Seen = Annotated[int, Form(alias="seen", ge=0, le=2**31 - 1), Whole]
Number = Annotated[int, Form(ge=0, le=2**31 - 1), Whole]
MOST_CHOSEN = 500


def answering(
    request: Request, selection_id: RowId, location: PlaceSlug, viewer: Selector, session: Db, now: Now
) -> SelectionForm:
    return SelectionForm(request, session, viewer, selection_id, location, now)


def changing(request: Request, selection_id: RowId, viewer: Selector, session: Db, now: Now) -> SelectionForm:
    return SelectionForm(request, session, viewer, selection_id, "", now)


def withdrawing(
    request: Request, selection_id: RowId, viewer: Waiver, session: Db, now: Now,
    at: Annotated[str, Form(pattern=r"^[a-z0-9-]{0,80}$")] = "",
) -> SelectionForm:  # fmt: skip
    """`at` is the candidate on whose page the form stands."""
    return SelectionForm(request, session, viewer, selection_id, at, now)


Answering = Annotated[SelectionForm, Depends(answering)]
Changing = Annotated[SelectionForm, Depends(changing)]


@router.post("/selections/{selection_id}/candidates/{location}/answers")
def answer(
    form: Answering, part: Line = "", rule: Line = "", answer: Typed = "", note: Typed = "", seen: Seen = 0,
    confirmed: Confirmed = "",
) -> Response:  # fmt: skip
    name, typed = f"{part}-{rule}", {"answer": answer, "note": note}
    if found := warned(typed, confirmed):
        return form.answer(Told(form=name, typed=typed, warning=found))
    given = {"part": part, "rule": rule, "text": answer, "note": note, "seen": seen}
    told = Told(form=name, label="Answer", yours=answer, typed=typed)
    return form.make(answer_of_location, told, form.location(), **given)


@router.post("/selections/{selection_id}/together")
def answer_together(
    form: Changing, rule: Line = "", locations: Line = "", answer: Typed = "", note: Typed = "", seen: Seen = 0,
    confirmed: Confirmed = "",
) -> Response:  # fmt: skip
    name, typed = f"together-{rule}", {"answer": answer, "note": note}
    if found := warned(typed, confirmed):
        return form.answer(Told(form=name, typed=typed, warning=found))
    keys = [form.location(slug) for slug in locations.split()[:MOST_CHOSEN]]
    given = {"locations": keys, "rule": rule, "text": answer, "note": note, "seen": seen}
    return form.make(answer_of_set, Told(form=name, label="Answer", yours=answer, typed=typed), **given)


@router.post("/selections/{selection_id}/candidates/{location}/waivers")
def waive(
    form: ProvingThere, exclusion: Line = "", reason: Typed = "", password: Password = "", confirmed: Confirmed = ""
) -> Response:
    typed = {"exclusion": exclusion, "reason": reason}
    if found := warned({"reason": reason}, confirmed):
        return form.warned(Told(form="waive", typed=typed, warning=found))
    told = Told(form="waive", label="Waive", yours=reason, typed=typed)
    return form.make(waive_exclusion, told, password, "Nothing was waived.", exclusion=exclusion, reason=reason)


@router.post("/selections/{selection_id}/waivers/{waiver_id}/withdrawal")
def withdraw(waiver_id: RowId, form: Annotated[SelectionForm, Depends(withdrawing)]) -> Response:
    return form.make(withdraw_waiver, Told(form="waivers"), waiver_id)


@router.post("/selections/{selection_id}/choice")
def propose(sent: AnyForm, request: Request, selection_id: RowId, viewer: Selector, session: Db, now: Now) -> Response:
    """The form is read before the transaction: a slow sender must not hold it."""
    form = SelectionForm(request, session, viewer, selection_id, "", now)
    slugs = [slug for slug in sent.get("location", ()) if slug][:MOST_CHOSEN]
    page = form.page()
    keys = [page.candidate(slug).id for slug in slugs]
    names = ", ".join(page.candidate(slug).name for slug in slugs)
    again: tuple[tuple[str, str], ...] = tuple(("location", slug) for slug in slugs)
    told = Told(form="propose", label="The set", yours=names, typed={"location": slugs}, sent=again)
    return form.make(propose_set, told, locations=keys, seen=version_of(sent))


@router.post("/selections/{selection_id}/signature")
def sign(form: Proving, number: Number = 0, password: Password = "") -> Response:
    told: Any = Told(form="sign", label="Sign", yours="I sign for it")
    return form.make(sign_set, told, password, "Nothing was signed.", number=number)
