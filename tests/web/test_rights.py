"""The page of a rollout's people gives away nothing that belongs to the whole account."""

from __future__ import annotations

from sqlmodel import select

from app.actions.people.accounts import invite
from app.actions.people.memberships import add_membership
from app.models import Membership
from tests.cast import NOW
from tests.web.conftest import Site


def promote(site: Site, *, executive: bool) -> None:
    with site.database.writing() as session:
        omar, by = site.cast.people["opm"], site.cast.viewer(session, "dir")
        add_membership(session, omar, role="director", rollout_id=site.cast.rollout, by=by, now=NOW)
        if executive:
            add_membership(session, omar, role="executive", by=by, now=NOW)


def test_a_pending_administrator_gets_a_role_but_the_director_of_a_rollout_no_link(site: Site) -> None:
    promote(site, executive=False)
    with site.database.writing() as session:
        by = site.cast.viewer(session, "adm")
        person, _ = invite(session, name="Pia", email="pia@example.org", by=by, now=NOW)
        pia = person.id or 0
        add_membership(session, pia, role="administrator", by=by, now=NOW)
    form = {"name": "Eve", "email": "pia@example.org", "role": "cto", "location": ""}
    people = "/rollouts/two-sites/people"
    for page in (
        site.client("opm").post(people, data=form),
        site.client("opm").post(f"{people}/{pia}/invitation"),
    ):
        assert page.status_code == 200
        assert "Pia has been invited already" in page.text
        assert "/invitations/" not in page.text
    with site.database.reading() as session:
        held = session.exec(select(Membership.role).where(Membership.person_id == pia)).all()
    assert sorted(held) == ["administrator", "cto"]
    assert "/invitations/" in site.client("dir").post(f"{people}/{pia}/invitation").text


def test_an_accounts_right_is_not_to_be_found_on_the_page_of_a_rollout(site: Site) -> None:
    promote(site, executive=True)
    with site.database.reading() as session:
        statement = select(Membership.id).where(
            Membership.person_id == site.cast.people["dir"],
            Membership.role == "director",
            Membership.rollout_id == None,  # noqa: E711
        )
        right = session.exec(statement).one()
    for who in ("opm", "adm"):
        answer = site.client(who).post(f"/rollouts/two-sites/people/memberships/{right}/removal")
        assert answer.status_code == 404
    with site.database.reading() as session:
        assert session.exec(statement).one() == right
