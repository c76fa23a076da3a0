"""A year of daily counts: the days of one place and of the network, at 10 locations and at 500."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, text, update
from sqlmodel import Session, col, select

from app.db import Database, upgrade
from app.models import Location, Occasion, Person, Reconciliation, ReconciliationCount
from tests.bench.load import load, request
from tests.bench.seed import Seed, begun, places
from tests.bench.servers import Server, serving

FEW, MANY = 10, 500
LOOKS = 60
OURS = "tests.bench.ours:app"
TEXT = b"""\
muster: 1
id: bench-counts
title: A year of counts
version: "1.0"
length: 54w
calendar: {zone: America/Chicago, holidays: [US]}
roles: {champion: Site champion, lead: {title: Lead, scope: network, access: director}}
waves:
  pilot: {title: Pilot, when: week 1 .. week 10, cutover: "week 1 mon 07:00", locations: 1 ..}
  second: {title: Second, when: week 1 .. week 10, cutover: "week 1 mon 07:00", locations: 1 ..}
tasks: {ready: {title: Ready, owner: champion, due: week 1}}
reconciliation:
  daily:
    title: Daily count
    owner: champion
    verify: lead
    when: week 1 mon .. week 54 fri
    every: working day 17:30
    lines: {claims: {title: Claims, compare: [Submitted, Received], tolerance: 2 or 1 %}}
"""
Fresh = Callable[[], Iterator[str]]


def reconciliation(fresh: Fresh) -> Iterator[str]:
    """Each page made anew, as after a change; the 95th of a hundred."""
    took: dict[str, list[float]] = {}
    for locations in (FEW, MANY):
        with _ours(fresh, locations) as (seed, server, days):
            pages = {"network": f"/rollouts/{seed.rollout}/reconciliation",
                     "one place": f"/rollouts/{seed.rollout}/locations/site-0/reconciliation"}  # fmt: skip
            for name, path in pages.items():
                cookie = [("Cookie", seed.cookie)]
                _warm = load(server.port, [[request("GET", path, cookie)] * 5], 200)
                # Another address each time: no page of it is kept.
                anew = [request("GET", f"{path}?look={number}", cookie) for number in range(LOOKS)]
                found = load(server.port, [anew], 200)
                took.setdefault(name, []).append(found.p95)
                yield f"{name}, {locations} × a year ({days:,} days): p95 {found.p95 * 1000:.1f} ms," \
                      f" {found.bytes / 1000:.0f} kB, {found.failed + _warm.failed} failed"  # fmt: skip
    for name, (few, many) in took.items():
        yield f"  {name}, {MANY} locations against {FEW}: {many / few:.2f} (bar 2)"


@contextmanager
def _ours(fresh: Fresh, locations: int) -> Iterator[tuple[Seed, Server, int]]:
    with contextmanager(fresh)() as url, tempfile.TemporaryDirectory() as folder:
        seed, days = counted(url, locations)
        with serving(OURS, BENCH_DATABASE=url, BENCH_DATA=str(Path(folder))) as server:
            yield seed, server, days


def counted(url: str, locations: int) -> tuple[Seed, int]:
    """A rollout that began a year ago, its days planned by the product and recorded in bulk; and how many they are."""
    upgrade(url)
    now = datetime.now(UTC)
    then = now - timedelta(weeks=52)
    seed = begun(url, TEXT, places(locations), then, now)
    database = Database(url)
    with database.writing() as session:
        days = _record(session, now.date())
    with database.writing() as session:  # as the database keeps itself, sooner or later
        session.connection().execute(text("ANALYZE"))
    database.dispose()
    return seed, days


def _record(session: Session, today: date) -> int:
    """One in fifty missed, one in thirty with a variance, the others clean; yesterday's wait for their review."""
    version = session.exec(select(Location.playbook_version_id)).first()
    person = session.exec(select(Person.id)).first()
    past = (col(Occasion.kind) == "reconciliation", col(Occasion.due) < today)
    found = session.exec(
        select(Occasion.id, Occasion.rollout_id, Occasion.location_id, Occasion.due).where(*past)
    ).all()
    rows = [_row(number, one, version, person, today) for number, one in enumerate(found, start=1)]
    counts = [
        {"reconciliation_id": row["id"], "line": "claims", "left": 100, "right": 100 if row["clean"] else 90,
         "within": bool(row["clean"]), "reason": "", "source": "form", "by_id": person, "at": row["counted_at"],
         "answer": None}
        for row in rows if row["counted_at"]
    ]  # fmt: skip
    connection = session.connection()
    connection.execute(insert(Reconciliation), rows)
    connection.execute(insert(ReconciliationCount), counts)
    connection.execute(update(Occasion).where(*past).values(next_at=None))
    return len(rows)


def _row(number: int, one: Any, version: int | None, person: int | None, today: date) -> dict[str, Any]:
    key, rollout, place, day = one
    at = datetime(day.year, day.month, day.day, 23, tzinfo=UTC)
    missed, waits = number % 50 == 0, (today - day).days <= 1
    counted_at = None if missed else at
    return {
        "id": number, "version": 2, "occasion_id": key, "rollout_id": rollout, "location_id": place, "entry": "daily",
        "day": day, "playbook_version_id": version, "counted_by": None if missed else person, "counted_at": counted_at,
        "reviewed_by": None if missed or waits else person, "reviewed_at": None if missed or waits else at,
        "clean": None if missed or waits else number % 30 != 0, "missed_at": at if missed else None,
    }  # fmt: skip
