"""One task whole: its text, what has been said of it, what it waits for, who holds it, and its history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from app.errors import NotFound
from app.models import Answer, Block, CheckItem, Completion, Evidence, Person, Rollout, Skip, Task
from app.plan import Playbook
from app.plan.format.tasks import Task as Entry
from app.queries.events import HistoryLine, history
from app.queries.people import Holders, holders
from app.queries.playbooks import playbook_of
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts, facts_of
from app.queries.tasks.counted import Counted, counted, with_states
from app.queries.tasks.rows import task_rows
from app.rules.access import Extent, Permission, Viewer
from app.rules.waiting import predecessors


@dataclass(frozen=True)
class CheckLine:
    """A line of the checklist; `path` is its ids joined by dots, `checked_by` the name of whoever ticked it."""

    path: str
    title: str
    optional: bool
    critical: bool
    checked_at: datetime | None
    checked_by: str | None


@dataclass(frozen=True)
class AnswerLine:
    """The present answer of the task (`path` empty) or of a line."""

    path: str
    value: Any
    judged: str
    by: str
    at: datetime


@dataclass(frozen=True)
class EvidenceLine:
    """Something attached; `removed_at` is set for what was taken away and is listed no more."""

    id: int
    path: str
    kind: str
    file_name: str
    url: str
    size: int
    by: str
    at: datetime


@dataclass(frozen=True)
class Stop:
    """Why the task cannot go on, since when, and until when it is expected to be so."""

    reason: str
    expected: date | None
    by: str
    at: datetime


@dataclass(frozen=True)
class TaskPage:
    """Everything a task's page shows. `detail` and `may_act` say what the reader may see and do."""

    rollout: RolloutFacts
    place: PlaceFacts | None
    task: Counted
    entry: Entry
    why: str
    unclear: bool
    detail: bool
    may_act: bool
    completed_by: str | None
    skipped: Stop | None
    stop: Stop | None
    checklist: tuple[CheckLine, ...]
    answers: tuple[AnswerLine, ...]
    evidence: tuple[EvidenceLine, ...]
    waits_for: tuple[Counted, ...]
    holds_up: tuple[Counted, ...]
    holders: Holders
    history: tuple[HistoryLine, ...]

    def today(self, now: datetime) -> date:
        """The day of the task's place."""
        return self.place.today(now) if self.place else self.rollout.today(now)

    @property
    def zone(self) -> str:
        return self.place.zone if self.place else self.rollout.zone

    def answer(self, path: str = "") -> AnswerLine | None:
        return next((answer for answer in self.answers if answer.path == path), None)


def task_page(session: Session, task_id: int, viewer: Viewer, now: datetime) -> TaskPage:
    """The page of a task. Raises NotFound for none, and for one whose plan the person may not see."""
    task = session.get(Task, task_id)
    if task is None or not viewer.can(Permission.SEE_PLAN, rollout=task.rollout_id, location=task.location_id):
        raise NotFound("task")
    rollout = facts_of(session, session.get_one(Rollout, task.rollout_id))
    place = rollout.location(task.location_id)
    version = (place and place.playbook_version_id) or rollout.playbook_version_id
    entry = task_entry(playbook_of(session, version), task.entry)
    named = acting_roles(entry)
    detail = viewer.can(Permission.SEE_DETAIL, rollout=rollout.id, location=task.location_id, named=named)
    own, waits_for, holds_up = _neighbours(session, rollout, task, viewer, now)
    return TaskPage(
        rollout=rollout,
        place=place,
        task=own,
        entry=entry,
        why=task.why,
        unclear=task.unclear,
        detail=detail,
        may_act=viewer.can(
            Permission.CHECK_OFF, rollout=rollout.id, location=task.location_id, named=owner_roles(entry)
        ),
        completed_by=_completed_by(session, task_id),
        skipped=_skipped(session, task_id),
        stop=_stop(session, task_id),
        checklist=_checklist(session, task_id),
        answers=_answers(session, task_id) if detail else (),
        evidence=_evidence(session, task_id) if detail else (),
        waits_for=waits_for,
        holds_up=holds_up,
        holders=holders(session, rollout.id),
        history=tuple(history(session, "task", task_id)) if detail else (),
    )


def task_entry(playbook: Playbook, entry: str) -> Entry:
    """What a playbook says of a task. Raises NotFound where it has none of that id."""
    found = playbook.entries.get(entry)
    if not isinstance(found, Entry):
        raise NotFound("task")
    return found


