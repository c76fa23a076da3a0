"""The people of a rollout, and the accounts of the installation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from sqlmodel import Session
from starlette.responses import Response

from app.actions.memberships import add_membership, remove_membership
from app.actions.people import deactivate, invite, reactivate
from app.errors import Forbidden, Invalid, Refused
from app.models import Person
from app.plan import Playbook
from app.plan.terms import Scope
from app.queries.people import MemberLine, PersonLine, accounts, members
from app.rules.access import ACCOUNT_ACCESS, Permission, Viewer
from app.settings import Settings
from app.web.answers import see_other
from app.web.forms import Line, RowId
from app.web.frame import framed, in_rollout
from app.web.people.sign_in import shown_errors, summary
from app.web.site import AccountGuard, Config, Db, Desk, Now, RolloutGuard
from app.web.templating import html

router = APIRouter()
Keeper = Annotated[Desk, Depends(RolloutGuard(Permission.MANAGE_PEOPLE))]
ACCOUNTS = AccountGuard(Permission.MANAGE_PEOPLE)
AccountKeeper = Annotated[Viewer, Depends(ACCOUNTS)]
FIELDS = ("name", "email", "role", "location")
INVITED = "{} has been invited already. A new link is made by a director of the whole account or an administrator."


@router.get("/rollouts/{slug}/people")
def show(desk: Keeper, session: Db) -> Response:
    return _page(desk, session, {}, 200)


def _page(
    desk: Desk,
    session: Session,
    told: dict[str, str],
    status: int,
    *,
    values: dict[str, str] | None = None,
    link: dict[str, str] | None = None,
    said: str = "",
) -> Response:
    return html(
        "people/index.html",
        status,
        **in_rollout(desk, "People"),
        address=f"/rollouts/{desk.rollout.slug}/people",
        heading=f"The people of {desk.rollout.title}",
        people=[
            shown_person(person, desk.rollout.playbook, desk.viewer) for person in members(session, desk.rollout.id)
        ],
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


def shown_person(person: PersonLine, playbook: Playbook | None, viewer: Viewer) -> dict[str, Any]:
    return {
        "id": person.id,
        "name": person.name,
        "email": person.email,
        "state": "deactivated" if not person.active else "joined" if person.joined else "invited",
        "own": person.id == viewer.person,
        "memberships": [_membership(line, playbook) for line in person.memberships],
    }


def _membership(line: MemberLine, playbook: Playbook | None) -> dict[str, Any]:
    role = playbook.people.get(line.role) if playbook else None
    title = role.title if role else line.role.capitalize()
    where = line.location or ("the whole network" if playbook else "everywhere")
    return {"id": line.membership, "said": f"{title}, {where}"}


def _attempt(desk: Desk, session: Session, act: Callable[[], object], values: dict[str, str] | None = None) -> Response:
    """Make one change, then back to the page; a refusal shows the page with what was typed."""
    try:
        act()
    except (Invalid, Refused, Forbidden) as refusal:
        session.rollback()
        told = refusal.fields if isinstance(refusal, Invalid) else {"": str(refusal)}
        status = 422 if isinstance(refusal, Invalid) else 403 if isinstance(refusal, Forbidden) else 409
        return _page(desk, session, told, status, values=values)
    return see_other(f"/rollouts/{desk.rollout.slug}/people")


@router.post("/rollouts/{slug}/people")
def add(
    desk: Keeper,
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
    place = next((place for place in desk.rollout.locations if place.slug == location), None)
    came: list[tuple[Person, str | None]] = []

    def act() -> object:
        if location and place is None:
            raise Invalid({"location": "There is no such centre."})
        came.append(invite(session, name=name, email=email, by=desk.viewer, now=now))
        return add_membership(
            session,
            came[0][0].id or 0,
            role=role,
            rollout_id=desk.rollout.id,
            location_id=place.id if place else None,
            by=desk.viewer,
            now=now,
        )

    answer = _attempt(desk, session, act, values)
    return _handed(desk, session, config, *came[0]) if answer.status_code == 303 else answer


def _handed(desk: Desk, session: Session, config: Settings, person: Person, token: str | None) -> Response:
    """The page with the link to hand over, or with why there is none; just the page for somebody who has joined."""
    session.flush()
    if token:
        return _page(desk, session, {}, 200, link=invitation_link(config, person.name, token))
    if person.password_hash is None:
        return _page(desk, session, {}, 200, said=INVITED.format(person.name))
    return see_other(f"/rollouts/{desk.rollout.slug}/people")


def invitation_link(config: Settings, name: str, token: str) -> dict[str, str]:
    return {"name": name, "address": f"{config.address}/invitations/{token}"}


@router.post("/rollouts/{slug}/people/{person_id}/invitation")
def invite_again(desk: Keeper, person_id: RowId, session: Db, config: Config, now: Now) -> Response:
    """A fresh link for somebody who has not joined; the old one ends."""
    person = next((one for one in members(session, desk.rollout.id) if one.id == person_id), None)
    if person is None:
        return see_other(f"/rollouts/{desk.rollout.slug}/people")
    return _handed(
        desk, session, config, *invite(session, name=person.name, email=person.email, by=desk.viewer, now=now)
    )


@router.post("/rollouts/{slug}/people/memberships/{membership_id}/removal")
def take_role(desk: Keeper, membership_id: RowId, session: Db, now: Now) -> Response:
    def act() -> None:
        remove_membership(session, membership_id, within=desk.rollout.id, by=desk.viewer, now=now)

    return _attempt(desk, session, act)


@router.get("/people")
def show_accounts(viewer: AccountKeeper, session: Db) -> Response:
    return _accounts(viewer, session, {}, 200)


def _accounts(
    viewer: Viewer, session: Session, told: dict[str, str], status: int, link: dict[str, str] | None = None
) -> Response:
    return html(
        "people/accounts.html",
        status,
        **framed(viewer, "People"),
        people=[shown_person(person, None, viewer) for person in accounts(session)],
        roles=[(access, str(access).capitalize()) for access in ACCOUNT_ACCESS],
        errors=shown_errors(told, ("name", "email", "role")),
        summary=summary(told),
        refusal=told.get("", ""),
        link=link,
    )


def _try_account(viewer: Viewer, session: Session, act: Callable[[], object]) -> Response:
    try:
        act()
    except (Invalid, Refused, Forbidden) as refusal:
        session.rollback()
        told = refusal.fields if isinstance(refusal, Invalid) else {"": str(refusal)}
        status = 422 if isinstance(refusal, Invalid) else 403 if isinstance(refusal, Forbidden) else 409
        return _accounts(viewer, session, told, status)
    return see_other("/people")


@router.post("/people")
def add_account(
    viewer: AccountKeeper,
    session: Db,
    config: Config,
    now: Now,
    name: Line = "",
    email: Line = "",
    role: Line = "",
) -> Response:
    tokens: list[str | None] = []

    def act() -> object:
        person, token = invite(session, name=name, email=email, by=viewer, now=now)
        tokens.append(token)
        return add_membership(session, person.id or 0, role=role, by=viewer, now=now) if role else None

    answer = _try_account(viewer, session, act)
    if answer.status_code == 303 and tokens[0]:
        session.flush()
        return _accounts(viewer, session, {}, 200, invitation_link(config, name, tokens[0]))
    return answer


@router.post("/people/{person_id}/deactivation")
def take_out(viewer: AccountKeeper, person_id: RowId, session: Db, now: Now) -> Response:
    return _try_account(viewer, session, lambda: deactivate(session, person_id, by=viewer, now=now))


@router.post("/people/{person_id}/reactivation")
def bring_back(viewer: AccountKeeper, person_id: RowId, session: Db, now: Now) -> Response:
    return _try_account(viewer, session, lambda: reactivate(session, person_id, by=viewer, now=now))


@router.post("/people/memberships/{membership_id}/removal")
def take_right(viewer: AccountKeeper, membership_id: RowId, session: Db, now: Now) -> Response:
    return _try_account(viewer, session, lambda: remove_membership(session, membership_id, by=viewer, now=now))
