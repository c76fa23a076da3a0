"""Somebody says in one line what was learnt, where it happened; a text that names a patient is taken away again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.actions import texts
from app.actions.events import record
from app.actions.intents import once
from app.actions.lessons.opening import changed, open_lesson
from app.actions.loading import key_of, load
from app.actions.tasks.opening import demand_open
from app.errors import Forbidden, Invalid, NotFound
from app.models import Issue, Lesson, Location, Occasion, Rollout, Task
from app.rules.lessons.standing import may_capture, works_in
from app.rules.people.access import Permission, Viewer

REDACTED: Final = "Taken away: it named a patient."
_SUBJECTS: Final[Mapping[str, type[Task] | type[Issue] | type[Occasion] | type[Location]]] = {
    "task": Task,
    "issue": Issue,
    "reconciliation": Occasion,
    "meeting": Occasion,
    "location": Location,
}


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
    location_id = _place_of(session, rollout, subject, subject_id, by)
    line = texts.one_line("said", said)

    def make() -> Lesson:
        return _same(session, rollout_id, line, subject, subject_id, by) or _keep(
            session, rollout, location_id, line, subject, subject_id, by, now
        )

    asked = {"rollout": rollout_id, "said": line, "subject": subject, "id": subject_id}
    return once(session, token, Lesson, make, asked=asked, by=by, now=now)


def _place_of(session: Session, rollout: Rollout, subject: str, subject_id: int | None, by: Viewer) -> int | None:
    """The location of the thing that the lesson is about, which the person must see, and work at."""
    row = _thing(session, rollout, subject, subject_id) if subject else None
    location_id = row.id if isinstance(row, Location) else row.location_id if row is not None else None
    if not by.can(Permission.SEE_PLAN, rollout=rollout.id, location=location_id):
        raise NotFound(subject)
    location = session.get_one(Location, location_id) if location_id is not None else None
    demand_open(rollout, location)
    if not may_capture(by, key_of(rollout), location_id):
        raise Forbidden("You may see this, but not say what was learnt there.")
    return location_id


def _thing(session: Session, rollout: Rollout, subject: str, subject_id: int | None) -> Any:
    if subject not in _SUBJECTS:
        raise Invalid({"subject": "Choose what it is about."})
    row: Any = session.get(_SUBJECTS[subject], subject_id or 0)
    if row is None or row.rollout_id != rollout.id or (isinstance(row, Occasion) and row.kind != subject):
        raise NotFound(subject)
    return row


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


def redact_lesson(session: Session, lesson_id: int, *, part: str = "said", by: Viewer, now: datetime) -> Lesson:
    """Take away for good what should never have been written: what was learnt (`said`), or why it was judged so
    (`reason`). What was there is kept nowhere. Taken away already is quiet.

    Raises NotFound, Forbidden for what somebody else said, Refused in a closed rollout, and Invalid.
    """
    opened = open_lesson(session, lesson_id, by=by)
    lesson = opened.lesson
    own = {"said": lesson.by_id, "reason": lesson.judged_by}
    if part not in own:
        raise Invalid({"part": "Choose what is to be taken away."})
    if own[part] != by.person and not by.can(Permission.ASSIGN, rollout=lesson.rollout_id, location=lesson.location_id):
        raise Forbidden("Whoever said it takes it away, or whoever gives out the work there.")
    if getattr(lesson, part) in ("", REDACTED):
        return lesson
    setattr(lesson, part, REDACTED)
    if part == "said":
        lesson.redacted_at = now
    changed(session, opened, "redacted", by=by, now=now, after={"part": part})
    return lesson
