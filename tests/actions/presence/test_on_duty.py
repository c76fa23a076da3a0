"""`on duty` on a ladder is whoever the rota has there at that moment."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.actions.issues.changes import acknowledge, escalate_by_hand
from app.actions.people.leaves import record_leave
from app.actions.presence.duties import call_off_duties
from app.db import Database
from tests.actions.issues.clockwork import LIVE, Clockwork
from tests.actions.presence.manned import MANNED, Manned, manned

LADDER = """\
  ladder:
    - {to: champion, at: opened}
"""
ON_DUTY = MANNED.replace(
    LADDER, "  ladder:\n    - {to: on duty on-site, at: opened}\n    - {to: on duty help-desk, at: 25 %}\n"
)


@pytest.fixture
def desk(db: Database) -> Manned:
    assert ON_DUTY != MANNED
    return manned(db, ON_DUTY)


def first_told(works: Manned, place: str = "alder") -> list[str]:
    clock = Clockwork(works.db, works.cast)
    issue = clock.report("chAB" if place else "dir", place=place)
    clock.look(LIVE)
    return [who for _, kind, who in clock.told(issue) if kind == "rung"]


def test_whoever_is_on_duty_there_is_told(desk: Manned) -> None:
    desk.assign("on-site", "alder", "cto")
    desk.assign("on-site", "birch", "itl")
    assert first_told(desk) == ["cto"]
    assert first_told(desk, "birch") == ["itl"]


def test_without_a_rota_those_who_take_turns_are_told(desk: Manned) -> None:
    assert first_told(desk) == ["cto", "itl"]


def test_who_was_called_off_is_not_told(desk: Manned) -> None:
    rows = desk.assign("on-site", "alder", "cto")
    desk.do(call_off_duties, [row.id for row in rows], reason="Ill")
    desk.assign("on-site", "alder", "itl")
    assert first_told(desk) == ["itl"]


def test_a_network_cover_is_there_for_every_place(desk: Manned) -> None:
    desk.assign("on-site", "alder", "cto")
    desk.assign("help-desk", "", "opm")
    clock = Clockwork(desk.db, desk.cast)
    issue = clock.report("chA")
    clock.run(LIVE, LIVE + timedelta(hours=6))
    rungs = [(hours, who) for hours, kind, who in clock.told(issue) if kind == "rung"]
    assert rungs == [(0, "cto"), (6, "opm")]


def test_the_cover_of_whoever_is_on_leave_is_told(desk: Manned) -> None:
    desk.assign("on-site", "alder", "cto")
    with desk.db.writing() as session:
        record_leave(
            session, desk.cast.people["cto"], first=date(2027, 2, 9), last=date(2027, 2, 9),
            cover_id=desk.cast.people["opm"], by=desk.cast.viewer(session, "dir", LIVE), now=LIVE,
        )  # fmt: skip
    assert first_told(desk) == ["opm"]


def test_outside_the_hours_those_who_take_turns_are_told(desk: Manned) -> None:
    desk.assign("on-site", "alder", "cto")
    clock = Clockwork(desk.db, desk.cast, LIVE + timedelta(hours=12))
    issue = clock.report("chA")
    clock.look(clock.begun)
    assert [who for _, kind, who in clock.told(issue) if kind == "rung"] == ["cto", "itl"]


def test_whoever_is_on_duty_without_the_role_may_take_it_and_is_told_by_hand(desk: Manned) -> None:
    desk.assign("on-site", "alder", "chA")
    clock = Clockwork(desk.db, desk.cast)
    issue = clock.report("chAB")
    clock.look(LIVE)
    clock.do(acknowledge, issue, "chA", at=LIVE)
    assert clock.issue(issue).acknowledged_by == desk.cast.people["chA"]
    desk.assign("help-desk", "", "opm")
    clock.do(escalate_by_hand, issue, "chA", at=LIVE, reason="Too much for me")
    assert clock.told(issue, kinds=["rung"]) == [(0, "rung", "chA"), (0, "rung", "opm")]
