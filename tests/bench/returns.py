"""The return of a network: eighteen metrics and three years of months, at 20 locations and at 2,000."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, literal, select, text, update
from sqlmodel import Session, SQLModel, col
from sqlmodel import select as select_rows

from app.actions.metrics.network import write_roll_ups
from app.actions.metrics.planned import Given
from app.actions.metrics.recording import record_readings
from app.actions.people.viewers import viewer_of
from app.db import Database, upgrade
from app.models import Location, MetricPoint, MetricReading, MetricSaved, MetricSaving, MetricStanding, Person, Rollout
from app.rules.metrics.periods import Cadence, latest_periods
from tests.bench.load import load, request
from tests.bench.seed import Seed, begun, places
from tests.bench.servers import Server, serving

FEW, MANY = 20, 2_000
READ, MONTHS = 15, 36
LOOKS = 60
OURS = "tests.bench.ours:app"
HEAD = """\
muster: 1
id: bench-returns
title: Three years of figures
version: "1.0"
length: 54w
calendar: {zone: America/Chicago, holidays: [US]}
roles: {champion: Site champion, lead: {title: Lead, scope: network, access: director}}
waves:
  pilot: {title: Pilot, when: week 1 .. week 10, cutover: "week 4 mon 07:00", locations: 1 ..}
  second: {title: Second, when: week 1 .. week 10, cutover: "week 8 mon 07:00", locations: 1 ..}
tasks: {ready: {title: Ready, owner: champion, due: week 1}}
metrics:
  all:
    title: All
    owner: champion
    every: month
    unit: USD
    better: lower
    baseline: {due: week 2 fri}
    roll_up: mean by exams
    metrics:
      exams: {title: Exams, unit: exams, better: higher, roll_up: sum}
      spend: {title: Spend, roll_up: sum}
"""
TARGET = ", target: {value: 35, by: cutover + 90d}, expected_change: -40 % .. -30 %"
Fresh = Callable[[], Iterator[str]]


def playbook() -> bytes:
    """Fifteen that are read beside the two that others are made from, and one that is computed: eighteen."""
    lines = [f'      read-{n}: {{title: Figure {n}, unit: "%"{TARGET if n < 4 else ""}}}\n' for n in range(READ)]
    lines.append("      cost: {title: Cost of an exam, formula: spend / exams, target: {value: 8, by: undated}}\n")
    return (HEAD + "".join(lines)).encode()


def returns(fresh: Fresh) -> Iterator[str]:
    """The page made anew, as after a change; the 95th of a hundred."""
    took: dict[str, list[float]] = {}
    for locations in (FEW, MANY):
        with _ours(fresh, locations) as (seed, server, readings):
            pages = {
                "network": f"/rollouts/{seed.rollout}/return",
                "one metric": f"/rollouts/{seed.rollout}/return/cost",
            }
            for name, path in pages.items():
                cookie = [("Cookie", seed.cookie)]
                warm = load(server.port, [[request("GET", path, cookie)] * 5], 200)
                # Another address each time: no page of it is kept.
                anew = [request("GET", f"{path}?look={number}", cookie) for number in range(LOOKS)]
                found = load(server.port, [anew], 200)
                took.setdefault(name, []).append(found.p95)
                yield f"{name}, {locations:,} locations ({readings:,} readings): p95 {found.p95 * 1000:.1f} ms," \
                      f" {found.bytes / 1000:.0f} kB, {found.failed + warm.failed} failed"  # fmt: skip
    for name, (few, many) in took.items():
        yield f"  {name}, {MANY:,} locations against {FEW}: {many / few:.2f}{' (bar 2)' if name == 'network' else ''}"


@contextmanager
def _ours(fresh: Fresh, locations: int) -> Iterator[tuple[Seed, Server, int]]:
    with contextmanager(fresh)() as url, tempfile.TemporaryDirectory() as folder:
        seed, readings = measured(url, locations)
        with serving(OURS, BENCH_DATABASE=url, BENCH_DATA=str(Path(folder))) as server:
            yield seed, server, readings


def measured(url: str, locations: int) -> tuple[Seed, int]:
    """The first location is read through the product's own actions, the others have the same rows."""
    upgrade(url)
    now = datetime.now(UTC)
    seed = begun(url, playbook(), places(locations), now - timedelta(weeks=26), now)
    database = Database(url)
    with database.writing() as session:
        rollout = session.exec(select_rows(Rollout)).one()
        first, *others = session.exec(select_rows(Location.id).order_by(col(Location.id))).all()
        by = viewer_of(session, session.exec(select_rows(Person.id)).first() or 0, now=now)
        record_readings(session, rollout.id or 0, given(now.date()), shown=None, by=by, now=now)
        for model in (MetricReading, MetricStanding, MetricSaving):
            _copy(session, model, first or 0, [key or 0 for key in others])
        session.execute(update(MetricPoint).values(places=locations))
        session.execute(update(MetricSaved).values(places=locations, amount=col(MetricSaved.amount) * locations))
        write_roll_ups(session, rollout)
        readings = session.execute(select(func.count()).select_from(MetricReading)).scalar_one()
    with database.writing() as session:  # as the database keeps itself, sooner or later
        session.connection().execute(text("ANALYZE"))
    database.dispose()
    return seed, readings


def given(today: date) -> list[Given]:
    found = []
    for number, (first, last) in enumerate(latest_periods(Cadence("month"), today, MONTHS)):
        for metric in ("exams", "spend", *(f"read-{n}" for n in range(READ))):
            value = {"exams": 400, "spend": 4_000}.get(metric, 40) + number % 5
            found.append(Given(metric, first, last, Decimal(value), location="site-0"))
    return found


def _copy(session: Session, model: type[SQLModel], first: int, others: list[int]) -> None:
    """Every row of the first location at each of the others, in one statement."""
    table: Any = model.__table__  # type: ignore[attr-defined]
    names = [one.name for one in table.columns if one.name not in ("id", "location_id")]
    where = Location.__table__  # type: ignore[attr-defined]
    rows = (
        select(where.c.id, *(table.c[name] for name in names))
        .select_from(table.join(where, literal(1) == 1))
        .where(table.c.location_id == first, where.c.id.in_(others))
    )
    session.execute(insert(table).from_select(["location_id", *names], rows))
