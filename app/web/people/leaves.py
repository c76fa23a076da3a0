"""Leave: one's own on the own account, everybody's on the people page of a rollout."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form
from sqlmodel import Session
from starlette.responses import Response

from app.actions.people.leaves import end_leave, record_leave, set_cover
from app.errors import Forbidden, Invalid, NotFound, Refused
from app.queries.people import coming_leaves, members
from app.rules.clock import short_day, spelled
from app.rules.people.access import Viewer
from app.rules.people.responsibility import Away
from app.web.answers import see_other
from app.web.forms import LARGEST_ID, RowId, demanded_day
from app.web.frame import framed, in_rollout
from app.web.held import away_words
from app.web.people.sign_in import shown_errors, summary
from app.web.site import Db, Desk, Keeping, Now, Own
from app.web.templating import html

router = APIRouter()
Day = Annotated[str, Form(max_length=10)]
Key = Annotated[str, Form(max_length=10)]
FIELDS: Final = ("person", "first", "last", "cover")


@router.get("/account/leave")
def show_own(viewer: Own, session: Db, now: Now) -> Response:
    return _own_page(viewer, session, now, {}, 200)


@router.post("/account/leave")
def record_own(viewer: Own, session: Db, now: Now, first: Day = "", last: Day = "") -> Response:
    typed = {"first": first, "last": last}

    def act() -> object:
        return record_leave(
            session,
            viewer.person,
            first=demanded_day("first", first),
            last=demanded_day("last", last),
            by=viewer,
            now=now,
        )

    return _attempt(session, act, "/account/leave", lambda t, s: _own_page(viewer, session, now, t, s, typed))


@router.post("/account/leave/{leave_id}/end")
def end_own(viewer: Own, leave_id: RowId, session: Db, now: Now) -> Response:
    _demand_among(leave_id, [one for one in coming_leaves(session, now) if one.person == viewer.person])
    end_leave(session, leave_id, by=viewer, now=now)
    return see_other("/account/leave")


def _own_page(
    viewer: Viewer,
    session: Session,
    now: datetime,
    told: dict[str, str],
    status: int,
    typed: dict[str, str] | None = None,
) -> Response:
    own = [one for one in coming_leaves(session, now) if one.person == viewer.person]
    return html(
        "people/leave.html",
        status,
        **framed(viewer, ""),
        leaves=[shown_leave(one, now) for one in own],
        values={"first": "", "last": "", **(typed or {})},
        errors=shown_errors(told, FIELDS),
        summary=summary(told),
        refusal=told.get("", ""),
    )


def own_leave_words(session: Session, person_id: int, now: datetime) -> str:
    """When somebody is or will be away next; empty for nobody who is."""
    own = next((one for one in coming_leaves(session, now) if one.person == person_id), None)
    return f"{away_words(own, now.date())}." if own else ""


def shown_leave(one: Away, now: datetime) -> dict[str, Any]:
    """A leave for a list: whose, from when to when, and who stands in."""
    year = now.date()
    return {
        "id": one.leave,
        "person": one.person,
        "name": one.name,
        "first": short_day(one.first, year),
        "days": f"{short_day(one.first, year)} to {short_day(one.last, year)}",
        "running": one.at(now),
        "cover": one.cover or "",
        "cover_name": one.cover_name,
    }


@router.get("/rollouts/{slug}/people/leave")
def show(desk: Keeping, session: Db, now: Now) -> Response:
    return _page(desk, session, now, {}, 200)


@router.post("/rollouts/{slug}/people/leave")
def record(
    desk: Keeping, session: Db, now: Now, person: Key = "", first: Day = "", last: Day = "", cover: Key = ""
) -> Response:
    """Record somebody's leave, and name who stands in; without one the backups of the roles do."""
    typed = {"person": person, "first": first, "last": last, "cover": cover}

    def act() -> object:
        return record_leave(
            session, _member(desk, session, person), first=demanded_day("first", first),
            last=demanded_day("last", last), cover_id=_key("cover", cover), by=desk.viewer, now=now,
        )  # fmt: skip

    return _attempt(session, act, _address(desk), lambda t, s: _page(desk, session, now, t, s, typed))


