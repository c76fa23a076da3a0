"""Signing in and out, and the two links that lead to a first password."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions.people.accounts import accept_invitation, invited
from app.actions.people.first_run import first_run, first_run_open
from app.actions.people.sign_ins import attempt_sign_in, proves, sign_in, sign_out
from app.errors import Invalid, NotFound, Throttled
from app.rules.people.access import Viewer
from app.settings import Settings
from app.web.answers import own_path, see_other
from app.web.forms import Line, Password
from app.web.site import Base, Config, Db, Door, Guard, Now, Public, Token, cookie_name
from app.web.templating import html

router = APIRouter()
Anybody = Annotated[Viewer | None, Depends(Public())]
LONGEST = 12 * 60 * 60
WRONG = "This e-mail address and password do not belong together."


@router.get("/sign-in")
def ask(who: Anybody, next: str = "/") -> Response:
    return see_other(own_path(next)) if who else _form(own_path(next), "", own=False, refusal="", status=200)


def _form(next_: str, email: str, *, own: bool, refusal: str, status: int, wait: int = 0) -> Response:
    values = {"email": email, "own_device": own}
    headers = {"Retry-After": str(wait)} if wait else None
    return html("people/sign_in.html", status, headers, viewer=None, next=next_, values=values, refusal=refusal)


@router.post("/sign-in")
def enter(
    request: Request,
    base: Base,
    config: Config,
    now: Now,
    before: Token,
    email: Line = "",
    password: Password = "",
    own_device: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "/",
    _door: Annotated[None, Depends(Door())] = None,
) -> Response:
    """Three steps, so that the slow hash of the password holds no transaction. Whoever was signed in here before is
    signed out.
    """
    address = request.client.host if request.client else ""
    own = own_device == "yes"
    try:
        with base.writing() as session:
            attempt = attempt_sign_in(session, email=email, address=address, now=now)
    except Throttled as refusal:
        return _form(own_path(next), email, own=own, refusal=str(refusal), status=429, wait=refusal.seconds)
    if not proves(attempt, password):
        return _form(own_path(next), email, own=own, refusal=WRONG, status=401)
    with base.writing() as session:
        agent = request.headers.get("user-agent", "")
        if before:
            sign_out(session, before, now=now)
        token = sign_in(session, attempt, user_agent=agent, own_device=own, now=now)
    return with_cookie(see_other(own_path(next)), config, token, own=own)


def with_cookie(answer: Response, config: Settings, token: str, *, own: bool) -> Response:
    """On a shared device the cookie ends with the browser; the server ends it earlier where it is not used."""
    answer.set_cookie(
        cookie_name(config),
        token,
        max_age=LONGEST if own else None,
        secure=config.secure_cookies,
        httponly=True,
        samesite="lax",
        path="/",
    )
    return answer


def without_cookie(answer: Response, config: Settings) -> Response:
    answer.delete_cookie(cookie_name(config), path="/", secure=config.secure_cookies, httponly=True, samesite="lax")
    return answer


@router.post("/sign-out")
def leave(session: Db, token: Token, config: Config, now: Now, _who: Annotated[Viewer, Depends(Guard())]) -> Response:
    if token:
        sign_out(session, token, now=now)
    return without_cookie(see_other("/sign-in"), config)


@router.get("/setup/{token}")
def ask_first(token: str, session: Db, now: Now, _who: Anybody) -> Response:
    if not first_run_open(session, token, now=now):
        raise NotFound
    return _first_form(token, {"name": "", "email": ""}, {}, 200)


def _first_form(token: str, values: dict[str, str], errors: dict[str, str], status: int) -> Response:
    return html(
        "installation/first_run.html",
        status,
        viewer=None,
        action=f"/setup/{token}",
        values=values,
        errors=shown_errors(errors, ("name", "email", "password")),
        summary=summary(errors),
    )


def shown_errors(errors: dict[str, str], fields: tuple[str, ...]) -> dict[str, str | None]:
    """Every field of a form with its error or nothing, as strict templates want it."""
    return {name: errors.get(name) for name in fields} if errors else dict.fromkeys(fields)


def summary(errors: dict[str, str]) -> list[dict[str, str]]:
    return [{"href": f"#f-{name}", "text": text} for name, text in errors.items()]


@router.post("/setup/{token}")
def first(
    token: str,
    session: Db,
    now: Now,
    _who: Anybody,
    name: Line = "",
    email: Line = "",
    password: Password = "",
) -> Response:
    try:
        first_run(session, token, name=name, email=email, password=password, now=now)
    except Invalid as fault:
        session.rollback()
        return _first_form(token, {"name": name, "email": email}, fault.fields, 422)
    return see_other("/sign-in")


@router.get("/invitations/{token}")
def ask_invited(token: str, session: Db, now: Now, _who: Anybody) -> Response:
    return _invitation(session, token, now, {}, 200)


def _invitation(session: Session, token: str, now: datetime, errors: dict[str, str], status: int) -> Response:
    person = invited(session, token, now=now)
    if person is None or person.deactivated_at is not None:
        raise NotFound("invitation")
    return html(
        "people/invitation.html",
        status,
        viewer=None,
        action=f"/invitations/{token}",
        name=person.name,
        email=person.email,
        errors=shown_errors(errors, ("password",)),
        summary=summary(errors),
    )


@router.post("/invitations/{token}")
def accept(token: str, session: Db, now: Now, _who: Anybody, password: Password = "") -> Response:
    try:
        accept_invitation(session, token, password=password, now=now)
    except Invalid as fault:
        session.rollback()
        return _invitation(session, token, now, fault.fields, 422)
    return see_other("/sign-in")
