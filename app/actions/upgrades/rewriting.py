"""The rows of one place are put under a newer version: what is done stays under the one it was done by, ids follow
their entries, what the newer one no longer has is retired.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, update
from sqlmodel import Session, col, select

from app.actions.bulk import update_rows
from app.actions.schedule.rows import positions
from app.actions.upgrades.preview import PlaceUpgrade
from app.models import Occasion, Rollout, ScheduledEntry, Task
from app.rules.schedule.moves import Rows
from app.rules.upgrades.lines import Line, Outcome

Model = type[Task | ScheduledEntry | Occasion]
_AT_ONCE = 500


def at_place(model: Model, rollout: Rollout, place: PlaceUpgrade) -> list[ColumnElement[bool]]:
    """The rows of a place of an upgrade."""
    here = col(model.location_id).is_(None) if place.key is None else col(model.location_id) == place.key
    return [col(model.rollout_id) == rollout.id, here]


def keep_under(session: Session, place: PlaceUpgrade) -> None:
    """Note of everything that is done, over or recorded by which version it was so."""
    over = [held.stored for held in place.held if held.over or held.retired]
    for model, rows in ((Task, Rows.TASK), (Occasion, Rows.OCCASION)):
        for ids in _chunks([stored.row for stored in over if stored.rows is rows]):
            fresh = col(model.id).in_(ids) & col(model.playbook_version_id).is_(None)
            session.execute(update(model).where(fresh).values(playbook_version_id=place.from_id))


def rename(session: Session, rollout: Rollout, place: PlaceUpgrade) -> None:
    """Give rows the ids that the newer version has for their entries."""
    renamed = place.between.renamed
    if not renamed:
        return
    _make_room(session, rollout, place)
    for model in (Task, ScheduledEntry):
        here = at_place(model, rollout, place)
        if model is Task:
            here.append(col(Task.added).is_(False))
            done = (col(Task.playbook_version_id).is_not(None), col(Task.known_as) == "")
            known = update(Task).where(*here, *done, col(Task.entry).in_(renamed)).values(known_as=col(Task.entry))
            session.execute(known)
        # An id may be free only after another entry has given it up.
        for number, was in enumerate(renamed):
            session.execute(update(model).where(*here, col(model.entry) == was).values(entry=f"~{number}"))
        for number, new in enumerate(renamed.values()):
            session.execute(update(model).where(*here, col(model.entry) == f"~{number}").values(entry=new))


def _make_room(session: Session, rollout: Rollout, place: PlaceUpgrade) -> None:
    """What an older version had under an id that comes back as another's steps aside; it is shown by its own."""
    taken = set(place.between.renamed.values()) - set(place.between.renamed)
    retired = [*at_place(Task, rollout, place), col(Task.entry).in_(taken), col(Task.retired_at).is_not(None)]
    for row in session.exec(select(Task).where(*retired)).all():
        row.known_as, row.entry = row.known_as or row.entry, f"{row.entry}~{row.id}"
        session.add(row)
    for entry in session.exec(
        select(ScheduledEntry).where(*at_place(ScheduledEntry, rollout, place), col(ScheduledEntry.entry).in_(taken))
    ).all():
        entry.entry = f"{entry.entry}~{entry.id}"
        session.add(entry)
    session.flush()


def retire(session: Session, place: PlaceUpgrade, now: datetime) -> list[Line]:
    """Take what the newer version no longer has out of the counts, done or not. The lines of these tasks."""
    gone = [line for line in place.lines if line.outcome is Outcome.REMOVED and line.is_task and line.held]
    for ids in _chunks([line.held.stored.row for line in gone if line.held]):
        named = col(Task.id).in_(ids)
        fresh = update(Task).where(named, col(Task.playbook_version_id).is_(None))
        session.execute(fresh.values(playbook_version_id=place.from_id))
        session.execute(update(Task).where(named).values(retired_at=now, version=Task.version + 1))
    for line in place.lines:
        _step_aside(session, place, line)
    return gone


def _step_aside(session: Session, place: PlaceUpgrade, line: Line) -> None:
    """A gate (or the like) that is over, and whose id is another kind of entry now, keeps its row under another id."""
    held = line.held
    if held is None or line.outcome is not Outcome.REMOVED or not held.over or held.stored.rows is not Rows.ENTRY:
        return
    if line.entry in place.between.new.entries:
        row = session.get_one(ScheduledEntry, held.stored.row)
        row.entry = f"{row.entry}~{row.id}"
        session.add(row)
        session.flush()


def reorder(session: Session, rollout: Rollout, place: PlaceUpgrade) -> None:
    """Rows stand on the page in the order of the newer file, what was added by hand behind them."""
    old, new = positions(place.between.old), positions(place.between.new)
    moved: dict[Rows, list[dict[str, Any]]] = {rows: [] for rows in Rows}
    for held in place.held:
        was = held.stored.key[1].rpartition(" ")[2]
        now = place.between.renamed.get(was, was)
        if not held.retired and now in new and new[now] != old.get(was):
            moved[held.stored.rows].append({"id": held.stored.row, "position": new[now]})
    for rows, model in ((Rows.TASK, Task), (Rows.ENTRY, ScheduledEntry), (Rows.OCCASION, Occasion)):
        update_rows(session, model, moved[rows])
    added = (*at_place(Task, rollout, place), col(Task.added))
    session.execute(update(Task).where(*added).values(position=len(place.between.new.entries)))


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for first in range(0, len(ids), _AT_ONCE):
        yield ids[first : first + _AT_ONCE]


def rows_by_id(session: Session, ids: Iterable[int]) -> dict[int, Task]:
    """Tasks by their keys."""
    found: dict[int, Task] = {}
    for some in _chunks(sorted(ids)):
        found |= {row.id or 0: row for row in session.exec(select(Task).where(col(Task.id).in_(some)))}
    return found
