"""Four locations in two waves that read what the source promises, before and after their go-live. `ROWS` are the raw
figures; two centres do well, one is slow, one gets worse.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from sqlmodel import Session, select

from app.actions.metrics.baselines import sign_baseline
from app.actions.metrics.planned import Given
from app.actions.metrics.recording import record_readings
from app.actions.playbooks import upload_playbook
from app.actions.rollouts.drafting import Holding, draft_rollout, set_locations, set_people, set_start
from app.actions.schedule.starting import start_rollout
from app.db import Database
from app.models import Location, Rollout
from app.worker import tick
from tests import cast as casting
from tests.cast import HOLDINGS, NOW, PLAYBOOK, START, Cast
from tests.measuring import shown_hash

METRICS = """\
metrics:
  revenue:
    title: Billing and revenue
    owner: champion
    every: week
    better: lower
    baseline: {due: week 2 fri}
    roll_up: mean by exams
    metrics:
      ar-days:
        title: Days in receivables
        unit: days
        target: {value: 35, by: cutover + 90d}
        expected_change: -40 % .. -30 %
      denial-rate:
        title: Claim denials
        unit: "%"
        target: {value: 4, by: cutover + 60d}
        exclude: live week 1 .. live week 2
      exams: {title: Exams of the week, unit: exams, better: higher, roll_up: sum}
  flow:
    title: Scheduling
    owner: champion
    every: week
    baseline: {due: week 2 fri}
    roll_up: mean
    metrics:
      utilisation: {title: Equipment utilisation, unit: "%", better: higher, target: {value: 75, by: undated}}
      no-shows: {title: No-show rate, unit: "%", better: lower}
  cost:
    title: Cost
    owner: champion
    every: month
    unit: USD
    better: lower
    baseline: {due: week 2 fri}
    roll_up: sum
    metrics:
      billing-spend: {title: Spend on billing}
      it-spend: {title: Spend on IT}
      monthly-exams: {title: Exams of the month, unit: exams, better: higher}
      admin-fte: {title: Administrative staff, unit: FTE}
      cost-per-exam:
        title: Administrative cost of an exam
        formula: ( billing-spend + it-spend ) / monthly-exams
        target: {value: 8, by: cutover + 90d}
"""
_WAVES = PLAYBOOK[PLAYBOOK.index("waves:\n") : PLAYBOOK.index("workstreams:\n")]
MEETINGS = """\
meetings:
  friday: {title: Friday call, owner: ops-manager, who: everyone, scope: network, when: week 1, every: fri 09:00}
