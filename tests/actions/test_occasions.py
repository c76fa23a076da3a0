"""What recurs is dated with the plan: a row each time, moved with the cutover, and never twice."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session, col, select

from app.actions.occasions.missing import claim_occasion, due_occasions, put_off_occasion
from app.actions.schedule.moves import move_cutover, planned_cutover_move
from app.actions.schedule.planning import plan_of
from app.db import Database
from app.models import Location, Occasion, Reconciliation, Rollout
from tests import cast as casting
from tests.cast import NOW, PLAYBOOK, Cast

# One id stands in four sections: each has its own.
RHYTHM = (
    PLAYBOOK.replace(
        "  migration: {title",
        "  daily: {title: Read the log, owner: champion, due: live week 1, every: working day 08:00}\n"
        "  migration: {title",
    )
    + """\
training:
  train-desk: {title: Front desk, for: desk, owner: it-lead, takes: 2h, due: cutover - 3d, catch_up: cutover + 4d}
coverage:
  daily: {title: On site, owner: it-lead, scope: location, when: live week 1 .. live week 2, hours: "08:00-17:00"}
meetings:
  daily: {title: Huddle, owner: champion, who: champion, when: live week 1, every: working day 07:15}
  weekly: {title: All-hands, owner: director, who: everyone, scope: network, when: week 1 .. week 8, every: fri 12:00}
reconciliation:
  daily:
    title: Daily reconciliation
    owner: champion
    when: live week 1
    every: working day 17:30
    grace: 90m
    lines: {claims: {title: Claims, compare: [Submitted, Received], tolerance: 0}}
"""
)
CHAMPION = "      champion: Site champion\n"
RHYTHM = RHYTHM.replace(CHAMPION, f"{CHAMPION}      desk: {{title: Front desk, staff: true}}\n")


@pytest.fixture
def rhythm(db: Database) -> Cast:
    return casting.running(db, RHYTHM)


def at(session: Session, cast: Cast, place: str) -> list[Occasion]:
    key = cast.locations[place] if place else None
    return list(session.exec(select(Occasion).where(Occasion.location_id == key).order_by(col(Occasion.id))))


def stored_is_planned(session: Session, cast: Cast) -> bool:
    rollout = session.get_one(Rollout, cast.rollout)
    slugs = {row.id: row.slug for row in session.exec(select(Location))}
    plan = plan_of(session, rollout)
    items = [item for place in ("", *slugs.values()) for item in plan.recurring_at(place)[0]]
    stored = Counter(
        (slugs.get(row.location_id, ""), row.kind, row.entry, row.value, row.begins, row.due, row.due_at, row.late_at)
        for row in session.exec(select(Occasion))
    )
    return stored == Counter(
        (one.location, one.kind, one.entry, one.value, one.begins, one.due, one.due_at, one.late_at) for one in items
    )


def test_each_time_has_a_row_and_a_stretch_has_one(db: Database, rhythm: Cast) -> None:
    with db.reading() as session:
        found = Counter((row.kind, row.entry) for row in at(session, rhythm, "alder"))
        assert found == {
            ("reconciliation", "daily"): 5, ("meeting", "daily"): 5, ("coverage", "daily"): 1,
            ("catch-up", "train-desk"): 1,
        }  # fmt: skip
        assert Counter((row.kind, row.entry) for row in at(session, rhythm, "")) == {("meeting", "weekly"): 8}
        assert stored_is_planned(session, rhythm)


def test_a_day_counts_as_missed_after_its_grace_and_a_meeting_after_its_day(db: Database, rhythm: Cast) -> None:
    with db.reading() as session:
        found = {row.kind: row for row in reversed(at(session, rhythm, "birch"))}
    first = found["reconciliation"]
    assert (first.value, first.due, first.due_at) == (
        "2027-02-08",
        date(2027, 2, 8),
        datetime(2027, 2, 8, 22, 30, tzinfo=UTC),
    )
    assert first.late_at == first.next_at == datetime(2027, 2, 9, 0, 0, tzinfo=UTC)
    assert found["meeting"].next_at == datetime(2027, 2, 9, 5, 0, tzinfo=UTC)
    assert found["coverage"].next_at is found["catch-up"].next_at is None
    assert (found["coverage"].begins, found["coverage"].due) == (date(2027, 2, 8), date(2027, 2, 19))


def test_a_moved_cutover_takes_along_what_is_ahead_and_leaves_what_was_recorded(db: Database, rhythm: Cast) -> None:
    with db.writing() as session:
        alder, by = rhythm.locations["alder"], rhythm.viewer(session, "dir")
        day = next(row for row in at(session, rhythm, "alder") if row.kind == "reconciliation")
        version = session.get_one(Location, alder).playbook_version_id or 0
        session.add(
            Reconciliation(
                occasion_id=day.id or 0, rollout_id=rhythm.rollout, location_id=alder, entry="daily",
                day=date(2027, 2, 8), playbook_version_id=version,
            )
        )  # fmt: skip
        session.flush()
        move = planned_cutover_move(session, alder, cutover="2027-02-15 07:00", by=by, now=NOW)
        move_cutover(session, alder, cutover="2027-02-15 07:00", reason="Snow.", shown=move.fingerprint, by=by, now=NOW)
    with db.writing() as session:
        days = {row.value: row for row in at(session, rhythm, "alder") if row.kind == "reconciliation"}
        assert sorted(days) == [f"2027-02-{number:02}" for number in (8, 15, 16, 17, 18, 19)]
        cover = next(row for row in at(session, rhythm, "alder") if row.kind == "coverage")
        assert (cover.begins, cover.due) == (date(2027, 2, 15), date(2027, 2, 26))
        for row in (session.exec(select(Reconciliation)).one(), days["2027-02-08"]):
            session.delete(row)
            session.flush()
        assert stored_is_planned(session, rhythm)


def test_of_two_who_look_one_takes_it_and_it_is_not_looked_at_again(db: Database, rhythm: Cast) -> None:
    late = datetime(2027, 2, 9, 1, 0, tzinfo=UTC)
    with db.writing() as session:
        due = due_occasions(session, now=late)
        taken = [claim_occasion(session, due[0], now=late) for _ in range(2)]
        assert [row.id if row else None for row in taken] == [due[0], None]
        put_off_occasion(session, due[1], until=datetime(2027, 2, 9, 1, 5, tzinfo=UTC))
        assert due_occasions(session, now=late) == [row for row in due if row not in due[:2]]
        assert claim_occasion(session, due[1], now=late) is None
