"""What gates ask of a rollout besides its tasks: trainings passed, issues open, days clean, cover filled.

Only what the gates in question ask for is read, for the locations whose gates they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.models import Issue, SameIssue
from app.plan.format.gates import Test
from app.queries.presence.covered import Coverages, coverages
from app.queries.reconciliations.runs import Key, run_of, runs_at
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.queries.training.coverage import covers, training_shares
from app.queries.training.facts import training_facts
from app.rules.reconciliations.days import Runs
from app.rules.rollouts.criteria import Found, of_cover, of_days, of_issues, of_training, unknown
from app.rules.training.tally import Tally

UNMEASURED: Final[Mapping[str, str]] = {
    "metric": "metrics are not recorded in this version",
    "baseline": "baselines are not recorded in this version",
    "rehearsal": "rehearsals are not recorded in this version",
    "gate": "gates are not decided in this version",
    "answer": "it is answered at the gate, which this version does not hold",
}


@dataclass(frozen=True)
class Sources:
    """What was read: trainings by location and entry, unsolved issues by location (None: the network) and severity,
    days by location and entry, the share of super-users on go-live day by location and entry.
    """

    rollout: RolloutFacts
    trainings: Mapping[tuple[int, str], Tally] = field(default_factory=dict)
    issues: Mapping[tuple[int | None, str], int] = field(default_factory=dict)
    days: Mapping[Key, Runs] = field(default_factory=dict)
    cover: Coverages = field(default_factory=lambda: Coverages({}))
    helpers: Mapping[tuple[int, str], float | None] = field(default_factory=dict)

    def found(self, test: Test, place: PlaceFacts) -> Found:
        """What one test of a criterion, which is not about tasks, finds at a location."""
        match test.source:
            case "training":
                return of_training([*self._tallies(test, place)], test.passes)
            case "issues":
                return of_issues(self._open(test.names, place), test.passes)
            case "reconciliation":
                return of_days(self._runs(test.reconciliation, place), test.passes)
            case "coverage":
                return of_cover(self._percent(test.coverage, place), test.passes)
        return unknown(UNMEASURED[test.source])

    def _tallies(self, test: Test, place: PlaceFacts) -> Iterable[Tally]:
        taught = self.rollout.book_at(place.id).taught
        entries = dict.fromkeys(entry for name in test.names for entry in taught.get(name, ()))
        return (self.trainings[place.id, entry] for entry in entries if (place.id, entry) in self.trainings)

    def _open(self, severities: Iterable[str], place: PlaceFacts) -> int:
        """Those of the place, those that it has too, and those of the whole network."""
        return sum(self.issues.get((where, one), 0) for one in severities for where in (place.id, None))

    def _percent(self, entry: str, place: PlaceFacts) -> float | None:
        """Super-users are counted on go-live day, once a roster says who works; everybody else by the rota."""
        own = self.helpers.get((place.id, entry))
        return own if own is not None else self.cover.of(entry, place).percent

    def _runs(self, entry: str, place: PlaceFacts) -> Runs:
        """The days of the place, else those that are counted once for all."""
        here = self.days.get((place.id, entry))
        return here if here is not None else run_of(self.days, None, entry)


def sources_of(
    session: Session, rollout: RolloutFacts, asked: Collection[tuple[PlaceFacts, Test]], now: datetime
) -> Sources:
    """What these tests at these locations ask for. The number of queries is fixed."""
    wanted: dict[str, list[tuple[PlaceFacts, Test]]] = {}
    for place, test in asked:
        wanted.setdefault(test.source, []).append((place, test))
    places = {source: list({place.id: place for place, _ in pairs}.values()) for source, pairs in wanted.items()}
    entries = {source: {name for _, test in pairs for name in test.names} for source, pairs in wanted.items()}
    keys = [*(place.id for place in places.get("reconciliation", ())), None]
    cover, beside = entries.get("coverage", set()), places.get("coverage", [])
    rated = cover & {one.id for place in beside for one in rollout.book_at(place.id).coverage.values() if one.ratio}
    return Sources(
        rollout,
        trainings=training_shares(session, rollout, places["training"], now) if "training" in wanted else {},
        issues=_issues(session, rollout.id, entries["issues"]) if "issues" in wanted else {},
        days=runs_at(session, rollout, keys, now) if "reconciliation" in wanted else {},
        cover=coverages(session, rollout, entries=cover) if cover else Coverages({}),
        helpers=_helpers(session, rollout, beside, rated) if rated else {},
    )


def _helpers(
    session: Session, rollout: RolloutFacts, places: Sequence[PlaceFacts], entries: Collection[str]
) -> dict[tuple[int, str], float | None]:
    found = covers(session, training_facts(session, rollout, places), places)
    return {(place, entry): one.percent_of(entry) for place, one in found.items() for entry in entries}


def _issues(session: Session, rollout_id: int, severities: Collection[str]) -> dict[tuple[int | None, str], int]:
    """How many are not solved, by location (None: the network) and severity; one that another place has too counts at
    both, and one of the whole network once. Two queries.
    """
    open_ = (
        col(Issue.rollout_id) == rollout_id,
        col(Issue.resolved_at).is_(None),
        col(Issue.severity).in_(severities),
    )
    own = select(col(Issue.location_id), col(Issue.severity), func.count()).where(*open_)
    too = select(col(SameIssue.location_id), col(Issue.severity), func.count()).join(
        Issue, col(SameIssue.issue_id) == col(Issue.id)
    )
    found: Counter[tuple[int | None, str]] = Counter()
    for statement in (
        own.group_by(col(Issue.location_id), col(Issue.severity)),
        too.where(*open_, col(Issue.location_id).is_not(None)).group_by(
            col(SameIssue.location_id), col(Issue.severity)
        ),
    ):
        for place, severity, number in session.execute(statement):
            found[place, severity] += number
    return found
