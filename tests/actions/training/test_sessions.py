"""Sessions, seats, attendance, and what follows for whoever was not there."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import col, select

from app.actions.training.attendance import close_attendance
from app.actions.training.enrolling import enrol, enrol_everybody, withdraw_enrolment
from app.actions.training.session_changes import call_off_session, change_session
from app.actions.training.sessions import plan_session
from app.actions.training.sitting import Sitting
from app.errors import Forbidden, Invalid, NotFound, Refused, Stale
from app.models import Delivery, Enrolment, TrainingSession
from tests.actions.training.school import AFTER, LATER, SESSION, School


def mails(pupils: School) -> list[tuple[str, str]]:
    with pupils.db.reading() as session:
        rows = session.exec(select(Delivery).where(Delivery.subject_kind == "enrolment").order_by(col(Delivery.id)))
        return [(row.kind, row.address) for row in rows]


def test_a_session_takes_the_hours_of_the_playbook_and_the_same_form_makes_it_once(pupils: School) -> None:
    first, again = (
        pupils.act(plan_session, pupils.cast.locations["alder"], "desk-basics", Sitting(SESSION), token="t", who="itl")
        for _ in range(2)
    )
    assert (first.id, first.minutes, first.seats) == (again.id, 120, None)
    assert pupils.verbs("session") == ["session.planned"]


def test_only_owners_and_those_who_work_there_plan_it(pupils: School) -> None:
    there = pupils.cast.locations["alder"]
    for who in ("dir", "opm", "itl", "chA"):
        pupils.act(plan_session, there, "desk-basics", Sitting(SESSION), who=who)
    for who, refusal in (("cto", Forbidden), ("exe", Forbidden), ("chB", NotFound)):
        with pytest.raises(refusal):
            pupils.act(plan_session, there, "desk-basics", Sitting(SESSION), who=who)
    with pytest.raises(Forbidden):
        pupils.act(plan_session, there, "billing-basics", Sitting(SESSION), who="itl")


def test_nobody_takes_a_seat_that_is_not_there_and_who_waits_is_named(pupils: School) -> None:
    at = pupils.session(seats=2)
    found = pupils.act(enrol_everybody, at)
    assert (len(found.seated), found.waiting) == (2, (pupils.ids["Cora"],))
    assert pupils.enrol(at, "Ann", "Cora").waiting == (pupils.ids["Cora"],)
    assert pupils.act(enrol, at, [pupils.ids["Ann"]]).seated == ()
    with pytest.raises(Refused):
        pupils.enrol(at, "Dev")
    with pytest.raises(Refused):
        pupils.enrol(at, "Finn")


def test_of_two_who_take_the_last_seat_at_the_same_moment_one_has_it(pupils: School) -> None:
    at = pupils.session(seats=1)
    with ThreadPoolExecutor(2) as both:
        found = list(both.map(lambda name: pupils.enrol(at, name), ("Ann", "Ben")))
    assert sorted(len(one.seated) for one in found) == [0, 1]
    with pupils.db.reading() as session:
        assert len(session.exec(select(Enrolment).where(Enrolment.session_id == at)).all()) == 1


def test_those_with_an_address_are_invited_told_of_a_change_and_of_its_end(pupils: School) -> None:
    at = pupils.session()
    pupils.enrol(at, "Ann", "Ben", "Cora")
    seen = pupils.version(at)
    pupils.act(change_session, at, Sitting(LATER, 120), seen=seen)
    pupils.act(change_session, at, Sitting(LATER, 120, seats=9), seen=seen + 1)
    pupils.act(withdraw_enrolment, at, pupils.ids["Ben"])
    pupils.act(call_off_session, at, reason="The trainer is ill", seen=pupils.version(at))
    ann, ben = "ann@example.org", "ben@example.org"
    assert mails(pupils) == [
        ("training_asked", ann), ("training_asked", ben), ("training_moved", ann), ("training_moved", ben),
        ("training_off", ben), ("training_off", ann),
    ]  # fmt: skip
    assert pupils.progress("Ann").standing == "unasked"


def test_a_form_drawn_before_a_change_is_told_who_was_quicker(pupils: School) -> None:
    at = pupils.session()
    seen = pupils.version(at)
    pupils.act(change_session, at, Sitting(LATER), seen=seen, who="itl")
    pupils.act(change_session, at, Sitting(LATER), seen=seen)
    with pytest.raises(Stale, match="Ivo Tanaka"):
        pupils.act(change_session, at, Sitting(SESSION), seen=seen)


def test_fewer_seats_than_people_and_a_trainer_of_nowhere_are_refused(pupils: School) -> None:
    at = pupils.session()
    pupils.enrol(at, "Ann", "Ben")
    with pytest.raises(Invalid, match="2 are enrolled"):
        pupils.act(change_session, at, Sitting(SESSION, seats=1), seen=pupils.version(at))
    with pytest.raises(Invalid, match="trainer"):
        pupils.session(trainer_id=pupils.cast.people["chB"])


def test_attendance_is_closed_once_corrected_by_who_saw_it_and_not_before_it_begins(pupils: School) -> None:
    at = pupils.session()
    pupils.enrol(at, "Ann", "Ben")
    ann = pupils.ids["Ann"]
    with pytest.raises(Refused):
        pupils.act(close_attendance, at, [ann], seen=pupils.version(at))
    seen = pupils.version(at)
    noted = pupils.act(close_attendance, at, [ann], seen=seen, at=AFTER)
    assert (noted.present, noted.absent) == ((ann,), (pupils.ids["Ben"],))
    pupils.act(close_attendance, at, [ann], seen=seen, at=AFTER)
    with pytest.raises(Stale):
        pupils.act(close_attendance, at, [], seen=seen, at=AFTER)
    pupils.act(close_attendance, at, [ann, pupils.ids["Ben"]], seen=pupils.version(at), at=AFTER)
    assert pupils.verbs("session") == ["session.planned", "session.enrolled", "session.held", "session.corrected"]
    with pytest.raises(Refused):
        pupils.act(call_off_session, at, reason="x", seen=pupils.version(at), at=AFTER)


def test_somebody_who_came_without_being_asked_is_noted_too(pupils: School) -> None:
    at = pupils.session()
    pupils.act(close_attendance, at, [pupils.ids["Cora"]], seen=pupils.version(at), at=AFTER)
    assert pupils.progress("Cora").standing == "practising"
    with pytest.raises(Invalid):
        pupils.act(close_attendance, at, [pupils.ids["Dev"]], seen=pupils.version(at), at=AFTER)


def test_whoever_missed_it_owes_the_recording_or_is_asked_to_the_next_one(pupils: School) -> None:
    desk = pupils.session()
    pupils.enrol(desk, "Ann")
    pupils.act(close_attendance, desk, [], recording="On the share", seen=pupils.version(desk), at=AFTER)
    assert pupils.progress("Ann").standing == "recording"
    billing = pupils.session("billing-basics")
    next_one = pupils.session("billing-basics", at=LATER, seats=1)
    pupils.enrol(billing, "Dev", "Eli")
    noted = pupils.act(close_attendance, billing, [], seen=pupils.version(billing), at=AFTER)
    assert (noted.next.seated, noted.next.waiting) == ((pupils.ids["Dev"],), (pupils.ids["Eli"],))
    assert pupils.progress("Dev", "billing-basics").seat.session == next_one  # type: ignore[union-attr]
    assert pupils.progress("Eli", "billing-basics").standing == "missed"


def test_whoever_teaches_it_closes_attendance_though_it_is_not_their_training(pupils: School) -> None:
    at = pupils.session(trainer_id=pupils.cast.people["cto"])
    pupils.enrol(at, "Ann")
    pupils.act(close_attendance, at, [pupils.ids["Ann"]], seen=pupils.version(at), at=AFTER, who="cto")
    with pupils.db.reading() as session:
        assert session.get_one(TrainingSession, at).held_by == pupils.cast.people["cto"]


def test_what_was_held_long_ago_is_not_in_the_way_of_a_plan(pupils: School) -> None:
    with pytest.raises(Invalid, match="minutes"):
        pupils.session(minutes=0)
    with pytest.raises(NotFound):
        pupils.session("no-such")
    assert pupils.session(at=SESSION - timedelta(weeks=20))
