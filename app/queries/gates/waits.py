"""What something in the plan may not begin before: gates that must go on, runbooks that must have been run for good,
locations that must be chosen, work that must be done.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from app.plan.format.when import Link
from app.queries.gates.dates import GateDate
from app.queries.gates.held import NOT_HELD, Held
from app.queries.gates.rolls import Counts
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.queries.rollouts.placed import Placed
from app.queries.runs.dates import RunbookDate
from app.rules.clock import count
from app.rules.people.access import Extent

EVERYWHERE: Final = Extent(True, frozenset())


@dataclass(frozen=True)
class Reached:
    """What a whole rollout has come to: its gates with what was recorded of them, its runbooks, its tasks; `unchosen`
    are selections whose set is not signed, `extent` the locations that the reader may know of.
    """

    rollout: RolloutFacts
    gates: Sequence[GateDate]
    held: Held
    runbooks: Sequence[RunbookDate]
    counts: Counts
    unchosen: Collection[str] = frozenset()
    extent: Extent = EVERYWHERE


def waits_of(reached: Reached, at: Placed, links: Iterable[Link]) -> tuple[str, ...]:
    """What the links of something at a place still wait for, in words, one for each place that it is wanted of."""
    return tuple(said for link in links if not link.start_of for said in _waits(reached, at, link))


def _waits(reached: Reached, at: Placed, link: Link) -> Iterator[str]:
    rollout, playbook = reached.rollout, reached.rollout.book_at(at.location)
    places = _meant(rollout, at, link)
    if link.entry in playbook.gates:
        title = playbook.gates[link.entry].title
        gates = [one for one in reached.gates if one.gate == link.entry and any(map(one.meant_for, places))]
        yield from (
            f"“{title}”{_where(reached, one, at)}" for one in gates if not reached.held.get(one.id, NOT_HELD).goes_on
        )
        return
    if link.entry in playbook.runbooks:
        title = playbook.runbooks[link.entry].title
        runs = [one for one in reached.runbooks if one.runbook == link.entry and any(map(one.meant_for, places))]
        yield from (f"a live run of “{title}”{_where(reached, one, at)}" for one in runs if not one.ran)
        return
    if link.entry in reached.unchosen:
        yield f"“{playbook.entries[link.entry].title}”: no set is chosen yet"
    entries = dict.fromkeys(playbook.inside.get(link.entry, ()))
    behind = reached.counts.of(entries.keys(), places) if entries and not link.previous and not link.of_wave else None
    if behind is not None and behind.done < behind.total:
        title = playbook.entries[link.entry].title
        yield f"“{title}”: {count(behind.total - behind.done, 'task')} open"


def _meant(rollout: RolloutFacts, at: Placed, link: Link) -> list[PlaceFacts]:
    """The locations that a link speaks of. The first wave has none before it."""
    if not link.previous and not link.of_wave:
        return list(at.places(rollout))
    wave = link.of_wave or (rollout.playbook.wave_before(at.wave) if at.wave else "")
    return [place for place in rollout.locations if wave and place.wave == wave]


def _where(reached: Reached, one: Placed, at: Placed) -> str:
    place = reached.rollout.location(one.location)
    if place is None or one.location == at.location:
        return ""
    return f" at {place.name}" if place.id in reached.extent else " at another centre"
