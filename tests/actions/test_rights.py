"""What a director of one rollout may not reach, whatever else that person holds."""

from __future__ import annotations

import pytest
from sqlmodel import Session, select

from app.actions.people.accounts import accept_invitation, deactivate, invite
from app.actions.people.memberships import add_membership, remove_membership
from app.actions.rollouts.drafting import draft_rollout
from app.db import Database
from app.errors import Forbidden, NotFound
from app.models import Event, Membership, Person
from app.rules.people.access import Viewer
from tests.cast import NOW, PASSWORD, Cast


def director_of_one(session: Session, cast: Cast, *, executive: bool = False) -> Viewer:
    """Omar, the manager, made a director of the rollout; and an executive of the whole account if wanted."""
    omar, by = cast.people["opm"], cast.viewer(session, "dir")
    add_membership(session, omar, role="director", rollout_id=cast.rollout, by=by, now=NOW)
    if executive:
        add_membership(session, omar, role="executive", by=by, now=NOW)
    return cast.viewer(session, "opm")


def pending(session: Session, cast: Cast, role: str) -> tuple[Person, str]:
    by = cast.viewer(session, "adm")
    person, token = invite(session, name="Pia", email="pia@example.org", by=by, now=NOW)
    if role:
        add_membership(session, person.id or 0, role=role, by=by, now=NOW)
    return person, token or ""


@pytest.mark.parametrize("executive", [False, True])
def test_a_director_of_one_rollout_gets_no_link_for_somebody_with_wider_rights(
    db: Database, running: Cast, executive: bool
) -> None:
    with db.writing() as session:
        person, token = pending(session, running, "administrator")
        by = director_of_one(session, running, executive=executive)
        again = invite(session, name="Eve", email="PIA@example.org", by=by, now=NOW)
        assert again == (person, None)
        assert (
            len(session.exec(select(Event).where(Event.verb == "person.invited", Event.actor_id == by.person)).all())
            == 0
        )
        assert accept_invitation(session, token, password=PASSWORD, now=NOW).id == person.id


def test_a_director_of_one_rollout_gets_no_link_for_somebody_of_another_rollout(db: Database, running: Cast) -> None:
    with db.writing() as session:
        whole = running.viewer(session, "dir")
        other = draft_rollout(session, title="Other", playbook_version_id=running.playbook, by=whole, now=NOW)
        person, _ = pending(session, running, "")
        by = director_of_one(session, running)
        assert invite(session, name="Pia", email=person.email, by=by, now=NOW)[1] is not None
        add_membership(session, person.id or 0, role="cto", rollout_id=running.rollout, by=by, now=NOW)
        assert invite(session, name="Pia", email=person.email, by=by, now=NOW)[1] is not None
        add_membership(session, person.id or 0, role="cto", rollout_id=other.id, by=whole, now=NOW)
        assert invite(session, name="Pia", email=person.email, by=by, now=NOW)[1] is None
        assert invite(session, name="Pia", email=person.email, by=whole, now=NOW)[1] is not None


def test_rights_of_two_memberships_are_not_added_together(db: Database, running: Cast) -> None:
    with db.writing() as session:
        by = director_of_one(session, running, executive=True)
        right = session.exec(select(Membership).where(Membership.person_id == running.people["dir"])).first()
        assert right is not None and right.rollout_id is None
        with pytest.raises(Forbidden):
            draft_rollout(session, title="X", playbook_version_id=running.playbook, by=by, now=NOW)
        with pytest.raises(Forbidden):
            remove_membership(session, right.id or 0, by=by, now=NOW)
        with pytest.raises(Forbidden):
            add_membership(session, running.people["ch0"], role="director", by=by, now=NOW)
        with pytest.raises(Forbidden):
            deactivate(session, running.people["ch0"], by=by, now=NOW)
        other = draft_rollout(
            session, title="X", playbook_version_id=running.playbook, by=running.viewer(session, "dir"), now=NOW
        )
        with pytest.raises(Forbidden):
            add_membership(session, running.people["ch0"], role="cto", rollout_id=other.id, by=by, now=NOW)


def test_a_role_is_taken_away_only_within_its_rollout(db: Database, running: Cast) -> None:
    with db.writing() as session:
        by = running.viewer(session, "adm")
        right = session.exec(select(Membership).where(Membership.person_id == running.people["dir"])).first()
        with pytest.raises(NotFound):
            remove_membership(session, (right.id or 0) if right else 0, within=running.rollout, by=by, now=NOW)
