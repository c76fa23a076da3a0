"""A meeting is held, corrected, called off, missed; what is agreed there is a task."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlmodel import select

from app.actions.issues.talking import REDACTED
from app.actions.locations.pauses import pause_location
from app.actions.meetings.holding import call_off, redact_meeting
from app.actions.meetings.missing import miss_meeting
from app.actions.occasions.missing import claim_occasion
from app.db import Database
from app.errors import Forbidden, Invalid, NotFound, Refused, Stale
from app.models import Event, MeetingAction, MeetingRecord, Occasion, Task
from tests import cast as casting
from tests.actions.meetings.talks import FRIDAY, agree, hold, occasion, record_of
from tests.cast import NOW, Cast
from tests.rules.meetings.book import TALKS

LATER = NOW + timedelta(days=1)


@pytest.fixture
def talks(db: Database) -> Cast:
    return casting.running(db, TALKS)


def verbs(db: Database) -> list[str]:
    with db.reading() as session:
        return list(session.exec(select(Event.verb).where(Event.subject_kind == "meeting").order_by(Event.id)))  # type: ignore[arg-type]


def test_holding_keeps_who_was_there_and_what_was_said(db: Database, talks: Cast) -> None:
    with db.writing() as session:
        row = occasion(session, talks, "huddle", "alder")
        there = [talks.people["itl"], talks.people["chA"]]
        record = hold(session, talks, row, "chA", attended=there, notes="Printers are late", seen=0)
        assert (record.held_by, record.held_at, record.notes) == (talks.people["chA"], NOW, "Printers are late")
        assert record.attended == sorted(there)
        assert row.next_at is None
    assert verbs(db) == ["meeting.held"]
    with db.reading() as session:
        told = session.exec(select(Event).where(Event.verb == "meeting.held")).one()
        assert "Printers" not in str(told.data)
        assert told.data == {"after": {"there": 2}}


def test_the_same_again_is_quiet_and_notes_are_corrected_by_version(db: Database, talks: Cast) -> None:
    with db.writing() as session:
        row = occasion(session, talks, "huddle", "alder")
        first = hold(session, talks, row, "chA", notes="a", seen=0)
        seen = first.version
        assert hold(session, talks, row, "chA", notes="a", seen=0).version == seen
        second = hold(session, talks, row, "dir", notes="b", seen=seen, attended=first.attended)
        assert (second.version, second.held_by) == (seen + 1, talks.people["chA"])
        with pytest.raises(Stale) as refusal:
            hold(session, talks, row, "chA", notes="c", seen=seen)
        assert refusal.value.who == "Dana Whitfield"
    assert verbs(db) == ["meeting.held", "meeting.noted"]


def test_of_two_who_hold_it_at_once_the_second_is_told(db: Database, talks: Cast) -> None:
    with db.writing() as session:
        row = occasion(session, talks, "huddle", "alder")
        hold(session, talks, row, "chA", notes="a", seen=0)
        with pytest.raises(Stale):
            hold(session, talks, row, "chAB", notes="b", seen=0)


@pytest.mark.parametrize(
    ("entry", "place", "who", "refusal"),
    [
        ("huddle", "alder", "chB", NotFound), ("huddle", "alder", "exe", Forbidden),
        ("huddle", "alder", "itl", Forbidden),
        ("steering", "", "chA", Forbidden), ("steering", "", "itl", Forbidden), ("wave-call", "", "chA", Forbidden),
        ("huddle", "alder", "adm", NotFound), ("huddle", "alder", "opm", None), ("steering", "", "exe", None),
        ("wave-call", "", "itl", None), ("huddle", "alder", "chAB", None),
    ],
)  # fmt: skip
def test_who_leads_it_works_there_or_directs_records_it(
    db: Database, talks: Cast, entry: str, place: str, who: str, refusal: type[Exception] | None
) -> None:
    with db.writing() as session:
        row = occasion(session, talks, entry, place)
        if refusal is None:
            assert hold(session, talks, row, who, attended=[]).held_by == talks.people[who]
            return
        with pytest.raises(refusal):
            hold(session, talks, row, who, attended=[])


def test_before_its_day_at_the_place_nothing_is_recorded_but_it_can_be_called_off(db: Database, talks: Cast) -> None:
    with db.writing() as session:
        row = occasion(session, talks, "huddle", "birch", "2027-01-06")
        almost = NOW.replace(day=6, hour=4, minute=59)  # 23:59 of the day before in New York
        with pytest.raises(Refused, match="It is on Wed 6 Jan"):
            hold(session, talks, row, "chB", now=almost)
        with pytest.raises(Refused):
            agree(session, talks, row, "chB", now=almost)
        by = talks.viewer(session, "chB")
        record = call_off(session, row.id or 0, reason="The site is shut", seen=0, by=by, now=NOW)
        assert (record.called_off_by, record.called_off_reason) == (by.person, "The site is shut")
        again = call_off(session, row.id or 0, reason="The site is shut", seen=0, by=by, now=NOW)
        assert again.version == record.version
        with pytest.raises(Refused, match="called off"):
            agree(session, talks, row, "chB", now=almost + timedelta(hours=1))
        held = hold(session, talks, row, "chB", now=almost + timedelta(hours=1))
        assert (held.called_off_at, held.called_off_reason) == (None, "")
        with pytest.raises(Refused, match="It was held"):
            call_off(session, row.id or 0, reason="No", seen=None, by=by, now=NOW)
        with pytest.raises(Invalid):
            call_off(session, occasion(session, talks, "steering").id or 0, reason=" ", seen=0,
                     by=talks.viewer(session, "dir"), now=NOW)  # fmt: skip


def test_strangers_were_not_there_and_whom_one_may_not_know_stays_noted(db: Database, talks: Cast) -> None:
    with db.writing() as session:
        row = occasion(session, talks, "wave-call")
        with pytest.raises(Invalid):
            hold(session, talks, row, "dir", attended=[99_999])
        with pytest.raises(Invalid):  # no role in this rollout
            hold(session, talks, row, "dir", attended=[talks.people["ch0"]])
        with pytest.raises(Invalid):  # nothing to do with Alder
            hold(session, talks, occasion(session, talks, "huddle", "alder"), "dir", attended=[talks.people["chB"]])
        there = {talks.people["chB"], talks.people["chA"]}
        hold(session, talks, row, "dir", attended=there)
        again = hold(session, talks, row, "itl", attended=[talks.people["itl"]])
        assert again.attended == [talks.people["itl"]]
        row = occasion(session, talks, "huddle", "alder")
        hold(session, talks, row, "chAB", attended=[talks.people["chAB"]])


def test_a_day_without_a_word_is_missed_and_stays_marked(db: Database, talks: Cast) -> None:
    with db.writing() as session:
        row = occasion(session, talks, "huddle", "alder")
        claimed = claim_occasion(session, row.id or 0, now=LATER)
        assert claimed is not None
        miss_meeting(session, claimed, now=LATER)
        record = record_of(session, row.id or 0)
        assert record is not None and (record.missed_at, record.held_at) == (LATER, None)
        miss_meeting(session, claimed, now=LATER + timedelta(days=1))
        assert record.missed_at == LATER
        hold(session, talks, row, "chA", now=LATER, notes="We did meet", seen=record.version)
        assert (record.missed_at, record.held_at) == (LATER, LATER)
    assert verbs(db) == ["meeting.missed", "meeting.held"]


def test_entered_after_its_day_it_was_missed_whether_the_worker_looked_or_not(db: Database, talks: Cast) -> None:
    with db.writing() as session:
        row = occasion(session, talks, "huddle", "alder")
        record = hold(session, talks, row, "chA", now=LATER, seen=0)
        assert (record.missed_at, record.held_at, row.next_at) == (LATER, LATER, None)
        off = occasion(session, talks, "wave-call")
        found = call_off(session, off.id or 0, reason="Forgot", seen=0, by=talks.viewer(session, "itl"), now=LATER)
        assert (found.missed_at, found.called_off_at) == (LATER, LATER)
    assert verbs(db) == ["meeting.missed", "meeting.held", "meeting.missed", "meeting.called_off"]


def test_what_was_over_before_there_was_a_plan_is_not_missed(db: Database, talks: Cast) -> None:
    with db.reading() as session:
        monday = occasion(session, talks, "huddle", "alder", "2027-01-04")
        assert (monday.next_at, record_of(session, monday.id or 0)) == (None, None)


@pytest.mark.parametrize("how", ["held", "called off", "paused", "closed"])
def test_what_was_recorded_or_not_expected_is_not_missed(db: Database, talks: Cast, how: str) -> None:
    with db.writing() as session:
        row, by = occasion(session, talks, "huddle", "alder"), talks.viewer(session, "dir")
        if how == "held":
            hold(session, talks, row, "chA")
        elif how == "called off":
            call_off(session, row.id or 0, reason="Snow", seen=0, by=by, now=NOW)
        elif how == "paused":
            pause_location(session, talks.locations["alder"], reason="Snow", by=by, now=NOW)
        else:
            from app.models import Rollout

            session.get_one(Rollout, talks.rollout).closed_at = NOW
            session.flush()
        miss_meeting(session, row, now=LATER)
        record = record_of(session, row.id or 0)
        assert record is None or record.missed_at is None


def test_what_is_agreed_is_a_task_of_the_place_once_for_a_token(db: Database, talks: Cast) -> None:
    with db.writing() as session:
        row = occasion(session, talks, "huddle", "alder")
        given = {"due": date(2027, 1, 8), "person": talks.people["chAB"], "role": "", "token": "one"}
        made = agree(session, talks, row, "chA", **given)
        assert agree(session, talks, row, "chA", **given).id == made.id
        task = session.get_one(Task, made.task_id)
        assert (task.title, task.due, task.location_id) == ("Order cables", date(2027, 1, 8), talks.locations["alder"])
        record = session.get_one(MeetingRecord, made.record_id)
        assert (record.occasion_id, record.held_at) == (row.id, NOW)
        assert len(session.exec(select(MeetingAction)).all()) == 1
        with pytest.raises(Refused):
            agree(session, talks, row, "chA", **{**given, "title": "Something else"})
    assert verbs(db) == ["meeting.agreed"]


def test_whoever_leads_a_meeting_gives_work_though_they_may_not_elsewhere(db: Database, talks: Cast) -> None:
    with db.writing() as session:
        made = agree(session, talks, occasion(session, talks, "steering"), "exe", role="director")
        assert session.get_one(Task, made.task_id).location_id is None
        with pytest.raises(Invalid):
            agree(session, talks, occasion(session, talks, "steering"), "exe", role="nobody")
        with pytest.raises(Forbidden):
            agree(session, talks, occasion(session, talks, "huddle", "alder"), "itl")


def test_a_refused_action_leaves_neither_a_task_nor_a_record(db: Database, talks: Cast) -> None:
    with pytest.raises(Invalid), db.writing() as session:
        agree(session, talks, occasion(session, talks, "huddle", "alder"), "chA", title=" ")
    with db.reading() as session:
        assert session.exec(select(MeetingRecord)).all() == []
        assert session.exec(select(Task).where(Task.added)).all() == []


def test_notes_and_reasons_are_taken_away_for_good(db: Database, talks: Cast) -> None:
    with db.writing() as session:
        row, by = occasion(session, talks, "huddle", "alder"), talks.viewer(session, "chA")
        redact_meeting(session, row.id or 0, part="notes", by=by, now=NOW)
        record = hold(session, talks, row, "chA", notes="MRN 48213377")
        redact_meeting(session, row.id or 0, part="notes", by=by, now=NOW)
        redact_meeting(session, row.id or 0, part="notes", by=by, now=NOW)
        assert record.notes == REDACTED
        off = occasion(session, talks, "huddle", "alder", "2027-01-06")
        call_off(session, off.id or 0, reason="MRN 48213377", seen=0, by=by, now=NOW)
        redact_meeting(session, off.id or 0, part="reason", by=by, now=NOW)
        found = record_of(session, off.id or 0)
        assert found is not None and found.called_off_reason == REDACTED
        with pytest.raises(Forbidden):
            redact_meeting(session, row.id or 0, part="notes", by=talks.viewer(session, "itl"), now=NOW)
    assert verbs(db) == ["meeting.held", "meeting.redacted", "meeting.called_off", "meeting.redacted"]


def test_nothing_else_that_recurs_is_a_meeting(db: Database, talks: Cast) -> None:
    with db.writing() as session:
        row = occasion(session, talks, "huddle", "alder")
        row.kind = "coverage"
        session.flush()
        with pytest.raises(NotFound):
            hold(session, talks, row, "dir")
        assert session.exec(select(Occasion).where(Occasion.kind == "coverage")).one()


def test_the_first_save_keeps_the_agenda_and_later_ones_leave_it(db: Database, talks: Cast) -> None:
    with db.writing() as session:
        row = occasion(session, talks, "all-hands", day="2027-01-08")
        record = hold(session, talks, row, "dir", now=FRIDAY)
        kept = list(record.agenda)
        assert [one["part"] for one in kept][:3] == ["points", "wins", "concerns"]
        assert [line["said"] for line in kept[0]["lines"]] == ["Wins worth celebrating", "Figures"]
        agree(session, talks, row, "dir", now=FRIDAY, role="director")
        hold(session, talks, row, "dir", now=FRIDAY + timedelta(days=3), notes="Later", seen=record.version)
        assert record.agenda == kept
