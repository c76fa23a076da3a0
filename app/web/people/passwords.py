"""A forgotten password: asking for a link, and choosing a new password by it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions.people.passwords import ask_reset, reset_password, resetting
from app.errors import Invalid, NotFound, Throttled
from app.rules.people.access import Viewer
from app.web.answers import see_other
from app.web.forms import Line, Password
from app.web.people.sign_in import shown_errors, summary, without_cookie
from app.web.site import Base, Config, Db, Door, Now, Public
from app.web.templating import html

router = APIRouter()
Anybody = Annotated[Viewer | None, Depends(Public())]
AtDoor = Annotated[None, Depends(Door())]


@router.get("/forgotten")
def ask(_door: AtDoor, config: Config) -> Response:
    return _asking(config, 200)


def _asking(config: Config, status: int, *, email: str = "", asked: bool = False, wait: int = 0) -> Response:
    headers = {"Retry-After": str(wait)} if wait else None
    facts = {"mails": config.sends_mail, "email": email, "asked": asked, "throttled": bool(wait)}
    return html("people/forgotten.html", status, headers, viewer=None, **facts)


@router.post("/forgotten")
def send(request: Request, _door: AtDoor, base: Base, config: Config, now: Now, email: Line = "") -> Response:
    """The same answer, after the same work, whether there is such an account or not."""
    if not config.sends_mail:
        return _asking(config, 409)
    address = request.client.host if request.client else ""
    try:
        with base.writing() as session:
            ask_reset(session, email=email, address=address, now=now)
    except Throttled as refusal:
        return _asking(config, 429, email=email, wait=refusal.seconds)
    return _asking(config, 200, email=email, asked=True)


@router.get("/password/{token}")
def choose(token: str, session: Db, now: Now, _who: Anybody) -> Response:
    return _choosing(session, token, now, {}, 200)


def _choosing(session: Session, token: str, now: datetime, errors: dict[str, str], status: int) -> Response:
    person = resetting(session, token, now=now)
    if person is None:
        raise NotFound("link")
    return html(
        "people/new_password.html",
        status,
        viewer=None,
        action=f"/password/{token}",
        name=person.name,
        email=person.email,
        errors=shown_errors(errors, ("password",)),
        summary=summary(errors),
    )


@router.post("/password/{token}")
def keep(token: str, session: Db, config: Config, now: Now, _who: Anybody, password: Password = "") -> Response:
    try:
        reset_password(session, token, password=password, now=now)
    except Invalid as fault:
        session.rollback()
        return _choosing(session, token, now, fault.fields, 422)
    return without_cookie(see_other("/sign-in"), config)
