"""What people say about an issue, where else it is, and texts taken away for good."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from pydantic import ConfigDict, Field
from starlette.responses import Response

from app.actions.issues import talking
from app.api.describing import changing
from app.api.fields import Given, PlaceSlug, Prose, RowKey
from app.api.intents import IntentKey
from app.api.issues.change import Acting, Written
from app.api.issues.shapes import IssueWhole
from app.api.reading import StrictRoute
from app.errors import Invalid
from app.queries.issues.page import issue_page
from app.rules.tasks.mentions import mentioned

router = APIRouter(tags=["issues"], route_class=StrictRoute)


class Note(Written):
    """How it stands. Whoever is called by `@Full Name`, or is in `tell`, gets a message."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"text": "The part comes at noon, @Omar Haddad"}]})

    text: Prose
    tell: list[RowKey] = Field(default=[], max_length=200, description="People, by their ids.")


class Redaction(Given):
    """A text that should never have been written."""

    part: Literal["title", "details", "caller", "waits", "solutions", "note", "file"] = Field(
        description="`waits`: what it waited for and why; `solutions`: causes, fixes and why it was opened again; "
        "`file`: the name of a photo or a file, which nobody can fetch any more."
    )
    note: RowKey | None = Field(None, description="Which note, by its id; 404 without.")
    file: RowKey | None = Field(None, description="Which file, by its id; 404 without.")


@router.post(
    "/issues/{issue_id}/notes", summary="Say how an issue stands", status_code=201, response_model=IssueWhole,
    responses=changing(),
)  # fmt: skip
def say(act: Acting, given: Note, key: IntentKey = "") -> Response:
    """In whatever version it is."""
    readers = issue_page(act.session, act.id, act.viewer, act.now).readers
    text = given.checked()["text"]
    called = mentioned(text, readers, given.tell)
    if called.unclear:
        raise Invalid({"tell": "Several people are called that: choose whom you mean by their ids."})

    talking.say(
        act.session, act.id, text=text, tell_too=called.people, token=key, by=act.viewer, now=act.now
    )  # fmt: skip
    return act.shown(201)


@router.put(
    "/issues/{issue_id}/same/{location}", summary="Another location has it too", response_model=IssueWhole,
    responses=changing(),
)  # fmt: skip
def same_elsewhere(act: Acting, location: PlaceSlug) -> Response:
    """In whatever version it is. Known already is quiet."""
    page = issue_page(act.session, act.id, act.viewer, act.now)
    return act.make(talking.same_elsewhere, location_id=page.rollout.place(location).id)


@router.put(
    "/issues/{issue_id}/redaction", summary="Take a text away for good", response_model=IssueWhole,
    responses=changing(),
)  # fmt: skip
def redact(act: Acting, given: Redaction) -> Response:
    """In whatever version it is. What was there is kept nowhere; the history says who took which text away."""
    note = given.note or 0 if given.part == "note" else None
    file = given.file or 0 if given.part == "file" else None
    return act.make(talking.redact, part=given.part, note_id=note, file_id=file)
