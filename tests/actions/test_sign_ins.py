"""Signing in, staying signed in, and the brakes on guessing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlmodel import select

from app.actions.people import secrets
from app.actions.people.sign_ins import (
    attempt_sign_in,
    note_sign_in,
    proves,
    recognise,
    sign_in,
    sign_out,
)  # fmt: skip
from app.actions.people.throttle import ACCOUNT_FAILURES, ACCOUNT_WINDOW, ADDRESS_FAILURES
from app.db import Database
from app.errors import Throttled
from app.models import LoginFailure, SignIn
from app.rules.people.sessions import ABSOLUTE, IDLE_SHARED
from tests.cast import NOW, PASSWORD, Cast, email

HOME, AWAY = "10.0.0.1", "203.0.113.9"


def enter(db: Database, who: str, *, address: str = HOME, own_device: bool = False, now=NOW) -> str:  # type: ignore[no-untyped-def]
    with db.writing() as session:
        attempt = attempt_sign_in(session, email=email(who), address=address, now=now)
    assert proves(attempt, PASSWORD)
    with db.writing() as session:
        return sign_in(session, attempt, own_device=own_device, now=now)


def test_the_cookie_of_a_sign_in_names_the_person(db: Database, people: Cast) -> None:
    token = enter(db, "chA")
    with db.reading() as session:
        found = recognise(session, token, now=NOW)
        assert found is not None
        assert (found.viewer.person, found.viewer.name) == (people.people["chA"], "Chiara Amato")
        assert recognise(session, token + "x", now=NOW) is None
        assert recognise(session, "", now=NOW) is None
        assert [row.token_hash == token for row in session.exec(select(SignIn))] == [False]


@pytest.mark.parametrize("typed", ["", "wrong", PASSWORD + " ", PASSWORD.upper(), "x" * 10_000])
def test_a_wrong_password_proves_nothing(db: Database, people: Cast, typed: str) -> None:
    with db.writing() as session:
        assert not proves(attempt_sign_in(session, email=email("chA"), address=HOME, now=NOW), typed)


@pytest.mark.parametrize("address", ["nobody@example.org", "", "a\0b", "half \ud800", "x" * 9_999, email("off")])
def test_an_unknown_or_deactivated_account_is_never_proven(db: Database, people: Cast, address: str) -> None:
    with db.writing() as session:
        attempt = attempt_sign_in(session, email=address, address=HOME, now=NOW)
    assert attempt.person_id is None
    assert not proves(attempt, PASSWORD)


def test_signing_out_ends_the_cookie_in_the_database_and_twice_is_quiet(db: Database, people: Cast) -> None:
    token, other = enter(db, "chA"), enter(db, "chA")
    for _ in range(2):
        with db.writing() as session:
            sign_out(session, token, now=NOW)
    with db.reading() as session:
        assert recognise(session, token, now=NOW) is None
        assert recognise(session, other, now=NOW) is not None


def test_a_shared_device_is_signed_out_after_half_an_hour_idle(db: Database, people: Cast) -> None:
    token, own = enter(db, "chA"), enter(db, "chA", own_device=True)
    later = NOW + IDLE_SHARED
    with db.reading() as session:
        assert recognise(session, token, now=later - timedelta(seconds=1)) is not None
        assert recognise(session, token, now=later) is None
        assert recognise(session, own, now=later) is not None
        assert recognise(session, own, now=NOW + ABSOLUTE) is None


def test_use_keeps_a_sign_in_alive_but_not_past_twelve_hours(db: Database, people: Cast) -> None:
    token, now = enter(db, "chA"), NOW
    while now < NOW + ABSOLUTE - timedelta(minutes=20):
        now += timedelta(minutes=20)
        with db.writing() as session:
            found = recognise(session, token, now=now)
            assert found is not None and found.note
            note_sign_in(session, token, now=now)
    with db.reading() as session:
        assert recognise(session, token, now=NOW + ABSOLUTE) is None


def test_a_use_within_the_minute_is_not_written_again(db: Database, people: Cast) -> None:
    token = enter(db, "chA")
    with db.reading() as session:
        found = recognise(session, token, now=NOW + timedelta(seconds=59))
    assert found is not None and not found.note


def fail(db: Database, who: str, address: str, times: int) -> None:
    for _ in range(times):
        with db.writing() as session:
            attempt_sign_in(session, email=email(who), address=address, now=NOW)


def test_the_eleventh_failure_of_an_account_has_to_wait_and_then_may_again(db: Database, people: Cast) -> None:
    fail(db, "chA", AWAY, ACCOUNT_FAILURES)
    with db.writing() as session, pytest.raises(Throttled) as refusal:
        attempt_sign_in(session, email=email("chA"), address="10.9.9.9", now=NOW)
    assert refusal.value.until == NOW + ACCOUNT_WINDOW
    with db.writing() as session:
        attempt_sign_in(session, email=email("chA"), address="10.9.9.9", now=NOW + ACCOUNT_WINDOW)


def test_a_stranger_cannot_lock_a_person_out_of_their_usual_place(db: Database, people: Cast) -> None:
    enter(db, "chA", address=HOME)
    fail(db, "chA", AWAY, ACCOUNT_FAILURES)
    assert enter(db, "chA", address=HOME)


def test_one_address_has_twenty_failures_an_hour_over_all_accounts(db: Database, people: Cast) -> None:
    for who in ("chA", "chB"):
        fail(db, who, AWAY, ADDRESS_FAILURES // 2)
    with db.writing() as session, pytest.raises(Throttled):
        attempt_sign_in(session, email=email("opm"), address=AWAY, now=NOW)
    assert enter(db, "opm", address=HOME)


def test_a_success_takes_its_own_failures_back_and_old_ones_are_swept(db: Database, people: Cast) -> None:
    fail(db, "chA", HOME, 5)
    fail(db, "chB", AWAY, 1)
    enter(db, "chA")
    with db.reading() as session:
        assert [row.email for row in session.exec(select(LoginFailure))] == [email("chB")]
    enter(db, "opm", now=NOW + timedelta(days=1))
    with db.reading() as session:
        assert session.exec(select(LoginFailure)).all() == []


def test_an_unknown_address_costs_one_hash_as_a_known_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    class Counting(PasswordHash):
        def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
            made.append("hash")
            return super().hash(password, salt=salt)

        def verify(self, password: str | bytes, hash: str | bytes) -> bool:
            made.append("verify")
            return super().verify(password, hash)

    monkeypatch.setattr(secrets, "hasher", Counting((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),)))
    monkeypatch.setattr(secrets, "_nobodys_hash", {})
    for _ in range(3):
        assert not secrets.password_fits(PASSWORD, None)
    assert made == ["hash", "verify", "verify", "verify"]


def test_a_clinic_behind_one_address_is_not_locked_out_by_a_neighbour(db: Database, people: Cast) -> None:
    enter(db, "chA", address=HOME)
    for number in range(ADDRESS_FAILURES):
        with db.writing() as session:
            attempt_sign_in(session, email=f"{number}@example.org", address=HOME, now=NOW)
    with pytest.raises(Throttled), db.writing() as session:
        attempt_sign_in(session, email=email("chB"), address=HOME, now=NOW)
    assert enter(db, "chA", address=HOME)


def test_at_the_usual_place_too_only_ten_guesses_are_free(db: Database, people: Cast) -> None:
    enter(db, "chA", address=HOME)
    fail(db, "chA", HOME, ACCOUNT_FAILURES)
    with pytest.raises(Throttled) as refusal, db.writing() as session:
        attempt_sign_in(session, email=email("chA"), address=HOME, now=NOW + timedelta(minutes=5))
    assert refusal.value.seconds == 10 * 60


def test_the_failures_of_a_familiar_account_do_not_count_against_its_address(db: Database, people: Cast) -> None:
    for who in ("chA", "chB", "chAB"):
        enter(db, who, address=HOME)
        fail(db, who, HOME, ACCOUNT_FAILURES)
    assert enter(db, "opm", address=HOME)


def test_a_sign_in_proves_who_it_is(db: Database, people: Cast) -> None:
    token = enter(db, "chA")
    with db.reading() as session:
        found = recognise(session, token, now=NOW + timedelta(minutes=3))
        assert found is not None and found.viewer.proven_at == NOW
