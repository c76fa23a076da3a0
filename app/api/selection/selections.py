"""Selections: listed, read whole, answered, proposed, and the chosen set moved into its wave."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request
from pydantic import ConfigDict, Field
from starlette.responses import Response

from app.actions.selection.answering import answer_of_location, answer_of_set
from app.actions.selection.choosing import propose_set, sign_set
from app.actions.selection.placing import place_set, planned_placing
from app.actions.selection.waiving import waive_exclusion, withdraw_waiver
from app.api.callers import Db, shows_first
from app.api.describing import Responses, changing, reading, versioned
from app.api.fields import LINE_PATTERN, Given, Line, PlaceId, Prose, RowId, RowKey
from app.api.guards import Detailed, Guard, Reader, Seeing
from app.api.issues.change import Written
from app.api.kinds import PROOF_WANTED, STALE
from app.api.move_shapes import MovePlan
from app.api.moves import shown_plan
from app.api.reading import StrictRoute
from app.api.selection.change import Selecting, Signing
from app.api.selection.shapes import SelectionItem, SelectionItems, SelectionWhole
from app.api.selection.whole import show_selection
from app.api.tags import answer, tagged
from app.errors import Invalid
from app.queries.selection.content import choice_content
from app.queries.selection.list import selection_lines
from app.queries.selection.page import selection_page
from app.request import Now
from app.rules.people.access import Permission, Viewer

router = APIRouter(tags=["selections"], route_class=StrictRoute)
Director = Annotated[Viewer, Depends(Guard(Permission.DIRECT))]
RuleId = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,80}$", description="The id of an exclusion, criterion, question.")]
CONTENT: Responses = {
    200: {
        "description": "The very text that was hashed.",
        "content": {"application/json": {"schema": {"type": "object"}}},
        "headers": {"X-Content-SHA256": {"description": "Its SHA-256.", "schema": {"type": "string"}}},
    }
}


class Answered(Written):
    """One answer: of a location (`exclude`, `criteria`), or of a set of them (`together`)."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"part": "criteria", "rule": "backing", "location": "alder", "value": "yes"}]}
    )

    part: Literal["exclude", "criteria", "together"]
    rule: RuleId
    location: PlaceId | None = None
    locations: list[PlaceId] = Field([], max_length=500, description="The set, for `together`.")
    value: Prose = Field(description="As it would be typed; several choices one a line.")
    note: Prose = ""


class Choice(Given):
    locations: list[PlaceId] = Field(max_length=500)


class Waiving(Written):
    location: PlaceId
    exclusion: RuleId
    reason: Prose


class Read(Given):
    number: RowKey = Field(description="The `number` of the choice that you read.")


class Placing(Given):
    """Without `shown` nothing changes: the answer says what would. With the word that it gave, it is done."""

    shown: str = Field("", max_length=64, pattern=LINE_PATTERN, description="`shown` of the answer before.")
    waves: dict[PlaceId, Line] = Field({}, description="Where those go who make room; else where most are missing.")


@router.get(
    "/rollouts/{slug}/selections", summary="Selections of a rollout", response_model=SelectionItems,
    responses=reading(),
)  # fmt: skip
def list_selections(request: Request, desk: Seeing, session: Db) -> Response:
    """In the order of the playbook."""
    items = [
        SelectionItem(id=one.id, entry=one.selection.id, title=one.selection.title, wave=one.selection.wave,
                      due=one.due, proposed=one.proposed, settled=one.settled)
        for one in selection_lines(session, desk.rollout)
    ]  # fmt: skip
    return answer(request, SelectionItems(items=items))


@router.get("/selections/{selection_id}", summary="One selection", response_model=SelectionWhole, responses=reading())
def show(request: Request, selection_id: RowId, viewer: Reader, session: Db, now: Now) -> Response:
    """Every candidate that you may see with its score, the best set, and the one that was proposed."""
    return show_selection(request, session, selection_id, viewer, now)


