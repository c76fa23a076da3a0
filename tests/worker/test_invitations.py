"""Invitations to trainings leave the house with a calendar file, for people who have no account."""

from __future__ import annotations

from app.actions.people.accounts import deactivate
from app.actions.training.enrolling import enrol, withdraw_enrolment
from app.actions.training.session_changes import call_off_session, change_session
from app.actions.training.sitting import Sitting
from app.db import Database
from app.models import TrainingSession
from app.queries.deliveries import sent_to
from tests.actions.training.school import LATER, SESSION, School, school
from tests.worker.conftest import PostRoom


def office(database_url: str) -> tuple[School, PostRoom]:
    pupils = school(Database(database_url))
    return pupils, PostRoom(pupils.db, pupils.cast)


def line(file: bytes, name: str) -> str:
    found = file.decode().replace("\r\n ", "").split("\r\n")
    return next(one.partition(":")[2] for one in found if one.startswith(name))


def test_an_invitation_a_change_and_an_end_have_one_id_and_rising_numbers(sqlite_url: str) -> None:
    pupils, room = office(sqlite_url)
    at = pupils.session(trainer_id=pupils.cast.people["itl"], place="Room 2")
    pupils.enrol(at, "Ann", "Cora")
    (asked,) = room.tick()
    assert (asked.to, asked.to_name, asked.method) == ("ann@example.org", "Ann Abel", "REQUEST")
    assert asked.subject == "Training: Front desk basics, Wed 3 Feb, 10:00 Central"
    assert "With Ivo Tanaka" in asked.text
    pupils.act(change_session, at, Sitting(LATER, 120, "Room 3"), seen=pupils.version(at))
    (moved,) = room.tick()
    pupils.act(call_off_session, at, reason="Ill", seen=pupils.version(at))
    (off,) = room.tick()
    assert [one.method for one in (asked, moved, off)] == ["REQUEST", "REQUEST", "CANCEL"]
    assert len({line(one.calendar, "UID") for one in (asked, moved, off)}) == 1
    numbers = [int(line(one.calendar, "SEQUENCE")) for one in (asked, moved, off)]
    assert numbers == sorted(set(numbers))
    assert line(moved.calendar, "LOCATION") == "Room 3\\, Alder"
    assert "Ill" not in off.text
    pupils.db.dispose()


def test_what_holds_no_more_when_it_is_due_is_not_sent(sqlite_url: str) -> None:
    pupils, room = office(sqlite_url)
    at = pupils.session()
    pupils.enrol(at, "Ann")
    pupils.act(withdraw_enrolment, at, pupils.ids["Ann"])
    pupils.act(enrol, at, [pupils.ids["Ann"]])
    assert [one.method for one in room.tick()] == ["REQUEST"]
    assert sorted(row.state for row in room.rows()) == ["dropped", "dropped", "sent"]
    pupils.db.dispose()


def test_it_goes_out_though_whoever_asked_has_gone_and_is_no_mail_of_theirs(sqlite_url: str) -> None:
    pupils, room = office(sqlite_url)
    at = pupils.session(at=SESSION)
    pupils.enrol(at, "Ann", who="chA")
    pupils.act(deactivate, pupils.cast.people["chA"], who="adm")
    assert [one.to for one in room.tick()] == ["ann@example.org"]
    with pupils.db.reading() as session:
        assert sent_to(session, pupils.cast.people["chA"]) == ()
        assert session.get_one(TrainingSession, at).held_at is None
    pupils.db.dispose()
