"""A task as a line of a list: values for the `task_row` macro."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.queries.people import Holders
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.queries.tasks.bulk import may_do
from app.queries.tasks.counted import Counted
from app.queries.tasks.page import task_entry
from app.rules.clock import near_day, plain_day
from app.rules.people.access import Permission, Viewer
from app.rules.tasks.blocks import waits_words
from app.rules.tasks.named import acting_roles, owner_roles
from app.rules.tasks.progress import WORDS, State
from app.web.held import owner_words


@dataclass(frozen=True)
class RowContext:
    """What every line of one list shares: the reader, the rollout, now, and the kind of proof a task still wants."""

    viewer: Viewer
    rollout: RolloutFacts
    now: datetime
    evidence: Mapping[int, str]
    with_place: bool = True
    people: Holders | None = None

    def detail(self, task: Counted) -> bool:
        """Whether the reader may see what people wrote about the task."""
        named = acting_roles(task_entry(self.rollout.book_of(task.row), task.row))
        row = task.row
        place = {"rollout": self.rollout.id, "location": row.location_id, "assigned": row.assigned_to}
        return self.viewer.can(Permission.SEE_DETAIL, **place, named=named)

    def place(self, task: Counted) -> PlaceFacts | None:
        return self.rollout.location(task.row.location_id)

    def today(self, task: Counted) -> date:
        place = self.place(task)
        return place.today(self.now) if place else self.rollout.today(self.now)


def shown_row(context: RowContext, task: Counted, *, said: str = "") -> dict[str, Any]:
    """One line. `said` replaces the small print with what must be told."""
    row = task.row
    finished = row.completed_at is not None or row.skipped_at is not None
    hand = context.viewer if context.rollout.state == "running" else context.viewer.reading()
    may = may_do(hand, context.rollout.id, row, task_entry(context.rollout.book_of(row), row))
    return {
        "id": f"task-{row.id}",
        "title": titled(task),
        "href": f"/tasks/{row.id}",
        "status": task.state.value,
        "meta": said or meta_words(context, task),
        "due": None if finished or said else due_words(context, task),
        "tick": tick_of(row.id, row.version, finished) if may else None,
        "done": finished,
        "evidence": context.evidence.get(row.id) or None,
    }


def titled(task: Counted) -> str:
    """The title; where the playbook makes one task a value, with that behind it; of what recurs, the day."""
    value, day = task.row.value, occurrence(task.row.value)
    said = plain_day(day) if day else value
    return f"{task.row.title}: {said}" if said and said not in task.row.title else task.row.title


def occurrence(value: str) -> date | None:
    """The day of what recurs; None for a value of `each`."""
    try:
        return date.fromisoformat(value) if len(value) == len("2027-01-29") else None
    except ValueError:
        return None


def tick_of(task_id: int, version: int, finished: bool) -> dict[str, Any]:
    act = "reopening" if finished else "completion"
    return {"action": f"/tasks/{task_id}/{act}", "version": version}


def due_words(context: RowContext, task: Counted) -> str | None:
    """The written time of today, else the day."""
    row, today = task.row, context.today(task)
    if row.due is None:
        return None
    if row.due == today and row.due_at is not None:
        place = context.place(task)
        zone = ZoneInfo(place.zone if place else context.rollout.zone)
        return f"{row.due_at.astimezone(zone):%H:%M}"
    return near_day(row.due, today)


def meta_words(context: RowContext, task: Counted) -> str:
    """Where it is, and why it stands still."""
    row = task.row
    place = context.place(task)
    words = []
    if context.with_place:
        words.append(place.name if place else "for all centres")
    if context.people and row.completed_at is None and row.skipped_at is None:
        roles = owner_roles(task_entry(context.rollout.book_of(row), row))[:1]
        words.append(owner_words(context.people, roles, row.location_id, row.assigned_to))
    words = [word for word in words if word]
    if row.completed_at is None and row.blocked_at is not None:
        return ". ".join(part for part in (", ".join(words), *block_words(context, task)) if part)
    if row.completed_at is not None:
        words.append(f"done {_when(context, row.completed_at, task)}")
        if task.state is State.WAITING:
            words.append("a second person still checks it")
        elif task.state is State.RISK:
            words.append("the answer does not pass")
    elif task.state is State.WAITING:
        words.append("waits for earlier work")
    elif task.state is State.RISK:
        words.append("earlier work is late or blocked" if row.judged != "fail" else "the answer does not pass")
    return ", ".join(words)


def block_words(context: RowContext, task: Counted) -> list[str]:
    """Why it is blocked, for those who may read it, and until when it is expected to be, for everybody."""
    row = task.row
    told = context.detail(task)
    what = (row.block_waits_for or ("another task" if row.block_task else "")) if told else ""
    waits = waits_words(what, row.block_expected, context.today(task))
    reason = (row.block_reason or "").rstrip(".") if told else ""
    return [words[0].upper() + words[1:] for words in (reason, waits) if words]


def _when(context: RowContext, at: datetime, task: Counted) -> str:
    place = context.place(task)
    there = at.astimezone(ZoneInfo(place.zone if place else context.rollout.zone))
    day = near_day(there.date(), context.today(task))
    return f"{day} {there:%H:%M}"


def state_word(state: State) -> str:
    return WORDS[state]
