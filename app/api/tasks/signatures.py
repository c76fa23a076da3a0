"""Signatures, read: what a signature was given for. None is given here, for a token proves nobody."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.actions.signoffs.signing import sign_task
from app.api.callers import Db
from app.api.describing import Responses, reading, versioned
from app.api.fields import Given, RowId
from app.api.guards import Detailed
from app.api.kinds import PROOF_WANTED
from app.api.reading import StrictRoute
from app.api.tags import tagged
from app.api.tasks.change import Changing
from app.api.tasks.shapes import TaskWhole
from app.queries.tasks.signoffs import signed_content

router = APIRouter(tags=["signatures"], route_class=StrictRoute)
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
    return change.make(sign_task, kind=given.kind)


@router.get("/signatures/{signature_id}/content", summary="What was signed", responses={**reading(), **CONTENT})
def content(request: Request, signature_id: RowId, viewer: Detailed, session: Db) -> Response:
    """The canonical JSON to which the signature is bound, byte by byte, so that anybody may hash it again."""
    signed = signed_content(session, signature_id, viewer)
    tag = f'"0-{signed.sha256[:16]}"'
    return tagged(request, signed.content.encode(), tag, headers={"X-Content-SHA256": signed.sha256})
