"""One account, for whoever keeps them: where the person is signed in, links, and what was sent."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from app.actions.people.accounts import invite
from app.actions.people.passwords import make_reset
from app.actions.people.sign_ins import end_sign_in, sign_out_everywhere
from app.errors import NotFound, Refused
from app.models import Person
from app.queries.deliveries import sent_to
from app.rules.people.access import Viewer
from app.settings import Settings
from app.web.answers import see_other
from app.web.deliveries import shown_delivery
from app.web.forms import RowId
from app.web.frame import framed
from app.web.people.devices import shown_devices
from app.web.site import AccountKeeping, Config, Db, Now
from app.web.templating import html

router = APIRouter()


@router.get("/people/{person_id}")
def show(viewer: AccountKeeping, person_id: RowId, session: Db, config: Config, now: Now) -> Response:
    return _page(viewer, session, config, person_id, now, 200)


def _page(
    viewer: Viewer,
    session: Session,
    config: Settings,
    person_id: int,
    now: datetime,
    status: int,
    *,
    link: dict[str, str] | None = None,
    refusal: str = "",
) -> Response:
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound("person")
    joined = person.password_hash is not None
    return html(
        "people/person.html",
        status,
        **framed(viewer, "People"),
        person={"name": person.name, "email": person.email},
        state="deactivated" if person.deactivated_at else "joined" if joined else "invited",
        devices=shown_devices(session, person_id, "", now),
        messages=[shown_delivery(line, "UTC", now) for line in sent_to(session, person_id)],
        address=f"/people/{person_id}",
        mails=config.sends_mail,
        link=link,
        refusal=refusal,
    )


@router.post("/people/{person_id}/password-link")
def make_link(viewer: AccountKeeping, person_id: RowId, session: Db, config: Config, now: Now) -> Response:
    """A link for a new password, to be handed over where mail does not reach the person."""
    try:
        person, token = make_reset(session, person_id, by=viewer, now=now)
    except Refused as refusal:
        session.rollback()
        return _page(viewer, session, config, person_id, now, 409, refusal=refusal.reason)
    link = {"name": person.name, "address": f"{config.address}/password/{token}", "lasts": "an hour"}
    return _page(viewer, session, config, person_id, now, 200, link=link)


@router.post("/people/{person_id}/invitation")
def invite_again(viewer: AccountKeeping, person_id: RowId, session: Db, config: Config, now: Now) -> Response:
    """A fresh link to join, shown to be handed over and sent where mail is set up; quiet for somebody who joined."""
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound("person")
    try:
        _, token = invite(session, name=person.name, email=person.email, by=viewer, now=now, by_mail=config.sends_mail)
    except Refused as refusal:
        session.rollback()
        return _page(viewer, session, config, person_id, now, 409, refusal=refusal.reason)
    if token is None:
        return see_other(f"/people/{person_id}")
    session.flush()
    link = {"name": person.name, "address": config.invitation(token), "lasts": "14 days"}
    return _page(viewer, session, config, person_id, now, 200, link=link)


@router.post("/people/{person_id}/sign-out")
def end_all(viewer: AccountKeeping, person_id: RowId, session: Db, now: Now) -> Response:
    sign_out_everywhere(session, person_id, by=viewer, now=now)
    return see_other(f"/people/{person_id}")


@router.post("/people/{person_id}/sign-ins/{sign_in_id}/end")
def end_one(viewer: AccountKeeping, person_id: RowId, sign_in_id: RowId, session: Db, now: Now) -> Response:
    end_sign_in(session, sign_in_id, person_id=person_id, by=viewer, now=now)
    return see_other(f"/people/{person_id}")
