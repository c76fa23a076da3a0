"""Pages of training ask the database as often for many people and sessions as for a few."""

from __future__ import annotations

from datetime import timedelta

from app.db import Database
from app.queries.rollouts.facts import rollout_facts
from app.queries.training.mine import sessions_of
from app.queries.training.network import network
from app.queries.training.place import place_page
from app.queries.training.session import session_page
from tests.actions.training.school import AFTER, LATER, School, school
from tests.queries.test_counts import counting


def asked(pupils: School, session_id: int) -> list[int]:
    """How many queries each page takes."""
    found = []
    with pupils.db.reading() as session:
        by = pupils.cast.viewer(session, "dir")
        rollout = rollout_facts(session, "two-sites")
        for page in (
            lambda: network(session, rollout, by, AFTER),
            lambda: place_page(session, rollout, rollout.place("alder"), by, AFTER),
            lambda: session_page(session, session_id, by),
            lambda: sessions_of(session, by, AFTER),
        ):
            with counting(pupils.db) as sent:
                page()
            found.append(len(sent))
    return found


def test_many_sessions_and_people_take_as_many_queries_as_one(sqlite_url: str) -> None:
    pupils = school(Database(sqlite_url))
    first = pupils.session(trainer_id=pupils.cast.people["dir"])
    pupils.enrol(first, "Ann")
    few = asked(pupils, first)
    for n in range(3):
        more = pupils.session(at=LATER + timedelta(hours=n), trainer_id=pupils.cast.people[("itl", "cto", "opm")[n]])
        pupils.enrol(more, "Ben", "Cora")
    pupils.enrol(first, "Ben", "Cora")
    assert asked(pupils, first) == few
    assert max(few) <= 20
    pupils.db.dispose()
