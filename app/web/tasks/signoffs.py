"""Signing a task, taking a signature back, and what was signed. Only a fresh proof of identity signs."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.actions.signoffs.signing import sign_task, withdraw_signature
from app.db import Database
from app.queries.tasks.signoffs import signed_content
from app.rules.people.access import Permission, Viewer
from app.rules.signoffs import SIGN_OFF, VERIFY
from app.web.forms import Password, Prose, RowId
from app.web.proof import fault_of_proof, proven
from app.web.site import Base, Db, Guard, Now, ProvingGuard, Token, recognised
from app.web.tasks.forms import Seen, changed
from app.web.tasks.told import TaskTold

router = APIRouter()
Prover = Annotated[Viewer, Depends(ProvingGuard(Permission.SIGN_OFF))]
Signer = Annotated[Viewer, Depends(Guard(Permission.SIGN_OFF))]


@router.post("/tasks/{task_id}/verification")
def verify(
    request: Request, task_id: RowId, seen: Seen, viewer: Prover, base: Base, token: Token, now: Now,
    password: Password = "",
) -> Response:  # fmt: skip
    return _sign(request, base, task_id, VERIFY, seen, viewer, token or "", password, now)


@router.post("/tasks/{task_id}/signature")
def sign(
    request: Request, task_id: RowId, seen: Seen, viewer: Prover, base: Base, token: Token, now: Now,
    password: Password = "",
) -> Response:  # fmt: skip
    return _sign(request, base, task_id, SIGN_OFF, seen, viewer, token or "", password, now)


def _sign(
    request: Request, base: Database, task_id: int, kind: str, seen: int, viewer: Viewer, token: str, password: str,
    now: Now,
) -> Response:  # fmt: skip
    """Three steps where a password is given, so that its slow hash holds no transaction."""
    fault = fault_of_proof(request, base, viewer, token, password, now, undone="Nothing was signed.")
    with base.writing() as session:
        by = recognised(session, token, now)
        said = TaskTold(yours="I have checked it" if kind == VERIFY else "I sign for it")
        sign = partial(sign_task, session, task_id, kind=kind, seen=seen, by=by, now=now)
        return changed(request, session, by, task_id, now, said, proven(sign, fault))


@router.post("/signatures/{signature_id}/withdrawal")
def withdraw(
    request: Request, signature_id: RowId, seen: Seen, viewer: Signer, session: Db, now: Now, reason: Prose = ""
) -> Response:
    task_id = signed_content(session, signature_id, viewer).task_id
    told = TaskTold(typed={"withdrawal": reason}, label="Why you take it back", yours=reason)

    def act() -> object:
        return withdraw_signature(session, signature_id, reason=reason, seen=seen, by=viewer, now=now)

    return changed(request, session, viewer, task_id, now, told, act)


@router.get("/signatures/{signature_id}/content")
def content(
    signature_id: RowId, viewer: Annotated[Viewer, Depends(Guard(Permission.SEE_DETAIL))], session: Db
) -> Response:
    """The very bytes that were hashed, so that anybody may hash them again."""
    signed = signed_content(session, signature_id, viewer)
    headers = {
        "Content-Disposition": f'attachment; filename="signature-{signature_id}.json"',
        "X-Content-SHA256": signed.sha256,
    }
    return Response(signed.content, media_type="application/json", headers=headers)
