"""The tokens of one's own account: made, shown once, ended."""

from __future__ import annotations

from datetime import datetime
from secrets import token_urlsafe
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions.people.tokens import LONGEST_DAYS, end_token, make_token
from app.errors import Invalid, ProofWanted, Refused
from app.queries.tokens import TokenLine, live_tokens
from app.rules.clock import count, moment, short_day
from app.rules.people.access import Viewer
from app.rules.signoffs import is_fresh
from app.web.answers import see_other
from app.web.forms import Line, Password, RowId
from app.web.frame import framed
from app.web.people.sign_in import shown_errors, summary
from app.web.proof import fault_of_proof, told_of
from app.web.site import Base, Db, Now, Own, ProvingGuard, Token, recognised
from app.web.templating import html

router = APIRouter()
Prover = Annotated[Viewer, Depends(ProvingGuard())]
DAYS: Final = (30, 90, 180, LONGEST_DAYS)
USUAL_DAYS: Final = "90"


@router.get("/account/tokens")
def show(viewer: Own, session: Db, now: Now) -> Response:
    return _page(viewer, session, now)


@router.post("/account/tokens")
def make(
    request: Request,
    viewer: Prover,
    base: Base,
    cookie: Token,
    now: Now,
    name: Line = "",
    days: Annotated[str, Form(pattern=r"^[0-9]{1,4}$")] = USUAL_DAYS,
    reads_only: Line = "",
    token: Line = "",
    password: Password = "",
) -> Response:
    """The page with the token's text, which is in no other answer ever again."""
    typed = {"name": name, "days": days, "reads_only": reads_only}
    fault = fault_of_proof(request, base, viewer, cookie or "", password, now, undone="No token was made.")
    with base.writing() as session:
        by = recognised(session, cookie, now)
        try:
            if fault:
                raise Invalid({"password": fault})
            row, text = make_token(
                session, name=name, days=int(days), reads_only=reads_only == "yes", intent=token, by=by, now=now
            )
        except (Invalid, Refused, ProofWanted) as refusal:
            session.rollback()
            return _page(by, session, now, told_of(refusal), typed)
        made = {"name": row.name, "text": text}
        return _page(by, session, now, made=made) if text else see_other("/account/tokens")


@router.post("/account/tokens/{token_id}/end")
def end(viewer: Own, token_id: RowId, session: Db, now: Now) -> Response:
    end_token(session, token_id, by=viewer, now=now)
    return see_other("/account/tokens")


def _page(
    viewer: Viewer,
    session: Session,
    now: datetime,
    told: dict[str, str] | None = None,
    typed: dict[str, str] | None = None,
    made: dict[str, str | None] | None = None,
) -> Response:
    told = told or {}
    status = 409 if "" in told else 422 if told else 200
    return html(
        "people/tokens.html",
        status,
        **framed(viewer, ""),
        tokens=[_shown(one, now) for one in live_tokens(session, viewer.person, now)],
        days=[(str(number), count(number, "day")) for number in DAYS],
        values=typed or {"name": "", "days": USUAL_DAYS, "reads_only": ""},
        errors=shown_errors(told, ("name", "days", "password")),
        proof=not is_fresh(viewer.proven_at, now) or "password" in told,
        summary=summary(told),
        refusal=told.get("", ""),
        made=made,
        token=token_urlsafe(16),
    )


def _shown(one: TokenLine, now: datetime) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "may": "read" if one.reads_only else "read and change",
        "used": f"{moment(one.last_used_at, 'UTC', now)} UTC" if one.last_used_at else "never",
        "ends": short_day(one.expires_at.date(), now.date()),
    }
