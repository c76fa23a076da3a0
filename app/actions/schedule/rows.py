"""The rows of a plan, written in bulk: tasks, their checklists, and the dates of everything else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, insert, literal, or_, update
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.actions.loading import key_of
from app.models import CheckItem, Location, Occasion, Rollout, ScheduledEntry, Task
from app.plan import Playbook
from app.plan.facts import Facts
from app.plan.format.tasks import Task as AskedTask
from app.plan.terms import RECURRING, EntryKind, Recurring
from app.rules.schedule.dated import Item
from app.rules.schedule.moves import named
from app.rules.tasks.completion import leaves

Key = tuple[int | None, str, str, str]
Row = type[Task | ScheduledEntry | Occasion]
# What is missed when nothing was recorded by then: the worker looks at it.
MISSABLE = frozenset({Recurring.MEETING, Recurring.RECONCILIATION})


def positions(playbook: Playbook) -> dict[str, int]:
    """Where each entry stands on the page: what recurs first, then in file order."""
    recurring = (*playbook.meetings, *playbook.coverage, *playbook.reconciliation)
    return {entry: number for number, entry in enumerate((*recurring, *playbook.entries))}


class Writer:
    """Writes items of one rollout. Rows that an earlier run has committed are left as they are; tasks that an earlier
    version of the playbook had, and that were retired, count again.
    """

    def __init__(self, session: Session, playbook: Playbook, rollout: Rollout, locations: Sequence[Location]) -> None:
        self._session = session
        self._playbook = playbook
        self._rollout_id = key_of(rollout)
        self._locations = {row.slug: row for row in locations}
        self._ids = {"": None} | {row.slug: key_of(row) for row in locations}
        self._positions = positions(playbook)
        self._resumes = any(
            session.exec(select(model.id).where(model.rollout_id == self._rollout_id).limit(1)).first()
            for model in (Task, ScheduledEntry, Occasion)
        )

    def write(self, items: Sequence[Item]) -> None:
        """Write a batch: all of it or, when the transaction fails, nothing."""
        work = [item for item in items if item.kind == EntryKind.TASK]
        self._revive(work)
        tasks = self._new(Task, work)
        recurring = self._new(Occasion, [item for item in items if item.kind in RECURRING])
        other = [item for item in items if item.kind != EntryKind.TASK and item.kind not in RECURRING]
        others = self._new(ScheduledEntry, other)
        self._insert(Task, [self._task(item) for item in tasks])
        self._insert(ScheduledEntry, [{**self._dated(item), "kind": str(item.kind)} for item in others])
        self._insert(Occasion, [self._occasion(item) for item in recurring])
        self._insert(CheckItem, self._lines([item for item in tasks if self._asked(item).checklist]))

    def _revive(self, items: Sequence[Item]) -> None:
        """Tasks that come back: what was recorded of them stays, and what is open gets its dates of now."""
        found = self._ids_of(Task, items, col(Task.retired_at).is_not(None)) if self._resumes and items else {}
        for item in items:
            row_id = found.get(self._key(item))
            if row_id is not None:
                values = self._task(item)
                dates = {name: values[name] for name in ("begins", "due", "due_at", "late_at", "why", "unclear")}
                self._session.execute(
                    update(Task)
                    .where(col(Task.id) == row_id)
                    .values(retired_at=None, version=Task.version + 1, **dates)
                )

    def _insert(self, model: Row | type[CheckItem], rows: Iterable[dict[str, Any]]) -> None:
        found = list(rows)
        if found:
            self._session.connection().execute(insert(model), found)

    def _new(self, model: Row, items: list[Item]) -> list[Item]:
        if not self._resumes or not items:
            return items
        present = self._ids_of(model, items)
        return [item for item in items if self._key(item) not in present]

    def _key(self, item: Item) -> Key:
        return self._ids[item.location], named(item.entry, item.kind), item.wave, item.value

    def _ids_of(self, model: Row, items: Sequence[Item], *only: ColumnElement[bool]) -> dict[Key, int | None]:
        """Keys of the rows that are there, for the entries and places of some items."""
        places = {self._ids[item.location] for item in items}
        located = col(model.location_id).in_([place for place in places if place is not None])
        where = or_(located, col(model.location_id).is_(None)) if None in places else located
        entries = col(model.entry).in_({item.entry for item in items})
        kind: Any = Occasion.kind if model is Occasion else literal("")
        columns = (col(model.location_id), col(model.entry), kind, col(model.wave), col(model.value), col(model.id))
        statement = select_columns(*columns)
        rows = self._session.connection().execute(
            statement.where(col(model.rollout_id) == self._rollout_id, where, entries, *only)
        )
        return {(place, named(entry, kind), wave, value): row_id for place, entry, kind, wave, value, row_id in rows}

    def _common(self, item: Item) -> dict[str, Any]:
        return {
            "rollout_id": self._rollout_id,
            "location_id": self._ids[item.location],
            "wave": item.wave,
            "entry": item.entry,
            "value": item.value,
            "position": self._positions[item.entry],
            "title": item.title,
            "scope": str(item.scope),
            "begins": item.begins,
            "due": item.due,
            "due_at": item.due_at,
            "late_at": item.late_at,
            "first_begins": item.begins,
            "first_due": item.due,
            "why": item.why,
        }

    def _dated(self, item: Item) -> dict[str, Any]:
        return {**self._common(item), "unclear": item.unclear}

    def _occasion(self, item: Item) -> dict[str, Any]:
        missable = item.kind in MISSABLE
        return {**self._common(item), "kind": str(item.kind), "next_at": item.late_at if missable else None}

    def _asked(self, item: Item) -> AskedTask:
        asked = self._playbook.entries[item.entry]
        if not isinstance(asked, AskedTask):
            raise TypeError(f"{item.entry} is not a task")
        return asked

    def _task(self, item: Item) -> dict[str, Any]:
        asked = self._asked(item)
        return {
            **self._dated(item),
            "version": 1,
            "begun": False,
            "owner_role": asked.owner.first if asked.owner else "",
            "workstream": asked.workstream or "",
            "phase": asked.phase or "",
            "critical": bool(asked.critical),
            "optional": bool(asked.optional),
            "verified": asked.verify is not None,
            "signed": asked.sign_off is not None,
        }

    def _lines(self, items: Sequence[Item]) -> Iterator[dict[str, Any]]:
        """The lines of checklists at these places; one whose fact is not yet known stays in."""
        ids = self._ids_of(Task, items) if items else {}
        for item in items:
            location = self._locations.get(item.location)
            facts = Facts(location.wave if location else item.wave, location.attributes if location else {})
            lines = leaves(self._asked(item).checklist, facts)
            for number, (path, line) in enumerate(lines):
                yield {
                    "task_id": ids[self._key(item)],
                    "path": path,
                    "position": number,
                    "title": line.title,
                    "optional": line.optional,
                    "critical": line.critical,
                    "at_version": 1,
                }
