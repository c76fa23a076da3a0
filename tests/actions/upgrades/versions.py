"""Newer versions of the cast's playbook, and upgrades to them: what the tests of upgrades have in common."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlmodel import Session, select

from app.actions.playbooks import upload_playbook
from app.actions.schedule.planning import plan_of
from app.actions.upgrades.preview import Preview
from app.actions.upgrades.previewing import preview_upgrade
from app.actions.upgrades.upgrading import upgrade
from app.db import Database
from app.models import Event, Location, Occasion, Rollout, ScheduledEntry, Task
from app.rules.schedule.dated import Item
from app.rules.upgrades.lines import Line
from tests.cast import NOW, PLAYBOOK, Cast

EVERYWHERE = ("", "alder", "birch")


def newer(*edits: tuple[str, str], version: str = "1.1", of: str = PLAYBOOK) -> str:
    """The playbook with some text replaced, under another version."""
    text = of.replace('version: "1.0"', f'version: "{version}"')
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new)
    return text


def uploaded(db: Database, cast: Cast, text: str) -> int:
    with db.writing() as session:
        return upload_playbook(session, text.encode(), by=cast.viewer(session, "dir"), now=NOW).id or 0


def previewed(
    db: Database, cast: Cast, to: int, *places: str, now: datetime = NOW, choices: dict[str, str] | None = None
) -> Preview:
    with db.reading() as session:
        by = cast.viewer(session, "dir", now)
        return preview_upgrade(
            session, cast.rollout, places=places or EVERYWHERE, to=to, choices=choices, by=by, now=now
        )


def upgraded(
    db: Database, cast: Cast, to: int, *places: str, now: datetime = NOW, choices: dict[str, str] | None = None
) -> Preview:
    """What was shown under these choices is done."""
    found = previewed(db, cast, to, *places, now=now, choices=choices)
    with db.writing() as session:
        by = cast.viewer(session, "dir", now)
        given: dict[str, Any] = {"places": places or EVERYWHERE, "to": to, "choices": choices, "by": by, "now": now}
        return upgrade(session, cast.rollout, shown=found.fingerprint, **given)


def line_of(found: Preview, entry: str, place: str = "alder") -> Line:
    (line,) = [one for one in found.lines if one.entry == entry and one.location == place]
    return line


def outcomes(found: Preview, place: str = "alder") -> dict[str, str]:
    """What becomes of each task of a place."""
    return {line.entry: str(line.outcome) for line in found.lines if line.location == place and line.is_task}


def everything(session: Session) -> list[dict[str, Any]]:
    """Every row of the plan, and how many events there are."""
    rows = [row.model_dump() for model in (Task, ScheduledEntry, Occasion) for row in session.exec(select(model))]
    return [*rows, {"events": len(session.exec(select(Event.id)).all())}]


Dated = tuple[date | None, date | None, datetime | None]


def stored_dates(session: Session, cast: Cast) -> dict[tuple[str, str, str, str], Dated]:
    """The dates of all rows that count and are in a playbook, by their keys."""
    slugs = {row.id: row.slug for row in session.exec(select(Location))}
    tasks = [row for row in session.exec(select(Task)) if row.retired_at is None and not row.added]
    rows = [*tasks, *session.exec(select(ScheduledEntry))]
    return {(slugs.get(r.location_id, ""), r.entry, r.wave, r.value): (r.begins, r.due, r.due_at) for r in rows}


def planned_dates(session: Session, cast: Cast) -> dict[tuple[str, str, str, str], Dated]:
    """The dates that the plan, computed anew, gives to all that it has."""
    plan = plan_of(session, session.get_one(Rollout, cast.rollout))

    def key(item: Item) -> tuple[str, str, str, str]:
        return item.location, item.entry, item.wave, item.value

    items = [item for place in ("", *plan.timeline.sites) for item in plan.items_at(place)]
    return {key(item): (item.begins, item.due, item.due_at) for item in items}
