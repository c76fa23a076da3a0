"""Somebody says in one line what was learnt, where it happened."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.actions import texts
from app.actions.events import record
from app.actions.intents import once
from app.actions.lessons.subjects import place_of
from app.actions.loading import key_of, load
from app.errors import Forbidden, NotFound
from app.models import Lesson, Rollout
from app.rules.lessons.standing import works_in
from app.rules.people.access import Permission, Viewer


def capture_lesson(
    session: Session,
    rollout_id: int,
    *,
    said: str,
    subject: str = "",
    subject_id: int | None = None,
    token: str = "",
    by: Viewer,
    now: datetime,
) -> Lesson:
    """Keep what was learnt: about a thing (`subject` is a word of `rules.lessons.standing.SUBJECTS`), or about the
    whole network (empty).

    The same form (`token`) again, and the same words of the same person about the same thing, are quiet. Raises
    NotFound, Forbidden, Invalid, and Refused where nothing is changed any more, or not yet.
    """
    rollout = load(session, Rollout, rollout_id, "rollout")
    if not by.can(Permission.SEE_PLAN, rollout=rollout_id):
        raise NotFound("rollout")
    if not works_in(by, rollout_id):
        raise Forbidden("You may see this rollout, but not say what was learnt in it.")
    location_id = place_of(session, rollout, subject, subject_id, by)
    line = texts.one_line("said", said)

    def make() -> Lesson:
        return _same(session, rollout_id, line, subject, subject_id, by) or _keep(
            session, rollout, location_id, line, subject, subject_id, by, now
        )

    asked = {"rollout": rollout_id, "said": line, "subject": subject, "id": subject_id}
    return once(session, token, Lesson, make, asked=asked, by=by, now=now)


def _same(
    session: Session, rollout_id: int, said: str, subject: str, subject_id: int | None, by: Viewer
) -> Lesson | None:
    statement = select(Lesson).where(
        Lesson.rollout_id == rollout_id, Lesson.by_id == by.person, Lesson.subject_kind == subject,
        col(Lesson.subject_id).is_not_distinct_from(subject_id), Lesson.said == said,
    )  # fmt: skip
    return session.exec(statement.order_by(col(Lesson.id)).limit(1)).first()


def _keep(
    session: Session, rollout: Rollout, location_id: int | None, said: str, subject: str, subject_id: int | None,
    by: Viewer, now: datetime,
) -> Lesson:  # fmt: skip
    row = Lesson(
        rollout_id=key_of(rollout),
        location_id=location_id,
        number=_next_number(session, rollout),
        said=said,
        subject_kind=subject,
        subject_id=subject_id,
        by_id=by.person,
        at=now,
    )
    session.add(row)
    session.flush()
    after = {"number": row.number, "subject": subject, "subject_id": subject_id}
    record(
        session, "lesson.captured", ("lesson", key_of(row)), by=by, now=now, rollout_id=row.rollout_id,
        location_id=location_id, after=after,
    )  # fmt: skip
    return row


def _next_number(session: Session, rollout: Rollout) -> int:
    """One more than the last; the rollout's row is locked, so that no two get the same."""
    last = session.exec(select(func.max(col(Lesson.number))).where(Lesson.rollout_id == rollout.id)).one()
    return (last or 0) + 1
