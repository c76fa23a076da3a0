"""What gates ask of a rollout besides its tasks: trainings passed, issues open, days clean, cover filled, runbooks
rehearsed, figures, answers given and other gates decided.

Only what the gates in question ask for is read, for the locations whose gates they are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from app.plan.format.gates import Criterion, Test
from app.queries.gates.dates import GateDate
from app.queries.gates.figures import Figures, figures_of
from app.queries.gates.held import NOT_HELD, Held
from app.queries.gates.issues import AskedIssues, issues_asked
from app.queries.gates.rehearsals import Where, rehearsals_of, rehearsed_for
from app.queries.presence.covered import Coverages, coverages
from app.queries.reconciliations.runs import Key, run_of, runs_at
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.queries.training.coverage import covers, training_shares
from app.queries.training.facts import training_facts
from app.queries.upgrades.deviations import deviations
from app.rules.gates.needed import tests_of
from app.rules.gates.voting import OUTCOME_WORDS
from app.rules.people.access import Extent
from app.rules.reconciliations.days import Runs
from app.rules.rollouts.criteria import (
    Found,
    every,
    of_answer,
    of_cover,
    of_days,
    of_deviations,
    of_gate,
    of_rehearsal,
    of_training,
)
from app.rules.runbooks.rehearsed import Rehearsed
from app.rules.training.tally import Tally


@dataclass(frozen=True)
class Asked:
    """A gate at one place, with the criteria that hold there, and the locations that it speaks for."""

    at: GateDate
    title: str
    criteria: Mapping[str, Criterion]
    places: tuple[PlaceFacts, ...]

    @property
    def tests(self) -> Iterable[tuple[str, Test]]:
        return (test for one in self.criteria.values() for test in tests_of(one))


@dataclass(frozen=True)
class Sources:
    """What was read: issues, trainings by location and entry, days by location and entry, the share of super-users on
    go-live day by location and entry, rehearsals by where they were, how much was changed by hand by location, what was
    recorded of gates, the days of all gates, and the figures of metrics.
    """

    rollout: RolloutFacts
    issues: AskedIssues
    dates: Sequence[GateDate] = ()
    held: Held = field(default_factory=dict)
    trainings: Mapping[tuple[int, str], Tally] = field(default_factory=dict)
    days: Mapping[Key, Runs] = field(default_factory=dict)
    cover: Coverages = field(default_factory=lambda: Coverages({}))
    helpers: Mapping[tuple[int, str], float | None] = field(default_factory=dict)
    rehearsals: Mapping[Where, tuple[Rehearsed, ...]] = field(default_factory=dict)
    deviating: Mapping[int, int] = field(default_factory=dict)
    figures: Figures = field(kw_only=True)

    def found(self, asked: Asked, name: str, test: Test) -> Found:
        """What one test of a criterion, which is not about tasks, finds; `name` is that of its answer."""
        match test.source:
            case "training":
                return of_training([*self._tallies(test, asked.places)], test.passes)
            case "issues":
                return self.issues.found(test, asked.places)
            case "reconciliation":
                runs = [self._runs(test.reconciliation, place) for place in asked.places]
                return every([of_days(one, test.passes) for one in runs])
            case "coverage":
                filled = [self._percent(test.coverage, place) for place in asked.places]
                return every([of_cover(one, test.passes) for one in filled])
            case "rehearsal":
                known = [rehearsed_for(self.rehearsals, place, test.rehearsal) for place in asked.places]
                return every([of_rehearsal(one, test.passes) for one in known])
            case "answer" if test.answer is not None:
                return of_answer(test.answer, self._answer(asked, name))
            case "gate":
                return every([self._gate(test.gate, at) for at in self._gates(test.gate, asked)])
            case "unmodified":
                return every([of_deviations(self.deviating.get(place.id, 0)) for place in asked.places])
            case "metric":
                return self.figures.metric(test, asked.places)
            case "baseline":
                return self.figures.baseline(test, asked.places)
        raise ValueError(f"no such source: {test.source}")

    def _tallies(self, test: Test, places: Iterable[PlaceFacts]) -> Iterable[Tally]:
        for place in places:
            taught = self.rollout.book_at(place.id).taught
            entries = dict.fromkeys(entry for name in test.names for entry in taught.get(name, ()))
            yield from (self.trainings[place.id, entry] for entry in entries if (place.id, entry) in self.trainings)

    def _percent(self, entry: str, place: PlaceFacts) -> float | None:
        """Super-users are counted on go-live day, once a roster says who works; everybody else by the rota."""
        own = self.helpers.get((place.id, entry))
        return own if own is not None else self.cover.of(entry, place).percent

    def _runs(self, entry: str, place: PlaceFacts) -> Runs:
        """The days of the place, else those that are counted once for all."""
        here = self.days.get((place.id, entry))
        return here if here is not None else run_of(self.days, None, entry)

    def _answer(self, asked: Asked, name: str) -> object:
        found = self.held.get(asked.at.id, NOT_HELD).answers.get(name)
        return found[1] if found else None

    def _gates(self, gate: str, asked: Asked) -> list[GateDate]:
        """An earlier gate for the same place: that of the location, else of its wave, else of the network."""
        return [at for at in self.dates if at.gate == gate and any(at.meant_for(place) for place in asked.places)]

    def _gate(self, gate: str, at: GateDate) -> Found:
        held = self.held.get(at.id, NOT_HELD)
        if held.outcome is None:
            return of_gate(None, "not decided yet")
        said = "closed: a condition expired" if held.fallen else OUTCOME_WORDS[held.outcome].lower()
        return of_gate(held.outcome.goes_on, said, fallen=held.fallen)


def sources_of(
    session: Session,
    rollout: RolloutFacts,
    gates: Collection[Asked],
    dates: Sequence[GateDate],
    held: Held,
    now: datetime,
) -> Sources:
    """What these gates ask for. The number of queries is fixed."""
    wanted: dict[str, list[tuple[PlaceFacts, Test]]] = {}
    for asked in gates:
        for _, test in asked.tests:
            wanted.setdefault(test.source, []).extend((place, test) for place in asked.places)
    places = {source: list({place.id: place for place, _ in pairs}.values()) for source, pairs in wanted.items()}
    entries = {source: {name for _, test in pairs for name in test.names} for source, pairs in wanted.items()}
    keys = [*(place.id for place in places.get("reconciliation", ())), None]
    cover, beside = entries.get("coverage", set()), places.get("coverage", [])
    metered = [*places.get("metric", ()), *places.get("baseline", ())]
    rated = cover & {one.id for place in beside for one in rollout.book_at(place.id).coverage.values() if one.ratio}
    return Sources(
        rollout,
        issues_asked(session, rollout, [test for _, test in wanted.get("issues", ())], now),
        dates,
        held,
        trainings=training_shares(session, rollout, places["training"], now) if "training" in wanted else {},
        days=runs_at(session, rollout, keys, now) if "reconciliation" in wanted else {},
        cover=coverages(session, rollout, entries=cover) if cover else Coverages({}),
        helpers=_helpers(session, rollout, beside, rated) if rated else {},
        rehearsals=rehearsals_of(session, rollout, entries["rehearsal"]) if "rehearsal" in wanted else {},
        figures=figures_of(session, rollout, metered) if metered else Figures(rollout),
        deviating=_deviating(session, rollout, places["unmodified"]) if "unmodified" in wanted else {},
    )


def _deviating(session: Session, rollout: RolloutFacts, places: Sequence[PlaceFacts]) -> dict[int, int]:
    only = rollout.within(Extent(False, frozenset(place.id for place in places)))
    return {place: len(found) for place, found in deviations(session, only).items()}


def _helpers(
    session: Session, rollout: RolloutFacts, places: Sequence[PlaceFacts], entries: Collection[str]
) -> dict[tuple[int, str], float | None]:
    found = covers(session, training_facts(session, rollout, places), places)
    return {(place, entry): one.percent_of(entry) for place, one in found.items() for entry in entries}
