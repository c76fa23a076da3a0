"""Somebody's inbox: what happened, newest first, each with the way to the thing itself."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session, SQLModel, col, func, select

from app.models import (
    Comment,
    Duty,
    Issue,
    Lesson,
    Location,
    Mentorship,
    Notice,
    Occasion,
    Rollout,
    Run,
    ScheduledEntry,
    Task,
)
from app.rules.deliveries.mail import KINDS
from app.rules.issues.standing import may_read
from app.rules.lessons.standing import reads as reads_lesson
from app.rules.people.access import Permission, Viewer
from app.stored import playbook_of

Rows = Mapping[str, Mapping[int, SQLModel]]
READ: Final[Mapping[str, type[SQLModel]]] = {
    "issue": Issue,
    "lesson": Lesson,
    "task": Task,
    "comment": Comment,
    "location": Location,
    "rollout": Rollout,
    "duty": Duty,
    "mentorship": Mentorship,
    "occasion": Occasion,
    "gate": ScheduledEntry,
    "run": Run,
    "selection": ScheduledEntry,
}


@dataclass(frozen=True)
class InboxLine:
    """One line. `title` is empty and `path` leads nowhere (to the inbox) where the reader may no longer see it."""

    id: int
    kind: str
    says: str
    rung: str
    title: str
    place: str
    path: str
    at: datetime
    zone: str
    seen: bool


@dataclass(frozen=True)
class _Thing:
    title: str
    path: str
    rollout: int | None = None
    location: int | None = None


def inbox(session: Session, viewer: Viewer, *, before: int | None = None, limit: int = 50) -> list[InboxLine]:
    """The lines older than `before`, newest first. A handful of queries, however many lines."""
    statement = select(Notice).where(Notice.person_id == viewer.person)
    if before is not None:
        statement = statement.where(col(Notice.id) < before)
    return _lines(session, viewer, session.exec(statement.order_by(col(Notice.id).desc()).limit(limit)).all())


def unseen_counts(session: Session, people: Collection[int]) -> dict[int, int]:
    """How many lines each of these people has not looked at, by person. One query."""
    waiting = select(Notice.person_id, func.count()).where(
        col(Notice.person_id).in_(people), col(Notice.seen_at).is_(None)
    )
    return dict.fromkeys(people, 0) | dict(session.exec(waiting.group_by(col(Notice.person_id))).all())


def path_of(session: Session, viewer: Viewer, notice: Notice) -> str:
    """Where a line leads; to the inbox itself when its subject can no longer be seen."""
    return _lines(session, viewer, [notice])[0].path


def _lines(session: Session, viewer: Viewer, notices: Sequence[Notice]) -> list[InboxLine]:
    rows = {kind: _by_id(session, model, _ids(notices, kind)) for kind, model in READ.items()}
    tasks = {one.task_id for one in rows["comment"].values() if isinstance(one, Comment)}
    rows["task"] |= _by_id(session, Task, tasks - set(rows["task"]))
    covers = {one.occasion_id for one in rows["duty"].values() if isinstance(one, Duty)}
    rows["occasion"] |= _by_id(session, Occasion, covers - set(rows["occasion"]))
    things = {one.id: _thing(rows, one) for one in notices}
    found = [thing for thing in things.values() if thing is not None]
    places = rows["location"] | _by_id(session, Location, {one.location for one in found if one.location})
    rollouts = rows["rollout"] | _by_id(session, Rollout, {one.rollout for one in found if one.rollout})
    zones = {key: _zone(session, row) for key, row in rollouts.items()}
    return [_line(one, things[one.id], viewer, places, rollouts, zones) for one in notices]


def _zone(session: Session, rollout: SQLModel) -> str:
    """The zone of what is for the whole network."""
    return playbook_of(session, rollout.playbook_version_id).calendar.zone if isinstance(rollout, Rollout) else "UTC"


def _ids(notices: Iterable[Notice], kind: str) -> set[int]:
    return {one.subject_id for one in notices if one.subject_kind == kind}


def _by_id(session: Session, model: type[SQLModel], ids: Iterable[int | None]) -> dict[int, SQLModel]:
    wanted = list(ids)
    if not wanted:
        return {}
    found = session.exec(select(model).where(model.id.in_(wanted)))  # type: ignore[attr-defined]
    return {row.id: row for row in found}  # type: ignore[attr-defined]


def _thing(rows: Rows, notice: Notice) -> _Thing | None:
    row = rows.get(notice.subject_kind, {}).get(notice.subject_id)
    if isinstance(row, Comment):
        row = rows["task"].get(row.task_id) if row.removed_at is None else None
    match row:
        case Issue():
            return _Thing(f"Issue {row.number}: {row.title}", f"/issues/{row.id}", row.rollout_id, row.location_id)
        case Lesson():
            place = None if row.told_at else row.location_id
            return _Thing(f"Lesson {row.number}: {row.said}", f"/lessons/{row.id}", row.rollout_id, place)
        case Task():
            return _Thing(row.title, f"/tasks/{row.id}", row.rollout_id, row.location_id)
        case Location():
            return _Thing(row.name, f"/locations/{row.slug}", row.rollout_id, row.id)
        case Rollout():
            return _Thing(row.title, "/board", row.id)
        case Duty():
            cover = rows["occasion"].get(row.occasion_id)
            title = cover.title if isinstance(cover, Occasion) else row.entry
            return _Thing(title, "/rota", row.rollout_id, row.location_id)
        case ScheduledEntry():
            path = f"/{notice.subject_kind}s/{row.id}"
            return _Thing(row.title, path, row.rollout_id, row.location_id)
        case Run():
            return _Thing(row.title, f"/runs/{row.id}", row.rollout_id, row.location_id)
        case Mentorship():
            return _Thing("Mentor" if row.kind == "mentor" else "Visit", "/rota", row.rollout_id, row.location_id)
    return _Thing("", "/today") if notice.subject_kind == "leave" else None


def _line(
    notice: Notice,
    thing: _Thing | None,
    viewer: Viewer,
    places: Mapping[int, SQLModel],
    slugs: Mapping[int, SQLModel],
    zones: Mapping[int, str],
) -> InboxLine:
    seen = notice.seen_at is not None
    if thing is None or not _may_see(viewer, thing):
        return InboxLine(notice.id or 0, notice.kind, "", "", "", "", "/inbox", notice.at, "UTC", seen)
    place, rollout = places.get(thing.location or 0), slugs.get(thing.rollout or 0)
    inside = thing.path.startswith(("/locations/", "/board", "/rota"))
    return InboxLine(
        id=notice.id or 0,
        kind=notice.kind,
        says=KINDS[notice.kind].says.format_map({"by": notice.by_name or "Somebody"}),
        rung=notice.said,
        title=_title(thing, notice, viewer),
        place=place.name if isinstance(place, Location) and notice.subject_kind != "location" else "",
        path=f"/rollouts/{rollout.slug}{thing.path}" if inside and isinstance(rollout, Rollout) else thing.path,
        at=notice.at,
        zone=place.zone if isinstance(place, Location) else zones.get(thing.rollout or 0, "UTC"),
        seen=seen,
    )


def _may_see(viewer: Viewer, thing: _Thing) -> bool:
    return thing.rollout is None or viewer.can(Permission.SEE_PLAN, rollout=thing.rollout, location=thing.location)


def _title(thing: _Thing, notice: Notice, viewer: Viewer) -> str:
    """What people called an issue, or said of a lesson, is for those who may read it there."""
    rollout = thing.rollout or 0
    judge = {"issue": may_read, "lesson": reads_lesson}.get(notice.subject_kind)
    reads = judge is None or judge(viewer, rollout, thing.location)
    return thing.title if reads else thing.title.partition(":")[0]
