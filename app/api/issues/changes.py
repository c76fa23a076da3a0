"""Issues, changed: one address for each thing that can be done with one, and the version where one may be outdated."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter
from pydantic import ConfigDict, Field
from starlette.responses import Response

from app.actions.issues import changes, solving
from app.api.describing import changing, versioned
from app.api.fields import Given, Line, Prose, RowKey
from app.api.issues.change import Acting, Changing, Written
from app.api.issues.shapes import IssueWhole
from app.api.reading import StrictRoute

router = APIRouter(tags=["issues"], route_class=StrictRoute)
# What outdates nothing asks for no version; what judges an issue does.
BESIDE: Final[dict[str, Any]] = {"response_model": IssueWhole, "responses": changing()}
JUDGED: Final[dict[str, Any]] = {"response_model": IssueWhole, "responses": versioned()}


class Holder(Given):
    person: RowKey


class Wait(Written):
    """Whom it waits for and why, and whether its clock stands still meanwhile."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"waits_for": "the vendor", "reason": "A part is sent", "stops_clock": True}]}
    )

    waits_for: Line
    reason: Prose
    stops_clock: bool = Field(False, description="Only for whoever the playbook lets stop it (`may_stop`).")


class Solution(Written):
    """Why it happened, and what was done."""

    cause: Prose
    fix: Prose


class Why(Written):
    reason: Prose


class Judgement(Written):
    """How bad it is, and of what kind."""

    severity: Line = Field(description="A severity of the playbook, by its id.")
    kind: Line = Field("", description="A type of the playbook, by its id; empty for none.")
    reason: Prose


@router.put("/issues/{issue_id}/acknowledgement", summary="Take an issue", **BESIDE)
def acknowledge(act: Acting) -> Response:
    """In whatever version it is: whoever takes it first stays named. Taken already is quiet."""
    return act.make(changes.acknowledge)


@router.put("/issues/{issue_id}/assignment", summary="Give an issue to a person", **JUDGED)
def assign(change: Changing, given: Holder) -> Response:
    """Theirs already is quiet."""
    return change.make_seen(changes.assign_issue, person=given.person)


@router.delete("/issues/{issue_id}/assignment", summary="Give an issue back to its ladder", **JUDGED)
def unassign(change: Changing) -> Response:
    """To whoever took it, or to its first rung. There already is quiet."""
    return change.make_seen(changes.assign_issue, person=None)


@router.put("/issues/{issue_id}/standstill", summary="An issue waits", **JUDGED)
def wait(change: Changing, given: Wait) -> Response:
    """409 where it waits already."""
    return change.make_seen(changes.wait_on, **given.checked())


@router.delete("/issues/{issue_id}/standstill", summary="An issue goes on", **BESIDE)
def go_on(act: Acting) -> Response:
    """In whatever version it is. A clock that stood runs on; going on already is quiet."""
    return act.make(changes.go_on)


@router.put("/issues/{issue_id}/resolution", summary="Say that an issue is solved", **JUDGED)
def resolve(change: Changing, given: Solution) -> Response:
    """The clock stops, and somebody is asked to confirm. Solved already is quiet."""
    return change.make_seen(solving.resolve_issue, **given.checked())


@router.put("/issues/{issue_id}/confirmation", summary="Confirm that an issue is solved", **JUDGED)
def confirm(change: Changing) -> Response:
    """Whoever reported it, or whom the playbook names, closes it. Closed already is quiet."""
    return change.make_unseen(solving.confirm_issue)


@router.put("/issues/{issue_id}/reopening", summary="Open an issue again", **JUDGED)
def reopen(change: Changing, given: Why) -> Response:
    """It is not solved after all: the clock goes on where it stopped. Open already is quiet."""
    return change.make_unseen(solving.reopen_issue, **given.checked())


@router.put("/issues/{issue_id}/severity", summary="Judge an issue anew", **JUDGED)
def judge(change: Changing, given: Judgement) -> Response:
    """Another law holds, counted from its opening. The same again is quiet."""
    return change.make_seen(changes.change_severity, **given.checked())


@router.post("/issues/{issue_id}/escalation", summary="Tell the next rung now", **JUDGED)
def escalate(change: Changing, given: Why) -> Response:
    """By hand, whatever its clock says. 409 where everybody on its ladder has been told."""
    return change.make_unseen(changes.escalate_by_hand, **given.checked())
