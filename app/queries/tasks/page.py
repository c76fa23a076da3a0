"""One task whole: its text, what has been said of it, what it waits for, who holds it, and its history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col

from app.errors import NotFound
from app.models import Rollout, Task
from app.plan import Playbook
from app.plan.format.tasks import Task as Entry
from app.queries.events import HistoryLine, history
from app.queries.people import Holders, holders
from app.queries.playbooks import playbook_of
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts, facts_of
from app.queries.tasks import said
from app.queries.tasks.counted import Counted, counted, with_states
from app.queries.tasks.rows import task_rows
from app.rules.access import Extent, Permission, Viewer
from app.rules.approval import Wanted, wanted
from app.rules.waiting import predecessors


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
    approvals: tuple[said.ApprovalLine, ...]
    wanted: Wanted | None
    may_approve: bool
    skipped: said.Stop | None
    stop: said.Stop | None
    checklist: tuple[said.CheckLine, ...]
    answers: tuple[said.AnswerLine, ...]
    evidence: tuple[said.EvidenceLine, ...]
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

    def answer(self, path: str = "") -> said.AnswerLine | None:
        return next((answer for answer in self.answers if answer.path == path), None)


def task_page(session: Session, task_id: int, viewer: Viewer, now: datetime) -> TaskPage:
    """The page of a task. Raises NotFound for none, and for one whose plan the person may not see."""
    task = session.get(Task, task_id)
    if task is None or not viewer.can(Permission.SEE_PLAN, rollout=task.rollout_id, location=task.location_id):
        raise NotFound("task")
    whole = facts_of(session, session.get_one(Rollout, task.rollout_id))
    rollout = whole.within(viewer.locations(whole.id))
    place = rollout.location(task.location_id)
    version = (place and place.playbook_version_id) or rollout.playbook_version_id
    entry = task_entry(playbook_of(session, version), task.entry)
    named = acting_roles(entry)
    detail = viewer.can(Permission.SEE_DETAIL, rollout=rollout.id, location=task.location_id, named=named)
    own, waits_for, holds_up = _neighbours(session, rollout, task, viewer, now)
    given = said.approvals(session, task_id)
    needed = wanted(entry, [(one.kind, one.role) for one in given]) if own.row.completed_at else None
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
        completed_by=said.completed_by(session, task_id),
        approvals=given,
        wanted=needed,
        may_approve=needed is not None and _may_approve(viewer, task, needed, own, given),
        skipped=said.skipped(session, task_id),
        stop=said.stop(session, task_id),
        checklist=said.checklist(session, task_id),
        answers=said.answers(session, task_id) if detail else (),
        evidence=said.evidence(session, task_id) if detail else (),
        waits_for=waits_for,
        holds_up=holds_up,
        holders=holders(session, rollout.id, viewer.locations(rollout.id)),
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


def _may_approve(
    viewer: Viewer, task: Task, needed: Wanted, own: Counted, given: tuple[said.ApprovalLine, ...]
) -> bool:
    """Nobody approves own work, nor twice."""
    place = {"rollout": task.rollout_id, "location": task.location_id}
    own_work = viewer.person in {own.row.completed_by, *(one.person for one in given)}
    return not own_work and viewer.can(Permission.SIGN_OFF, **place, named=needed.roles)


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
