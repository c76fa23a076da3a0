"""One task whole: its text, what has been said of it, what it waits for, who holds it, and its history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col

from app.errors import NotFound
from app.models import Rollout, Task
from app.plan import Playbook
from app.plan.format.tasks import Task as Entry
from app.queries.comments import CommentLine, comments, readers_of
from app.queries.events import HistoryLine, history
from app.queries.people import Holders, holders
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts, facts_of
from app.queries.tasks import said
from app.queries.tasks.counted import Counted, shown_states
from app.queries.tasks.near import near
from app.queries.tasks.rows import stored_rows
from app.rules.people.access import Permission, Viewer
from app.rules.signoffs import Wanted, wanted
from app.rules.tasks.added import Asking, asked_for
from app.rules.tasks.mentions import Spot
from app.rules.tasks.named import acting_roles, owner_roles


@dataclass(frozen=True)
class TaskPage:
    """Everything a task's page shows. `detail` and `may_act` say what the reader may see and do.

    `readers` are those who may be called in a comment, without the reader; `how` is the text of an added task, which
    the reader may change where `may_correct` says so.
    """

    reader: int
    proven_at: datetime | None
    rollout: RolloutFacts
    place: PlaceFacts | None
    task: Counted
    entry: Entry
    why: str
    unclear: bool
    detail: bool
    may_act: bool
    completed_by: str | None
    signatures: tuple[said.SignatureLine, ...]
    wanted: Wanted | None
    may_approve: bool
    may_move: bool
    first_due: date | None
    skipped: said.Stop | None
    stop: said.Stop | None
    checklist: tuple[said.CheckLine, ...]
    answers: tuple[said.AnswerLine, ...]
    evidence: tuple[said.EvidenceLine, ...]
    waits_for: tuple[Counted, ...]
    holds_up: tuple[Counted, ...]
    awaited: Counted | None
    comments: tuple[CommentLine, ...]
    readers: tuple[Viewer, ...]
    how: str
    may_correct: bool
    holders: Holders
    history: tuple[HistoryLine, ...]

    @property
    def open(self) -> bool:
        """Whether anything is changed here: not in a closed rollout, nor at a location that has left it, nor where the
        playbook no longer has the task.
        """
        return _is_open(self.rollout, self.place) and not self.retired

    @property
    def retired(self) -> bool:
        """Whether a newer version of the playbook no longer has it."""
        return self.task.row.retired_at is not None

    def today(self, now: datetime) -> date:
        """The day of the task's place."""
        return self.place.today(now) if self.place else self.rollout.today(now)

    @property
    def zone(self) -> str:
        return self.place.zone if self.place else self.rollout.zone

    def answer(self, path: str = "") -> said.AnswerLine | None:
        return next((answer for answer in self.answers if answer.path == path), None)


def rollout_of_task(session: Session, task_id: int, viewer: Viewer) -> RolloutFacts:
    """The rollout of a task, with the locations that the person may see. Raises NotFound as `task_page` does."""
    whole = facts_of(session, session.get_one(Rollout, _seen(session, task_id, viewer).rollout_id))
    return whole.within(viewer.locations(whole.id))


@dataclass(frozen=True)
class TaskLine:
    """A task as a line of a list shows it."""

    rollout: RolloutFacts
    task: Counted


def task_line(session: Session, task_id: int, viewer: Viewer, now: datetime) -> TaskLine:
    """A task with its state. Raises NotFound as `task_page` does."""
    rollout = rollout_of_task(session, task_id, viewer)
    rows = stored_rows(session, col(Task.id) == task_id)
    extent, now = viewer.locations(rollout.id), rollout.as_of(now)
    return TaskLine(rollout, shown_states(session, rollout, extent, now, rows)[0])


