"""The accounts of the installation, and the rights that they hold everywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends
from sqlmodel import Session
from starlette.responses import Response

from app.actions.people.accounts import deactivate, invite, reactivate
from app.actions.people.memberships import add_membership, remove_membership
from app.errors import Forbidden, Invalid, Refused
from app.queries.deliveries import invitations_to
from app.queries.people import accounts
from app.rules.people.access import ACCOUNT_ACCESS, Viewer
from app.web.answers import see_other
from app.web.forms import Line, RowId
from app.web.frame import framed
from app.web.people.members import ACCOUNTS, invitation_link, shown_person
from app.web.people.sign_in import shown_errors, summary
from app.web.site import Config, Db, Now
from app.web.templating import html

router = APIRouter()
AccountKeeper = Annotated[Viewer, Depends(ACCOUNTS)]


@router.get("/people")
def show_accounts(viewer: AccountKeeper, session: Db) -> Response:
    return _accounts(viewer, session, {}, 200)


def _accounts(
    viewer: Viewer, session: Session, told: dict[str, str], status: int, link: dict[str, str] | None = None
) -> Response:
    found = accounts(session)
    mailed = invitations_to(session, [one.id for one in found if one.active and not one.joined])
    return html(
        "people/accounts.html",
        status,
        **framed(viewer, "People"),
        people=[shown_person(one, None, viewer, mailed.get(one.id)) for one in found],
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
        person, token = invite(session, name=name, email=email, by=viewer, now=now, by_mail=config.sends_mail)
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
