"""Which law an issue is under: for each severity and type of the shipped playbook, in the live weeks and after."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from app.plan import Playbook, load
from app.plan.calendars import PlaceCalendar
from app.plan.places import Site, Spot
from app.plan.sites import network_calendar, place_calendar
from app.plan.terms import Scope
from app.plan.timeline import Timeline
from app.rules.issues.ladder import Case, Step, due, next_rung, reminded, spared
from app.rules.issues.law import Law, NoLaw, kept, law_of, loud_at, read, stored

ROOT = Path(__file__).resolve().parents[3]
PLAYBOOK: Playbook = load((ROOT / "playbooks" / "ray-medical.yaml").read_bytes())
START = date(2027, 1, 4)
HOUR = 3600


def timeline() -> tuple[Timeline, Spot]:
    calendar = place_calendar(PLAYBOOK, START, PLAYBOOK.calendar)
    wave = next(iter(PLAYBOOK.waves))
    sites = (Site("alder", "Alder", wave, calendar),)
    return Timeline(PLAYBOOK, START, sites, network_calendar(PLAYBOOK, START)), Spot(Scope.LOCATION, wave, "alder")


TIMELINE, SPOT = timeline()
CALENDAR: PlaceCalendar = TIMELINE.calendar(SPOT)
CUTOVER = TIMELINE.cutover(SPOT).day
LIVE = [CUTOVER, CUTOVER + timedelta(days=27)]
CALM = [CUTOVER - timedelta(days=1), CUTOVER + timedelta(days=28)]
TYPES = list(PLAYBOOK.issues.types) if PLAYBOOK.issues else []
OPERATIONAL = [kind for kind in ["", *TYPES] if kind != "wish"]


def law(severity: str, kind: str, day: date, hour: int = 18) -> Law:
    opened = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    return law_of(PLAYBOOK, severity, kind, TIMELINE, SPOT, opened)


def _wd(days: int) -> int:
    longest = CALENDAR.hours[0]
    return days * ((longest.closes - longest.opens) if longest else 24 * HOUR)


@pytest.mark.parametrize("kind", OPERATIONAL)
@pytest.mark.parametrize("day", LIVE)
@pytest.mark.parametrize(("severity", "resolve"), [("critical", 4), ("high", 12), ("normal", 24), ("low", 24)])
def test_in_the_first_four_weeks_everything_operational_is_solved_within_24_hours_elapsed(
    severity: str, kind: str, day: date, resolve: int
) -> None:
    found = law(severity, kind, day)
    assert (found.business, found.resolve) == (False, resolve * HOUR)
    assert found.until == ("" if severity == "critical" else (CUTOVER + timedelta(days=27)).isoformat())


@pytest.mark.parametrize("kind", OPERATIONAL)
@pytest.mark.parametrize("day", CALM)
def test_before_and_after_the_calmer_times_hold(kind: str, day: date) -> None:
    found = {severity: law(severity, kind, day) for severity in ("critical", "high", "normal", "low")}
    assert {one: law.business for one, law in found.items()} == {
        "critical": False, "high": False, "normal": True, "low": True
    }  # fmt: skip
    assert (found["critical"].resolve, found["high"].resolve) == (4 * HOUR, 24 * HOUR)
    assert (found["normal"].resolve, found["low"].resolve) == (_wd(3), _wd(5))


@pytest.mark.parametrize("day", [*LIVE, *CALM])
def test_a_wish_is_never_hurried(day: date) -> None:
    for severity in ("normal", "low"):
        found = law(severity, "wish", day)
        assert (found.business, found.respond, found.resolve) == (True, _wd(5), _wd(20))


def test_a_severity_or_type_that_the_playbook_does_not_have_has_no_law() -> None:
    for severity, kind in (("huge", ""), ("normal", "rumour")):
        with pytest.raises(NoLaw):
            law(severity, kind, CUTOVER)


def test_a_law_comes_back_from_its_store_as_it_was() -> None:
    import json

    for severity in ("critical", "high", "normal", "low"):
        found = law(severity, "", CUTOVER)
        document = json.dumps(kept(found))
        assert kept(stored(json.loads(document))) == json.loads(document) == kept(read(document))


def test_quiet_hours_end_in_the_morning_of_the_place_and_hold_for_quiet_severities_only() -> None:
    quiet, loud = law("normal", "", CUTOVER), law("critical", "", CUTOVER)
    for hours, expected in (((18, 59), (18, 59)), ((19, 0), (30, 30)), ((23, 0), (30, 30)), ((29, 59), (30, 30))):
        at = CALENDAR.wall(CUTOVER, hours[0] * HOUR + hours[1] * 60)
        assert loud_at(quiet, CALENDAR, at) == CALENDAR.wall(CUTOVER, expected[0] * HOUR + expected[1] * 60)
        assert loud_at(loud, CALENDAR, at) == at


OPENED = CALENDAR.wall(CUTOVER, 9 * HOUR)


def case(severity: str, **more: object) -> Case:
    return Case(law(severity, "", CUTOVER), CALENDAR, OPENED, **more)  # type: ignore[arg-type]


def after(severity: str) -> list[float]:
    one = case(severity)
    at = [due(one, Step.RUNG, number) for number in range(len(one.law.rungs))]
    return [(moment - OPENED).total_seconds() / HOUR for moment in at if moment]


def test_rungs_are_counted_from_the_opening() -> None:
    assert after("normal") == after("low") == [0, 12, 18, 24]
    assert after("high") == [0, 2, 12]
    assert after("critical") == [0, 0, 0.25, 1, 1, 4]


def test_taking_it_spares_what_is_for_nobody_having_taken_it_and_ends_the_reminders() -> None:
    taken = case("critical", acknowledged_at=OPENED + timedelta(minutes=5), news_at=OPENED)
    assert [spared(taken, Step.RUNG, rung.unless) for rung in taken.law.rungs] == [
        False, False, True, False, False, False
    ]  # fmt: skip
    assert due(taken, Step.RESPOND) is None
    assert due(taken, Step.UPDATE) == OPENED + timedelta(minutes=65)
    assert due(taken, Step.AGAIN) == OPENED + timedelta(hours=24, minutes=5)
    assert due(case("critical"), Step.AGAIN) is None


def test_reminders_to_take_it_end_with_its_time() -> None:
    one, at, found = case("critical"), None, 0
    while (at := due(one, Step.RESPOND, since=at)) is not None:
        found += 1
    assert found == 16  # every quarter of an hour, for four hours


def test_solved_nothing_is_due() -> None:
    solved = case("normal", resolved=True)
    assert [due(solved, kind) for kind in (Step.RUNG, Step.RESPOND, Step.UPDATE, Step.AGAIN, Step.BREACH)] == [None] * 5


def test_climbs_and_reminders_know_their_rung() -> None:
    critical = law("critical", "", CUTOVER)
    assert [next_rung(critical, told) for told in ([], [0, 1], [0, 1, 4], [5])] == [0, 2, 5, 5]
    assert [reminded(critical, told) for told in ([], [0, 1], [0, 1, 2], [0, 1, 2, 3, 4])] == [
        [0, 1], [0, 1], [2], [3, 4]
    ]  # fmt: skip