@router.post("/rollouts/{slug}/people/leave/{leave_id}/cover")
def name_cover(desk: Keeping, leave_id: RowId, session: Db, now: Now, cover: Key = "") -> Response:
    _demand_among(leave_id, _leaves(desk, session, now))

    def act() -> object:
        return set_cover(session, leave_id, cover_id=_key("cover", cover), by=desk.viewer, now=now)

    return _attempt(session, act, _address(desk), lambda t, s: _page(desk, session, now, t, s))


@router.post("/rollouts/{slug}/people/leave/{leave_id}/end")
def end(desk: Keeping, leave_id: RowId, session: Db, now: Now) -> Response:
    _demand_among(leave_id, _leaves(desk, session, now))
    end_leave(session, leave_id, by=desk.viewer, now=now)
    return see_other(_address(desk))


def _address(desk: Desk) -> str:
    return f"/rollouts/{desk.rollout.slug}/people/leave"


def _leaves(desk: Desk, session: Session, now: datetime) -> list[Away]:
    """The leaves of the people of this rollout."""
    people = {one.id for one in members(session, desk.rollout.id)}
    return [one for one in coming_leaves(session, now) if one.person in people]


def _page(
    desk: Desk, session: Session, now: datetime, told: dict[str, str], status: int, typed: dict[str, str] | None = None
) -> Response:
    people = [(str(one.id), one.name) for one in members(session, desk.rollout.id) if one.active]
    leaves = [shown_leave(one, now) for one in _leaves(desk, session, now)]
    return html(
        "people/leaves.html",
        status,
        **in_rollout(desk, "People"),
        say=say_words(leaves),
        address=_address(desk),
        people_address=f"/rollouts/{desk.rollout.slug}/people",
        leaves=leaves,
        people=people,
        values={**dict.fromkeys(FIELDS, ""), **(typed or {})},
        errors=shown_errors(told, FIELDS),
        summary=summary(told),
        refusal=told.get("", ""),
    )


def say_words(leaves: list[dict[str, Any]]) -> str:
    """`Ivo Tanaka is away.` `Three people are away.` `Everybody is here. Silas Whitcombe is away from Mon 23 Nov.`"""
    away = [one["name"] for one in leaves if one["running"]]
    if away:
        return f"{away[0]} is away." if len(away) == 1 else f"{spelled(len(away))} people are away."
    first = f" {leaves[0]['name']} is away from {leaves[0]['first']}." if leaves else ""
    return f"Everybody is here.{first}"


def _attempt(
    session: Session, act: Callable[[], object], address: str, page: Callable[[dict[str, str], int], Response]
) -> Response:
    """Make one change, then back to the page; a refusal shows it with what was typed."""
    try:
        act()
    except Invalid as fault:
        session.rollback()
        return page(dict(fault.fields), 422)
    except (Refused, Forbidden) as refusal:
        session.rollback()
        return page({"": str(refusal)}, 403 if isinstance(refusal, Forbidden) else 409)
    return see_other(address)


def _demand_among(leave_id: int, leaves: list[Away]) -> None:
    """Raises NotFound for a leave that is over, or of nobody here."""
    if not any(one.leave == leave_id for one in leaves):
        raise NotFound("leave")


def _member(desk: Desk, session: Session, typed: str) -> int:
    found = _key("person", typed)
    if found not in {one.id for one in members(session, desk.rollout.id)} or found is None:
        raise Invalid({"person": "Choose somebody of this rollout."})
    return found


def _key(field: str, typed: str) -> int | None:
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit() and int(typed) <= LARGEST_ID):
        raise Invalid({field: "Choose somebody of this list."})
    return int(typed)