"""
RETURNING = (
    PLAYBOOK.replace(
        _WAVES,
        'waves:\n  pilot: {title: Pilot, when: week 3 .. week 6, cutover: "week 6 mon 07:00", locations: 2}\n'
        '  second: {title: Second wave, when: week 7 .. week 8, cutover: "week 8 mon 07:00", locations: 2}\n',
    )
    + METRICS
    + MEETINGS
)
SITES = (
    {"id": "alder", "name": "Alder", "zone": "America/Chicago", "wave": "pilot", "attributes": {"legacy": True}},
    {"id": "birch", "name": "Birch", "zone": "America/New_York", "wave": "pilot", "attributes": {"legacy": False}},
    {"id": "cedar", "name": "Cedar", "zone": "America/Chicago", "wave": "second", "attributes": {"legacy": False}},
    {"id": "dogwood", "name": "Dogwood", "zone": "America/Denver", "wave": "second", "attributes": {"legacy": False}},
)
LIVE = {"alder": date(2027, 2, 8), "birch": date(2027, 2, 8), "cedar": date(2027, 2, 22), "dogwood": date(2027, 2, 22)}
UNTIL = date(2027, 5, 16)
"""The last day that is read: a Sunday."""
THEN = datetime(2027, 5, 18, 15, 0, tzinfo=UTC)
"""The Tuesday after it."""


class Row(NamedTuple):
    location: str
    metric: str
    first: date
    last: date
    value: Decimal


WELL = {"alder": Decimal("1.1"), "birch": Decimal("0.95"), "cedar": Decimal("0.3"), "dogwood": Decimal("-0.2")}
"""How far each has come at the end of its days, against what was promised."""
VOLUME = {"alder": 400, "birch": 250, "cedar": 150, "dogwood": 100}
PROMISED = {"ar-days": (45, 35), "denial-rate": (8, 4), "utilisation": (62, 75), "no-shows": (9, 6)}


def _share(location: str, day: date) -> Decimal:
    """0 before the go-live; then a line to what the centre reaches after ten weeks."""
    weeks = max(0, (day - LIVE[location]).days // 7)
    return WELL[location] * min(Decimal(1), Decimal(weeks) / 10)


def _wobble(location: str, number: int) -> Decimal:
    return Decimal((number * 7 + len(location) * 3) % 5 - 2) / 10


def _weekly(location: str) -> list[Row]:
    found, monday, number = [], date(2026, 11, 2), 0
    while monday + timedelta(days=6) <= UNTIL:
        last, share = monday + timedelta(days=6), _share(location, monday)
        for metric, (before, after) in PROMISED.items():
            dip = Decimal(3) if metric == "denial-rate" and 0 <= (monday - LIVE[location]).days < 14 else Decimal(0)
            value = Decimal(before) + Decimal(after - before) * share + _wobble(location, number) + dip
            found.append(Row(location, metric, monday, last, value.quantize(Decimal("0.01"))))
        found.append(Row(location, "exams", monday, last, Decimal(VOLUME[location] + number % 3 * 10)))
        monday, number = monday + timedelta(weeks=1), number + 1
    return found


def _monthly(location: str) -> list[Row]:
    found = []
    for number, (year, month) in enumerate([(2026, 11), (2026, 12), *((2027, one) for one in range(1, 5))]):
        first, last = date(year, month, 1), date(year, month, monthrange(year, month)[1])
        exams = VOLUME[location] * 4 + number * 20
        cost = Decimal(12) - 4 * _share(location, last)
        spend = (cost * exams).quantize(Decimal(1))
        billing = (spend * 3 / 4).quantize(Decimal(1))
        rows = {"billing-spend": billing, "it-spend": spend - billing, "monthly-exams": Decimal(exams),
                "admin-fte": Decimal("6") - 2 * _share(location, last).quantize(Decimal("0.1"))}  # fmt: skip
        found += [Row(location, metric, first, last, value) for metric, value in rows.items()]
    return found


ROWS = [row for one in SITES for row in (*_weekly(str(one["id"])), *_monthly(str(one["id"])))]


def returning(database: Database) -> Cast:
    """Started in January, all read and every baseline signed by May."""
    return casting._made_once(database, _returning)


def _returning(database: Database) -> Cast:
    cast = casting.people(database)
    with database.writing() as session:
        by = cast.viewer(session, "dir")
        version = upload_playbook(session, RETURNING.encode(), by=by, now=NOW)
        draft = draft_rollout(session, title="Two sites", playbook_version_id=version.id or 0, by=by, now=NOW)
        cast.rollout, cast.playbook = draft.id or 0, version.id or 0
        set_start(session, cast.rollout, start=START, seen=draft.version, by=by, now=NOW)
        set_locations(session, cast.rollout, SITES, seen=draft.version, by=by, now=NOW)
        holders = [Holding(role, cast.people[who], place) for role, who, place in HOLDINGS]
        set_people(session, cast.rollout, holders, seen=draft.version, by=by, now=NOW)
        rows = session.exec(select(Location).where(Location.rollout_id == cast.rollout))
        cast.locations = {row.slug: row.id or 0 for row in rows}
        seen = session.get_one(Rollout, cast.rollout).version
        start_rollout(session, cast.rollout, seen=seen, by=cast.viewer(session, "dir"), now=NOW)
        tick(session, NOW)
    with database.writing() as session:
        record(session, cast, ROWS)
        for place in cast.locations:
            sign_baseline(
                session, cast.rollout, cast.locations[place], shown=shown_hash(session, cast, place),
                by=cast.proven(session, "dir", THEN), now=THEN,
            )  # fmt: skip
    return cast


def record(session: Session, cast: Cast, rows: list[Row], reason: str = "") -> None:
    given = [Given(row.metric, row.first, row.last, row.value, location=row.location) for row in rows]
    by = cast.viewer(session, "dir", THEN)
    record_readings(session, cast.rollout, given, shown=None, reason=reason, by=by, now=THEN)
