"""A day is counted, handed in and closed by a second person; what is outside its tolerance becomes an issue."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlmodel import col, select

from app.actions.reconciliations.counting import enter_counts
from app.actions.reconciliations.handing import hand_in
from app.actions.reconciliations.reviewing import reopen_day, review_day, send_back
from app.db import Database
from app.errors import Forbidden, Invalid, NotFound, Refused, Stale
from app.models import Event, Issue, IssueNote, Location, PlaybookVersion, ReconciliationReturn, Rollout
from app.rules.reconciliations.judging import Given
from tests import cast as casting
from tests.cast import NOW, Cast
from tests.reconciling import RECONCILED, close_day, count_day, counts, given, occasion, record

SOON = NOW + timedelta(minutes=5)


def test_counts_are_kept_exactly_and_a_correction_keeps_what_stood(db: Database, counting: Cast) -> None:
    with db.writing() as session:
        day, by = occasion(session, counting), counting.viewer(session, "chA")
        enter_counts(session, day, [Given("cash", Decimal("1204.50"), Decimal("1204.50"))], seen=0, by=by, now=NOW)
        enter_counts(session, day, [Given("cash", Decimal("1204.50"), Decimal("1204.55"), reason="Coins")], seen=2,
                     source="api", by=by, now=SOON)  # fmt: skip
    with db.reading() as session:
        first, second = counts(session, day)
        assert (first.right, first.within, first.replaced_at, first.source) == (Decimal("1204.50"), True, SOON, "form")
        assert (second.right, second.within, second.reason, second.source) == (
            Decimal("1204.55"),
            False,
            "Coins",
            "api",
        )
        verbs = session.exec(select(Event.verb).where(Event.subject_kind == "reconciliation")).all()
        assert verbs == ["reconciliation.entered"] * 2
        assert "Coins" not in str([one.data for one in session.exec(select(Event))])


def test_the_same_again_is_quiet_even_on_a_stale_form(db: Database, counting: Cast) -> None:
    with db.writing() as session:
        day, by = occasion(session, counting), counting.viewer(session, "chA")
        first = enter_counts(session, day, given(), seen=0, by=by, now=NOW)
        again = enter_counts(session, day, given(), seen=0, by=by, now=SOON)
        assert first is again
        assert len(counts(session, day)) == 3
        other = occasion(session, counting, "birch")
        assert enter_counts(session, other, [], seen=0, by=counting.viewer(session, "chB"), now=NOW) is None


def test_a_form_drawn_before_somebody_elses_counts_is_stale(db: Database, counting: Cast) -> None:
    with db.writing() as session:
        day = occasion(session, counting)
        enter_counts(session, day, given(), seen=0, by=counting.viewer(session, "chA"), now=NOW)
        with pytest.raises(Stale) as told:
            enter_counts(session, day, given(cash=("1", "1")), seen=0, by=counting.viewer(session, "chAB"), now=SOON)
        assert (told.value.who, told.value.what) == ("Chiara Amato", "entered")


def test_what_cannot_be_taken_is_said_by_its_field(db: Database, counting: Cast) -> None:
    with db.writing() as session:
        day, by = occasion(session, counting), counting.viewer(session, "chA")
        lines = [
            Given("claims", Decimal(1)),
            Given("link", answer="maybe"),
            Given("nothing"),
            Given("cash", reason="x" * 1_001),
        ]
        with pytest.raises(Invalid) as told:
            enter_counts(session, day, lines, seen=0, by=by, now=NOW)
        assert told.value.fields.keys() == {"right-claims", "answer-link", "line-nothing", "reason-cash"}
        assert record(session, day) is None


def test_who_may_not_see_finds_nothing_and_who_may_not_count_is_refused(db: Database, counting: Cast) -> None:
    with db.writing() as session:
        day = occasion(session, counting)
        for who, error in (("chB", NotFound), ("ch0", NotFound), ("exe", Forbidden), ("itl", Forbidden)):
            with pytest.raises(error):
                enter_counts(session, day, given(), seen=0, by=counting.viewer(session, who), now=NOW)
        assert enter_counts(session, day, given(), seen=0, by=counting.viewer(session, "opm"), now=NOW) is not None


def test_nothing_is_entered_before_the_day_has_come_at_its_place(db: Database, counting: Cast) -> None:
    with db.writing() as session:
        day, by = occasion(session, counting, day=date(2027, 1, 6)), counting.viewer(session, "chA")
        with pytest.raises(Refused, match="not come yet"):
            enter_counts(session, day, given(), seen=0, by=by, now=NOW + timedelta(hours=14))
        enter_counts(session, day, given(), seen=0, by=by, now=NOW + timedelta(hours=15))


def test_a_day_is_handed_in_whole_and_once(db: Database, counting: Cast) -> None:
    with db.writing() as session:
        day, by = occasion(session, counting), counting.viewer(session, "chA")
        with pytest.raises(Refused) as told:
            hand_in(session, day, seen=0, by=by, now=NOW)
        assert told.value.missing == ("Claims", "Copays", "PACS reachable all day")
        count_day(session, counting, day)
        row = hand_in(session, day, seen=1, by=counting.viewer(session, "chAB"), now=SOON)
        assert (row.counted_by, row.counted_at) == (counting.people["chA"], NOW)
        handed = session.exec(select(Event).where(Event.verb == "reconciliation.handed_in")).all()
        assert len(handed) == 1


def test_the_counter_never_closes_and_neither_does_anybody_of_whom_a_count_stands(db: Database, counting: Cast) -> None:
    with db.writing() as session:
        day = occasion(session, counting)
        enter_counts(session, day, given()[:1], seen=0, by=counting.viewer(session, "opm"), now=NOW)
        count_day(session, counting, day, given()[1:])
        for who, error in (("opm", Forbidden), ("chA", Forbidden), ("chAB", Forbidden), ("exe", Forbidden)):
            with pytest.raises(error):
                review_day(session, day, seen=None, by=counting.viewer(session, who), now=SOON)
        row = review_day(session, day, seen=None, by=counting.viewer(session, "dir"), now=SOON)
        assert (row.clean, row.reviewed_by) == (True, counting.people["dir"])


def test_a_second_click_closes_nothing_twice(db: Database, counting: Cast) -> None:
    with db.writing() as session:
        day = occasion(session, counting)
        with pytest.raises(Refused):
            review_day(session, day, seen=0, by=counting.viewer(session, "opm"), now=NOW)
        close_day(session, counting, day)
        again = review_day(session, day, seen=1, by=counting.viewer(session, "dir"), now=SOON)
        assert again.reviewed_by == counting.people["opm"]


def test_what_the_reviewer_has_not_seen_is_not_closed(db: Database, counting: Cast) -> None:
    with db.writing() as session:
        day = occasion(session, counting)
        count_day(session, counting, day)
        row = record(session, day)
        seen = row.version if row else 0
        by = counting.viewer(session, "chA")
        enter_counts(session, day, [Given("claims", Decimal(412), Decimal(413))], seen=seen, by=by, now=SOON)
        with pytest.raises(Stale):
            review_day(session, day, seen=seen, by=counting.viewer(session, "opm"), now=SOON)


def test_a_reason_is_demanded_when_handing_in(db: Database, counting: Cast) -> None:
    with db.writing() as session:
        day, by = occasion(session, counting), counting.viewer(session, "chA")
        enter_counts(session, day, given(claims=("412", "400"), link="fail"), seen=0, by=by, now=NOW)
        with pytest.raises(Invalid) as told:
            hand_in(session, day, seen=2, by=by, now=NOW)
        assert told.value.fields.keys() == {"reason-claims", "reason-link"}


def test_a_line_outside_opens_one_issue_with_the_numbers(db: Database, counting: Cast) -> None:
    with db.writing() as session:
        day = occasion(session, counting)
        lines = [
            Given("claims", Decimal(412), Decimal(400), reason="Batch 7 is missing"),
            Given("cash", Decimal(40), Decimal("39.5"), reason="Till short"),
            Given("link", answer="pass"),
        ]
        close_day(session, counting, day, lines)
        first, second = session.exec(select(Issue).order_by(col(Issue.id))).all()
        assert (first.title, first.severity, first.source) == (
            "Daily count: Claims differs by \u221212",
            "critical",
            "work",
        )
        assert second.title == "Daily count: Copays differs by \u22120.5 USD"
        assert (second.severity, second.by_id, second.location_id) == (
            "normal", counting.people["chA"], counting.locations["alder"],
        )  # fmt: skip
        assert first.details.split("\n\n") == [
            "Daily count, Tuesday 5 January 2027: Claims.", "Submitted: 412", "Received: 400",
            "Variance: \u221212 (\u22122.91%)", "Tolerance: 2 or 1%", "Reason: Batch 7 is missing",
        ]  # fmt: skip
        assert first.breach_at is not None
        row = record(session, day)
        assert row is not None
        assert row.clean is False


def outside(count: str = "400") -> list[Given]:
    return [Given("claims", Decimal(412), Decimal(count), reason="Batch 7"), *given()[1:]]


def test_a_second_hand_in_opens_no_second_issue_and_a_correction_leaves_a_note(db: Database, counting: Cast) -> None:
    with db.writing() as session:
        day, by = occasion(session, counting), counting.viewer(session, "chA")
        count_day(session, counting, day, outside())
        send_back(session, day, reason="Count again", seen=None, by=counting.viewer(session, "opm"), now=SOON)
        enter_counts(session, day, outside("401")[:1], seen=None, by=by, now=SOON)
        hand_in(session, day, seen=None, by=by, now=SOON)
        enter_counts(session, day, given()[:1], seen=None, by=by, now=SOON)
        (issue,) = session.exec(select(Issue)).all()
        assert issue.resolved_at is None
        assert [note.said for note in session.exec(select(IssueNote).order_by(col(IssueNote.id)))] == [
            "Corrected: Submitted 412, Received 401. It is still outside its tolerance now.",
            "Corrected: Submitted 412, Received 412. It is within its tolerance now.",
        ]
        assert review_day(session, day, seen=None, by=counting.viewer(session, "opm"), now=SOON).clean is True


def test_a_correction_of_a_day_that_was_handed_in_needs_its_reason_and_opens_its_issue(
    db: Database, counting: Cast
) -> None:
    with db.writing() as session:
        day, by = occasion(session, counting), counting.viewer(session, "chA")
        count_day(session, counting, day)
        with pytest.raises(Invalid):
            enter_counts(session, day, [Given("cash", Decimal(40), Decimal(41))], seen=None, by=by, now=SOON)
        session.rollback()
    with db.writing() as session:
        by = counting.viewer(session, "chA")
        count_day(session, counting, day)
        enter_counts(session, day, [Given("cash", Decimal(40), Decimal(41), reason="Coin")], seen=None, by=by, now=SOON)
        assert len(session.exec(select(Issue)).all()) == 1


def test_a_day_is_given_back_with_a_reason_and_a_closed_one_only_by_who_manages(db: Database, counting: Cast) -> None:
    with db.writing() as session:
        day = occasion(session, counting)
        count_day(session, counting, day)
        opm = counting.viewer(session, "opm")
        with pytest.raises(Invalid):
            send_back(session, day, reason=" ", seen=None, by=opm, now=SOON)
        row = send_back(session, day, reason="The till of desk 2 is missing.", seen=None, by=opm, now=SOON)
        assert (row.counted_at, row.reviewed_at) == (None, None)
        assert send_back(session, day, reason="Again", seen=None, by=opm, now=SOON) is row
        close_day(session, counting, day)
        with pytest.raises(Refused):
            enter_counts(session, day, given(cash=("1", "1")), seen=None, by=counting.viewer(session, "chA"), now=SOON)
        with pytest.raises(Refused):
            send_back(session, day, reason="Too late", seen=None, by=opm, now=SOON)
        with pytest.raises(Forbidden):
            reopen_day(session, day, reason="A mistake", seen=None, by=counting.viewer(session, "chA"), now=SOON)
        row = reopen_day(session, day, reason="A mistake", seen=None, by=opm, now=SOON)
        assert (row.counted_at, row.reviewed_by, row.clean) == (None, None, None)
        kinds = session.exec(select(ReconciliationReturn.kind).order_by(col(ReconciliationReturn.id))).all()
        assert kinds == ["sent back", "reopened"]
        event = session.exec(select(Event).where(Event.verb == "reconciliation.reopened")).one()
        assert event.data["before"]["reviewed_by"] == counting.people["opm"]
        assert "mistake" not in str(event.data)


def test_the_lines_are_those_of_the_version_under_which_the_day_began(db: Database, counting: Cast) -> None:
    newer = RECONCILED.replace('version: "1.0"', 'version: "1.1"').replace("tolerance: 2 or 1 %", "tolerance: 0")
    with db.writing() as session:
        day, by = occasion(session, counting), counting.viewer(session, "chA")
        enter_counts(session, day, given(claims=("412", "413"))[:1], seen=0, by=by, now=NOW)
        version = PlaybookVersion(
            playbook_id="two-sites", version="1.1", title="Two sites", text=newer, sha256="1" * 64, uploaded_at=NOW
        )
        session.add(version)
        session.flush()
        session.get_one(Rollout, counting.rollout).playbook_version_id = version.id or 0
        for place in counting.locations.values():
            session.get_one(Location, place).playbook_version_id = version.id
        session.flush()
        enter_counts(session, day, given(claims=("500", "502"))[:1], seen=2, by=by, now=SOON)
        assert [one.within for one in counts(session, day)] == [True, True]
        other = occasion(session, counting, "birch")
        enter_counts(
            session, other, given(claims=("500", "502"))[:1], seen=0, by=counting.viewer(session, "chB"), now=SOON
        )
        assert [one.within for one in counts(session, other)] == [False]


def test_without_a_word_about_issues_nothing_is_opened(db: Database) -> None:
    head, _, rest = RECONCILED.partition("issues:\n")
    text = head + rest[rest.index("reconciliation:\n") :]
    text = text.replace("    on_fail: normal\n    on_late: normal\n", "").replace(", on_fail: critical", "")
    cast = casting.running(db, text)
    with db.writing() as session:
        day = occasion(session, cast)
        close_day(session, cast, day, outside())
        assert session.exec(select(Issue)).all() == []
