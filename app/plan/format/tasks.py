"""Tasks, their groups and checklists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from app.plan.containers import TITLES, Either, ListOf, MapOf
from app.plan.format.answers import ANSWER, EVIDENCE, TICK, Answer, Evidence
from app.plan.format.base import SEVERITY
from app.plan.format.conditions import ALWAYS, CONDITION, Condition
from app.plan.format.handed import Handed
from app.plan.format.nesting import NESTED, Grouped, ItemsKind
from app.plan.format.when import EVERY, LINKS, Link
from app.plan.format.who import WHO, Who
from app.plan.kinds import BOOL, DURATION, ID, ISO_DATE, LINK, PROSE, TITLE, Name, Words
from app.plan.language.durations import Duration
from app.plan.language.recurrence import Recurrence
from app.plan.reading import Entry, Record, key
from app.plan.terms import EntryKind

ORDER = {"any": "any", "sequence": "sequence"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckItem(Entry):
    """A line of a checklist; it may hold lines of its own."""

    title: str = key(TITLE, "one line", required=True)
    how: str = key(PROSE, "how it is done", default="")
    why: str = key(PROSE, "why it is done", default="")
    links: tuple[str, ...] = key(ListOf(LINK), "where to read on", default=())
    where: Condition = key(CONDITION, "for which locations", default=ALWAYS)
    optional: bool = key(BOOL, "may be skipped", default=False)
    critical: bool = key(BOOL, "may not be skipped", default=False)
    answer: Answer = key(ANSWER, "what is asked", default=TICK)
    evidence: tuple[Evidence, ...] = key(EVIDENCE, "what is attached", default=())
    checklist: Mapping[str, CheckItem] = key(ItemsKind("checklist"), "lines of its own", default=None)
    on_fail: str = key(SEVERITY, "severity of the issue a failure opens", default="")
    was: str = key(ID, "the id it had before", default="")


NESTED["checklist"] = MapOf(Record(CheckItem, short="title"))


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedTask(Handed):
    """What tasks and their groups have in common."""

    links: tuple[str, ...] = key(ListOf(LINK), "where to read on", default=())
    inputs: tuple[str, ...] = key(TITLES, "what is needed before", default=())
    outputs: tuple[str, ...] = key(TITLES, "what comes out", default=())
    sign_off: Who | None = key(WHO, "who approves it")
    done_after: tuple[Link, ...] = key(LINKS, "may finish when these have finished", default=())
    was: str = key(ID, "the id it had before", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(HandedTask):
    """A piece of work: once, once a wave or once a location."""

    kind: ClassVar[EntryKind] = EntryKind.TASK
    date_key: ClassVar[str] = "due"

    answer: Answer = key(ANSWER, "what is asked", default=TICK)
    evidence: tuple[Evidence, ...] = key(EVIDENCE, "what is attached", default=())
    checklist: Mapping[str, CheckItem] = key(ItemsKind("checklist"), "smaller steps", default=None)
    takes: Duration | None = key(DURATION, "working time")
    every: Recurrence | None = key(EVERY, "when it recurs within `due`")
    stated: date | None = key(ISO_DATE, "what a source says")
    each: tuple[str, ...] | str = key(
        Either(Name("attribute", "C4"), TITLES, lists=True), "one record per value", default=()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Group(HandedTask):
    """Tasks that belong together; done when all inside is done and its own sign-off is given."""

    kind: ClassVar[EntryKind] = EntryKind.GROUP
    date_key: ClassVar[str] = "due"

    order: str = key(Words(ORDER), "any, or one after the other", default="any")
    stated: date | None = key(ISO_DATE, "what a source says")
    items: Mapping[str, Task | Group] = key(ItemsKind("tasks"), "what is inside", required=True, name="tasks")


NO_OWN = {
    word: ("T3", f"a group has no {word} of its own; move it to a task inside")
    for word in ("answer", "evidence", "checklist", "every", "each")
}
TASKS = Grouped("tasks", Record(Group, refused=NO_OWN, what="group"), Record(Task, short="title"))
NESTED["tasks"] = MapOf(TASKS, dated=True)
