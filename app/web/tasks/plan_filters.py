"""The plan's filters as they stand in its address, and as they are offered on the page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import Query

from app.queries.people import Holders
from app.rules.tasks.filter_texts import read_filter
from app.rules.tasks.filtering import ALL, ME, NONE, OPEN, SHARED, TROUBLED, UNOWNED, PlanFilter
from app.rules.tasks.progress import WORDS, State
from app.web.forms import Filter
from app.web.site import Desk

Choices = list[tuple[str, str]]
Day = Annotated[str, Query(max_length=10)]
CHIPS: Final = (
    (OPEN, "Open"),
    (TROUBLED, "In trouble"),
    (State.LATE.value, WORDS[State.LATE]),
    (State.BLOCKED.value, WORDS[State.BLOCKED]),
    (State.WAITING.value, WORDS[State.WAITING]),
    (State.DONE.value, WORDS[State.DONE]),
    (ALL, "All"),
)
MORE: Final = ("week", "wave", "phase", "role", "since", "until", "critical")
"""Filters that are folded away: not for every day."""


async def plan_filter(
    location: Filter = "",
    wave: Filter = "",
    workstream: Filter = "",
    phase: Filter = "",
    role: Filter = "",
    person: Filter = "",
    state: Filter = OPEN,
    week: Annotated[str, Query(max_length=4)] = "",
    since: Day = "",
    until: Day = "",
    critical: Annotated[str, Query(max_length=3)] = "",
    q: Filter = "",
) -> PlanFilter:
    """The filter of an address. What is no number and no day filters nothing."""
    return read_filter(
        {
            "location": location, "wave": wave, "workstream": workstream, "phase": phase, "role": role,
            "person": person, "state": state, "week": week, "since": since, "until": until, "critical": critical,
            "q": q,
        }
    )  # fmt: skip


def shown_filters(desk: Desk, wanted: PlanFilter, people: Holders, now: datetime) -> dict[str, Any]:
    """What the filter bar offers, and what is chosen."""
    playbook = desk.rollout.playbook
    seen = [place for place in desk.rollout.opening_order(now) if place.id in desk.extent]
    return {
        "states": _states(wanted.state),
        "locations": _all([*((place.slug, place.name) for place in seen), (SHARED, "For all centres")]),
        "people": _all([(ME, "Me"), (UNOWNED, "Nobody at all"), *_names(people)]),
        "workstreams": _titled(playbook.workstreams, ends=True),
        "weeks": _all([(str(no), f"Week {no}") for no in range(1, playbook.length + 1)]),
        "waves": _titled(playbook.waves),
        "phases": _titled(playbook.phases, ends=True),
        "roles": _titled(playbook.people),
        "wanted": wanted,
        "since": wanted.since.isoformat() if wanted.since else "",
        "until": wanted.until.isoformat() if wanted.until else "",
        "more": any(getattr(wanted, name) for name in MORE),
    }


def _states(chosen: str) -> Choices:
    """The chips, and one more for a state that an address names and no chip does."""
    known = {value for value, _ in CHIPS}
    other = [(state.value, WORDS[state]) for state in State if state.value == chosen and chosen not in known]
    return [*CHIPS, *other]


def _all(options: Sequence[tuple[str, str]]) -> Choices:
    return [("", "All"), *options]


def _titled(entries: Any, *, ends: bool = False) -> Choices:
    return _all([*((id_, one.title) for id_, one in entries.items()), *([(NONE, "None")] if ends else [])])


def _names(people: Holders) -> Choices:
    return [(str(person), name) for person, name in people.known().items()]
