"""Training: what people must know by a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from app.plan.containers import TITLES, ListOf, MapOf
from app.plan.format.base import PHASE, ROLL, SCOPE, SEVERITY, WORKSTREAM, Dated
from app.plan.format.conditions import ALWAYS, CONDITION, Condition
from app.plan.format.nesting import NESTED, Grouped, ItemsKind
from app.plan.format.tasks import HANDED, NO_OWN, ORDER, CheckItem
from app.plan.format.when import DATE, LINKS, Link
from app.plan.format.who import ROLE, WHO, Who
from app.plan.kinds import BOOL, DURATION, PERCENT, PROSE, Name, Whole, Words
from app.plan.language.dates import DateRange
from app.plan.language.durations import Duration
from app.plan.reading import Record, key
from app.plan.terms import EntryKind, Roll, Scope

AUDIENCE_ROLES = ListOf(Name("role", "T8"), single=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Buddy:
    """Who sits beside a newcomer, and how long."""

    role: str = key(ROLE, "whose holder is the buddy", required=True)
    when: DateRange | None = key(DATE, "how long")


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedTraining(Dated):
    """What a group of trainings hands down."""

    how: str = key(PROSE, "how it is held", default="")
    why: str = key(PROSE, "why it is held", default="")
    where: Condition = key(CONDITION, "for which locations", default=ALWAYS)
    after: tuple[Link, ...] = key(LINKS, "may start when these have finished", default=())
    optional: bool | None = key(BOOL, "may be skipped without a reason")
    critical: bool | None = key(BOOL, "may not be skipped; open it vetoes readiness")
    owner: Who | None = key(WHO, "who sees to it")
    verify: Who | None = key(WHO, "a second person checks it")
    due: DateRange | None = key(DATE, "by when")
    scope: Scope | None = key(SCOPE, "once, once a wave or once a location")
    phase: str | None = key(PHASE, "label in time")
    workstream: str | None = key(WORKSTREAM, "label by subject")
    on_fail: str | None = key(SEVERITY, "severity of the issue a failure opens")
    on_late: str | None = key(SEVERITY, "severity of the issue lateness opens")
    roll: Roll | None = key(ROLL, "where work on a closed day goes")
    takes: Duration | None = key(DURATION, "length of the session")
    share: float | None = key(PERCENT, "share of the people who must have passed")
    pass_mark: float | None = key(PERCENT, "what counts as passed")
    recorded: bool | None = key(BOOL, "a recording is kept")
    catch_up: DateRange | None = key(DATE, "for whoever missed it")
    parent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Training(HandedTraining):
    """A session for roles."""

    kind: ClassVar[EntryKind] = EntryKind.TRAINING
    date_key: ClassVar[str] = "due"

    audience: tuple[str, ...] = key(AUDIENCE_ROLES, "for whom", required=True, name="for")
    topics: tuple[str, ...] = key(TITLES, "what it covers", default=())
    checklist: Mapping[str, CheckItem] = key(ItemsKind("checklist"), "what is practised", default=None)
    seats: int | None = key(Whole(), "seats in a session")
    buddy: Buddy | None = key(Record(Buddy, short="role"), "who sits beside them")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingGroup(HandedTraining):
    """Trainings that belong together."""

    kind: ClassVar[EntryKind] = EntryKind.GROUP
    date_key: ClassVar[str] = "due"

    sign_off: Who | None = key(WHO, "who approves it")
    order: str = key(Words(ORDER), "any, or one after the other", default="any")
    items: Mapping[str, Training | TrainingGroup] = key(
        ItemsKind("training"), "what is inside", required=True, name="training"
    )


HANDED_TRAINING = (*HANDED, "takes", "share", "pass_mark", "recorded", "catch_up")
TRAINING = Grouped("training", Record(TrainingGroup, refused=NO_OWN, what="group"), Record(Training))
NESTED["training"] = MapOf(TRAINING, dated=True)
