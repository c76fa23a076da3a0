"""Training: what people must know by a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from app.plan.containers import TITLES, ListOf, MapOf
from app.plan.format.handed import HANDED, Handed
from app.plan.format.nesting import NESTED, Grouped, ItemsKind
from app.plan.format.tasks import NO_OWN, ORDER, CheckItem
from app.plan.format.when import DATE
from app.plan.format.who import ROLE, WHO, Who
from app.plan.kinds import BOOL, DURATION, PERCENT, Name, Whole, Words
from app.plan.language.dates import DateRange
from app.plan.language.durations import Duration
from app.plan.reading import Record, key
from app.plan.terms import EntryKind

AUDIENCE_ROLES = ListOf(Name("role", "T8"), single=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Buddy:
    """Who sits beside a newcomer, and how long."""

    role: str = key(ROLE, "whose holder is the buddy", required=True)
    when: DateRange | None = key(DATE, "how long")


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedTraining(Handed):
    """What trainings and their groups have in common."""

    takes: Duration | None = key(DURATION, "length of the session")
    share: float | None = key(PERCENT, "share of the people who must have passed")
    pass_mark: float | None = key(PERCENT, "what counts as passed")
    recorded: bool | None = key(BOOL, "a recording is kept")
    catch_up: DateRange | None = key(DATE, "for whoever missed it")


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
