"""Accounts and roles: who comes in how, and who may change whom."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import col, select

from app.actions.installation import first_run_token
from app.actions.people.accounts import accept_invitation, deactivate, invite, invited, reactivate
from app.actions.people.first_run import first_run
from app.actions.people.memberships import add_membership, remove_membership
from app.actions.people.passwords import change_password
from app.actions.people.sign_ins import attempt_sign_in, proves, recognise, sign_in
from app.db import Database
from app.errors import Forbidden, Invalid, NotFound, Refused
from app.models import Event, Installation, Invitation, Membership, Person
from app.rules.people.access import Grant, Permission
from tests.cast import NOW, PASSWORD, Cast, email


def test_the_first_run_makes_one_person_who_may_do_everything(db: Database) -> None:
    with db.writing() as session:
        session.add(Installation(mark="x", created_at=NOW))
        token = first_run_token(session, now=NOW) or ""
        person = first_run(session, token, name=" Ada  L ", email="ADA@Example.org ", password=PASSWORD, now=NOW)
        assert (person.name, person.email) == ("Ada L", "ada@example.org")
    with db.writing() as session, pytest.raises(NotFound):
        first_run(session, token, name="Eve", email="eve@example.org", password=PASSWORD, now=NOW)
    with db.reading() as session:
        assert sorted(session.exec(select(Membership.access))) == ["administrator", "director"]
        assert session.exec(select(Event.verb)).all() == ["installation.set_up"]


def test_a_first_run_link_of_last_month_is_closed(db: Database) -> None:
    with db.writing() as session:
        session.add(Installation(mark="x", created_at=NOW))
        token = first_run_token(session, now=NOW) or ""
        with pytest.raises(NotFound):
            first_run(session, token, name="A", email="a@b.org", password=PASSWORD, now=NOW + timedelta(days=30))


def test_the_cast_stands(db: Database, people: Cast) -> None:
    with db.reading() as session:
        assert len(session.exec(select(Person)).all()) == 11
        assert cast_grants(people, db, "adm") == (Grant("administrator", "administrator"),)
        assert cast_grants(people, db, "dir") == (Grant("director", "director"),)
        with pytest.raises(NotFound):
            people.viewer(session, "off")
        assert (
            session.exec(select(Person.password_hash).where(col(Person.password_hash).contains(PASSWORD))).all() == []
        )


def cast_grants(cast: Cast, db: Database, who: str) -> tuple[Grant, ...]:
    with db.reading() as session:
        return cast.viewer(session, who).grants


def test_an_invitation_works_once_and_for_two_weeks(db: Database, people: Cast) -> None:
    with db.writing() as session:
        person, token = invite(session, name="New", email="New@x.org", by=people.viewer(session, "dir"), now=NOW)
        assert token is not None
        assert invited(session, token, now=NOW + timedelta(days=15)) is None
        with pytest.raises(NotFound):
            accept_invitation(session, token, password=PASSWORD, now=NOW + timedelta(days=15))
        assert accept_invitation(session, token, password=PASSWORD, now=NOW).id == person.id
        with pytest.raises(NotFound):
            accept_invitation(session, token, password=PASSWORD, now=NOW)


def test_inviting_again_ends_the_older_link(db: Database, people: Cast) -> None:
    with db.writing() as session:
        by = people.viewer(session, "adm")
        _, first = invite(session, name="New", email="new@x.org", by=by, now=NOW)
        _, second = invite(session, name="New", email="NEW@x.org", by=by, now=NOW + timedelta(hours=1))
        later = NOW + timedelta(hours=2)
        assert invited(session, first or "", now=later) is None
        assert invited(session, second or "", now=later) is not None
        assert len(session.exec(select(Person).where(Person.email == "new@x.org")).all()) == 1


def test_somebody_who_has_joined_is_not_invited_again(db: Database, people: Cast) -> None:
    with db.writing() as session:
        person, token = invite(session, name="X", email=email("chA"), by=people.viewer(session, "dir"), now=NOW)
        assert (person.name, token) == ("Chiara Amato", None)


def test_tokens_are_kept_as_hashes_only(db: Database, people: Cast) -> None:
    with db.writing() as session:
        _, token = invite(session, name="New", email="new@x.org", by=people.viewer(session, "dir"), now=NOW)
        hashes = session.exec(select(Invitation.token_hash)).all()
        events = [str(row.data) for row in session.exec(select(Event))]
    assert token is not None
    assert all(token not in stored for stored in [*hashes, *events])


@pytest.mark.parametrize("who", ["opm", "cto", "chA", "ch0", "exe"])
def test_only_directors_and_administrators_invite(db: Database, drafted: Cast, who: str) -> None:
    with db.writing() as session, pytest.raises(Forbidden):
        invite(session, name="X", email="x@x.org", by=drafted.viewer(session, who), now=NOW)


@pytest.mark.parametrize(
    "typed", ["", "no at", "a@", "@b.org", "a b@c.org", "a@b@c.org", "x" * 300 + "@b.org", "a@b.org\nbcc: c@d.org"]
)
def test_an_address_that_is_none_is_refused(db: Database, people: Cast, typed: str) -> None:
    with db.writing() as session, pytest.raises(Invalid) as refusal:
        invite(session, name="X", email=typed, by=people.viewer(session, "dir"), now=NOW)
    assert set(refusal.value.fields) == {"email"}


@pytest.mark.parametrize("typed", ["short", "aaaaaaaaaaaaaaaa", "new@example.org"])
def test_a_weak_password_is_refused_and_never_repeated(db: Database, people: Cast, typed: str) -> None:
    with db.writing() as session:
        by = people.viewer(session, "dir")
        _, token = invite(session, name="X", email="new@example.org", by=by, now=NOW)
        with pytest.raises(Invalid) as refusal:
            accept_invitation(session, token or "", password=typed, now=NOW)
        assert set(refusal.value.fields) == {"password"}
        assert typed not in str(refusal.value)


def test_nobody_changes_own_roles(db: Database, people: Cast) -> None:
    with db.writing() as session:
        for who in ("dir", "adm"):
            by = people.viewer(session, who)
            with pytest.raises(Forbidden, match="own roles"):
                add_membership(session, people.people[who], role="administrator", by=by, now=NOW)
        row = session.exec(select(Membership).where(Membership.person_id == people.people["dir"])).one()
        with pytest.raises(Forbidden, match="own roles"):
            remove_membership(session, row.id or 0, by=people.viewer(session, "dir"), now=NOW)


def test_a_role_given_twice_is_one_row_and_one_event(db: Database, running: Cast) -> None:
    with db.writing() as session:
        by = running.viewer(session, "dir")
        place = {"rollout_id": running.rollout, "location_id": running.locations["alder"]}
        for _ in range(2):
            add_membership(session, running.people["ch0"], role="champion", **place, by=by, now=NOW)
        assert running.viewer(session, "ch0").grants == (
            Grant("champion", "member", running.rollout, running.locations["alder"]),
        )
        given = select(Event).where(Event.verb == "person.role_given", Event.subject_id == running.people["ch0"])
        assert len(session.exec(given).all()) == 1


def test_a_role_taken_away_ends_at_once(db: Database, running: Cast) -> None:
    with db.writing() as session:
        rows = session.exec(select(Membership).where(Membership.person_id == running.people["chA"])).all()
        for row in rows:
            remove_membership(session, row.id or 0, by=running.viewer(session, "dir"), now=NOW)
        left = running.viewer(session, "chA")
        assert not left.can(Permission.SEE_PLAN, rollout=running.rollout, location=running.locations["alder"])


def test_a_role_must_be_one_of_the_playbook_and_fit_its_scope(db: Database, running: Cast) -> None:
    with db.writing() as session:
        by = running.viewer(session, "dir")
        for role, place in (("janitor", None), ("cto", running.locations["alder"])):
            with pytest.raises(Invalid):
                add_membership(
                    session, running.people["ch0"], role=role, rollout_id=running.rollout, location_id=place,
                    by=by, now=NOW,
                )  # fmt: skip
        with pytest.raises(Invalid):
            add_membership(session, running.people["ch0"], role="member", by=by, now=NOW)


def test_a_manager_of_the_rollout_gives_no_roles_and_strangers_do_not_know_it(db: Database, running: Cast) -> None:
    with db.writing() as session:
        for who, refusal in (("opm", Forbidden), ("chA", Forbidden), ("ch0", NotFound)):
            with pytest.raises(refusal):
                add_membership(
                    session, running.people["chB"], role="cto", rollout_id=running.rollout,
                    by=running.viewer(session, who), now=NOW,
                )  # fmt: skip


def test_deactivation_ends_every_sign_in_and_twice_is_quiet(db: Database, people: Cast) -> None:
    with db.writing() as session:
        attempt = attempt_sign_in(session, email=email("chA"), address="10.0.0.1", now=NOW)
        token = sign_in(session, attempt, now=NOW)
        assert recognise(session, token, now=NOW) is not None
        by = people.viewer(session, "adm")
        for _ in range(2):
            deactivate(session, people.people["chA"], by=by, now=NOW)
        assert recognise(session, token, now=NOW) is None
        events = session.exec(select(Event).where(Event.verb == "person.deactivated")).all()
        assert [event.subject_id for event in events] == [people.people["off"], people.people["chA"]]
        with pytest.raises(Refused, match="deactivated"):
            invite(session, name="X", email=email("chA"), by=by, now=NOW)
        reactivate(session, people.people["chA"], by=by, now=NOW)
        assert recognise(session, token, now=NOW) is None
        assert people.viewer(session, "chA").name == "Chiara Amato"


def test_nobody_deactivates_themselves(db: Database, people: Cast) -> None:
    with db.writing() as session, pytest.raises(Refused, match="own account"):
        deactivate(session, people.people["adm"], by=people.viewer(session, "adm"), now=NOW)


def test_a_new_password_replaces_the_old_and_ends_every_sign_in(db: Database, people: Cast) -> None:
    new = "another sentence to sign in with"
    with db.writing() as session:
        by = people.viewer(session, "chA")
        token = sign_in(session, attempt_sign_in(session, email=email("chA"), address="10.0.0.1", now=NOW), now=NOW)
        for current, wanted, field in (("wrong", new, "current"), (PASSWORD, "short", "new")):
            with pytest.raises(Invalid) as refusal:
                change_password(session, current=current, new=wanted, by=by, now=NOW)
            assert set(refusal.value.fields) == {field}
        change_password(session, current=PASSWORD, new=new, by=by, now=NOW)
        assert recognise(session, token, now=NOW) is None
        attempt = attempt_sign_in(session, email=email("chA"), address="10.0.0.1", now=NOW)
        assert proves(attempt, new) and not proves(attempt, PASSWORD)
