"""Locations learn from one that is live: never from themselves, and never before it is."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from app.actions.presence.mentors import end_mentorship, hold_mentorship, pair_locations
from app.errors import Forbidden, Invalid, NotFound, Refused
from app.models import Event, Location, Mentorship, Notice
from app.queries.presence.mentors import mentorships, pairable
from app.rules.people.access import Extent
from tests.actions.presence.manned import LIVE, Manned
from tests.cast import NOW


@pytest.fixture
def pilot(works: Manned) -> Manned:
    """Alder is live since Monday; Birch goes live two weeks later."""
    with works.db.writing() as session:
        birch = session.get_one(Location, works.cast.locations["birch"])
        assert birch.cutover_at is not None
        birch.cutover_at += timedelta(days=14)
        session.add(birch)
    return works


def pair(works: Manned, by: str = "dir", learns: str = "birch", live: str = "alder", **given: Any) -> Mentorship:
    said = {"kind": "mentor", "person_id": works.cast.people["chA"], **given}
    places = works.cast.locations
    found: Mentorship = works.do(
        pair_locations, places[learns], from_location_id=places[live], by=by, **{"now": LIVE, **said}
    )
    return found


def test_a_mentor_is_told_once(pilot: Manned) -> None:
    row = pair(pilot, token="t", note="The first week")
    assert (row.kind, row.day, row.note) == ("mentor", None, "The first week")
    assert pair(pilot, token="t", note="The first week").id == pair(pilot).id == row.id
    with pilot.db.reading() as session:
        told = session.exec(select(Notice).where(Notice.subject_kind == "mentorship")).all()
        assert [(one.kind, pilot.name(one.person_id)) for one in told] == [("mentor", "chA")]
        verbs = [event.verb for event in session.exec(select(Event)) if event.subject_kind == "mentorship"]
        assert verbs == ["mentorship.arranged"]
        assert all("first week" not in str(event.data) for event in session.exec(select(Event)))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"learns": "alder"}, "from"),
        ({"learns": "alder", "live": "birch", "person_id": 0}, "from"),
        ({"person_id": None}, "person"),
        ({"who": "chB"}, "person"),
        ({"kind": "visit"}, "day"),
        ({"kind": "visit", "day": date(2027, 2, 8)}, "day"),
        ({"kind": "talk"}, "kind"),
    ],
)
def test_what_cannot_be(pilot: Manned, given: dict[str, Any], field: str) -> None:
    said = dict(given)
    if "who" in said:
        said["person_id"] = pilot.cast.people[said.pop("who")]
    with pytest.raises(Invalid) as fault:
        pair(pilot, **said)
    assert set(fault.value.fields) == {field}


def test_a_visit_is_on_a_day_on_which_the_other_is_live(pilot: Manned) -> None:
    early = {"kind": "visit", "person_id": None, "now": NOW}
    with pytest.raises(Invalid, match="Alder is not live on that day"):
        pair(pilot, day=date(2027, 2, 7), **early)
    row = pair(pilot, day=date(2027, 2, 8), **early)
    with pytest.raises(Refused, match="not come"):
        pilot.do(hold_mentorship, row.id, now=NOW)
    assert pilot.do(hold_mentorship, row.id, by="chB", now=LIVE).held_at == LIVE
    assert pilot.do(hold_mentorship, row.id, now=LIVE + timedelta(hours=1)).held_at == LIVE
    assert pilot.do(end_mentorship, row.id, now=LIVE).ended_at == LIVE


@pytest.mark.parametrize(("by", "fault"), [("chB", Invalid), ("chA", NotFound), ("cto", Forbidden), ("ch0", NotFound)])
def test_who_may_not_pair(pilot: Manned, by: str, fault: type[Exception]) -> None:
    with pytest.raises(fault):
        pair(pilot, by=by)


def test_who_works_at_both_may(pilot: Manned) -> None:
    row = pair(pilot, by="chAB")
    with pytest.raises(Forbidden):
        pilot.do(end_mentorship, row.id, by="cto", now=LIVE)
    with pytest.raises(NotFound):
        pilot.do(end_mentorship, row.id, by="ch0", now=LIVE)


def test_each_of_the_two_sees_the_other_and_nobody_else(pilot: Manned) -> None:
    pair(pilot, note="The first week")

    def seen(session: Session, who: str, place: str) -> list[tuple[str, str, str, str]]:
        extent = Extent(False, frozenset({pilot.cast.locations[place]}))
        viewer = pilot.cast.viewer(session, who, LIVE)
        lines = mentorships(session, pilot.facts(session), extent, viewer)
        return [(one.learns, one.live, one.person, one.note) for one in lines]

    with pilot.db.reading() as session:
        assert seen(session, "chA", "alder") == [("Birch", "Alder", "Chiara Amato", "The first week")]
        assert seen(session, "chB", "birch") == seen(session, "chA", "alder")
        assert seen(session, "exe", "birch") == [("Birch", "Alder", "Chiara Amato", "")]
        nothing = Extent(False, frozenset({99}))
        assert mentorships(session, pilot.facts(session), nothing, pilot.cast.viewer(session, "dir")) == []


def test_the_form_offers_what_can_be_paired(pilot: Manned) -> None:
    with pilot.db.reading() as session:
        for who, expected in (("dir", (["Birch"], ["Alder"])), ("chA", ([], [])), ("cto", ([], []))):
            found = pairable(session, pilot.facts(session), pilot.cast.viewer(session, who, LIVE), LIVE)
            assert ([one.name for one in found.learning], [one.name for one in found.live]) == expected
            assert {name for _, name, _ in found.people} <= {"Chiara Amato", "Abena Boateng"}
