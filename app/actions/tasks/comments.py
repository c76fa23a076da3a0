"""What people say to each other about a task, and who is called by name."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session, col, select, update

from app.actions import texts
from app.actions.deliveries.queue import queue_delivery
from app.actions.events import record
from app.actions.intents import once
from app.actions.loading import key_of, load
from app.actions.tasks.opening import OpenTask, assigned_to, visible_task
from app.errors import Forbidden, Invalid
from app.models import Comment, Mention, Person, Task
from app.models import Membership as Held
from app.rules.people.access import Grant, Viewer
from app.rules.tasks.mentions import Spot, grouped, may_read, mentioned, readers
from app.rules.tasks.named import acting_roles


def comment_on_task(
    session: Session,
    task_id: int,
    *,
    text: str,
    tell: Collection[int] = (),
    token: str = "",
    by: Viewer,
    now: datetime,
) -> Comment:
    """Say something about a task. Whoever is called by `@Full Name`, or chosen (`tell`), gets a message.

    The same form (`token`) again is quiet. It is said beside the task, so nobody's form is outdated by it. Raises
    NotFound, Forbidden for who may not read what is written there, Refused in a closed rollout, and Invalid: for the
    text, and for `tell` where several readers bear a name that is called.
    """
    opened = _readable(session, task_id, by)

    def make() -> Comment:
        row = Comment(task_id=task_id, text=texts.prose("text", text), by_id=by.person, at=now)
        session.add(row)
        session.flush()
        called = _call(session, opened, row, tell, by, now)
        _see_all(session, task_id, by, now)
        _note(session, opened.task, "commented", key_of(row), by, now, called)
        return row

    asked = {"task": task_id, "text": text, "tell": sorted(tell)}
    return once(session, token, Comment, make, asked=asked, by=by, now=now)


def remove_comment(session: Session, comment_id: int, *, by: Viewer, now: datetime) -> Comment:
    """Take one's own comment away; the row stays. Taken away already is quiet. Raises NotFound and Forbidden."""
    row = load(session, Comment, comment_id, "comment")
    opened = _own(session, row, by)
    if row.removed_at is None:
        row.removed_at, row.removed_by = now, by.person
        session.add(row)
        _note(session, opened.task, "comment_removed", comment_id, by, now)
    return row


def restore_comment(session: Session, comment_id: int, *, by: Viewer, now: datetime) -> Comment:
    """Put one's own comment back. There already is quiet. Raises NotFound and Forbidden."""
    row = load(session, Comment, comment_id, "comment")
    opened = _own(session, row, by)
    if row.removed_at is not None:
        row.removed_at, row.removed_by = None, None
        session.add(row)
        _note(session, opened.task, "comment_restored", comment_id, by, now)
    return row


def see_mention(session: Session, comment_id: int, *, by: Viewer, now: datetime) -> Comment:
    """Say that one has read a comment that calls one by name. Read already, or never called, is quiet.

    Raises NotFound and Forbidden.
    """
    row = load(session, Comment, comment_id, "comment")
    _readable(session, row.task_id, by)
    if _see(session, [comment_id], by, now):
        record(session, "person.call_read", ("person", by.person), by=by, now=now, after={"comment": comment_id})
    return row


def _readable(session: Session, task_id: int, by: Viewer) -> OpenTask:
    opened = visible_task(session, task_id, by=by)
    if not may_read(by, spot_of(session, opened)):
        raise Forbidden("You may see this task, but not what people write about it.")
    return opened


def _own(session: Session, row: Comment, by: Viewer) -> OpenTask:
    opened = _readable(session, row.task_id, by)
    if row.by_id != by.person:
        raise Forbidden("Only who wrote a comment takes it away.")
    return opened


def _call(
    session: Session, opened: OpenTask, row: Comment, tell: Collection[int], by: Viewer, now: datetime
) -> list[int]:
    """Write down whom the comment calls and leave them a message; nobody calls themselves."""
    task = opened.task
    found = mentioned(row.text, people_around(session, opened, by), tell)
    if found.unclear:
        raise Invalid({"tell": f"Several people are called {found.unclear[0]}. Tick the one you mean."})
    called = sorted(found.people - {by.person})
    for person in called:
        session.add(Mention(comment_id=key_of(row), person_id=person))
        queue_delivery(
            session, kind="mention", person_id=person, key=f"comment-{row.id}", subject=("comment", key_of(row)),
            rollout_id=task.rollout_id, now=now, data={"by": by.name, "text": row.text},
        )  # fmt: skip
    return called


def spot_of(session: Session, opened: OpenTask) -> Spot:
    task = opened.task
    return Spot(task.rollout_id, task.location_id, acting_roles(opened.asked), assigned_to(session, opened.id))


def people_around(session: Session, opened: OpenTask, by: Viewer) -> list[Viewer]:
    """Whom somebody may call, or wait for, on a task. One query."""
    return readers(everybody(session, opened.task.rollout_id), spot_of(session, opened), by)


def everybody(session: Session, rollout_id: int) -> list[Viewer]:
    """Everybody active who holds anything in a rollout, or everywhere, with what they hold. One query."""
    found = session.exec(
        select(Person, Held)
        .join(Held, col(Held.person_id) == col(Person.id))
        .where(col(Held.rollout_id).is_(None) | (col(Held.rollout_id) == rollout_id))
        .where(col(Person.deactivated_at).is_(None))
        .order_by(col(Held.id))
    )
    return grouped(
        (key_of(person), person.name, Grant(held.role, held.access, held.rollout_id, held.location_id))
        for person, held in found
    )


def _see_all(session: Session, task_id: int, by: Viewer, now: datetime) -> None:
    """Whoever answers has read what they were called for."""
    earlier = select(Comment.id).where(Comment.task_id == task_id)
    _see(session, [id_ or 0 for id_ in session.exec(earlier)], by, now)


def _see(session: Session, comments: list[int], by: Viewer, now: datetime) -> bool:
    """Whether anything of it was new."""
    found = session.exec(
        update(Mention)
        .where(
            col(Mention.comment_id).in_(comments), col(Mention.person_id) == by.person, col(Mention.seen_at).is_(None)
        )
        .values(seen_at=now)
    )
    return found.rowcount > 0


def _note(
    session: Session, task: Task, verb: str, comment_id: int, by: Viewer, now: datetime, called: list[int] | None = None
) -> None:
    """The event of a comment: it names the row and holds none of its text, which may be taken away."""
    record(
        session,
        f"task.{verb}",
        ("task", key_of(task)),
        by=by,
        now=now,
        rollout_id=task.rollout_id,
        location_id=task.location_id,
        after={"comment": comment_id, **({"called": called} if called else {})},
    )
