"""A forgotten password: one link, once, for an hour; and who may make one."""

from __future__ import annotations

from datetime import timedelta
from statistics import median
from time import perf_counter

import pytest
from sqlmodel import select

from app.actions.people.passwords import RESET_LASTS, ask_reset, make_reset, reset_password, resetting
from app.actions.people.sign_ins import attempt_sign_in, proves, recognise, sign_in
from app.actions.people.throttle import ADDRESS_FAILURES
from app.db import Database
from app.errors import Forbidden, Invalid, NotFound, Refused, Throttled
from app.models import Delivery, Event, Invitation, Job
from app.worker import tick
from tests.cast import NOW, PASSWORD, Cast, email

NEW = "another sentence to sign in with"
HOME = "10.0.0.1"


def asked(db: Database, address: str, *, now=NOW) -> list[str]:  # type: ignore[no-untyped-def]
    """Ask, let the worker look, and give the tokens that wait to be sent."""
    with db.writing() as session:
        ask_reset(session, email=address, address=HOME, now=now)
    with db.writing() as session:
        tick(session, now)
    with db.reading() as session:
        return [row.data["token"] for row in session.exec(select(Delivery).where(Delivery.kind == "password_reset"))]


def test_the_link_lets_its_owner_choose_a_new_password_once_and_ends_every_sign_in(db: Database, people: Cast) -> None:
    with db.writing() as session:
        attempt = attempt_sign_in(session, email=email("chA"), address=HOME, now=NOW)
        cookie = sign_in(session, attempt, now=NOW)
    (token,) = asked(db, email("chA").upper())
    with db.writing() as session:
        assert reset_password(session, token, password=NEW, now=NOW).id == people.people["chA"]
    with db.writing() as session:
        assert recognise(session, cookie, now=NOW) is None
        attempt = attempt_sign_in(session, email=email("chA"), address=HOME, now=NOW)
        assert proves(attempt, NEW) and not proves(attempt, PASSWORD)
    with pytest.raises(NotFound), db.writing() as session:
        reset_password(session, token, password=PASSWORD, now=NOW)
    with db.reading() as session:
        told = session.exec(select(Delivery.kind).where(Delivery.person_id == people.people["chA"])).all()
        assert sorted(told) == ["password_changed", "password_reset"]


def test_the_link_ends_after_an_hour_and_when_a_newer_one_is_made(db: Database, people: Cast) -> None:
    (first,) = asked(db, email("chA"))
    later = NOW + timedelta(minutes=10)
    _, second = asked(db, email("chA"), now=later)
    with db.reading() as session:
        assert resetting(session, first, now=later) is None
        assert resetting(session, second, now=later + RESET_LASTS - timedelta(seconds=1)) is not None
        assert resetting(session, second, now=later + RESET_LASTS) is None


@pytest.mark.parametrize("address", ["nobody@example.org", email("off"), "", "a\0b", "half \ud800", "x" * 9_999])
def test_nothing_is_sent_to_who_has_no_account_here(db: Database, people: Cast, address: str) -> None:
    assert asked(db, address) == []
    with db.reading() as session:
        assert session.exec(select(Invitation).where(Invitation.kind == "reset")).all() == []
        assert [job.payload for job in session.exec(select(Job).where(Job.kind == "send_reset"))] == [{}]


def test_asking_takes_the_same_time_for_known_and_unknown_accounts(db: Database, people: Cast) -> None:
    took: dict[str, list[float]] = {"chA": [], "nobody": []}
    for number in range(60):
        for who, measured in took.items():
            begun = perf_counter()
            with db.writing() as session:
                ask_reset(session, email=email(who), address=f"10.0.1.{number}", now=NOW + timedelta(hours=number))
            measured.append(perf_counter() - begun)
    assert abs(median(took["chA"]) - median(took["nobody"])) < 0.02


def test_nobody_is_buried_in_links(db: Database, people: Cast) -> None:
    assert len(asked(db, email("chA"))) == 1
    assert len(asked(db, email("chA"), now=NOW + timedelta(minutes=4))) == 1


def test_one_address_asks_for_twenty_an_hour_and_that_slows_no_sign_in(db: Database, people: Cast) -> None:
    for number in range(ADDRESS_FAILURES):
        with db.writing() as session:
            ask_reset(session, email=f"{number}@example.org", address=HOME, now=NOW)
    with pytest.raises(Throttled) as refusal, db.writing() as session:
        ask_reset(session, email=email("chA"), address=HOME, now=NOW + timedelta(minutes=1))
    assert refusal.value.seconds == 59 * 60
    with db.writing() as session:
        assert proves(attempt_sign_in(session, email=email("chA"), address=HOME, now=NOW), PASSWORD)


@pytest.mark.parametrize("typed", ["short", "x" * 300, "aaaaaaaaaaaaa", email("chA")])
def test_a_weak_new_password_is_refused_and_the_link_stays_open(db: Database, people: Cast, typed: str) -> None:
    (token,) = asked(db, email("chA"))
    with pytest.raises(Invalid) as fault, db.writing() as session:
        reset_password(session, token, password=typed, now=NOW)
    assert typed not in str(fault.value)
    with db.reading() as session:
        assert resetting(session, token, now=NOW) is not None


@pytest.mark.parametrize("who", ["opm", "itl", "chA", "exe"])
def test_only_whoever_keeps_the_accounts_makes_a_link(db: Database, drafted: Cast, who: str) -> None:
    with pytest.raises(Forbidden), db.writing() as session:
        make_reset(session, drafted.people["chB"], by=drafted.viewer(session, who), now=NOW)


def test_an_administrator_makes_a_link_to_hand_over_and_it_is_written_down(db: Database, people: Cast) -> None:
    with db.writing() as session:
        _, token = make_reset(session, people.people["chA"], by=people.viewer(session, "adm"), now=NOW)
        assert resetting(session, token, now=NOW) is not None
        made = session.exec(select(Event).where(Event.verb == "person.reset_link_made")).one()
        assert (made.actor_id, made.subject_id) == (people.people["adm"], people.people["chA"])
    for who in ("off",):
        with pytest.raises(Refused), db.writing() as session:
            make_reset(session, people.people[who], by=people.viewer(session, "adm"), now=NOW)
