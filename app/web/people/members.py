"""The people of a rollout: who does what there, and their links to join."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from app.actions.people.accounts import invite
from app.actions.people.memberships import add_membership, remove_membership
from app.errors import Forbidden, Invalid, Refused
from app.models import Person
from app.plan import Playbook
from app.plan.terms import Scope
from app.queries.deliveries import DeliveryLine, invitations_to
from app.queries.people import MemberLine, PersonLine, coming_leaves, members
from app.rules.people.access import Permission, Viewer
from app.settings import Settings
from app.web.answers import see_other
from app.web.forms import Line, RowId
from app.web.frame import in_rollout
from app.web.held import away_words
from app.web.people.sign_in import shown_errors, summary
from app.web.site import AccountGuard, Config, Db, Desk, Keeping, Now
from app.web.templating import html

router = APIRouter()
ACCOUNTS = AccountGuard(Permission.MANAGE_PEOPLE)
FIELDS = ("name", "email", "role", "location")
INVITED = "{} has been invited already. A new link is made by a director of the whole account or an administrator."


@router.get("/rollouts/{slug}/people")
def show(desk: Keeping, session: Db, config: Config, now: Now) -> Response:
    return people_page(desk, session, config, now, {}, 200)


def people_page(
    desk: Desk,
    session: Session,
    config: Settings,
    now: datetime,
    told: dict[str, str],
    status: int,
    *,
    values: dict[str, str] | None = None,
    link: dict[str, str] | None = None,
    said: str = "",
) -> Response:
    found = members(session, desk.rollout.id)
    away = {one.person: away_words(one, now.date()) for one in reversed(coming_leaves(session, now))}
    mailed = invitations_to(session, [one.id for one in found if one.active and not one.joined])
    return html(
        "people/index.html",
        status,
        **in_rollout(desk, "People"),
        address=f"/rollouts/{desk.rollout.slug}/people",
        mail_address=f"/rollouts/{desk.rollout.slug}/mail",
        heading="Who does what in this rollout",
        people=[
            {**shown_person(one, desk.rollout.playbook, desk.viewer, mailed.get(one.id)), "away": away.get(one.id, "")}
            for one in found
        ],
        leave_address=f"/rollouts/{desk.rollout.slug}/people/leave",
        mails=config.sends_mail,
        to_invite=sum(one.active and not one.joined and one.id not in mailed for one in found),
        roles=role_options(desk.rollout.playbook),
        locations=[(place.slug, place.name) for place in desk.rollout.locations],
        values=values or dict.fromkeys(FIELDS, ""),
        errors=shown_errors(told, FIELDS),
        summary=summary(told),
        refusal=told.get("", ""),
        link=link,
        said=said,
        keeps_accounts=ACCOUNTS.allows(desk.viewer),
    )


def role_options(playbook: Playbook) -> list[tuple[str, str]]:
    """Roles that need an account, as a select takes them."""
    return [
        (id_, role.title + ("" if role.scope is Scope.NETWORK else ", at a centre"))
        for id_, role in playbook.people.items()
        if not role.staff
    ]


def shown_person(
    person: PersonLine, playbook: Playbook | None, viewer: Viewer, mailed: DeliveryLine | None = None
) -> dict[str, Any]:
    """A line of a list of people; `mailed` is the newest invitation that was sent or is to be."""
    return {
        "id": person.id,
        "name": person.name,
        "email": person.email,
        "state": "deactivated" if not person.active else "joined" if person.joined else "invited",
        "own": person.id == viewer.person,
        "mailed": _mailed(mailed) if mailed else "",
        "memberships": [_membership(line, playbook) for line in person.memberships],
    }


def _mailed(line: DeliveryLine) -> str:
    words = {"waiting": "invitation waits to be sent", "sent": "invitation sent", "failed": "invitation not sent"}
    return ": ".join(part for part in (words.get(line.state, "invitation ended"), line.error) if part)


def _membership(line: MemberLine, playbook: Playbook | None) -> dict[str, Any]:
    role = playbook.people.get(line.role) if playbook else None
    title = role.title if role else line.role.capitalize()
    where = line.location or ("the whole network" if playbook else "everywhere")
    return {"id": line.membership, "said": f"{title}, {where}"}


def _attempt(
    desk: Desk,
    session: Session,
    config: Settings,
    now: datetime,
    act: Callable[[], object],
    values: dict[str, str] | None = None,
) -> Response:
    """Make one change, then back to the page; a refusal shows the page with what was typed."""
    try:
        act()
    except (Invalid, Refused, Forbidden) as refusal:
        session.rollback()
        told = refusal.fields if isinstance(refusal, Invalid) else {"": str(refusal)}
        status = 422 if isinstance(refusal, Invalid) else 403 if isinstance(refusal, Forbidden) else 409
        return people_page(desk, session, config, now, told, status, values=values)
    return see_other(f"/rollouts/{desk.rollout.slug}/people")


@router.post("/rollouts/{slug}/people")
def add(
    desk: Keeping,
    session: Db,
    config: Config,
    now: Now,
    name: Line = "",
    email: Line = "",
    role: Line = "",
    location: Line = "",
) -> Response:
    """Give a role to somebody, known or new; a new person gets a link to hand over."""
    values = {"name": name, "email": email, "role": role, "location": location}
    came: list[tuple[Person, str | None]] = []

    def act() -> object:
        place = desk.rollout.named(location)
        came.append(
            invite(session, name=name, email=email, by=desk.viewer, now=now, by_mail=config.sends_mail,
                   rollout_id=desk.rollout.id)
        )  # fmt: skip
        return add_membership(
            session,
            came[0][0].id or 0,
            role=role,
            rollout_id=desk.rollout.id,
            location_id=place.id if place else None,
            by=desk.viewer,
            now=now,
        )

    answer = _attempt(desk, session, config, now, act, values)
    return handed(desk, session, config, now, *came[0]) if answer.status_code == 303 else answer


def handed(
    desk: Desk, session: Session, config: Settings, now: datetime, person: Person, token: str | None
) -> Response:
    """The page that says the link was sent, or with the link to hand over, or with why there is none; just the page
    for somebody who has joined.
    """
    session.flush()
    if token and config.sends_mail:
        return people_page(
            desk, session, config, now, {}, 200, said=f"An invitation is on its way to {person.name}, {person.email}."
        )
    if token:
        return people_page(desk, session, config, now, {}, 200, link=invitation_link(config, person.name, token))
    if person.password_hash is None:
        return people_page(desk, session, config, now, {}, 200, said=INVITED.format(person.name))
    return see_other(f"/rollouts/{desk.rollout.slug}/people")


def invitation_link(config: Settings, name: str, token: str) -> dict[str, str]:
    return {"name": name, "address": config.invitation(token), "lasts": "14 days"}


@router.post("/rollouts/{slug}/people/memberships/{membership_id}/removal")
def take_role(desk: Keeping, membership_id: RowId, session: Db, config: Config, now: Now) -> Response:
    def act() -> None:
        remove_membership(session, membership_id, within=desk.rollout.id, by=desk.viewer, now=now)

    return _attempt(desk, session, config, now, act)
