"""The plan of a running rollout is computed anew after a change, compared with its rows, and written in one step.

Two steps share one computation: what is shown first, and what is then done. Between them the plan may have changed;
the fingerprint of what was shown tells.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, case, delete, inspect, or_, select, update
from sqlmodel import Session, col

from app.actions.events import record
from app.actions.loading import key_of
from app.actions.metrics.restanding import restand_moved
from app.actions.schedule.planning import Change, plan_of
from app.actions.schedule.rows import Writer
from app.actions.schedule.stored import Row, stored_occasions, stored_rows
from app.models import (
    Assignment,
    CheckItem,
    Location,
    Occasion,
    Pin,
    Rollout,
    ScheduledEntry,
    Task,
)
from app.plan.terms import Recurring
from app.rules.people.access import Viewer
from app.rules.schedule.dated import Item
from app.rules.schedule.moves import (
    Cutover,
    Dates,
    Replan,
    Rows,
    Stored,
    brought_up,
    compare,
    for_who_decides,
    is_over,
    joined,
    named,
    unusual_cutovers,
)
from app.rules.schedule.schedule import Plan
from app.stored.timelines import locations_of


def replan(session: Session, rollout: Rollout, change: Change, *, now: datetime) -> Replan:
    """Everything that the change brings with it. Only reads."""
    before = plan_of(session, rollout)
    after = plan_of(session, rollout, change)
    slugs = _slugs(session, rollout, change.back)
    places = _touched(before, after, change, [slug for slug in slugs.values() if slug not in change.without])
    found = compare_places(session, rollout, before, after, {place: _key_of(place, slugs) for place in places}, now)
    if any(shift.item.location == "" for shift in found.shifts) and len(places) < len(slugs) + 1:
        rest = {slug: key for key, slug in slugs.items() if slug not in {*places, *change.without}}
        found = joined([found, compare_places(session, rollout, before, after, rest, now)])
    moved = cutovers_moved(before, after)
    news = (*brought_up(before.problems, after.problems), *unusual_cutovers(after, (slug for slug, _, _ in moved)))
    news = for_who_decides(news, moved)
    settle = [finding.path for finding in news if finding.settle]
    lost = (one for one in found.findings if not any(path.startswith(one.path) for path in settle))
    return replace(found, cutovers=moved, findings=(*news, *lost))


def compare_places(
    session: Session, rollout: Rollout, before: Plan, after: Plan, places: Mapping[str, int | None], now: datetime
) -> Replan:
    """What a changed plan does to the rows of some places, by their ids (empty, without a key: the network). Reads."""

    def beside(place: str, key: int | None) -> Replan:
        keys = [] if key is None else [key]
        items, lost = after.dated_at(place)
        rows = _in_wave(stored_rows(session, rollout, keys, place, now), after, place)
        part = compare(rows, items, lost.keys())
        recurring, undated = after.recurring_at(place)
        without = {named(entry, kind) for entry in undated for kind in Recurring}
        rows = _in_wave(stored_occasions(session, rollout, keys, place, now), after, place)
        part = joined([part, compare(rows, recurring, without)])
        known = before.dated_at(place)[1] if lost and place in ("", *before.timeline.sites) else {}
        ahead = tuple(item for item in part.new if not is_over(item, now))
        return replace(
            part, new=ahead, findings=tuple(finding for entry, finding in lost.items() if entry not in known)
        )

    return joined([beside(place, key) for place, key in places.items()])


def _in_wave(rows: Iterable[Stored], after: Plan, place: str) -> Iterator[Stored]:
    """The rows of a location as those of the wave that it is in then: moved to another, its work stays the same."""
    site = after.timeline.sites.get(place)
    for row in rows:
        where, entry, wave, value = row.key
        yield replace(row, key=(where, entry, site.wave, value)) if site and site.wave != wave else row


def cutovers_moved(before: Plan, after: Plan) -> tuple[Cutover, ...]:
    """The cutovers that are not the same in two plans: id of the location, before, after."""
    return tuple(
        (slug, before.cutovers.get(slug), after.cutovers.get(slug))
        for slug in after.cutovers
        if before.cutovers.get(slug) != after.cutovers.get(slug)
    )


def _key_of(place: str, slugs: Mapping[int, str]) -> int | None:
    return next((key for key, slug in slugs.items() if slug == place), None)


def _touched(before: Plan, after: Plan, change: Change, slugs: Sequence[str]) -> list[str]:
    """The network, and the locations that the change can reach: all of them where a wave's first cutover moves."""
    others = change.without or change.back or change.stated.keys() - set(slugs) or _changes_waves(before, after)
    if others or any(_edges(before, slug) != _edges(after, slug) for slug in change.cutovers):
        return ["", *slugs]
    named = {spot.location for _, spot in change.pins} | change.cutovers.keys() | change.stated.keys()
    if any(spot.location == "" for _, spot in change.pins):
        return ["", *slugs]
    return ["", *(slug for slug in slugs if slug in named)]


