"""Signatures: what one was given for, and taking one's own back. None is given here, for a token proves nobody."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from app.actions.signoffs.signing import sign_task, withdraw_signature
from app.api.callers import Db
from app.api.describing import Responses, reading, versioned
from app.api.fields import Given, Prose, RowId
from app.api.guards import Detailed, Guard
from app.api.kinds import PROOF_WANTED
from app.api.reading import StrictRoute
from app.api.tags import IfMatch, tagged
from app.api.tasks.change import Changing, TaskChange
from app.api.tasks.shapes import TaskWhole
from app.queries.tasks.signoffs import signed_content
from app.request import Now
from app.rules.people.access import Permission, Viewer

router = APIRouter(tags=["signatures"], route_class=StrictRoute)
Signer = Annotated[Viewer, Depends(Guard(Permission.SIGN_OFF))]
CONTENT: Responses = {
    200: {
        "description": "The very text that was hashed.",
        "content": {"application/json": {"schema": {"type": "object"}}},
        "headers": {"X-Content-SHA256": {"description": "Its SHA-256.", "schema": {"type": "string"}}},
    }
}


class Meant(Given):
    kind: Literal["verify", "sign_off"]


@router.post(
    "/tasks/{task_id}/signatures", summary="Sign a task", response_model=TaskWhole,
    responses=versioned(PROOF_WANTED),
)  # fmt: skip
def sign(change: Changing, given: Meant) -> Response:
    """Refused to every token: signing asks for a fresh proof of who you are, which only the page of the task takes."""
    return change.make_seen(sign_task, kind=given.kind)


class Withdrawal(Given):
    reason: Prose = Field(description="Why it is taken back; it stays in the history.")


def withdrawing(
    request: Request, signature_id: RowId, seen: IfMatch, viewer: Signer, session: Db, now: Now
) -> tuple[TaskChange, int]:
    """The change of the task on which a signature stands, and the signature."""
    task_id = signed_content(session, signature_id, viewer).task_id
    return TaskChange(request, session, task_id, viewer, now, seen.version), signature_id


@router.put(
    "/signatures/{signature_id}/withdrawal", summary="Take your signature back", response_model=TaskWhole,
    responses=versioned(),
)  # fmt: skip
def withdraw(found: Annotated[tuple[TaskChange, int], Depends(withdrawing)], given: Withdrawal) -> Response:
    """The version is that of its task, which then waits for another signature. Withdrawn already is quiet. It asks for
    no proof of who you are.
    """
    change, signature_id = found

    def act(session: Session, _task_id: int, **who: Any) -> object:
        return withdraw_signature(session, signature_id, reason=given.reason, **who)

    return change.make_seen(act)


@router.get("/signatures/{signature_id}/content", summary="What was signed", responses={**reading(), **CONTENT})
def content(request: Request, signature_id: RowId, viewer: Detailed, session: Db) -> Response:
    """The canonical JSON to which the signature is bound, byte by byte, so that anybody may hash it again."""
    signed = signed_content(session, signature_id, viewer)
    tag = f'"0-{signed.sha256[:16]}"'
    return tagged(request, signed.content.encode(), tag, headers={"X-Content-SHA256": signed.sha256})
