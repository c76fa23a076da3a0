"""The frame of a plan: calendar, roles, attributes, waves, labels, milestones, freezes, selection, sharing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from app.plan.containers import Either, ListOf, MapOf
from app.plan.format.answers import ANSWER, Answer
from app.plan.format.base import ROLL, SCOPE, WORKSTREAM, Closure, Dated
from app.plan.format.conditions import ALWAYS, CONDITION, Condition
from app.plan.format.nesting import NESTED, Grouped, ItemsKind
from app.plan.format.when import DATE, DATES, DAY, DAYS, HOURS, Week
from app.plan.format.who import ROLE, WHO, Who
from app.plan.holidays import check_calendar
from app.plan.kinds import BOOL, COUNT, ID, ISO_DATE, LINK, PERCENT, PROSE, TITLE, Figure, Language, Name, Whole, Words
from app.plan.language.compare import Count
from app.plan.language.dates import DateRange, check_zone, zones
from app.plan.language.hours import Span
from app.plan.language.recurrence import parse_days
from app.plan.reading import Entry, Record, key
from app.plan.terms import WEEKDAYS, Access, EntryKind, Roll, Scope

ZONE = Language(check_zone, "a time zone", words=zones)
_NINE_TO_FIVE: Week = (Span(9 * 3600, 17 * 3600),) * 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The default place: its zone, opening days and hours (0 is Monday), holidays and closures."""

    zone: str = key(ZONE, "tz database name", required=True, default="UTC")
    open: tuple[int, ...] = key(DAYS, "opening days", default=parse_days("mon .. fri"))
    hours: Week = key(HOURS, "opening hours", default=_NINE_TO_FIVE)
    holidays: tuple[str, ...] = key(
        ListOf(Language(check_calendar, "a country code as US or US-IL"), least=0), "ISO countries", default=()
    )
    closed: tuple[Closure, ...] = key(ListOf(Record(Closure)), "closures", default=())
    start_day: str = key(
        Words({word: word for word in (*WEEKDAYS, "any")}), "the weekday a rollout starts on", default="mon"
    )
    roll: Roll | None = key(ROLL, "where work on a closed day goes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where the plan comes from, with its caution in `note`."""

    title: str = key(TITLE, "name of the source", required=True)
    url: str = key(LINK, "address", default="")
    note: str = key(PROSE, "what to bear in mind", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute(Entry):
    """A fact that a rollout states for each location."""

    title: str = key(TITLE, "one line", required=True)
    answer: Answer = key(ANSWER, "what kind of fact", required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Role(Entry):
    """Who may be asked. `staff`: many people who may be trained and need no account."""

    title: str = key(TITLE, "one line; else its id", default="")
    scope: Scope | None = key(SCOPE, "network or location")
    access: Access = key(Words({a.value: a for a in Access}), "what holders may do besides", default=Access.MEMBER)
    backup: str = key(ROLE, "who takes over when absent", default="")
    fte: float | None = key(Figure(0), "full-time equivalents")
    on_call: bool = key(BOOL, "reachable out of hours", default=False)
    staff: bool = key(BOOL, "many people, no account needed", default=False)
    how: str = key(PROSE, "what the role does", default="")
    parent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleGroup(Entry):
    """Roles that belong together; hands down its scope."""

    title: str = key(TITLE, "one line", required=True)
    how: str = key(PROSE, "what they are for", default="")
    scope: Scope | None = key(SCOPE, "network or location")
    items: Mapping[str, Role | RoleGroup] = key(
        ItemsKind("roles"), "what is inside", required=True, name="roles", default=None
    )
    parent: str = ""


ROLES = Grouped("roles", Record(RoleGroup), Record(Role, short="title"))
NESTED["roles"] = MapOf(ROLES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave(Entry):
    """A set of locations that go live together or in one window."""

    title: str = key(TITLE, "one line", required=True)
    when: DateRange = key(DATE, "the wave's window", required=True)
    cutover: DateRange = key(DAY, "the moment of the go-live", required=True)
    locations: Count = key(COUNT, "how many locations", required=True)
    buffer: DateRange | None = key(DATE, "learning time, nothing local falls due")
    at_once: bool = key(BOOL, "one cutover day for all", default=False)
    changes: str = key(Words({"allowed": "allowed", "none": "none"}), "may a location deviate", default="allowed")
    how: str = key(PROSE, "how it is done", default="")
    roll: Roll | None = key(ROLL, "where a cutover on a closed day goes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase(Entry):
    """A label in time."""

    title: str = key(TITLE, "one line", required=True)
    when: DateRange = key(DATE, "from when to when", required=True)
    why: str = key(PROSE, "its purpose", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Workstream(Entry):
    """A label by subject; its owner answers for it."""

    title: str = key(TITLE, "one line", required=True)
    owner: Who | None = key(WHO, "who answers for it")
    why: str = key(PROSE, "its purpose", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone(Dated):
    """A dated fact."""

    kind: ClassVar[EntryKind] = EntryKind.MILESTONE

    when: DateRange = key(DATE, "its date", required=True)
    owner: Who | None = key(WHO, "who reports it")
    scope: Scope | None = key(SCOPE, "once, once a wave or once a location")
    stated: date | None = key(ISO_DATE, "what a source says")
    was: str = key(ID, "the id it had before", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exceptions:
    """How an exception to a freeze is asked for."""

    decide: Who = key(WHO, "who decides", required=True)
    ask_until: DateRange | None = key(DAY, "last day to ask")
    each: int = key(Whole(1, 99), "how many for each entry", default=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Freeze(Dated):
    """A stretch in which named entries, or what a text says, do not happen."""

    kind: ClassVar[EntryKind] = EntryKind.FREEZE

    when: tuple[DateRange, ...] = key(DATES, "the stretches", required=True)
    stops: tuple[str, ...] | str = key(
        Either(PROSE, ListOf(Name("entry", "T6")), lists=True), "what it stops", required=True
    )
    owner: Who | None = key(WHO, "who keeps it")
    scope: Scope | None = key(SCOPE, "once, once a wave or once a location")
    exceptions: Exceptions | None = key(Record(Exceptions), "how to ask for one")
    stated: date | None = key(ISO_DATE, "what a source says")


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectionRule(Entry):
    """A criterion or exclusion: by a condition on attributes, or by an answer someone gives."""

    title: str = key(TITLE, "one line", required=True)
    where: Condition = key(CONDITION, "what must hold", default=ALWAYS)
    answer: Answer | None = key(ANSWER, "what someone answers")
    weight: float = key(Figure(0), "its weight", default=1.0)
    critical: bool = key(BOOL, "not met: not selected", default=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """One of the chosen locations must be like this."""

    title: str = key(TITLE, "one line", required=True)
    where: Condition = key(CONDITION, "what it is like", required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection(Dated):
    """How the locations of a wave are chosen."""

    kind: ClassVar[EntryKind] = EntryKind.SELECTION
    date_key: ClassVar[str] = "due"

    wave: str = key(Name("wave", "T6"), "for which wave", required=True)
    owner: Who | None = key(WHO, "who prepares it", required=True)
    due: DateRange | None = key(DATE, "by when", required=True)
    sign_off: Who | None = key(WHO, "who approves")
    exclude: Mapping[str, SelectionRule] = key(
        MapOf(Record(SelectionRule, short="title")), "what rules one out", default=None
    )
    mix: tuple[Mix, ...] = key(ListOf(Record(Mix)), "one location for each", default=())
    criteria: Mapping[str, SelectionRule] = key(
        MapOf(Record(SelectionRule, short="title")), "what counts", default=None
    )
    together: Mapping[str, SelectionRule] = key(
        MapOf(Record(SelectionRule, short="title")), "asked of the chosen set", default=None
    )
    how: str = key(PROSE, "how it is done", default="")
    scope: Scope = Scope.NETWORK


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """Share of a workstream's work due so far that is late, in percent: from there it is amber, or red."""

    amber: float = key(PERCENT, "from here amber", required=True)
    red: float = key(PERCENT, "from here red", required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing(Entry):
    """What a location's people let other locations see, once the holder of `consent` agrees."""

    title: str = key(TITLE, "one line", required=True)
    consent: str = key(ROLE, "whose agreement is needed", required=True)
    metrics: tuple[str, ...] = key(ListOf(Name("metric", "W1")), "which metrics", default=())
    tasks: tuple[str, ...] = key(ListOf(Name("entry", "T6")), "which tasks", default=())
    workstreams: tuple[str, ...] = key(ListOf(WORKSTREAM), "which workstreams", default=())
