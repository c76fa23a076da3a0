"""Search finds what a person may see, in any case and alphabet, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlmodel import select

from app.db import Database
from app.models import Location, Person, Task
from app.queries.search import Found, Kind, search
from tests import cast as casting
from tests.cast import NOW, PLAYBOOK, Cast

FOREIGN = {"alder": "Zürichsee canary-alder-7d31", "birch": "Ålesund canary-birch-52fe"}
TWO = """\
      scanners: Label printers and scanners work
      oil: {title: Ölstand prüfen, scope: location}
"""


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.dispose()


@pytest.fixture
def cast(db: Database) -> Cast:
    made = casting.running(db, PLAYBOOK.replace("      scanners: Label printers and scanners work\n", TWO))
    with db.writing() as session:
        for slug, name in FOREIGN.items():
            place = session.get_one(Location, made.locations[slug])
            place.name = f"{slug.title()} {name}"
            session.add(place)
            task = made.task(session, "posters", slug)
            task.title = f"Posters of {name}"
            session.add(task)
            who = session.get_one(Person, made.people["chA" if slug == "alder" else "chB"])
            who.name = f"Champion {name}"
            session.add(who)
    return made


def found(db: Database, cast: Cast, who: str, text: str, limit: int = 20, accounts: bool = False) -> list[Found]:
    with db.reading() as session:
        by_kind = search(session, cast.viewer(session, who), text, limit=limit, accounts=accounts, now=NOW)
    return [one for results in by_kind.values() for one in results]


def titles(db: Database, cast: Cast, who: str, text: str) -> list[str]:
    return [one.title for one in found(db, cast, who, text)]


@pytest.mark.parametrize("text", ["ölstand", "ÖLSTAND prüfen", "prÜf öl", "  stand  "])
def test_case_and_order_of_the_words_do_not_matter_in_any_alphabet(db: Database, cast: Cast, text: str) -> None:
    assert titles(db, cast, "chA", text) == ["Ölstand prüfen"]
    assert titles(db, cast, "dir", text) == ["Ölstand prüfen"] * 2


def test_the_rest_of_the_words_may_be_the_place(db: Database, cast: Cast) -> None:
    (one,) = found(db, cast, "dir", "ölstand birch")
    assert (one.kind, one.place.slug if one.place else "") == (Kind.TASK, "birch")
    assert found(db, cast, "chA", "ölstand birch") == []
    assert found(db, cast, "dir", "ölstand nowhere") == []


def test_nothing_leaks_from_a_location_that_one_may_not_see(db: Database, cast: Cast) -> None:
    """Every word that stands at the other location, as a champion of this one, and as somebody without a role."""
    for text in ("canary", "posters", "champion", "alder", "birch", "ålesund", "zürich", "e", "52fe", "go"):
        for who, foreign in (("chA", ("52fe", "Birch")), ("chB", ("7d31", "Alder"))):
            seen = found(db, cast, who, text)
            shown = " ".join(f"{one.title} {one.place.name if one.place else ''} {one.note}" for one in seen)
            assert [word for word in foreign if word in shown] == [], (who, text)
        assert found(db, cast, "ch0", text) == []
        assert found(db, cast, "adm", text) == []
    assert {one.kind for one in found(db, cast, "chA", "canary")} == {Kind.TASK, Kind.LOCATION, Kind.PERSON}
    assert len(found(db, cast, "dir", "canary")) == 6


def test_every_kind_is_found_with_its_place(db: Database, cast: Cast) -> None:
    kinds = {
        "photograph": (Kind.TASK, Kind.TASK),
        "omar": (Kind.PERSON,),
        "go or no": (Kind.GATE, Kind.GATE),
        "two sites": (Kind.ROLLOUT, Kind.PLAYBOOK),
    }
    for text, wanted in kinds.items():
        assert tuple(one.kind for one in found(db, cast, "dir", text)) == wanted, text
    (omar,) = found(db, cast, "chA", "omar")
    assert (omar.note, omar.place) == ("Operations manager", None)
    places = [one.place for one in found(db, cast, "exe", "birch ålesund") if one.kind is Kind.LOCATION]
    assert [place.slug for place in places if place] == ["birch"]


def test_whoever_keeps_accounts_finds_people_and_no_plan(db: Database, cast: Cast) -> None:
    assert [one.title for one in found(db, cast, "adm", "noor", accounts=True)] == ["Noor Zaman"]
    assert {one.title for one in found(db, cast, "adm", "champion", accounts=True)} == {
        f"Champion {FOREIGN[slug]}" for slug in ("alder", "birch")
    }
    assert found(db, cast, "adm", "omar", accounts=True)[0].ground is None
    assert found(db, cast, "adm", "photograph", accounts=True) == []
    assert found(db, cast, "dir", "olga") == []


def test_each_kind_is_cut_and_what_begins_with_the_words_comes_first(db: Database, cast: Cast) -> None:
    assert len(found(db, cast, "dir", "a", limit=2)) <= 2 * len(Kind)
    with db.writing() as session:
        task = cast.task(session, "cabling")
        task.title = "Photograph"
        session.add(task)
    assert [one.title for one in found(db, cast, "chA", "photo")] == ["Photograph", "Photograph the server room"]


def test_a_state_is_said_where_it_is_beyond_doubt(db: Database, cast: Cast) -> None:
    from app.actions.tasks.blocks import block_task
    from app.actions.tasks.completion import complete_task

    with db.writing() as session:
        by = cast.viewer(session, "dir")
        task = cast.task(session, "scanners")
        complete_task(session, task.id or 0, seen=task.version, by=by, now=NOW)
        task = cast.task(session, "photos")
        block_task(session, task.id or 0, reason="x", seen=task.version, by=by, now=NOW)
    assert found(db, cast, "chA", "label printers")[0].state == "done"
    assert found(db, cast, "chA", "photograph")[0].state == "blocked"
    assert found(db, cast, "chA", "measure")[0].state == ""


def test_no_text_finds_nothing(db: Database, cast: Cast) -> None:
    assert found(db, cast, "dir", "   ") == []
    with db.reading() as session:
        assert session.exec(select(Task.id)).first() is not None
