"""Drafting a rollout: playbook, start, locations and people, until it is started."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlmodel import Session, col, select

from app.actions.rollouts.drafting import Holding, draft_rollout, set_locations, set_people, set_start
from app.db import Database
from app.errors import Forbidden, Invalid, NotFound, Stale
from app.models import Location, Membership, Rollout
from tests.cast import NOW, SITES, START, Cast


def version(session: Session, cast: Cast) -> int:
    return session.get_one(Rollout, cast.rollout).version


def test_titles_make_addresses_of_their_own(db: Database, drafted: Cast) -> None:
    with db.writing() as session:
        by = drafted.viewer(session, "dir")
        made = [
            draft_rollout(session, title=title, playbook_version_id=drafted.playbook, by=by, now=NOW).slug
            for title in ("Two sites", "Zwei Städte!", "新", "New")
        ]
    assert made == ["two-sites-2", "zwei-stadte", "rollout", "new-2"]


def test_every_change_of_a_draft_counts_its_version_and_the_same_again_is_quiet(db: Database, drafted: Cast) -> None:
    with db.writing() as session:
        by, before = drafted.viewer(session, "dir"), version(session, drafted)
        set_start(session, drafted.rollout, start=START, seen=1, by=by, now=NOW)
        assert version(session, drafted) == before
        set_start(session, drafted.rollout, start=date(2027, 1, 11), seen=before, by=by, now=NOW)
        assert version(session, drafted) == before + 1
        with pytest.raises(Stale) as refusal:
            set_locations(session, drafted.rollout, SITES, seen=before, by=by, now=NOW)
        assert (refusal.value.who, refusal.value.what) == ("Dana Whitfield", "start_set")
        set_locations(session, drafted.rollout, SITES, seen=before + 1, by=by, now=NOW)
        assert version(session, drafted) == before + 2


def test_a_location_that_stays_keeps_its_people_one_that_goes_takes_them_along(db: Database, drafted: Cast) -> None:
    with db.writing() as session:
        by = drafted.viewer(session, "dir")
        third = {**SITES[0], "id": "cedar", "name": "Cedar"}
        set_locations(session, drafted.rollout, [third, SITES[0]], seen=version(session, drafted), by=by, now=NOW)
        rows = session.exec(select(Location.slug).order_by(col(Location.position))).all()
        assert rows == ["cedar", "alder"]
        left = session.exec(select(Membership.location_id).where(col(Membership.location_id).is_not(None))).all()
        assert set(left) == {drafted.locations["alder"]}


def test_a_role_or_location_that_is_not_there_is_refused(db: Database, drafted: Cast) -> None:
    with db.writing() as session:
        by, seen = drafted.viewer(session, "dir"), version(session, drafted)
        person = drafted.people["ch0"]
        for holding in (Holding("janitor", person), Holding("champion", person, "z"), Holding("cto", person, "alder")):
            with pytest.raises(Invalid):
                set_people(session, drafted.rollout, [holding], seen=seen, by=by, now=NOW)
        with pytest.raises(NotFound):
            set_people(session, drafted.rollout, [Holding("cto", 999)], seen=seen, by=by, now=NOW)
        with pytest.raises(Invalid, match="alder"):
            set_locations(session, drafted.rollout, [SITES[0], SITES[0]], seen=seen, by=by, now=NOW)


@pytest.mark.parametrize(
    "change",
    [
        {"name": "nul\0"}, {"name": ""}, {"zone": "America"}, {"zone": "Nowhere/City"}, {"wave": "third"}, {"wave": ""},
        {"id": "../x"}, {"attributes": {"legacy": "perhaps"}}, {"attributes": {"other": True}}, {"cutover": "on Mon"},
        {"open": "someday"}, {"x": 1},
    ],
)  # fmt: skip
def test_a_location_that_cannot_be_is_refused(db: Database, drafted: Cast, change: dict[str, Any]) -> None:
    with db.writing() as session, pytest.raises(Invalid) as refusal:
        by, seen = drafted.viewer(session, "dir"), version(session, drafted)
        set_locations(session, drafted.rollout, [{**SITES[0], **change}], seen=seen, by=by, now=NOW)
    assert set(refusal.value.fields) == {"locations"}


def test_a_draft_is_the_directors_alone(db: Database, drafted: Cast) -> None:
    with db.writing() as session:
        for who, refusal in (("opm", Forbidden), ("chA", Forbidden), ("ch0", NotFound), ("adm", NotFound)):
            with pytest.raises(refusal):
                set_start(session, drafted.rollout, start=START, seen=1, by=drafted.viewer(session, who), now=NOW)
