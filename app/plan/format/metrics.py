"""Metrics: figures captured and compared later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.plan.containers import Either, MapOf
from app.plan.format.answers import ANSWER, Answer, PassKind
from app.plan.format.base import SCOPE, SEVERITY
from app.plan.format.nesting import NESTED, Grouped, ItemsKind
from app.plan.format.when import DATE, DATES, EVERY
from app.plan.format.who import WHO, Who
from app.plan.kinds import DURATION, PROSE, TITLE, Figure, Language, Name, Whole, Words
from app.plan.language.compare import Comparison, parse_change
from app.plan.language.dates import DateRange, is_id
from app.plan.language.durations import Duration
from app.plan.language.formulas import Formula, parse_formula
from app.plan.language.recurrence import Recurrence
from app.plan.problems import Wrong, shown
from app.plan.reading import Book, Entry, Json, Kind, Path, Reading, Record, key, wrong_kind
from app.plan.source import Node
from app.plan.terms import Scope


class FormulaKind(Kind[Formula]):
    def read(self, node: Node, path: Path, reading: Reading) -> Formula | None:
        if node.kind != "text":
            wrong_kind(reading, node, path, "a formula")
            return None
        try:
            formula = parse_formula(node.text)
        except Wrong as wrong:
            reading.refuse(wrong, node.mark, path)
            return None
        for metric in formula.metrics:
            reading.refer("metric", metric, "M5", path, node.mark)
        return formula

    def schema(self, book: Book) -> Json:
        return {"type": "string", "minLength": 1}

    def parts(self) -> tuple[Kind[Any], ...]:
        return (Name("metric", "M5"),)

    def says(self) -> str:
        return "a formula of metrics"


class RollUpKind(Kind[str]):
    """`sum`, `mean`, `median`, or `mean by <metric>` (weighted)."""

    def read(self, node: Node, path: Path, reading: Reading) -> str | None:
        text = node.text if node.kind == "text" else ""
        if text in ("sum", "mean", "median"):
            return text
        weight = text.removeprefix("mean by ")
        if weight != text and is_id(weight):
            reading.refer("metric", weight, "M4", path, node.mark)
            return text
        say = "write sum, mean, median or `mean by exams`"
        reading.problem("M4", node.mark, path, f"`{shown(node.scalar)}` is no way to roll up; {say}")
        return None

    def schema(self, book: Book) -> Json:
        return {"type": "string", "pattern": "^(sum|mean|median|mean by [a-z0-9-]+)$"}

    def parts(self) -> tuple[Kind[Any], ...]:
        return (Words({word: word for word in ("sum", "mean", "median", "mean by")}),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """The figure before any change: due by a day, over a stretch, from so many readings; `stated` by a source."""

    due: DateRange | None = key(DATE, "captured by", required=True)
    over: Duration | None = key(DURATION, "over how long")
    at_least: int | None = key(Whole(), "readings it needs")
    stated: float | None = key(Figure(), "what a source says")


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetValue:
    """Where the figure should be, and by when; no date is shown as such."""

    value: float | None = key(Figure(), "the figure", required=True)
    by: DateRange | None = key(DATE, "by when")


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis(Entry):
    """A fact that must agree before two values compare."""

    title: str = key(TITLE, "one line", required=True)
    answer: Answer | None = key(ANSWER, "what kind of fact", required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedMetric(Entry):
    """What a group of metrics hands down."""

    title: str = key(TITLE, "one line", required=True)
    how: str = key(PROSE, "how it is measured", default="")
    unit: str | None = key(TITLE, "unit")
    better: str | None = key(Words({"higher": "higher", "lower": "lower"}), "which way is better")
    owner: Who | None = key(WHO, "who reports it")
    every: Recurrence | None = key(EVERY, "how often it is read")
    scope: Scope | None = key(SCOPE, "once, once a wave or once a location")
    baseline: DateRange | Baseline | None = key(Either(DATE, Record(Baseline)), "the figure before any change")
    exclude: tuple[DateRange, ...] | None = key(DATES, "stretches left out")
    basis: Mapping[str, Basis] | None = key(MapOf(Record(Basis)), "facts that must agree to compare")
    roll_up: str | None = key(RollUpKind(), "how locations add up")
    accept: Comparison | None = key(PassKind(), "readings that are plausible")
    on_fail: str | None = key(SEVERITY, "severity of the issue a bad figure opens")
    parent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric(HandedMetric):
    """A figure with its baseline and target."""

    definition: int = key(Whole(1, 999), "raised when how, unit or formula change", default=1)
    target: TargetValue | None = key(Record(TargetValue), "where it should be")
    expected_change: tuple[float, float, bool] | None = key(
        Language(parse_change, "a change as `-40 % .. -30 %`"), "what the plan expects"
    )
    formula: Formula | None = key(FormulaKind(), "computed from other metrics")
    source: str = key(TITLE, "where the figure comes from", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricGroup(HandedMetric):
    """Metrics that belong together."""

    items: Mapping[str, Any] = key(ItemsKind("metrics"), "what is inside", required=True, name="metrics", default=None)


HANDED_METRIC = (
    "owner",
    "scope",
    "on_fail",
    "unit",
    "better",
    "baseline",
    "every",
    "exclude",
    "basis",
    "roll_up",
    "accept",
)
METRICS = Grouped("metrics", Record(MetricGroup), Record(Metric, short="title"))
NESTED["metrics"] = MapOf(METRICS)
