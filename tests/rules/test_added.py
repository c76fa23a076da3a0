"""A task added by hand is asked for like every other, and never under an id of the playbook."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from app.plan import load
from app.plan.format.answers import Evidence
from app.rules.tasks.added import asked_for, late_after, next_entry
from app.rules.tasks.blocks import over_words, waits_words
from app.rules.tasks.completion import Given, missing, still_wanted
from app.rules.tasks.named import acting_roles
from tests.cast import PLAYBOOK


@dataclass(frozen=True)
class Row:
    entry: str = "added-1"
    title: str = "Move the fridge"
    owner_role: str = "champion"
    workstream: str = "technical"
    location_id: int | None = 3
    added: bool = True
    known_as: str = ""


BOOK = load(PLAYBOOK.encode())


def test_an_added_task_asks_for_what_was_written_and_wants_nothing_more() -> None:
    asked = asked_for(BOOK, Row(), "By the back door.")
    assert asked is not None
    assert (asked.id, asked.title, asked.how, asked.scope) == (
        "added-1", "Move the fridge", "By the back door.", "location"
    )  # fmt: skip
    assert (acting_roles(asked), asked.critical, asked.optional) == (("champion",), False, False)
    assert missing(asked, Given()) == ()


def test_a_task_of_the_playbook_is_its_entry_and_an_unknown_one_is_none() -> None:
    assert asked_for(BOOK, Row(entry="photos", added=False)) is BOOK.entries["photos"]
    assert asked_for(BOOK, Row(entry="readiness", added=False)) is None
    assert asked_for(BOOK, Row(entry="nothing", added=False)) is None


def test_the_next_id_is_none_of_the_playbook() -> None:
    assert next_entry(BOOK, 0) == "added-1"
    taken = load(PLAYBOOK.replace("      posters:", "      added-2:").encode())
    assert next_entry(taken, 1) == "added-3"


def test_a_day_ends_at_midnight_of_its_place() -> None:
    assert late_after(date(2027, 1, 8), "America/Chicago") == datetime(2027, 1, 9, 6, tzinfo=UTC)


def test_what_a_block_waits_for_is_said_with_its_day_and_loudly_after_it() -> None:
    today = date(2026, 11, 26)
    words = waits_words("Meridian Imaging's firewall rule.", date(2026, 11, 24), today)
    assert words == "waits for Meridian Imaging's firewall rule, expected Tue 24 Nov; 2 days over"
    assert waits_words("", date(2026, 11, 26), today) == "expected Thu 26 Nov"
    assert waits_words("a person", None, today) == "waits for a person"
    assert (waits_words("", None, today), over_words(None, today)) == ("", "")


def test_what_is_attached_is_wanted_no_more() -> None:
    photos = Evidence(type="photo", title="Rack", at_least=2)
    more = Evidence(type="photo", title="Door")
    file = Evidence(type="file")
    left = still_wanted((photos, more, file), {"photo": 1})
    assert [(piece.title, piece.at_least) for piece in left] == [("Rack", 1), ("Door", 1), ("", 1)]
    assert still_wanted((photos, more), {"photo": 3}) == ()
    assert [piece.title for piece in still_wanted((photos, more), {"photo": 2})] == ["Door"]
