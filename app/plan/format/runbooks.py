"""Runbooks: the minutes of the night."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from app.plan.containers import ListOf, MapOf
from app.plan.format.answers import ANSWER, EVIDENCE, TICK, Answer, Evidence
from app.plan.format.base import SCOPE, SEVERITY, Dated
from app.plan.format.conditions import ALWAYS, CONDITION, Condition
from app.plan.format.nesting import NESTED, Grouped, ItemsKind
from app.plan.format.tasks import CheckItem
from app.plan.format.when import DATES, DAY, LINKS, STEP_DATE, WINDOW, Link, LinkKind
from app.plan.format.who import AUDIENCE, ROLE, WHO, Who
from app.plan.kinds import BOOL, DURATION, ID, LINK, PROSE, TITLE, Name, Whole, Words
from app.plan.language.dates import DateRange
from app.plan.language.durations import Duration
from app.plan.reading import Entry, Record, key
from app.plan.terms import EntryKind, Scope

STEP_LINKS = ListOf(LinkKind("step"), single=True)
STEP_ORDER = {"sequence": "sequence", "parallel": "parallel"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """A step done again and again until a text says it is enough."""

    every: Duration | None = key(DURATION, "how often", required=True)
    until: str = key(PROSE, "until what; may speak of the round before", required=True)
    at_least: int = key(Whole(1, 1000), "at least so often", default=1)
    at_most: int | None = key(Whole(1, 1000), "at most so often")


@dataclass(frozen=True, slots=True, kw_only=True)
class Broadcast:
    """A message to send; a rehearsal sends nothing outside the team."""

    to: Who | None = key(AUDIENCE, "to whom", required=True)
    text: str = key(PROSE, "what it says", required=True)
    through: tuple[str, ...] = key(ListOf(TITLE, single=True), "by which channel", default=("mail",))


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedStep(Entry):
    """What a group of steps hands down; on a single step its own value or what was handed to it."""

    title: str = key(TITLE, "one line", required=True)
    how: str = key(PROSE, "how it is done", default="")
    why: str = key(PROSE, "why it is done", default="")
    links: tuple[str, ...] = key(ListOf(LINK), "where to read on", default=())
    where: Condition = key(CONDITION, "for which locations", default=ALWAYS)
    optional: bool | None = key(BOOL, "may be skipped without a reason")
    critical: bool | None = key(BOOL, "may not be skipped")
    owner: Who | None = key(WHO, "who does it")
    verify: Who | None = key(WHO, "a second person checks it")
    sign_off: Who | None = key(WHO, "who approves it")
    after: tuple[Link, ...] = key(STEP_LINKS, "may start when these have finished", default=())
    done_after: tuple[Link, ...] = key(STEP_LINKS, "may finish when these have finished", default=())
    on_fail: str | None = key(SEVERITY, "severity of the issue a failure opens")
    only: str | None = key(Words({"live": "live", "rehearsal": "rehearsal"}), "in which run")
    was: str = key(ID, "the id it had before", default="")
    parent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(HandedStep):
    """A step of a runbook: one after the other unless said otherwise."""

    answer: Answer = key(ANSWER, "what is asked", default=TICK)
    evidence: tuple[Evidence, ...] = key(EVIDENCE, "what is attached", default=())
    checklist: Mapping[str, CheckItem] = key(ItemsKind("checklist"), "smaller steps", default=None)
    takes: Duration | None = key(DURATION, "planned minutes")
    at: DateRange | None = key(STEP_DATE, "not before")
    wait: Duration | None = key(DURATION, "wait after it")
    wait_until: str = key(PROSE, "wait until this holds", default="")
    at_most: Duration | None = key(DURATION, "longest wait")
    repeat: Repeat | None = key(Record(Repeat), "done again and again")
    no_return: bool = key(BOOL, "point of no return", default=False)
    undoes: str = key(Name("step", "R4"), "the step it takes back", default="")
    undo_within: Duration | None = key(DURATION, "must be taken back within")
    back_out: str = key(PROSE, "how to undo this step alone", default="")
    back_out_takes: Duration | None = key(DURATION, "minutes to undo it")
    how_in_rehearsal: str = key(PROSE, "how it is done in a rehearsal", default="")
    broadcast: Broadcast | None = key(Record(Broadcast), "a message to send")
    reconcile: str = key(Name("reconciliation", "T6"), "a reconciliation to close", default="")
    gate: str = key(Name("gate", "T6"), "a gate to decide", default="")

    @property
    def checked_by(self) -> Who | None:
        """Who checks it before the next step begins: whoever approves it, else a second person."""
        return self.sign_off or self.verify


@dataclass(frozen=True, slots=True, kw_only=True)
class StepGroup(HandedStep):
    """Steps that belong together; `order: parallel` lets them run side by side."""

    order: str = key(Words(STEP_ORDER), "one after the other, or side by side", default="sequence")
    items: Mapping[str, Any] = key(ItemsKind("steps"), "what is inside", required=True, name="steps", default=None)


HANDED_STEP = ("owner", "verify", "critical", "optional", "on_fail", "only")
NO_OWN_STEP = {
    word: ("T3", f"a group has no {word} of its own; move it to a step inside")
    for word in ("answer", "evidence", "checklist", "repeat")
}
STEPS = Grouped("steps", Record(StepGroup, refused=NO_OWN_STEP), Record(Step, short="title"))
NESTED["steps"] = MapOf(STEPS)


@dataclass(frozen=True, slots=True, kw_only=True)
class BackOut:
    """The way back. Last safe decision = done_by − minutes to back out − margin."""

    title: str = key(TITLE, "one line", required=True)
    decide: str = key(ROLE, "who decides", required=True, default="")
    done_by: DateRange | None = key(STEP_DATE, "back by then", required=True)
    margin: Duration | None = key(DURATION, "time kept in hand", required=True)
    steps: Mapping[str, Any] = key(ItemsKind("steps"), "the way back", required=True, default=None)
    prompt: str = key(PROSE, "what to ask before deciding", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Runbook(Dated):
    """Steps around a zero hour."""

    kind: ClassVar[EntryKind] = EntryKind.RUNBOOK
    date_key: ClassVar[str] = "zero"

    zero: DateRange | None = key(DAY, "the zero hour, T", required=True)
    owner: Who | None = key(WHO, "who leads it", required=True)
    scope: Scope | None = key(SCOPE, "once, once a wave or once a location")
    window: DateRange | None = key(WINDOW, "agreed time for it")
    after: tuple[Link, ...] = key(LINKS, "may start when these have finished", default=())
    rehearse: tuple[DateRange, ...] = key(DATES, "when it is rehearsed", default=())
    order: str = key(Words(STEP_ORDER), "one after the other, or side by side", default="sequence")
    steps: Mapping[str, Any] = key(ItemsKind("steps"), "the steps", required=True, default=None)
    back_out: BackOut | None = key(Record(BackOut), "the way back")


RUNBOOKS = MapOf(Record(Runbook), dated=True)
