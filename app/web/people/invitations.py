"""Links to join a rollout's people: sent again, handed over, or sent to everybody who never got one."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from app.actions.people.accounts import invite
from app.actions.people.invitations import invite_waiting
from app.models import Person
from app.queries.people import PersonLine, members
from app.settings import Settings
from app.web.answers import see_other
from app.web.forms import RowId
from app.web.people.members import handed, invitation_link, people_page
from app.web.site import Config, Db, Desk, Keeping, Now

router = APIRouter()


@router.post("/rollouts/{slug}/people/{person_id}/invitation")
def invite_again(desk: Keeping, person_id: RowId, session: Db, config: Config, now: Now) -> Response:
    """A fresh link for somebody who has not joined, by mail where that is set up; the old one ends."""
    person = next((one for one in members(session, desk.rollout.id) if one.id == person_id), None)
    if person is None:
        return see_other(f"/rollouts/{desk.rollout.slug}/people")
    return handed(desk, session, config, now, *_invited(desk, session, config, person, now))


def _invited(
    desk: Desk, session: Session, config: Settings, person: PersonLine, now: datetime
) -> tuple[Person, str | None]:
    return invite(
        session, name=person.name, email=person.email, by=desk.viewer, now=now, by_mail=config.sends_mail,
        rollout_id=desk.rollout.id,
    )  # fmt: skip


@router.post("/rollouts/{slug}/people/{person_id}/link")
def hand_over(desk: Keeping, person_id: RowId, session: Db, config: Config, now: Now) -> Response:
    """A fresh link to hand over, whether mail is set up or not; the old one ends."""
    person = next((one for one in members(session, desk.rollout.id) if one.id == person_id), None)
    if person is None:
        return see_other(f"/rollouts/{desk.rollout.slug}/people")
    found, token = invite(session, name=person.name, email=person.email, by=desk.viewer, now=now)
    session.flush()
    if token is None:
        return handed(desk, session, config, now, found, None)
    return people_page(desk, session, config, now, {}, 200, link=invitation_link(config, found.name, token))


@router.post("/rollouts/{slug}/people/invitations")
def invite_all(desk: Keeping, session: Db, config: Config, now: Now) -> Response:
    """Mail a link to everybody who has not joined and whom no invitation was mailed to."""
    if config.sends_mail:
        invite_waiting(session, desk.rollout.id, by=desk.viewer, now=now)
    return see_other(f"/rollouts/{desk.rollout.slug}/people")
