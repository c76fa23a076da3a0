"""What is kept of all locations is what their own standings add up to, and reading it costs the same for any number."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import delete, event
from sqlmodel import Session, col, select

from app.actions.locations.joining import drop_location, planned_drop, planned_return, return_location
from app.actions.metrics.costs import enter_cost, state_position_cost
from app.db import Database
from app.models import MetricSaved, Occasion, Rollout
from app.queries.meetings.agenda import agenda_of
from app.queries.meetings.scope import Scope
from app.queries.metrics.money import money_of
from app.queries.metrics.network import NetworkReturn, network_return
from app.queries.rollouts.facts import RolloutFacts, facts_of
from app.rules.people.access import Extent
from tests.cast import Cast
from tests.engines import ONE_ENGINE
from tests.returning import THEN, returning

EVERYWHERE = Extent(True, frozenset())


@pytest.fixture(params=ONE_ENGINE)
def base(request: pytest.FixtureRequest) -> Iterator[Database]:
    database = Database(request.getfixturevalue(f"{request.param}_url"))
    yield database
    database.dispose()


@pytest.fixture
def cast(base: Database) -> Cast:
    return returning(base)


def facts(session: Session, cast: Cast) -> RolloutFacts:
    return facts_of(session, session.get_one(Rollout, cast.rollout), only=())


def told(session: Session, cast: Cast, extent: Extent) -> NetworkReturn:
    return network_return(session, facts(session, cast), extent, THEN.date())


def plain(found: NetworkReturn) -> list[Any]:
    """What is said of each metric, rounded where sums of floats differ in their last digit."""
    return [
        (line.metric.id, line.network.places, line.network.of, line.network.signed, line.network.readings,
         dict(line.network.counts), round(line.network.baseline or 0, 6), round(line.network.latest or 0, 6),
         [(one.first, one.last, round(one.value, 6), one.places) for one in line.points])
        for line in found.lines
    ]  # fmt: skip


def test_what_is_kept_is_what_the_standings_add_up_to(base: Database, cast: Cast) -> None:
    every = Extent(False, frozenset(cast.locations.values()))
    with base.reading() as session:
        assert plain(told(session, cast, EVERYWHERE)) == plain(told(session, cast, every))
        sums = [money_of(session, facts(session, cast), one, THEN.date()) for one in (EVERYWHERE, every)]
        assert round(sums[0].paybacks["USD"].saved, 4) == round(sums[1].paybacks["USD"].saved, 4)


def test_a_location_that_has_left_is_in_no_sum_and_comes_back_into_it(base: Database, cast: Cast) -> None:
    with base.writing() as session:
        by, birch = cast.viewer(session, "dir", THEN), cast.locations["birch"]
        before = told(session, cast, EVERYWHERE)
        shown = planned_drop(session, birch, by=by, now=THEN).fingerprint
        drop_location(session, birch, reason="Sold.", shown=shown, by=by, now=THEN)
        without = Extent(False, frozenset(set(cast.locations.values()) - {birch}))
        assert [row[:8] for row in plain(told(session, cast, EVERYWHERE))] == [
            row[:8] for row in plain(told(session, cast, without))
        ]
        shown = planned_return(session, birch, by=by, now=THEN).fingerprint
        return_location(session, birch, reason="Not sold.", shown=shown, by=by, now=THEN)
        assert [row[:8] for row in plain(told(session, cast, EVERYWHERE))] == [row[:8] for row in plain(before)]


def test_what_a_location_that_has_left_cost_and_saved_leaves_the_sums_together(base: Database, cast: Cast) -> None:
    with base.writing() as session:
        by, birch = cast.viewer(session, "dir", THEN), cast.locations["birch"]
        for place, amount in (("birch", 700), ("", 500)):
            enter_cost(
                session, cast.rollout, title="Training", amount=Decimal(amount), currency="USD", day=date(2027, 2, 1),
                location=place, by=by, now=THEN,
            )  # fmt: skip
        every, without = (
            Extent(False, frozenset(set(cast.locations.values()) - gone)) for gone in (set[int](), {birch})
        )
        stays = money_of(session, facts(session, cast), without, THEN.date()).paybacks["USD"].saved
        assert money_of(session, facts(session, cast), EVERYWHERE, THEN.date()).paybacks["USD"].spent == 1200
        shown = planned_drop(session, birch, by=by, now=THEN).fingerprint
        drop_location(session, birch, reason="Sold.", shown=shown, by=by, now=THEN)
        found = [money_of(session, facts(session, cast), one, THEN.date()) for one in (EVERYWHERE, every)]
        assert [one.paybacks["USD"].spent for one in found] == [500, 0]  # the second sees no costs of all centres
        assert [round(one.paybacks["USD"].saved, 4) for one in found] == [round(stays, 4)] * 2
        assert [(one.place, one.left) for one in found[0].costs] == [("Birch", True), ("", False)]


def test_positions_are_added_where_no_other_figure_of_the_currency_was_counted(base: Database, cast: Cast) -> None:
    with base.writing() as session:
        by = cast.viewer(session, "dir", THEN)
        state_position_cost(session, cast.rollout, "admin-fte", amount=Decimal(60_000), currency="USD", by=by, now=THEN)
        added = []
        for _ in range(2):
            found = money_of(session, facts(session, cast), EVERYWHERE, THEN.date())
            added.append({one.metric.id: one.added for one in found.lines})
            session.execute(delete(MetricSaved).where(col(MetricSaved.metric) == "cost-per-exam"))
        assert [one["admin-fte"] for one in added] == [False, True]


def test_a_network_is_read_in_the_same_queries_whatever_its_size(base: Database, cast: Cast) -> None:
    asked: list[str] = []
    with base.reading() as session:
        rollout = facts(session, cast)
        event.listen(base.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
        network_return(session, rollout, EVERYWHERE, THEN.date())
    assert len(asked) == 4
    assert not any("metric_reading" in one and "location_id IS NULL" not in one for one in asked)


def test_a_meeting_is_offered_what_was_found(base: Database, cast: Cast) -> None:
    with base.reading() as session:
        occasion = session.exec(select(Occasion).where(Occasion.entry == "friday")).one()
        whole = facts_of(session, session.get_one(Rollout, cast.rollout))
        sections = agenda_of(session, Scope(whole, occasion, whole.playbook.meetings["friday"], THEN))
        wins = next(one for one in sections if one.part == "wins").lines
        assert len(wins) == 5
        assert {line.kind for line in wins} == {"found"}
        assert wins[0].said == "Claim denials fell from 8% to 3.8% in 14 weeks"
        assert wins[0].place == cast.locations["alder"]
