"""A rollout whose wave has room, and its plan as stored beside the plan computed anew."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session, col, select

from app.actions.locations.joining import drop_location, planned_drop
from app.actions.schedule.planning import plan_of
from app.models import Location, Rollout, ScheduledEntry, Task
from app.queries.tasks.today import today
from tests.cast import NOW, PLAYBOOK, Cast

# Two of the pilot may be three, one network task counts from the first cutover of all, and one is for old systems only.
BOOK = PLAYBOOK.replace("locations: 2}", "locations: 2 .. 3}").replace(
    "  migration: {",
    "  notices: {title: Print the notices, owner: cto, scope: network, due: first cutover - 5wd}\n"
    "  archive: {title: Archive the old system, owner: champion, due: week 3 fri, where: {legacy: true}}\n"
    "  migration: {",
)


def stored(session: Session, cast: Cast) -> dict[tuple[str, str, str, str], object]:
    """Every row of the plan, of the locations that are in it."""
    slugs = {row.id: row.slug for row in session.exec(select(Location).where(col(Location.dropped_at).is_(None)))}
    slugs[None] = ""
    rows = [*session.exec(select(Task)), *session.exec(select(ScheduledEntry))]
    return {
        (slugs[r.location_id], r.entry, r.wave, r.value): (r.begins, r.due, r.due_at, r.unclear)
        for r in rows
        if r.location_id in slugs
    }


def planned(session: Session, cast: Cast) -> dict[tuple[str, str, str, str], object]:
    items = plan_of(session, session.get_one(Rollout, cast.rollout)).items
    return {(i.location, i.entry, i.wave, i.value): (i.begins, i.due, i.due_at, i.unclear) for i in items}


def dropped(session: Session, cast: Cast, place: str = "birch") -> None:
    by, key = cast.viewer(session, "dir"), cast.locations[place]
    shown = planned_drop(session, key, by=by, now=NOW).fingerprint
    drop_location(session, key, reason="Sold.", shown=shown, by=by, now=NOW)


def names(session: Session, cast: Cast, who: str) -> set[str]:
    day = today(session, cast.viewer(session, who), NOW + timedelta(days=20))
    return {one.place.slug for one in (*day.due, *day.soon) if one.place}