def _changes_waves(before: Plan, after: Plan) -> bool:
    sites = after.timeline.sites
    return any(one.wave != sites[slug].wave for slug, one in before.timeline.sites.items() if slug in sites)


def _edges(plan: Plan, slug: str) -> tuple[Any, ...]:
    """What other places count from: the first cutover of the wave, the first and the last of all."""
    found = sorted(plan.cutovers.values())
    wave = plan.timeline.sites[slug].wave
    of_wave = [plan.cutovers.get(site.id) for site in plan.timeline.by_wave.get(wave, [])]
    return min((at for at in of_wave if at), default=None), found[:1], found[-1:]


def _slugs(session: Session, rollout: Rollout, back: Collection[str]) -> dict[int, str]:
    rows = session.execute(
        select(col(Location.id), col(Location.slug)).where(
            col(Location.rollout_id) == rollout.id,
            or_(col(Location.dropped_at).is_(None), col(Location.slug).in_(back)),
            col(Location.planned_at).is_not(None),
        )
    )
    return dict(rows.all())


_MODELS: Final[Mapping[Rows, Row]] = {Rows.TASK: Task, Rows.ENTRY: ScheduledEntry, Rows.OCCASION: Occasion}


def write(session: Session, rollout: Rollout, found: Replan, *, by: Viewer, now: datetime, reason: str) -> None:
    """Write all of a replan: the moved dates, the rows that come and go, the cutovers; one event for each task."""
    _drop(session, found.gone)
    _shift(session, found)
    rows = locations_of(session, rollout)
    write_new(session, rollout, rows, found.new)
    ids = {row.slug: key_of(row) for row in rows}
    after = {slug: at for slug, _, at in found.cutovers}
    for row in rows:
        if row.slug in after:
            row.cutover_at = after[row.slug]
            session.add(row)
    session.flush()
    for shift in found.shifts:
        if shift.stored.task:
            record(
                session, "task.moved", ("task", shift.stored.row), by=by, now=now, rollout_id=rollout.id,
                location_id=ids.get(shift.item.location), before=_said(shift.stored.dates),
                after={**_said(shift.now), "reason": reason},
            )  # fmt: skip
    session.expire_all()
    moved = [ids[slug] for slug in after if slug in ids]
    if moved:
        restand_moved(session, rollout, moved)


def write_new(session: Session, rollout: Rollout, rows: Sequence[Location], items: Iterable[Item]) -> None:
    """Write the rows of items, those of each version of the playbook by what that version asks for."""
    by_version: dict[int, list[Item]] = {}
    for item in items:
        by_version.setdefault(id(item.timeline.playbook), []).append(item)
    for same in by_version.values():
        Writer(session, same[0].timeline.playbook, rollout, rows).write(same)


def _said(dates: Dates) -> dict[str, str]:
    named = {"begins": dates.begins, "due": dates.due, "at": dates.due_at}
    return {name: value.isoformat() for name, value in named.items() if value is not None}


def _drop(session: Session, gone: Iterable[Stored]) -> None:
    found = list(gone)
    tasks, entries, occasions = ([row.row for row in found if row.rows is rows] for rows in Rows)
    for model, column, rows in (
        (CheckItem, CheckItem.task_id, tasks),
        (Pin, Pin.task_id, tasks),
        (Assignment, Assignment.task_id, tasks),
        (Task, Task.id, tasks),
        (ScheduledEntry, ScheduledEntry.id, entries),
        (Occasion, Occasion.id, occasions),
    ):
        if rows:
            session.execute(delete(model).where(col(column).in_(rows)))


def _shift(session: Session, found: Replan) -> None:
    for rows, model in _MODELS.items():
        moved = [
            {
                "row": shift.stored.row,
                "begins_": shift.now.begins,
                "due_": shift.now.due,
                "due_at_": shift.now.due_at,
                "late_at_": shift.now.late_at,
                "why_": shift.item.why,
            }
            for shift in found.shifts
            if shift.stored.rows is rows
        ]
        if not moved:
            continue
        values: dict[str, Any] = {name: bindparam(f"{name}_") for name in ("begins", "due", "due_at", "late_at", "why")}
        if rows is Rows.TASK:
            values["version"] = Task.version + 1
        if rows is Rows.OCCASION:
            # Whoever is waited for is waited for until the new hour.
            values["next_at"] = case((col(Occasion.next_at).is_not(None), bindparam("late_at_")))
        table: Any = inspect(model).local_table
        session.connection().execute(update(table).where(table.c.id == bindparam("row")).values(**values), moved)