def task_page(session: Session, task_id: int, viewer: Viewer, now: datetime) -> TaskPage:
    """The page of a task. Raises NotFound for none, and for one whose plan the person may not see."""
    task, rollout = _seen(session, task_id, viewer), rollout_of_task(session, task_id, viewer)
    now = rollout.as_of(now)
    place = rollout.location(task.location_id)
    entry = task_entry(rollout.book_of(task), task)
    named = acting_roles(entry)
    around = near(session, rollout, task, viewer.locations(rollout.id), now)
    own = around.own
    at = {"rollout": rollout.id, "location": task.location_id, "assigned": own.row.assigned_to}
    detail = viewer.can(Permission.SEE_DETAIL, **at, named=named)
    hand = viewer if _is_open(rollout, place) and task.retired_at is None else viewer.reading()
    given = said.signatures(session, task_id)
    needed = wanted(entry, [(one.kind, one.role) for one in given if one.stands]) if own.row.completed_at else None
    spot = Spot(rollout.id, task.location_id, named, own.row.assigned_to)
    return TaskPage(
        reader=viewer.person,
        proven_at=viewer.proven_at,
        rollout=rollout,
        place=place,
        task=own,
        entry=entry,
        why=task.why,
        unclear=task.unclear,
        detail=detail,
        may_act=hand.can(Permission.CHECK_OFF, **at, named=owner_roles(entry)),
        completed_by=said.completed_by(session, task_id),
        signatures=given,
        wanted=needed,
        may_move=hand.can(Permission.MOVE, rollout=rollout.id, location=task.location_id) and not task.added,
        first_due=task.first_due,
        may_approve=needed is not None and _may_approve(session, hand, task, needed, own, given),
        skipped=said.skipped(session, task_id),
        stop=said.stop(session, task_id),
        checklist=said.checklist(session, task_id),
        answers=said.answers(session, task_id) if detail else (),
        evidence=said.evidence(session, task_id) if detail else (),
        waits_for=around.waits_for,
        holds_up=around.holds_up,
        awaited=around.awaited,
        comments=comments(session, task_id) if detail else (),
        readers=tuple(readers_of(session, spot, viewer)) if detail else (),
        how=task.how if detail else "",
        may_correct=task.added and not hand.reads_only and _may_correct(session, task, viewer),
        holders=holders(session, rollout.id, viewer.locations(rollout.id), now),
        history=tuple(history(session, "task", task_id)) if detail else (),
    )


def _seen(session: Session, task_id: int, viewer: Viewer) -> Task:
    task = session.get(Task, task_id)
    if task is None or not viewer.can(Permission.SEE_PLAN, rollout=task.rollout_id, location=task.location_id):
        raise NotFound("task")
    return task


def _is_open(rollout: RolloutFacts, place: PlaceFacts | None) -> bool:
    return rollout.state == "running" and (place is None or place.left_at is None)


def _may_correct(session: Session, task: Task, viewer: Viewer) -> bool:
    """What was added by hand is changed by whoever added it, and by those who keep the plan."""
    if viewer.can(Permission.STOP_ESCALATION, rollout=task.rollout_id, location=task.location_id):
        return True
    return said.added_by(session, task.id or 0) == viewer.person


def task_entry(playbook: Playbook, row: Asking, how: str = "") -> Entry:
    """What is asked of a task, by its playbook or by whoever added it. Raises NotFound where nothing is known of it."""
    found = asked_for(playbook, row, how)
    if found is None:
        raise NotFound("task")
    return found


def _may_approve(
    session: Session, viewer: Viewer, task: Task, needed: Wanted, own: Counted, given: tuple[said.SignatureLine, ...]
) -> bool:
    """Nobody approves own work, nor twice."""
    place = {"rollout": task.rollout_id, "location": task.location_id}
    if viewer.person in {own.row.completed_by, *(one.person for one in given if one.stands)}:
        return False
    if not viewer.can(Permission.SIGN_OFF, **place, named=needed.roles):
        return False
    return viewer.person not in said.workers(session, own.row.id)
