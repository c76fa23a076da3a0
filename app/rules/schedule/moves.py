"""What moves when a date is changed: the plan as it is stored beside the plan as it would be. Pure."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Final
from zoneinfo import ZoneInfo

from app.plan.terms import RECURRING
from app.rules.schedule.dated import Item
from app.rules.schedule.schedule import Finding, Plan

WHY_ALONE: Final = "Set by hand, for this one alone."
COUNT_OF_WAVE: Final = "P1"
"""The rule of how many locations a wave takes."""

Key = tuple[str, str, str, str]
"""Location id (empty: the network and the waves), entry (of what recurs with its kind in front: `meeting huddle`),
wave, and `each` value or day of an occurrence.
"""


class Rows(StrEnum):
    """Which rows of a plan: the tasks, what else is dated once, or what recurs."""

    TASK = "task"
    ENTRY = "entry"
    OCCASION = "occasion"


@dataclass(frozen=True, slots=True)
class Dates:
    """The dates of one thing; instants in UTC."""

    begins: date | None
    due: date | None
    due_at: datetime | None
    late_at: datetime | None


@dataclass(frozen=True, slots=True)
class Stored:
    """One row of the plan. `finished` and `touched` say whether somebody is done with it, or has recorded anything;
    `fixed`: its date was set by hand for this value alone.
    """

    row: int
    rows: Rows
    key: Key
    title: str
    owner_role: str
    dates: Dates
    finished: bool
    touched: bool
    fixed: bool

    @property
    def task(self) -> bool:
        return self.rows is Rows.TASK


@dataclass(frozen=True, slots=True)
class Shift:
    """A row that gets other dates, and the item that says which and why."""

    stored: Stored
    item: Item

    @property
    def now(self) -> Dates:
        return dates_of(self.item)


Cutover = tuple[str, datetime | None, datetime | None]


@dataclass(frozen=True)
class Replan:
    """Everything that one change of the plan brings with it.

    `gone` are untouched rows that the plan no longer has (occurrences, mostly), `new` items that have no row yet;
    `kept` counts rows that stay where they are because they are finished, or touched and no longer in the plan.
    `cutovers` are (location id, before, after) in UTC; `findings` what only the changed plan brings to light: rules
    that it would break, and what is unusual.
    """

    shifts: tuple[Shift, ...] = ()
    gone: tuple[Stored, ...] = ()
    new: tuple[Item, ...] = ()
    kept: int = 0
    cutovers: tuple[Cutover, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def faults(self) -> tuple[Finding, ...]:
        """The rules of the playbook that the changed plan would break."""
        return tuple(finding for finding in self.findings if finding.settle)

    @property
    def is_quiet(self) -> bool:
        """Nothing moves, comes, goes or has to be known."""
        return not (self.shifts or self.gone or self.new or self.kept or self.cutovers or self.findings)

    @property
    def fingerprint(self) -> str:
        """One word for all of it: what was shown is what is done, or it is shown again."""
        told = [
            [(shift.stored.row, shift.stored.rows, str(shift.stored.dates), str(shift.now)) for shift in self.shifts],
            [(row.row, row.rows) for row in self.gone],
            [(*key_of_item(item), str(dates_of(item))) for item in self.new],
            self.kept,
            [str(one) for one in self.cutovers],
        ]
        return sha256(json.dumps(told, default=str).encode()).hexdigest()[:32]


def unusual_cutovers(plan: Plan, moved: Iterable[str]) -> Iterator[Finding]:
    """Moved cutovers on a day on which the place is closed (D19) or after the last week: unusual, and meant perhaps."""
    for slug in moved:
        at, site = plan.cutovers.get(slug), plan.timeline.sites[slug]
        if at is not None and not site.calendar.is_open(at.date()):
            why = site.calendar.closed_because(at.date())
            yield Finding("D19", f"locations.{slug}.cutover", f"{site.name} is closed on that day: {why}", False)
        if at is not None and at.date() > plan.end:
            say = f"{site.name} would go live after the last week of the rollout"
            yield Finding("D5", f"locations.{slug}.cutover", say, False)


def on_another_day(day: date, due_at: datetime | None, zone: ZoneInfo) -> tuple[datetime | None, datetime]:
    """Instant and end of the promise (UTC) of something moved alone: its wall time stays, else the day's end."""
    if due_at is None:
        return None, datetime.combine(day + timedelta(days=1), time(0), zone).astimezone(UTC)
    at = datetime.combine(day, due_at.astimezone(zone).time(), zone).astimezone(UTC)
    return at, at


