"""What the rota says: how much is filled, who is on duty now, one's own duties, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from app.actions.people.leaves import record_leave
from app.db import Database
from app.models import StaffMember
from app.queries.presence.covered import coverages
from app.queries.presence.mine import coming_duties, duties_of
from app.queries.presence.now import on_duty
from app.queries.presence.place import presence_at
from app.queries.presence.rota import Rota, rota
from app.queries.presence.troubles import troubles
from app.rules.people.access import Extent
from tests.actions.presence.manned import BEFORE, EVERYWHERE, LIVE, MANNED, SECOND, Manned, manned
from tests.queries.test_counts import counting


@pytest.fixture
def works(database_url: str) -> Iterator[Manned]:
    found = Database(database_url)
    yield manned(found)
    found.dispose()


def leave(works: Manned, who: str, first: int, last: int, cover: str = "") -> None:
    with works.db.writing() as session:
        record_leave(
            session, works.cast.people[who], first=date(2027, 2, first), last=date(2027, 2, last),
            cover_id=works.cast.people[cover] if cover else None, by=works.cast.viewer(session, "dir"), now=BEFORE,
        )  # fmt: skip


def percents(works: Manned, **asked: Any) -> dict[str, float | None]:
    with works.db.reading() as session:
        facts = works.facts(session)
        found = coverages(session, facts, **asked)
        return {place.slug: found.of("on-site", place).percent for place in facts.locations}


def test_a_cover_is_filled_in_percent_over_its_stretch_and_on_a_day(works: Manned) -> None:
    assert percents(works) == {"alder": 0, "birch": 0}
    works.assign("on-site", "alder", "itl")
    assert percents(works) == {"alder": 50, "birch": 0}
    assert percents(works, day=date(2027, 2, 8)) == {"alder": 100, "birch": 0}
    assert percents(works, day=date(2027, 2, 13)) == {"alder": None, "birch": None}
    works.assign("on-site", "alder", "cto", SECOND)
    assert percents(works, entries=["on-site"]) == {"alder": 100, "birch": 0}
    leave(works, "itl", 9, 9)
    assert percents(works) == {"alder": 90, "birch": 0}


def test_what_the_network_shares_counts_for_every_location(works: Manned) -> None:
    works.assign("help-desk", "", "opm")
    with works.db.reading() as session:
        facts = works.facts(session)
        found = coverages(session, facts)
        assert {found.of("help-desk", place).shown for place in (*facts.locations, None)} == {33}
        assert found.of("nothing", None).percent is None


def test_a_ratio_counts_the_staff_and_only_who_is_trained_counts(database_url: str) -> None:
    asked = "owner: [it-lead, cto]\n    scope: location\n    ratio: 1 per 2\n    for: champion\n    trained: true"
    works = manned(Database(database_url), MANNED.replace("owner: [it-lead, cto]\n    scope: location", asked))
    with works.db.writing() as session:
        for number in range(2):
            at = {"rollout_id": works.cast.rollout, "location_id": works.cast.locations["alder"], "at": BEFORE}
            session.add(
                StaffMember(number=f"{number}", name="x", role="champion", by_id=works.cast.people["dir"], **at)
            )
    works.assign("on-site", "alder", "itl")
    with works.db.reading() as session:
        known = works.rota(session)
        wanted = {post.location: post.cover.people for post in known.posts if post.entry == "on-site"}
        # Two listed and two with accounts at Alder, two with accounts at Birch.
        assert wanted == {works.cast.locations["alder"]: 2, works.cast.locations["birch"]: 1}
    assert percents(works) == {"alder": 0, "birch": 0}
    works.db.dispose()


def test_who_is_on_duty_now_and_who_covers_for_them(works: Manned) -> None:
    works.assign("on-site", "alder", "itl")
    works.assign("on-call", "", "itl")
    leave(works, "itl", 9, 9, cover="cto")
    with works.db.reading() as session:
        lines = on_duty(session, works.facts(session), LIVE)
        assert [(one.post.entry, one.name, one.for_name) for one in lines] == [
            ("on-site", "Carla Toivonen", "Ivo Tanaka"),
            ("on-call", "Carla Toivonen", "Ivo Tanaka"),
        ]
        assert on_duty(session, works.facts(session), LIVE - timedelta(days=14)) == []
        facts = works.facts(session)
        here = presence_at(session, facts, facts.place("alder"), works.cast.viewer(session, "chA", LIVE), LIVE)
        assert {one.post.entry for one in here.today} == {"on-site", "on-call"}
        assert [line.filled.shown for line in here.covers] == [50]
        assert [line.turn for line in here.gaps] == [SECOND]


def test_ones_own_duties_are_those_of_today_and_the_next(works: Manned) -> None:
    works.assign("on-site", "alder", "itl")
    works.assign("help-desk", "", "opm")
    leave(works, "itl", 10, 10, cover="opm")
    with works.db.reading() as session:
        mine = duties_of(session, works.cast.viewer(session, "itl", LIVE), LIVE)
        assert [(one.title, one.place, one.from_at.day) for one in mine] == [
            ("Helper on site", "Alder", 9), ("Helper on site", "Alder", 11)
        ]  # fmt: skip
        theirs = coming_duties(session, works.cast.viewer(session, "opm", LIVE), LIVE)
        assert [(one.title, one.for_name) for one in theirs if one.for_name] == [("Helper on site", "Ivo Tanaka")]
        assert (mine[0].path, mine[0].zone) == ("/rollouts/two-sites/rota", "America/Chicago")
        assert duties_of(session, works.cast.viewer(session, "chA", LIVE), LIVE) == []


def test_a_double_booking_by_a_cover_is_shown_as_far_as_one_sees(works: Manned) -> None:
    works.assign("on-site", "alder", "itl")
    works.assign("on-site", "birch", "cto")
    leave(works, "itl", 9, 9, cover="cto")
    with works.db.reading() as session:
        for extent, ends in ((EVERYWHERE, 2), (Extent(False, frozenset({works.cast.locations["alder"]})), 1)):
            known = rota(session, works.facts(session), extent, since=BEFORE)
            (line,) = troubles(known, BEFORE).clashes
            assert line.name == "Carla Toivonen"
            assert sum(post is not None for post in (line.first, line.second)) == ends


def test_as_many_queries_for_one_duty_as_for_thirty(works: Manned) -> None:
    def asked() -> int:
        with works.db.reading() as session, counting(works.db) as sent:
            facts = works.facts(session)
            _everything(session, works, rota(session, facts, EVERYWHERE))
        return len(sent)

    works.assign("on-site", "alder", "itl", day=date(2027, 2, 8))
    few = asked()
    for place, who in (("alder", "itl"), ("birch", "cto")):
        works.assign("on-site", place, who)
    works.assign("on-call", "", "itl")
    works.assign("help-desk", "", "opm")
    assert asked() == few


def _everything(session: Session, works: Manned, known: Rota) -> None:
    troubles(known, BEFORE)
    facts = works.facts(session)
    coverages(session, facts)
    on_duty(session, facts, LIVE)
    coming_duties(session, works.cast.viewer(session, "itl", BEFORE), BEFORE)
    presence_at(session, facts, facts.place("alder"), works.cast.viewer(session, "chA", BEFORE), BEFORE)
    assert session.exec(select(StaffMember)).all() == []
