"""What gates find of metrics: nothing read is unknown, a baseline counts once it is signed, a figure is compared."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlmodel import Session

from app.actions.metrics.baselines import sign_baseline
from app.actions.metrics.planned import Given
from app.actions.metrics.recording import record_readings
from app.db import Database
from app.errors import Refused
from app.models import Rollout
from app.rules.rollouts.readiness import BarState
from app.rules.signoffs import canonical, fingerprint
from app.stored.metrics import baseline_figures, place_at
from tests import cast as casting
from tests.cast import NOW, PLAYBOOK, Cast
from tests.queries.test_gate_sources import bars

ASKED = """\
      measured: {title: Baseline complete, baseline: all, critical: true}
      quick: {title: Quick enough, metric: wait, pass: at most 50 % of baseline, critical: true}
      launch: {title: Launches known, baseline: launch-time}
issues:
"""
METRICS = """\
metrics:
  wait: {title: Minutes of waiting, unit: minutes, better: lower, owner: champion, baseline: week 1 fri, roll_up: mean}
  visits: {title: Visits, unit: visits, owner: champion, baseline: week 1 fri, roll_up: sum}
  launch-time: {title: Time to launch, unit: weeks, owner: director, scope: network, baseline: week 1 fri}
"""
BOOK = PLAYBOOK.replace("issues:\n", ASKED, 1) + METRICS
LAST = date(2027, 1, 3)


@pytest.fixture
def gated(database_url: str) -> Iterator[tuple[Database, Cast]]:
    database = Database(database_url)
    yield database, casting.running(database, BOOK)
    database.dispose()


def read(session: Session, cast: Cast, *figures: tuple[str, str, str], last: date = LAST, who: str = "dir") -> None:
    given = [
        Given(metric, last - timedelta(days=6), last, Decimal(value), location=place)
        for place, metric, value in figures
    ]
    record_readings(session, cast.rollout, given, shown=None, by=cast.viewer(session, who), now=NOW)


def sign(session: Session, cast: Cast, place: str | None) -> None:
    location = cast.locations[place] if place else None
    rollout = session.get_one(Rollout, cast.rollout)
    row = session.get(casting.Location, location) if location else None
    figures, _ = baseline_figures(session, rollout, place_at(rollout, row))
    shown = fingerprint(canonical({"metrics": figures}))
    sign_baseline(session, cast.rollout, location, shown=shown, by=cast.proven(session, "dir"), now=NOW)


def test_nothing_read_is_not_captured_and_no_figure_is_unknown(gated: tuple[Database, Cast]) -> None:
    database, cast = gated
    with database.reading() as session:
        found = bars(session, cast, "alder")
    assert found["measured"][1] == "0 of 2 captured"
    assert found["measured"][0] is not BarState.MET
    assert found["quick"] == (BarState.UNKNOWN, "unknown: no reading yet")
    assert found["launch"][1] == "0 of 1 captured"


def test_a_baseline_counts_once_it_is_signed_at_its_place_alone(gated: tuple[Database, Cast]) -> None:
    database, cast = gated
    with database.writing() as session:
        read(session, cast, ("alder", "wait", "12"))
        with pytest.raises(Refused) as refused:
            sign(session, cast, "alder")
        assert refused.value.missing == ("Visits",)
        assert bars(session, cast, "alder")["measured"][1] == "1 of 2 captured"
        read(session, cast, ("alder", "visits", "400"))
        assert bars(session, cast, "alder")["measured"][1] == "all 2 captured, not signed yet"
        sign(session, cast, "alder")
        read(session, cast, ("", "launch-time", "30"))
        sign(session, cast, None)
        alder, birch = bars(session, cast, "alder"), bars(session, cast, "birch")
    assert alder["measured"] == (BarState.MET, "signed 5 January")
    assert birch["measured"][1] == "0 of 2 captured"
    assert alder["launch"][0] is birch["launch"][0] is BarState.MET


def test_a_figure_is_compared_with_the_signed_baseline(gated: tuple[Database, Cast]) -> None:
    database, cast = gated
    with database.writing() as session:
        read(session, cast, ("alder", "wait", "12"), ("alder", "visits", "400"))
        assert bars(session, cast, "alder")["quick"][1].startswith("unknown: 12 minutes to 3 January, and no baseline")
        sign(session, cast, "alder")
        assert bars(session, cast, "alder")["quick"][1].endswith("at most 50 % of baseline asked for")