def owner_roles(entry: Entry) -> tuple[str, ...]:
    return entry.owner.roles if entry.owner else ()


def acting_roles(entry: Entry) -> tuple[str, ...]:
    """Every role that the entry names for some act."""
    return tuple(role for who in (entry.owner, entry.verify, entry.sign_off) if who for role in who.roles)


def _neighbours(
    session: Session, rollout: RolloutFacts, task: Task, viewer: Viewer, now: datetime
) -> tuple[Counted, tuple[Counted, ...], tuple[Counted, ...]]:
    """The task itself, what it waits for, and what waits for it, each with its state."""
    before = predecessors(rollout.playbook)
    earlier = set(before.get(task.entry, ()))
    later = {entry for entry, needed in before.items() if task.entry in needed}
    entries = {task.entry, *earlier, *later}
    extent = viewer.locations(rollout.id)
    found = counted(session, rollout, _near(task, extent), now, col(Task.entry).in_(entries))
    own = next((one for one in found if one.row.id == task.id), None)
    if own is None:
        rows = task_rows(session, rollout.id, None, col(Task.id) == task.id)
        own = with_states(rows, rollout, now)[0]
    near = [one for one in found if _in_reach(one, task, rollout)]
    return (
        own,
        tuple(one for one in near if one.row.entry in earlier and one.row.id != task.id),
        tuple(one for one in near if one.row.entry in later and one.row.id != task.id),
    )


def _near(task: Task, extent: Extent) -> Extent:
    """A location's task has its neighbours at the same location and among what exists once."""
    return extent if task.location_id is None else Extent(False, frozenset({task.location_id}))


def _in_reach(one: Counted, task: Task, rollout: RolloutFacts) -> bool:
    place = rollout.location(task.location_id)
    wave = place.wave if place else task.wave
    return one.row.location_id is not None or not wave or one.row.wave in ("", wave)


def _completed_by(session: Session, task_id: int) -> str | None:
    return session.exec(
        select(Person.name)
        .join(Completion, col(Completion.by_id) == col(Person.id))
        .where(Completion.task_id == task_id)
    ).one_or_none()


def _skipped(session: Session, task_id: int) -> Stop | None:
    found = session.exec(
        select(Skip.reason, Person.name, Skip.at)
        .join(Person, col(Person.id) == col(Skip.by_id))
        .where(Skip.task_id == task_id)
    ).one_or_none()
    return Stop(found[0], None, found[1], found[2]) if found else None


def _stop(session: Session, task_id: int) -> Stop | None:
    found = session.exec(
        select(Block.reason, Block.expected, Person.name, Block.at)
        .join(Person, col(Person.id) == col(Block.by_id))
        .where(Block.task_id == task_id, col(Block.lifted_at).is_(None))
    ).one_or_none()
    return Stop(*found) if found else None


def _checklist(session: Session, task_id: int) -> tuple[CheckLine, ...]:
    found = session.exec(
        select(
            CheckItem.path,
            CheckItem.title,
            CheckItem.optional,
            CheckItem.critical,
            CheckItem.checked_at,
            Person.name,
        )
        .outerjoin(Person, col(Person.id) == col(CheckItem.checked_by))
        .where(CheckItem.task_id == task_id)
        .order_by(col(CheckItem.position), col(CheckItem.id))
    )
    return tuple(CheckLine(*row) for row in found)


def _answers(session: Session, task_id: int) -> tuple[AnswerLine, ...]:
    found = session.exec(
        select(Answer.path, Answer.value, Answer.judged, Person.name, Answer.at)
        .join(Person, col(Person.id) == col(Answer.by_id))
        .where(Answer.task_id == task_id)
    )
    return tuple(AnswerLine(*row) for row in found)


def _evidence(session: Session, task_id: int) -> tuple[EvidenceLine, ...]:
    found = session.exec(
        select(
            Evidence.id,
            Evidence.path,
            Evidence.kind,
            Evidence.file_name,
            Evidence.url,
            Evidence.size,
            Person.name,
            Evidence.at,
        )
        .join(Person, col(Person.id) == col(Evidence.by_id))
        .where(Evidence.task_id == task_id, col(Evidence.removed_at).is_(None))
        .order_by(col(Evidence.id))
    )
    return tuple(EvidenceLine(*row) for row in found)  # type: ignore[arg-type]
