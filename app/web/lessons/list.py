"""The lessons of a rollout, those that wait first; the proposals; and the one line by which a lesson is captured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Form, Query
from sqlmodel import Session
from starlette.responses import Response

from app.actions.lessons.capturing import capture_lesson
from app.errors import Invalid, Refused
from app.queries.lessons.list import LessonsPage, lessons_page
from app.queries.lessons.proposals import ProposalLine, proposal_lines
from app.rules.clock import count, long_day, moment, zone_name
from app.rules.lessons.filtering import NETWORK, STATES, LessonFilter, query_of
from app.rules.lessons.standing import State, may_capture, works_in
from app.rules.people.access import Permission
from app.web.answers import see_other
from app.web.forms import LARGEST_ID, Filter, Line
from app.web.frame import in_rollout, rail
from app.web.issues.identifiers import Confirmed, warned
from app.web.lessons import words
from app.web.rhythm.ways import LESSONS, rhythm_ways
from app.web.site import Db, Desk, Now, RolloutGuard
from app.web.templating import html

router = APIRouter()
PAGE: Final = 50
About = Annotated[str, Form(pattern=r"^([a-z]{1,20}-[0-9]{1,10})?$")]
"""What a lesson is about, as `task-12`; empty: the whole network."""
Seeing = Annotated[Desk, Depends(RolloutGuard(Permission.SEE_PLAN))]


@dataclass(frozen=True)
class Typed:
    """What somebody has typed; `errors` by field, what the action refused, and words that may name a patient."""

    said: str = ""
    about: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    refusal: str = ""
    warning: Sequence[Mapping[str, Any]] = ()


async def lesson_filter(state: Filter = "", location: Filter = "") -> LessonFilter:
    """The filter of an address; a state that is none filters nothing."""
    return LessonFilter(state if state in STATES else "", location)


@router.get("/rollouts/{slug}/lessons")
def show(
    desk: Seeing,
    wanted: Annotated[LessonFilter, Depends(lesson_filter)],
    session: Db,
    now: Now,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    return _page(desk, session, wanted, page, Typed(), now, 200)


@router.post("/rollouts/{slug}/lessons/new")
def capture(
    desk: Seeing, session: Db, now: Now, said: Line = "", about: About = "", confirmed: Confirmed = ""
) -> Response:
    """Keep what was learnt. The same words about the same thing again are quiet, so a second click makes no second."""
    typed = Typed(said, about)
    if found := warned({"said": said}, confirmed):
        return _again(desk, session, Typed(said, about, warning=found), now)
    kind, _, number = about.partition("-")
    key = int(number) if number and int(number) <= LARGEST_ID else 0
    try:
        row = capture_lesson(
            session, desk.rollout.id, said=said, subject=kind, subject_id=key if kind else None, by=desk.viewer, now=now
        )
    except (Invalid, Refused) as fault:
        session.rollback()
        errors = fault.fields if isinstance(fault, Invalid) else {}
        refusal = fault.reason if isinstance(fault, Refused) else ""
        return _again(desk, session, Typed(typed.said, typed.about, errors, refusal), now)
    return see_other(f"/lessons/{row.id}")


def _again(desk: Desk, session: Session, typed: Typed, now: datetime) -> Response:
    """The list once more, with what was typed."""
    return _page(desk, session, LessonFilter(), 1, typed, now, 409 if typed.refusal else 422)


def _page(
    desk: Desk, session: Session, wanted: LessonFilter, page: int, typed: Typed, now: datetime, status: int
) -> Response:
    at = desk.rollout.as_of(now)
    found = lessons_page(session, desk.rollout, desk.viewer, wanted, (page - 1) * PAGE, PAGE, at)
    proposals = proposal_lines(session, desk.rollout, desk.viewer)
    values = _shown(desk, wanted, found, proposals, page, at)
    return html("lessons/list.html", status, **in_rollout(desk, "Rhythm"), **values, typed=typed)


def _shown(
    desk: Desk, wanted: LessonFilter, found: LessonsPage, proposals: Sequence[ProposalLine], page: int, now: datetime
) -> dict[str, Any]:
    """Everything the template needs."""
    rollout, address = desk.rollout, f"/rollouts/{desk.rollout.slug}/lessons"
    there = rollout.today(now)
    clock = f"{now.astimezone(ZoneInfo(rollout.zone)):%H:%M} {zone_name(rollout.zone, now)}"
    undecided = sum(not one.outcome for one in proposals)
    return {
        "weeks": rail(rollout, now),
        "when": f"{long_day(there, there)}, {clock}",
        "say": words.lessons_sentence(found.sums, undecided),
        "ways": rhythm_ways(desk, LESSONS),
        "address": address,
        "lines": [words.lesson_item(one, now) for one in found.lines],
        "said": count(found.total, "lesson") if found.total else "no lesson",
        "filtered": wanted != LessonFilter(),
        "filters": _filters(desk, wanted, found.sums, now),
        "places": _places(desk),
        "may_say": rollout.state == "running" and works_in(desk.viewer, rollout.id),
        "proposals": [_proposal(one, rollout.zone, now) for one in proposals],
        "pager": _pager(address, wanted, found.total, page),
    }


def _places(desk: Desk) -> list[tuple[str, str]]:
    """Where the reader may say that something was learnt."""
    rollout = desk.rollout
    at = [
        (f"location-{place.id}", place.name)
        for place in rollout.locations
        if place.planned and may_capture(desk.viewer, rollout.id, place.id)
    ]
    return [*at, ("", "The whole network")]


def _filters(desk: Desk, wanted: LessonFilter, sums: Mapping[State, int], now: datetime) -> dict[str, Any]:
    states = [(state.value, word) for state, (_, word) in words.STATES.items() if sums[state] or state == wanted.state]
    places = [(place.slug, place.name) for place in desk.rollout.opening_order(now)]
    return {
        "wanted": wanted,
        "states": [("", "All"), *states],
        "locations": [("", "All"), *places, (NETWORK, "The whole network")],
    }


def _proposal(one: ProposalLine, zone: str, now: datetime) -> dict[str, Any]:
    mark, word = words.PROPOSALS[one.outcome]
    outcome = f"version {one.result}" if one.result else f"for version {one.base}"
    behind = f" · {count(one.lessons, 'lesson')}" if one.lessons else ""
    return {
        "text": f"{one.number}. {one.title}",
        "href": f"/proposals/{one.id}",
        "end": f"{outcome}{behind} · {moment(one.decided_at or one.at, zone, now)}",
        "status": "stale" if one.outdated else mark,
        "status_label": "Outdated" if one.outdated else word,
    }


def _pager(address: str, wanted: LessonFilter, total: int, page: int) -> dict[str, Any] | None:
    pages = max(1, -(-total // PAGE))
    if pages == 1:
        return None
    first = (page - 1) * PAGE
    return {
        "page": page,
        "pages": pages,
        "prev_href": f"{address}?{query_of(wanted, page=str(page - 1))}" if page > 1 else None,
        "next_href": f"{address}?{query_of(wanted, page=str(page + 1))}" if page < pages else None,
        "said": f"{first + 1} to {min(first + PAGE, total)} of {total:,}",
    }
