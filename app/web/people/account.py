"""A person's own account: where they are signed in, what is sent to them, and the password."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from app.actions.deliveries.digests import choose_mail
from app.actions.people.passwords import change_password
from app.actions.people.secrets import token_hash
from app.actions.people.sign_ins import end_sign_in, end_sign_ins, sign_out_everywhere
from app.errors import Invalid
from app.models import Person
from app.queries.deliveries import sent_to
from app.rules.people.access import Viewer
from app.web.answers import see_other
from app.web.deliveries import shown_delivery
from app.web.forms import Line, Password, RowId
from app.web.frame import framed
from app.web.people.devices import shown_devices
from app.web.people.leaves import own_leave_words
from app.web.people.sign_in import shown_errors, summary, without_cookie
from app.web.site import Config, Db, Now, Own, Token
from app.web.templating import html

router = APIRouter()


@router.get("/account")
def show(viewer: Own, session: Db, token: Token, now: Now) -> Response:
    return _page(session, viewer, token, now, {}, 200)


def _page(
    session: Session, viewer: Viewer, token: str | None, now: datetime, errors: dict[str, str], status: int
) -> Response:
    return html(
        "people/account.html",
        status,
        **framed(viewer, ""),
        name=viewer.name,
        devices=shown_devices(session, viewer.person, token_hash(token or ""), now),
        wish=session.get_one(Person, viewer.person).mail,
        messages=[shown_delivery(line, "UTC", now) for line in sent_to(session, viewer.person)],
        away=own_leave_words(session, viewer.person, now),
        errors=shown_errors(errors, ("current", "new", "mail")),
        summary=summary(errors),
    )


@router.post("/account/mail")
def choose(viewer: Own, session: Db, token: Token, now: Now, mail: Line = "") -> Response:
    try:
        choose_mail(session, wish=mail, by=viewer)
    except Invalid as fault:
        session.rollback()
        return _page(session, viewer, token, now, fault.fields, 422)
    return see_other("/account")


@router.post("/account/sign-ins/{sign_in_id}/end")
def leave_one(viewer: Own, sign_in_id: RowId, session: Db, now: Now) -> Response:
    end_sign_in(session, sign_in_id, person_id=viewer.person, by=viewer, now=now)
    return see_other("/account")


@router.post("/account/sign-out-others")
def leave_others(viewer: Own, session: Db, token: Token, now: Now) -> Response:
    end_sign_ins(session, viewer.person, but=token or "", now=now)
    return see_other("/account")


@router.post("/account/sign-out-everywhere")
def leave_everywhere(viewer: Own, session: Db, config: Config, now: Now) -> Response:
    sign_out_everywhere(session, viewer.person, by=viewer, now=now)
    return without_cookie(see_other("/sign-in"), config)


@router.post("/account/password")
def new_password(
    viewer: Own, session: Db, token: Token, config: Config, now: Now, current: Password = "", new: Password = ""
) -> Response:
    try:
        change_password(session, current=current, new=new, by=viewer, now=now)
    except Invalid as fault:
        session.rollback()
        return _page(session, viewer, token, now, fault.fields, 422)
    return without_cookie(see_other("/sign-in"), config)