@router.put(
    "/selections/{selection_id}/answers", summary="Answer a question", response_model=SelectionWhole,
    responses=versioned(),
)  # fmt: skip
def give_answer(change: Selecting, given: Answered) -> Response:
    """In place of an older answer, which is kept. An answer about a set says nothing about another set. The same again
    is quiet.
    """
    given.checked()
    said = {"rule": given.rule, "text": given.value, "note": given.note, "seen": None, "version": change.seen}
    if given.part == "together":
        keys = [change.location(slug) for slug in given.locations]
        return change.make_seen(answer_of_set, locations=keys, **said)
    if given.location is None:
        raise Invalid({"location": "Name the location."})
    place = change.location(given.location)
    return change.make_seen(answer_of_location, place, part=given.part, **said)


@router.put(
    "/selections/{selection_id}/choice", summary="Propose a set", response_model=SelectionWhole,
    responses=versioned(),
)  # fmt: skip
def propose(change: Selecting, given: Choice) -> Response:
    """In place of an older one, whose signatures fall. `missing` of a refusal says what bars it. The same set again is
    quiet.
    """
    keys = [change.location(slug) for slug in given.locations]
    return change.make_seen(propose_set, locations=keys)


@router.post(
    "/selections/{selection_id}/waivers", summary="Waive an exclusion", response_model=SelectionWhole,
    responses=changing(PROOF_WANTED),
)  # fmt: skip
def waive(act: Signing, given: Waiving) -> Response:
    """Refused to every token: it asks for a fresh proof of who you are, which only its page takes."""
    said = given.checked()
    return act.make(waive_exclusion, act.location(said.pop("location")), **said)


@router.delete(
    "/selections/{selection_id}/waivers/{waiver_id}", summary="Take a waiver back", response_model=SelectionWhole,
    responses=changing(),
)  # fmt: skip
def withdraw(act: Signing, waiver_id: RowId) -> Response:
    """The exclusion keeps the location out again. Taken back already is quiet."""
    return act.make(withdraw_waiver, waiver_id)


@router.post(
    "/selections/{selection_id}/signatures", summary="Sign the proposed set", response_model=SelectionWhole,
    responses=changing(PROOF_WANTED),
)  # fmt: skip
def sign(act: Signing, given: Read) -> Response:
    """Refused to every token: signing asks for a fresh proof of who you are, which only its page takes."""
    return act.make(sign_set, number=given.number)


@router.post(
    "/selections/{selection_id}/waves", summary="Move the chosen locations into their wave", response_model=MovePlan,
    responses=changing(STALE),
)  # fmt: skip
@shows_first
def place(request: Request, selection_id: RowId, given: Placing, viewer: Director, session: Db, now: Now) -> Response:
    """With everything that moves by it. What was recorded at a location stays; what is not finished gets the dates of
    the new wave. 412 when the plan has changed since it was shown.
    """
    page = selection_page(session, selection_id, viewer, now)
    waves = {page.candidate(slug).id: wave for slug, wave in given.waves.items()}
    who = {"by": viewer, "now": now}
    move = (
        place_set(session, selection_id, waves=waves, shown=given.shown, **who)  # type: ignore[arg-type]
        if given.shown
        else planned_placing(session, selection_id, waves=waves, **who)  # type: ignore[arg-type]
    )
    seen = {one.slug for one in (*page.rollout.locations, *page.rollout.left)}
    return answer(request, shown_plan(move, seen, done=bool(given.shown)))


@router.get(
    "/selections/{selection_id}/choices/{choice_id}/content", summary="What was frozen of a set",
    responses={**reading(), **CONTENT},
)  # fmt: skip
def content(request: Request, selection_id: RowId, choice_id: RowId, viewer: Detailed, session: Db) -> Response:
    """The canonical JSON to which signatures are bound, byte by byte, so that anybody may hash it again."""
    found = choice_content(session, selection_id, choice_id, viewer)
    tag = f'"0-{found.sha256[:16]}"'
    return tagged(request, found.content.encode(), tag, headers={"X-Content-SHA256": found.sha256})