def dates_of(item: Item) -> Dates:
    return Dates(item.begins, item.due, item.due_at, item.late_at)


def is_over(item: Item, now: datetime) -> bool:
    """One time of something that recurs, whose hour has passed: nobody was asked for it then, and nobody is now."""
    recurs = item.moment is not None and bool(item.moment.rhythm)
    return recurs and item.late_at is not None and item.late_at <= now


def key_of_item(item: Item) -> Key:
    return item.location, named(item.entry, item.kind), item.wave, item.value


def named(entry: str, kind: str) -> str:
    """An entry as it stands in a key: what recurs has ids of its own, kind by kind."""
    return f"{kind} {entry}" if kind in RECURRING else entry


def compare(rows: Iterable[Stored], items: Iterable[Item], lost: Collection[str] = ()) -> Replan:
    """The rows of one place beside its items. Rows of entries that have `lost` their date there stay as they are:
    what cannot be dated is not what the plan no longer has. Entries are named as in a key.
    """
    found = {key_of_item(item): item for item in items}
    wanted = {key: item for key, item in found.items() if key[1] not in lost}
    shifts: list[Shift] = []
    gone: list[Stored] = []
    kept = 0
    for row in rows:
        item = wanted.pop(row.key, None)
        if row.key[1] in lost:
            continue
        if item is None:
            kept += row.touched
            gone += [] if row.touched else [row]
        elif dates_of(item) != row.dates and not row.fixed:
            kept += row.finished
            shifts += [] if row.finished else [Shift(row, item)]
    return Replan(tuple(shifts), tuple(gone), tuple(wanted.values()), kept)


def joined(parts: Sequence[Replan]) -> Replan:
    """Several places as one; what moves by the place and the new day."""
    shifts = [shift for part in parts for shift in part.shifts]
    return Replan(
        tuple(sorted(shifts, key=lambda one: (one.item.location, one.now.due or date.max, one.stored.title))),
        tuple(row for part in parts for row in part.gone),
        tuple(item for part in parts for item in part.new),
        sum(part.kept for part in parts),
        findings=tuple(dict.fromkeys(finding for part in parts for finding in part.findings)),
    )


def for_who_decides(findings: Iterable[Finding], cutovers: Iterable[Cutover]) -> tuple[Finding, ...]:
    """Where cutovers only become later, the order of dates (D15) and the buffer of a wave (D18) are the director's to
    break: a go-live that is not ready must be postponed, though work that came before a gate is long done, or the next
    wave begins. It is shown before, and done with a reason.
    """
    moved = list(cutovers)
    postponed = bool(moved) and all(before and after and after > before for _, before, after in moved)
    return tuple(replace(one, settle=one.settle and not (postponed and one.id in ("D15", "D18"))) for one in findings)


def brought_up(before: Iterable[Finding], after: Iterable[Finding]) -> tuple[Finding, ...]:
    """What only the changed plan brings to light. How many locations a wave should take is no news where it is wrong
    already.
    """
    known = {_sign(finding) for finding in before}
    return tuple(finding for finding in after if _sign(finding) not in known)


def _sign(finding: Finding) -> tuple[str, ...]:
    named = finding.id, finding.path
    return named if finding.id == COUNT_OF_WAVE else (*named, finding.message)
