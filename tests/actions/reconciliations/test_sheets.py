"""A table of counts is entered whole or not at all, and only as it was shown."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import event
from sqlmodel import Session, select

from app.actions.reconciliations.counting import enter_counts
from app.actions.reconciliations.sheets import SheetPlan, enter_sheet, planned_sheet
from app.db import Database
from app.errors import NotFound, Refused
from app.models import ReconciliationCount
from app.rules.reconciliations.judging import Given
from app.rules.reconciliations.sheet import Row, read_sheet
from tests.cast import NOW, Cast
from tests.reconciling import close_day, occasion, record

HEAD = "location,entry,day,line,left,right,answer,reason\n"
WHOLE = """\
alder,daily,2027-01-05,claims,412,412,,
alder,daily,2027-01-05,cash,40.00,40.00,,
alder,daily,2027-01-05,link,,,pass,
birch,daily,2027-01-05,claims,100,105,,Batch
"""


def rows(text: str = WHOLE) -> list[Row]:
    return read_sheet(HEAD + text)


def planned(session: Session, cast: Cast, text: str = WHOLE, who: str = "opm") -> SheetPlan:
    return planned_sheet(session, cast.rollout, rows(text), by=cast.viewer(session, who), now=NOW)


def test_what_was_shown_is_entered_and_whole_days_are_handed_in(db: Database, counting: Cast) -> None:
    with db.writing() as session:
        plan, by = planned(session, counting), counting.viewer(session, "opm")
        assert [(row.outcome, row.within) for row in plan.rows] == [("new", True)] * 3 + [("new", False)]
        assert (plan.faulty, plan.days) == ((), 2)
        enter_sheet(session, counting.rollout, rows(), shown=plan.fingerprint, hand_in_too=True, by=by, now=NOW)
        alder, birch = (record(session, occasion(session, counting, at)) for at in ("alder", "birch"))
        assert alder is not None
        assert birch is not None
        assert (alder.counted_at, birch.counted_at) == (NOW, None)
        assert set(session.exec(select(ReconciliationCount.source))) == {"file"}
        again = planned(session, counting)
        assert [row.outcome for row in again.rows] == ["same"] * 4


def test_one_faulty_row_keeps_all_of_them_out(db: Database, counting: Cast) -> None:
    faulty = WHOLE + "alder,daily,2027-01-05,claim,1,1,,\n"
    with db.writing() as session:
        plan, by = planned(session, counting, faulty), counting.viewer(session, "opm")
        with pytest.raises(Refused) as told:
            enter_sheet(session, counting.rollout, rows(faulty), shown=plan.fingerprint, by=by, now=NOW)
        assert told.value.missing == ("Row 6: There is no line claim that day. Its lines are claims, cash, link.",)
        assert session.exec(select(ReconciliationCount)).all() == []


def test_what_changed_since_it_was_shown_is_shown_again(db: Database, counting: Cast) -> None:
    with db.writing() as session:
        plan, by = planned(session, counting), counting.viewer(session, "opm")
        cash = [Given("cash", Decimal(1), Decimal(1))]
        enter_counts(session, occasion(session, counting), cash, seen=0, by=counting.viewer(session, "chA"), now=NOW)
        with pytest.raises(Refused, match="have changed"):
            enter_sheet(session, counting.rollout, rows(), shown=plan.fingerprint, by=by, now=NOW)
        assert [row.outcome for row in planned(session, counting).rows] == ["new", "replaces", "new", "new"]


def test_every_row_says_what_is_wrong_with_it(db: Database, counting: Cast) -> None:
    with db.writing() as session:
        close_day(session, counting, occasion(session, counting, "birch"), who="chB")
        plan = planned(
            session, counting,
            "alder,daily,2027-01-05,claims,4x,,,\n"
            "alder,daily,2027-01-05,link,1,,,\n"
            "alder,daily,2027-01-05,cash,1,1,yes,\n"
            "alder,weekly,2027-01-05,cash,1,1,,\n"
            "alder,daily,2027-01-09,cash,1,1,,\n"
            "alder,daily,2027-01-06,cash,1,1,,\n"
            "birch,daily,2027-01-05,cash,1,1,,\n"
            "cedar,daily,2027-01-05,cash,1,1,,\n",
        )  # fmt: skip
        assert [row.faults for row in plan.rows] == [
            ("left: Give a figure, as 412 or 1204.50, without separators between thousands.",
             "right: both counts are needed."),
            ("left: this line asks for an answer.", "answer: Nothing was given."),
            ("answer: this line compares two counts.",),
            ("There is no entry weekly. Known are daily.",),
            ("Nothing is counted there that day.",),
            ("This day has not come yet.",),
            ("This day is closed.",),
            ("There is no location cedar.",),
        ]  # fmt: skip


def test_a_place_that_is_not_seen_is_as_one_that_is_not_there(db: Database, counting: Cast) -> None:
    with db.writing() as session:
        plan = planned(session, counting, who="chA")
        assert [row.faults for row in plan.rows] == [(), (), (), ("There is no location birch.",)]
        assert planned(session, counting, who="itl").rows[0].faults == ("Counting there is not yours to do.",)
        with pytest.raises(NotFound):
            planned(session, counting, who="ch0")


def test_the_number_of_queries_does_not_grow_with_the_rows(db: Database, counting: Cast) -> None:
    asked: list[str] = []
    with db.writing() as session:
        by = counting.viewer(session, "opm")
        event.listen(db.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
        numbers = []
        for text in (WHOLE.split("\n")[0] + "\n", WHOLE):
            asked.clear()
            planned_sheet(session, counting.rollout, rows(text), by=by, now=NOW)
            numbers.append(len(asked))
    assert numbers[0] == numbers[1]
