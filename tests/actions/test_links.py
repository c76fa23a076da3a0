"""A link is worth what its maker is: whoever made it must be in charge of the person when it is opened."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from app.actions.people.accounts import accept_invitation, deactivate, invite, invited
from app.actions.people.memberships import add_membership, remove_membership
from app.actions.people.passwords import make_reset, resetting
from app.actions.people.sign_ins import end_sign_in, end_sign_ins, recognise, sign_out_everywhere
from app.db import Database
from app.errors import Forbidden, NotFound
from app.models import Membership
from app.queries.people import devices
from tests.actions.test_sign_ins import enter
from tests.cast import NOW, PASSWORD, Cast


def made_by_director_of_the_rollout(db: Database, cast: Cast) -> tuple[int, str]:
    """Somebody invited by a director of this one rollout."""
    with db.writing() as session:
        adm = cast.viewer(session, "adm")
        right = select(Membership).where(
            Membership.person_id == cast.people["dir"],
            Membership.role == "director",
            Membership.rollout_id == None,  # noqa: E711
        )
        remove_membership(session, session.exec(right).one().id or 0, by=adm, now=NOW)
        person, token = invite(
            session, name="Nora New", email="nora@example.org", by=cast.viewer(session, "dir"), now=NOW
        )
        return person.id or 0, token or ""


def test_a_right_that_the_maker_could_not_give_ends_the_link(db: Database, running: Cast) -> None:
    person, token = made_by_director_of_the_rollout(db, running)
    with db.writing() as session:
        assert invited(session, token, now=NOW) is not None
        add_membership(session, person, role="administrator", by=running.viewer(session, "adm"), now=NOW)
    with db.writing() as session:
        assert invited(session, token, now=NOW) is None
        with pytest.raises(NotFound):
            accept_invitation(session, token, password=PASSWORD, now=NOW)


def test_a_role_of_the_maker_s_own_rollout_does_not(db: Database, running: Cast) -> None:
    person, token = made_by_director_of_the_rollout(db, running)
    with db.writing() as session:
        by = running.viewer(session, "dir")
        add_membership(session, person, role="cto", rollout_id=running.rollout, by=by, now=NOW)
        assert accept_invitation(session, token, password=PASSWORD, now=NOW).id == person


def test_the_links_of_somebody_who_is_out_of_use_open_nothing(db: Database, running: Cast) -> None:
    with db.writing() as session:
        by = running.viewer(session, "dir")
        _, token = invite(session, name="Nora New", email="nora@example.org", by=by, now=NOW)
        _, reset = make_reset(session, running.people["chA"], by=by, now=NOW)
        deactivate(session, running.people["dir"], by=running.viewer(session, "adm"), now=NOW)
    with db.reading() as session:
        assert invited(session, token or "", now=NOW) is None
        assert resetting(session, reset, now=NOW) is None


def test_a_link_to_join_is_none_for_a_new_password_and_the_reverse(db: Database, people: Cast) -> None:
    with db.writing() as session:
        by = people.viewer(session, "adm")
        _, join = invite(session, name="Nora New", email="nora@example.org", by=by, now=NOW)
        _, reset = make_reset(session, people.people["chA"], by=by, now=NOW)
    with db.reading() as session:
        assert resetting(session, join or "", now=NOW) is None
        assert invited(session, reset, now=NOW) is None


def test_each_sign_in_is_ended_alone_or_all_others_at_once(db: Database, people: Cast) -> None:
    here, there, shared = enter(db, "chA"), enter(db, "chA", own_device=True), enter(db, "chA")
    person = people.people["chA"]
    with db.writing() as session:
        phone = next(one for one in devices(session, person, NOW) if one.own)
        end_sign_in(session, phone.id, person_id=person, by=people.viewer(session, "chA"), now=NOW)
        assert [recognise(session, token, now=NOW) is None for token in (here, there, shared)] == [False, True, False]
        end_sign_ins(session, person, but=here, now=NOW)
        assert [recognise(session, token, now=NOW) is None for token in (here, there, shared)] == [False, True, True]


def test_nobody_ends_the_sign_ins_of_others_but_whoever_keeps_the_accounts(db: Database, people: Cast) -> None:
    cookie, person = enter(db, "chA"), people.people["chA"]
    with db.writing() as session:
        (device,) = devices(session, person, NOW)
        with pytest.raises(Forbidden):
            end_sign_in(session, device.id, person_id=person, by=people.viewer(session, "chB"), now=NOW)
        with pytest.raises(NotFound):
            own = people.people["chB"]
            end_sign_in(session, device.id, person_id=own, by=people.viewer(session, "chB"), now=NOW)
        assert recognise(session, cookie, now=NOW) is not None
        sign_out_everywhere(session, person, by=people.viewer(session, "adm"), now=NOW)
        assert recognise(session, cookie, now=NOW) is None


def test_an_enrolled_phone_stays_for_a_shift_and_a_shared_device_is_listed_only_while_it_lasts(
    db: Database, people: Cast
) -> None:
    phone = enter(db, "chA", own_device=True)
    enter(db, "chA")
    later = NOW + timedelta(hours=11, minutes=59)
    with db.reading() as session:
        assert recognise(session, phone, now=later) is not None
        assert [one.own for one in devices(session, people.people["chA"], later)] == [True]
        assert recognise(session, phone, now=NOW + timedelta(hours=12)) is None
