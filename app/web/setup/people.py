"""Set-up: who holds which role. Roles may stay open; the page says which, and who would stand on two rungs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from app.actions.people.accounts import invite
from app.actions.rollouts.drafting import Holding, set_people
from app.errors import Invalid, Refused, Stale
from app.queries.rollouts.draft import RoleHolder, people_at, role_holders
from app.queries.rollouts.facts import RolloutFacts
from app.rules.people.staffing import Held, Slot, double_rungs, slots, unfilled
from app.web.answers import see_other
from app.web.setup.locations import Form, Typed, version_of
from app.web.setup.steps import address, demand_draft, done_steps, step_frame
from app.web.site import Db, Desk, Directing, Now
from app.web.templating import html

router = APIRouter()


@dataclass(frozen=True)
class Line:
    """One line of the form: who holds a role at a place."""

    role: str
    location: str
    name: str = ""
    email: str = ""
    error: str = ""

    @property
    def empty(self) -> bool:
        return not self.name and not self.email


@router.get("/rollouts/{slug}/set-up/people")
def ask(desk: Directing, session: Db) -> Response:
    demand_draft(desk.rollout)
    held = role_holders(session, desk.rollout.id)
    return page(desk, [Line(one.role, one.location, one.name, one.email) for one in held], held, 200)


def page(
    desk: Desk, lines: Sequence[Line], held: Sequence[RoleHolder], status: int, *, stale: str = "", told: str = ""
) -> Response:
    rollout = desk.rollout
    wanted = slots(rollout.playbook, names_of(rollout))
    return html(
        "rollouts/set_up/people.html",
        status,
        **step_frame(desk, "people", done_steps(rollout, people=bool(held))),
        groups=shown_groups(rollout, wanted, lines),
        warnings=warnings(rollout, held),
        stale=stale,
        told=told,
        summary=[{"href": "#main", "text": line.error} for line in lines if line.error],
    )


def names_of(rollout: RolloutFacts) -> dict[str, str]:
    return {place.slug: place.name for place in rollout.locations}


def warnings(rollout: RolloutFacts, held: Sequence[RoleHolder]) -> list[str]:
    """Roles that nobody holds, and people who hold two rungs of a ladder."""
    names = names_of(rollout)
    holding = [Held(one.role, one.location, one.person, one.name) for one in held]
    open_ = [
        f"Nobody is {slot.title} for {slot.where} yet." for slot in unfilled(slots(rollout.playbook, names), holding)
    ]
    twice = [
        f"{one.name} is both {one.first} and {one.second} for {one.where}: an issue would climb to whom it came from."
        for one in double_rungs(rollout.playbook, holding, names)
    ]
    return [*twice, *open_]


def shown_groups(rollout: RolloutFacts, wanted: Sequence[Slot], lines: Sequence[Line]) -> list[dict[str, Any]]:
    """The network first, then each location: its roles with a line for everybody, and one more line each."""
    number = 0
    groups: list[dict[str, Any]] = []
    for slug, name in {"": "The whole network", **names_of(rollout)}.items():
        roles = []
        for slot in [slot for slot in wanted if slot.location == slug]:
            given = [line for line in lines if (line.role, line.location) == (slot.role, slug) and not line.empty]
            shown = []
            for line in [*given, Line(slot.role, slug)] if given else [Line(slot.role, slug)]:
                shown.append({"no": number, "name": line.name, "email": line.email, "error": line.error or None})
                number += 1
            roles.append({"role": slot.role, "title": slot.title, "lines": shown, "held": len(given)})
        if roles:
            open_ = sum(not role["held"] for role in roles)
            groups.append({"slug": slug, "name": name, "roles": roles, "open": open_, "of": len(roles)})
    return groups


@router.post("/rollouts/{slug}/set-up/people")
def keep(form: Form, desk: Directing, session: Db, now: Now) -> Response:
    seen = version_of(form)
    lines = lines_of(form)
    held = role_holders(session, desk.rollout.id)
    try:
        holdings = [holding_of(session, desk, line, now) for line in accounted(session, lines)]
        set_people(session, desk.rollout.id, holdings, seen=seen, by=desk.viewer, now=now)
    except Stale as refusal:
        session.rollback()
        return page(desk, lines, held, 409, stale=str(refusal))
    except (Invalid, Refused) as refusal:
        session.rollback()
        told = " ".join(refusal.fields.values()) if isinstance(refusal, Invalid) else refusal.reason
        return page(desk, marked(lines), held, 422, told=told)
    return see_other(address(desk.rollout, "preview"))


def lines_of(form: Typed) -> list[Line]:
    """The lines that hold a name or an address."""
    found = []
    for key, values in form.items():
        if not key.startswith("email-"):
            continue
        number = key.removeprefix("email-")
        own = {name: next(iter(form.get(f"{name}-{number}", ())), "") for name in ("role", "location", "name")}
        line = Line(own["role"], own["location"], own["name"], values[0])
        if not line.empty:
            found.append(line)
    return found


def marked(lines: Sequence[Line]) -> list[Line]:
    """The same lines, with what is missing on each said beside it."""
    return [
        Line(line.role, line.location, line.name, line.email, "Give the name and the e-mail address.")
        if not line.name or "@" not in line.email
        else line
        for line in lines
    ]


def accounted(session: Session, lines: Sequence[Line]) -> list[tuple[Line, int | None]]:
    """Each line with the account that already has its address: one query for all."""
    known = people_at(session, {line.email.casefold() for line in lines})
    return [(line, known.get(line.email.casefold())) for line in lines]


def holding_of(session: Session, desk: Desk, given: tuple[Line, int | None], now: datetime) -> Holding:
    """The role of one line. Somebody new gets an account; the link to join is made on the page of people."""
    line, person = given
    if person is None:
        invited, _ = invite(session, name=line.name, email=line.email, by=desk.viewer, now=now)
        person = invited.id or 0
    return Holding(line.role, person, line.location)
