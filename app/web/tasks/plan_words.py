"""The filters of a page of the plan, said behind the number of tasks that it shows."""

from __future__ import annotations

from collections.abc import Iterator

from app.queries.people import Holders
from app.queries.rollouts.facts import RolloutFacts
from app.rules.clock import short_day
from app.rules.tasks.filtering import ME, NONE, SHARED, UNOWNED, PlanFilter


def where_words(rollout: RolloutFacts, wanted: PlanFilter, people: Holders) -> tuple[str, ...]:
    """`at Alder`, `of Technical`, `in week 3`, `that are yours`: one piece a filter, in the order they read best."""
    return (*_whose(wanted, people), *_which(rollout, wanted), *_where(rollout, wanted), *_when(rollout, wanted))


def _whose(wanted: PlanFilter, people: Holders) -> Iterator[str]:
    if wanted.person == ME:
        yield "of yours"
    elif wanted.person == UNOWNED:
        yield "that nobody holds"
    elif wanted.person:
        name = people.known().get(wanted.person_id or 0)
        yield f"of {name}" if name else "of nobody here"


def _which(rollout: RolloutFacts, wanted: PlanFilter) -> Iterator[str]:
    playbook = rollout.playbook
    if wanted.critical:
        yield "that can veto"
    for chosen, entries in ((wanted.workstream, playbook.workstreams), (wanted.phase, playbook.phases)):
        if chosen == NONE:
            yield "without a workstream" if entries is playbook.workstreams else "without a phase"
        elif chosen:
            yield f"of {entries[chosen].title}" if chosen in entries else "of something unknown"
    if wanted.role:
        found = playbook.people.get(wanted.role)
        yield f"for the role {found.title}" if found else "for an unknown role"
    if wanted.words:
        yield f"with “{wanted.words}”"


def _where(rollout: RolloutFacts, wanted: PlanFilter) -> Iterator[str]:
    if wanted.location == SHARED:
        yield "for all centres"
    elif wanted.location:
        name = next((place.name for place in rollout.locations if place.slug == wanted.location), "")
        yield f"at {name}" if name else "at an unknown centre"
    if wanted.wave:
        found = rollout.playbook.waves.get(wanted.wave)
        yield f"in {found.title}" if found else "in an unknown wave"


def _when(rollout: RolloutFacts, wanted: PlanFilter) -> Iterator[str]:
    if wanted.week:
        yield f"in week {wanted.week}"
    year = rollout.start or wanted.since or wanted.until
    if wanted.since and year:
        yield f"due from {short_day(wanted.since, year)}"
    if wanted.until and year:
        yield f"{'' if wanted.since else 'due '}until {short_day(wanted.until, year)}"
