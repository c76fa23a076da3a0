"""Gates: may we go on?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from app.plan.containers import ListOf, MapOf
from app.plan.format.answers import ANSWER, Answer, PassKind
from app.plan.format.base import SCOPE, Dated
from app.plan.format.conditions import ALWAYS, CONDITION, Condition
from app.plan.format.rhythm import WordOr
from app.plan.format.when import DAY, LINKS, Link
from app.plan.format.who import ROLE, WHO, Who
from app.plan.kinds import BOOL, DURATION, PERCENT, PROSE, TITLE, WHOLE_DAYS, Figure, Name, Whole, Words
from app.plan.language.compare import Comparison
from app.plan.language.dates import DateRange
from app.plan.language.durations import Duration
from app.plan.reading import Book, Entry, Json, Kind, Path, Reading, Record, key, wrong_kind
from app.plan.source import Node
from app.plan.terms import EntryKind, Scope

SOURCES = (
    "tasks", "training", "issues", "reconciliation", "metric", "baseline", "rehearsal", "gate", "coverage", "answer",
    "any",
)  # fmt: skip
UNMODIFIED = "unmodified"
"""The source of a criterion that follows from `changes: none` of a wave; no file writes it."""
OPEN, UNOWNED, DAILY = "open", "unowned", "opened a day"
"""What a criterion counts of issues: those not solved, those of them that nobody took or was given, or the most that
came in on one day.
"""
COUNTS = Words({word: word for word in (OPEN, UNOWNED, DAILY)})


class AnyKind(Kind[tuple["Test", ...]]):
    """Alternatives: one of them is enough."""

    def read(self, node: Node, path: Path, reading: Reading) -> tuple[Test, ...] | None:
        if node.kind != "list" or not node.items:
            wrong_kind(reading, node, path, "a list of criteria")
            return None
        read = [Record(Test).read(item, (*path, str(n)), reading) for n, item in enumerate(node.items)]
        return tuple(test for test in read if test is not None)

    def schema(self, book: Book) -> Json:
        return {"type": "array", "minItems": 1, "items": Record(Test).schema(book)}

    def parts(self) -> tuple[Kind[Any], ...]:
        return (ListOf(Record(Test)),)


def _names(space: str) -> Kind[tuple[str, ...]]:
    return ListOf(Name(space, "G3"), single=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Test(Entry):
    """What is measured: exactly one source, and what is good enough."""

    tasks: tuple[str, ...] = key(_names("entry"), "tasks or groups that are done", default=())
    training: tuple[str, ...] = key(_names("training"), "people who have passed", default=())
    issues: tuple[str, ...] = key(_names("severity"), "issues of these severities", default=())
    counts: str = key(COUNTS, "which of them", default=OPEN)
    over: Duration | None = key(WHOLE_DAYS, "the days that are looked at, for `opened a day`")
    reconciliation: str = key(Name("reconciliation", "G3"), "clean days in a row", default="")
    metric: str = key(Name("metric", "G3"), "a figure", default="")
    baseline: tuple[str, ...] | str = key(
        WordOr(("all",), ListOf(Name("metric", "G3"), single=True)), "captured figures", default=()
    )
    rehearsal: str = key(Name("runbook", "G3"), "a rehearsal, by its blocked steps", default="")
    gate: str = key(Name("gate", "G3"), "an earlier gate", default="")
    coverage: str = key(Name("coverage", "G3"), "places filled", default="")
    answer: Answer | None = key(ANSWER, "what someone answers")
    owner: Who | None = key(WHO, "who answers")
    title: str = key(TITLE, "one line", default="")
    any: tuple[Test, ...] = key(AnyKind(), "one of these is enough", default=())
    passes: Comparison | None = key(PassKind(), "what is good enough", name="pass")
    where: Condition = key(CONDITION, "for which locations", default=ALWAYS)

    @property
    def source(self) -> str:
        """Which of `SOURCES` is given first; empty where none is."""
        return next((name for name in SOURCES if getattr(self, name)), "")

    @property
    def names(self) -> tuple[str, ...]:
        """The ids the source names; `("all",)` for every metric that has a baseline."""
        found = getattr(self, self.source) if self.source else ()
        if isinstance(found, str):
            return (found,)
        return tuple(name for name in found if isinstance(name, str)) if isinstance(found, tuple) else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion(Test):
    """A line of a gate. Critical: unmet and unwaived it closes the gate, whatever the score."""

    title: str = key(TITLE, "one line", required=True)
    critical: bool = key(BOOL, "unmet it vetoes", default=False)
    weight: float = key(Figure(0), "its weight in the score", default=1.0)
    workaround: str = key(PROSE, "what is done if it is not met", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """How far a go may carry conditions."""

    at_most: int | None = key(Whole(1, 99), "how many")
    expire: Duration | None = key(DURATION, "how long each may last")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate(Dated):
    """A decision with criteria and votes."""

    kind: ClassVar[EntryKind] = EntryKind.GATE

    when: DateRange | None = key(DAY, "when it is held", required=True)
    owner: Who | None = key(WHO, "who prepares it", required=True)
    decide: str = key(ROLE, "who decides", required=True, default="")
    votes: Who | None = key(WHO, "who votes", required=True)
    approve: int | None = key(Whole(1, 1000), "votes for go that are needed")
    score: float | None = key(PERCENT, "smallest weighted share of the criteria that are not critical")
    criteria: Mapping[str, Criterion] = key(MapOf(Record(Criterion)), "what is judged", required=True, default=None)
    scope: Scope | None = key(SCOPE, "once, once a wave or once a location")
    after: tuple[Link, ...] = key(LINKS, "may be held when these have finished", default=())
    why: str = key(PROSE, "what it decides", default="")
    conditions: Conditions | str = key(
        WordOr(("none",), Record(Conditions)), "conditions a go may carry", default="none"
    )


GATES = MapOf(Record(Gate), dated=True)
