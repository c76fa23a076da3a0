"""People are invited: to the installation, or by whoever keeps the people of one rollout."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import ConfigDict, Field
from sqlmodel import Session
from starlette.responses import Response

from app.actions.intents import once
from app.actions.people.accounts import invite
from app.actions.people.invitations import invite_waiting
from app.api.callers import Db
from app.api.describing import changing
from app.api.fields import Given, Line, Shown
from app.api.guards import EverywhereGuard, Keeping
from app.api.intents import IntentKey
from app.api.people.accounts import account
from app.api.people.shapes import Invited, PersonItem, person_item
from app.api.reading import StrictRoute
from app.api.tags import answer
from app.errors import Invalid, Refused
from app.models import Person
from app.request import Config, Now
from app.rules.people.access import Permission, Viewer
from app.settings import Settings

router = APIRouter(tags=["people"], route_class=StrictRoute)
Inviting = Annotated[Viewer, Depends(EverywhereGuard(Permission.MANAGE_PEOPLE))]
NO_MAIL = "This installation sends no mail."


class Invitation(Given):
    """Somebody who is to join."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Nils Berg", "email": "nils@example.org"}]})

    name: Line
    email: Annotated[str, Field(max_length=254, description="The address of a mailbox; one account each.")]
    by_mail: bool = Field(False, description="Send the link, too, where this installation sends mail.")


class InvitedPeople(Shown):
    """Those to whom an invitation goes out now."""

    people: list[PersonItem]


@router.post("/invitations", summary="Invite somebody", status_code=201, response_model=Invited, responses=changing())
def add(
    request: Request, given: Invitation, viewer: Inviting, session: Db, config: Config, now: Now, key: IntentKey = ""
) -> Response:
    """Inviting the same address again gives a fresh link and ends the older ones; no link for who has joined."""
    return _invited(request, session, config, given, viewer, None, key, now)


@router.post(
    "/rollouts/{slug}/invitations", summary="Invite somebody to a rollout", status_code=201, response_model=Invited,
    responses=changing(),
)  # fmt: skip
def add_here(
    request: Request, given: Invitation, desk: Keeping, session: Db, config: Config, now: Now, key: IntentKey = ""
) -> Response:
    """As without a rollout; a link sent by mail stands among the mail of the rollout. The role is given apart."""
    return _invited(request, session, config, given, desk.viewer, desk.rollout.id, key, now)


def _invited(
    request: Request, session: Session, config: Settings, given: Invitation, by: Viewer, rollout_id: int | None,
    key: str, now: Now,
) -> Response:  # fmt: skip
    if given.by_mail and not config.sends_mail:
        raise Invalid({"by_mail": NO_MAIL})
    made: list[str | None] = []

    def make() -> Person:
        person, token = invite(
            session, name=given.name, email=given.email, by=by, now=now, by_mail=given.by_mail, rollout_id=rollout_id
        )
        made.append(token)
        session.flush()
        return person

    asked = {**given.model_dump(), "rollout": rollout_id}
    person = once(session, key, Person, make, asked=asked, by=by, now=now)
    session.flush()
    token = made[0] if made else None
    link = config.invitation(token) if token else None
    shown = Invited(person=person_item(account(session, person.id or 0)), link=link)
    return answer(request, shown, status=201, headers={"Cache-Control": "no-store"})


@router.post(
    "/rollouts/{slug}/invitations/waiting", summary="Invite everybody not yet invited", response_model=InvitedPeople,
    responses=changing(),
)  # fmt: skip
def add_waiting(request: Request, desk: Keeping, session: Db, config: Config, now: Now) -> Response:
    """By mail: everybody with a role here who has not joined, and whom no invitation was mailed to. Twice is quiet."""
    if not config.sends_mail:
        raise Refused(NO_MAIL)
    people = invite_waiting(session, desk.rollout.id, by=desk.viewer, now=now)
    session.flush()
    return answer(
        request, InvitedPeople(people=[person_item(account(session, person.id or 0)) for person in people])
    )  # fmt: skip
