"""Somebody says a win or a concern: about a thing, at a location, or of the whole network."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query
from pydantic import AfterValidator
from starlette.responses import Response

from app.actions.meetings.remarks import say_remark
from app.errors import Invalid, Refused
from app.queries.meetings.lines import NETWORK
from app.queries.rollouts.facts import RolloutFacts
from app.rules.meetings.remarks import ABOUT, Kind, Shown, Subject
from app.rules.people.access import Permission
from app.web.answers import see_other
from app.web.forms import Filter, Line, one_line
from app.web.frame import in_rollout, rail
from app.web.issues.identifiers import Confirmed, warned
from app.web.meetings.beside import may_say
from app.web.meetings.words import NETWORK_WORDS, remark_kinds, subject_address
from app.web.site import AllowingGuard, Db, Desk, Now
from app.web.tasks.forms import Typed
from app.web.templating import html
from app.web.told import Told

router = APIRouter()
About = Annotated[str, Form(pattern=r"^((task|issue|reconciliation|meeting)-[0-9]{1,9})?$")]
"""A thing by its kind and its key: `task-12`."""

Suggested = Annotated[str, Query(max_length=300), AfterValidator(one_line)]

GUARD = AllowingGuard(Permission.RAISE_ISSUE, "You may see this rollout, but not say anything about it.")
Speaking = Annotated[Desk, Depends(GUARD)]


@dataclass(frozen=True)
class Typing:
    """What somebody has typed."""

    kind: str = ""
    said: str = ""
    location: str = ""
    about: str = ""


@router.get("/rollouts/{slug}/remarks/new")
def ask(desk: Speaking, now: Now, location: Filter = "", kind: Filter = "", said: Suggested = "") -> Response:
    """`said` is what another page suggests to say: it is not said before somebody does."""
    return _form(desk, Typing(kind, said, location), Told(), 200, now)


@router.post("/rollouts/{slug}/remarks/new")
def say(
    desk: Speaking,
    session: Db,
    now: Now,
    kind: Line = "",
    said: Typed = "",
    location: Line = "",
    about: About = "",
    confirmed: Confirmed = "",
) -> Response:
    """Said twice within minutes it is one remark: the form stands on kept pages, which know no token."""
    typed = Typing(kind, said, location, about)
    if found := warned({"said": said}, confirmed):
        return _form(desk, typed, Told(warning=found), 422, now)
    subject, _, key = about.partition("-")
    try:
        say_remark(
            session, desk.rollout.id, kind=kind, said=said, location_id=None if subject else _place(desk, location),
            subject_kind=subject, subject_id=int(key) if key else None, by=desk.viewer, now=now,
        )  # fmt: skip
    except (Invalid, Refused) as fault:
        session.rollback()
        told = Told(errors=fault.fields) if isinstance(fault, Invalid) else Told(refusal=fault.reason)
        return _form(desk, typed, told, 422 if told.errors else 409, now)
    return see_other(_back(desk.rollout, typed))


def _place(desk: Desk, slug: str) -> int | None:
    """The location that somebody chose; none for the whole network. Raises NotFound, and Invalid without a choice."""
    if slug == NETWORK:
        return None
    if not slug:
        raise Invalid({"location": "Choose where it is."})
    return desk.rollout.place(slug).id


def _back(rollout: RolloutFacts, typed: Typing) -> str:
    """The page of what it is about."""
    subject, _, key = typed.about.partition("-")
    if subject:
        return f"{subject_address(subject)}/{key}#remarks"
    if typed.location and typed.location != NETWORK:
        return f"/rollouts/{rollout.slug}/locations/{typed.location}#remarks"
    shown = Shown.WINS if typed.kind == Kind.WIN else Shown.OPEN
    return f"/rollouts/{rollout.slug}/remarks?shown={shown}"


def _form(desk: Desk, typed: Typing, told: Told, status: int, now: datetime) -> Response:
    rollout, base = desk.rollout, f"/rollouts/{desk.rollout.slug}/remarks"
    places = [(place.slug, place.name) for place in rollout.locations if may_say(desk, place)]
    places += [(NETWORK, NETWORK_WORDS)] if may_say(desk, None) else []
    only = places[0][0] if len(places) == 1 else ""
    subject = typed.about.partition("-")[0]
    return html(
        "meetings/remark_new.html",
        status,
        **in_rollout(desk, "Rhythm"),
        weeks=rail(rollout, now),
        crumbs=[("Wins and concerns", base), ("A win or a concern", None)],
        action=f"{base}/new",
        typed=typed,
        told=told,
        kinds=remark_kinds(),
        places=places,
        location=typed.location or only,
        about=ABOUT[Subject(subject)] if subject else "",
        back=_back(rollout, typed) if typed.about or typed.location else base,
    )
