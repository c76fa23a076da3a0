"""What recurs and was missed: taken once, one that fails keeps no other waiting, and is tried again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from app.db import Database
from app.models import Event, Issue, Occasion, Reconciliation
from app.plan.terms import Recurring
from app.worker import occasions, tick
from app.worker.occasions import HANDLERS, TRY_AGAIN, miss
from tests import cast as casting
from tests.cast import NOW, Cast
from tests.reconciling import LATE, RECONCILED, count_day, occasion, record

MEETINGS = (
    RECONCILED
    + "meetings:\n  huddle: {title: Huddle, owner: champion, who: champion, when: week 1, every: day 09:00}\n"
)


@pytest.fixture
def base(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.dispose()


@pytest.fixture
def cast(base: Database) -> Cast:
    return casting.running(base, MEETINGS)


def missed(session: Session) -> list[str]:
    statement = select(Event.verb).where(col(Event.verb).like("%.missed")).order_by(col(Event.id))
    return list(session.exec(statement))


def test_a_look_takes_what_is_due_and_nothing_before(base: Database, cast: Cast) -> None:
    with base.writing() as session:
        assert miss(session, LATE - timedelta(hours=1, seconds=1)) == 0
        assert miss(session, LATE - timedelta(hours=1)) == 1  # an hour earlier at Birch
        assert miss(session, LATE) == 1
        assert miss(session, LATE) == 0
        assert missed(session) == ["reconciliation.missed"] * 2
        assert record(session, occasion(session, cast)) is not None


def test_the_worker_looks_and_the_ladder_tells_whoever_stands_first(base: Database, cast: Cast) -> None:
    with base.writing() as session:
        count_day(session, cast, occasion(session, cast, "birch"), who="chB")
    with base.writing() as session:
        tick(session, LATE)
        (issue,) = session.exec(select(Issue)).all()
        assert (issue.location_id, issue.severity) == (cast.locations["alder"], "normal")
        escalated = session.exec(select(Event).where(Event.verb == "issue.escalated")).one()
        assert cast.people["chA"] in escalated.data["after"]["told"]


def test_a_meeting_has_a_handler_of_its_own(base: Database, cast: Cast) -> None:
    assert HANDLERS.keys() == {Recurring.RECONCILIATION, Recurring.MEETING}
    with base.writing() as session:
        miss(session, NOW + timedelta(days=1))
        assert {verb.partition(".")[0] for verb in missed(session)} == {"meeting", "reconciliation"}


def test_one_that_fails_keeps_no_other_waiting_and_is_tried_again(
    base: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with base.reading() as session:
        bad = occasion(session, cast)
    working = HANDLERS[Recurring.RECONCILIATION]

    def break_once(session: Session, one: Occasion, **given: Any) -> None:
        working(session, one, **given)
        if one.id == bad:
            raise RuntimeError("no")

    monkeypatch.setattr(occasions, "HANDLERS", {**HANDLERS, Recurring.RECONCILIATION: break_once})
    with base.writing() as session:
        assert miss(session, LATE) == 1
        assert missed(session) == ["reconciliation.missed"]
        assert record(session, bad) is None
        assert session.get_one(Occasion, bad).next_at == LATE + TRY_AGAIN
    monkeypatch.undo()
    with base.writing() as session:
        assert miss(session, LATE + TRY_AGAIN) == 1
        assert record(session, bad) is not None


def test_two_workers_record_a_day_once(base: Database, cast: Cast) -> None:
    with base.writing() as session:
        miss(session, LATE)
    with base.writing() as session:
        miss(session, LATE)
        assert len(session.exec(select(Reconciliation)).all()) == 2
        assert len(session.exec(select(Issue)).all()) == 2
