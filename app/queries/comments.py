"""Comments: those of a task, who may be called in one, and those that call a reader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from app.errors import Forbidden, NotFound
from app.models import Comment, Location, Membership, Mention, Person, Rollout, Task
from app.queries.tasks.spots import spot_of
from app.rules.people.access import Grant, Permission, Viewer
from app.rules.tasks.mentions import Spot, grouped, may_read, readers
from app.stored import playbook_of


@dataclass(frozen=True)
class CommentLine:
    """One comment; `called` are the keys and names of those it calls."""

    id: int
    person: int
    by: str
    at: datetime
    text: str
    called: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Call:
    """A comment that calls the reader, who has neither read nor answered it."""

    comment: int
    task: int
    title: str
    zone: str
    person: int
    by: str
    at: datetime
    text: str
    rollout: int


def comments(session: Session, task_id: int) -> tuple[CommentLine, ...]:
    """The comments of a task in the order they were written, without those taken away. Two queries."""
    found = session.exec(
        select(Comment, Person.name)
        .join(Person, col(Person.id) == col(Comment.by_id))
        .where(Comment.task_id == task_id, col(Comment.removed_at).is_(None))
        .order_by(col(Comment.id))
    ).all()
    called: dict[int, list[tuple[int, str]]] = {}
    for comment, person, name in session.exec(
        select(Mention.comment_id, Person.id, Person.name)
        .join(Person, col(Person.id) == col(Mention.person_id))
        .where(col(Mention.comment_id).in_([row.id for row, _ in found]))
        .order_by(col(Mention.id))
    ):
        called.setdefault(comment, []).append((person or 0, name))
    return tuple(
        CommentLine(row.id or 0, row.by_id, name, row.at, row.text, tuple(called.get(row.id or 0, ())))
        for row, name in found
    )


def readers_of(session: Session, spot: Spot, viewer: Viewer) -> list[Viewer]:
    """Whom the reader may call in a comment on a task, by name; never the reader. One query."""
    return [one for one in readers(viewers_of(session, spot.rollout), spot, viewer) if one.person != viewer.person]


def viewers_of(session: Session, rollout: int) -> list[Viewer]:
    """Everybody active who holds anything in a rollout, or everywhere, by name. One query."""
    found = session.exec(
        select(Person, Membership)
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .where(col(Membership.rollout_id).is_(None) | (col(Membership.rollout_id) == rollout))
        .where(col(Person.deactivated_at).is_(None))
        .order_by(col(Membership.id))
    )
    return grouped(
        (person.id or 0, person.name, Grant(held.role, held.access, held.rollout_id, held.location_id))
        for person, held in found
    )


def readers_of_task(session: Session, task_id: int, viewer: Viewer) -> list[Viewer]:
    """Whom the reader may call in a comment on a task; never the reader. Raises NotFound and Forbidden where a
    comment would.
    """
    task = session.get(Task, task_id)
    if task is None or not viewer.can(Permission.SEE_PLAN, rollout=task.rollout_id, location=task.location_id):
        raise NotFound("task")
    spot = spot_of(session, task)
    if not may_read(viewer, spot):
        raise Forbidden("You may see this task, but not what people write about it.")
    return readers_of(session, spot, viewer)


def task_of_comment(session: Session, comment_id: int) -> int:
    """The task a comment stands on. Raises NotFound."""
    row = session.get(Comment, comment_id)
    if row is None:
        raise NotFound("comment")
    return row.task_id


def calls_of(session: Session, viewer: Viewer) -> list[Call]:
    """What somebody asks the reader, oldest first, in rollouts that are open and on tasks that the reader may read."""
    statement = (
        select(Comment, Task, Person.name)
        .join(Mention, col(Mention.comment_id) == col(Comment.id))
        .join(Task, col(Task.id) == col(Comment.task_id))
        .join(Rollout, col(Rollout.id) == col(Task.rollout_id))
        .join(Person, col(Person.id) == col(Comment.by_id))
        .where(
            Mention.person_id == viewer.person,
            col(Mention.seen_at).is_(None),
            col(Comment.removed_at).is_(None),
            col(Rollout.closed_at).is_(None),
        )
        .order_by(col(Comment.id))
    )
    return [
        Call(
            comment=row.id or 0,
            task=row.task_id,
            title=task.title,
            zone=_zone(session, task),
            person=row.by_id,
            by=name,
            at=row.at,
            text=row.text,
            rollout=task.rollout_id,
        )
        for row, task, name in session.exec(statement).all()
        if may_read(viewer, spot_of(session, task))
    ]


def _zone(session: Session, task: Task) -> str:
    location = session.get(Location, task.location_id) if task.location_id is not None else None
    if location is not None:
        return location.zone
    rollout = session.get_one(Rollout, task.rollout_id)
    return playbook_of(session, rollout.playbook_version_id).calendar.zone
