"""A selection is read in a fixed number of queries, and a gate that waits for one waits until its set is signed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlmodel import Session, select

from app.actions.tasks.answers import answer_task
from app.db import Database
from app.models import Delivery, Rollout, ScheduledEntry
from app.queries.dropped import NotToSend
from app.queries.gates.evidence import evidence_of
from app.queries.letters import letter
from app.queries.rollouts.facts import facts_of
from app.queries.selection.list import selection_lines
from app.queries.selection.page import selection_page
from app.rules.selection.judging import Stand
from tests.cast import NOW, Cast
from tests.queries.test_counts import counting
from tests.selecting import CHOOSING, all_answered, answer, choosing, chosen, propose, restate, selection_id, stored


@pytest.fixture
def picking(database_url: str) -> Iterator[tuple[Database, Cast]]:
    database = Database(database_url)
    yield database, choosing(database)
    database.dispose()


def waits(session: Session, cast: Cast) -> tuple[str, ...]:
    gate = session.exec(select(ScheduledEntry.id).where(ScheduledEntry.entry == "chosen")).one() or 0
    rollout = facts_of(session, session.get_one(Rollout, cast.rollout))
    return evidence_of(session, rollout, gate, NOW).waits


def test_a_gate_waits_until_the_set_is_signed_and_again_when_the_signature_falls(
    picking: tuple[Database, Cast],
) -> None:
    database, cast = picking
    open_ = ("“The pilot locations”: no set is chosen yet",)
    with database.writing() as session:
        assert waits(session, cast) == open_
        all_answered(session, cast)
        propose(session, cast)
        assert waits(session, cast) == open_
        chosen(session, cast)
        assert waits(session, cast) == ()
        restate(session, cast, "birch", renovation=True)
        assert waits(session, cast) == open_


def test_the_number_of_queries_is_the_same_for_every_state(picking: tuple[Database, Cast]) -> None:
    database, cast = picking
    with database.writing() as session:
        key = selection_id(session, cast)
        answer(session, cast, "alder", "backing")
    sent = []
    for step in (lambda s: None, lambda s: all_answered(s, cast, "alder birch cedar"), lambda s: chosen(s, cast)):
        with database.writing() as session:
            step(session)
        with database.reading() as session:
            viewer = cast.viewer(session, "opm")
            with counting(database) as found:
                page = selection_page(session, key, viewer, NOW)
            sent.append(len(found))
    assert page.stored.settled
    assert max(sent) <= min(sent) + 1  # the signatures that fell are looked for only where none stands


def test_the_selections_of_a_rollout_are_listed_with_how_far_they_are(picking: tuple[Database, Cast]) -> None:
    database, cast = picking
    with database.writing() as session:
        rollout = facts_of(session, session.get_one(Rollout, cast.rollout))
        assert [(one.selection.id, one.proposed, one.settled) for one in selection_lines(session, rollout)] == [
            ("pilots", False, False)
        ]
        chosen(session, cast)
        assert [(one.proposed, one.settled) for one in selection_lines(session, rollout)] == [(True, True)]


def test_a_condition_may_ask_for_what_a_task_was_answered(database_url: str) -> None:
    slow = "      slow: {title: The line is too slow, where: {line-speed: under 100}}\n    mix:\n"
    database = Database(database_url)
    cast = choosing(database, CHOOSING.replace("    mix:\n", slow, 1))
    with database.writing() as session:
        for place, speed in (("alder", "40"), ("birch", "400")):
            task = cast.task(session, "line-speed", place)
            answer_task(session, task.id or 0, speed, seen=task.version, by=cast.viewer(session, "dir"), now=NOW)
        found = {one.candidate.slug: one.stand for one in stored(session, cast).scoring.candidates}
    assert (found["alder"], found["birch"]) == (Stand.OUT, Stand.UNCLEAR)
    database.dispose()


def test_a_letter_leads_to_the_selection_and_is_not_sent_once_nothing_is_to_be_signed(
    picking: tuple[Database, Cast],
) -> None:
    database, cast = picking
    with database.writing() as session:
        all_answered(session, cast)
        propose(session, cast)
        row = session.exec(select(Delivery).where(Delivery.kind == "selection_sign")).one()
        found = letter(session, row, cast.viewer(session, "exe"), NOW)
        assert found.path == f"/selections/{selection_id(session, cast)}"
        assert (found.facts["title"], found.facts["due"]) == ("The pilot locations", "Thu 7 Jan")
        chosen(session, cast)
        with pytest.raises(NotToSend):
            letter(session, row, cast.viewer(session, "exe"), NOW)
