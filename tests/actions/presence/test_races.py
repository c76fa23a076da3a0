"""Many at once: one place is given once, one person is at one place, and whoever comes second is told."""

from __future__ import annotations

from sqlmodel import Session

from app.actions.presence.duties import assign_duty
from tests.actions.presence.manned import BEFORE, FIRST, Manned
from tests.actions.test_concurrency import THREADS, race


def test_one_free_place_is_given_to_one_of_two(works: Manned) -> None:
    with works.db.reading() as session:
        cover, by = works.cover(session, "on-site", "alder"), works.cast.viewer(session, "dir", BEFORE)
    people = [works.cast.people[who] for who in ("itl", "cto")]

    def act(session: Session, number: int) -> object:
        return assign_duty(session, cover, person_id=people[number % 2], turn=FIRST, by=by, now=BEFORE)

    came_to = race(works.db, act)
    assert sorted(came_to) == ["Stale"] * (THREADS // 2) + ["ok"] * (THREADS // 2)
    assert len(works.standing()) == 5
    assert len({who for who, *_ in works.standing()}) == 1


def test_one_person_is_put_in_one_of_two_places(works: Manned) -> None:
    with works.db.reading() as session:
        covers = [works.cover(session, "on-site", place) for place in ("alder", "birch")]
        by = works.cast.viewer(session, "dir", BEFORE)

    def act(session: Session, number: int) -> object:
        person = works.cast.people["itl"]
        return assign_duty(session, covers[number % 2], person_id=person, turn=FIRST, by=by, now=BEFORE)

    came_to = race(works.db, act)
    assert came_to == ["Refused"] * (THREADS // 2) + ["ok"] * (THREADS // 2)
    assert len({place for _, _, place, _ in works.standing()}) == 1
    assert len(works.standing()) == 5
