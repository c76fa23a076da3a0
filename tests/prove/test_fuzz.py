"""Whatever a playbook has become: the checker judges it in under a second and raises nothing, and what it finds
clean can be planned. 500 files in the suite, 10,000 more with `run.py prove`."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.plan import Playbook, Report, check
from app.rules.schedule.schedule import plan_rollout, read_place
from tests.plan.hostile import HEAD, Hostile, corpus
from tests.prove.mutations import SOURCES, grafted, torn

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
MOST_SECONDS = 1.0
MONDAY = date(2027, 1, 4)
HOSTILE = corpus()


def judged(data: bytes) -> Report:
    """The report, made in under a second of processor time and with a place for everything it says."""
    seconds, report = _timed(data)
    if seconds >= MOST_SECONDS:  # a neighbour on the same core; a file that is slow is slow again
        seconds, report = _timed(data)
    assert seconds < MOST_SECONDS
    last = data.count(b"\n") + data.count(b"\r") + 2
    for problem in report.problems:
        assert 1 <= problem.line <= last
        assert problem.column >= 1
        assert problem.message
        assert problem.message.isprintable()
    assert report.ok == (not report.errors)
    return report


def _timed(data: bytes) -> tuple[float, Report]:
    begun = time.process_time()
    report = check(data, "mutated.yaml", MONDAY)
    return time.process_time() - begun, report


def plan_of(playbook: Playbook) -> None:
    """One location a wave, every attribute unknown: dated without an exception, each date with its reason."""
    start = playbook.start or MONDAY
    places = [read_place({"id": f"site-{n}", "name": wave, "wave": wave}) for n, wave in enumerate(playbook.waves)]
    plan = plan_rollout(playbook, start, places)
    for item in (*plan.items, *plan.rhythm):
        assert item.why or item.moment is None


def survives(source: str) -> None:
    report = judged(source.encode("utf-8", "surrogatepass"))
    if report.playbook is not None:
        plan_of(report.playbook)


@settings(max_examples=250, deadline=None, suppress_health_check=SLOW)
@given(torn())
def test_a_torn_file_is_judged_and_what_is_clean_is_planned(source: str) -> None:
    survives(source)


@settings(max_examples=250, deadline=None, suppress_health_check=SLOW)
@given(grafted())
def test_a_grafted_file_is_judged_and_what_is_clean_is_planned(source: str) -> None:
    survives(source)


@pytest.mark.prove
@settings(max_examples=5_000, deadline=None, suppress_health_check=SLOW)
@given(torn())
def test_five_thousand_torn_files(source: str) -> None:
    survives(source)


@pytest.mark.prove
@settings(max_examples=5_000, deadline=None, suppress_health_check=SLOW)
@given(grafted())
def test_five_thousand_grafted_files(source: str) -> None:
    survives(source)


@settings(max_examples=100, deadline=None, suppress_health_check=SLOW)
@given(st.binary(max_size=2_000))
def test_any_bytes_are_judged(data: bytes) -> None:
    judged(data)


@pytest.mark.prove
@pytest.mark.parametrize("file", HOSTILE, ids=[file.name for file in HOSTILE])
def test_a_hostile_file_that_is_accepted_can_be_planned(file: Hostile) -> None:
    report = judged(file.make())
    if report.playbook is not None:
        plan_of(report.playbook)


@pytest.mark.parametrize("source", SOURCES, ids=range(len(SOURCES)))
def test_the_sound_files_themselves_are_clean_and_planned(source: str) -> None:
    report = judged(source.encode())
    assert report.playbook is not None
    plan_of(report.playbook)


@pytest.mark.parametrize(
    "who", ["{at_least: 2}", "{of: []}", "{of: lead, must: []}", "{}", "[]", "{of: [lead], of: []}"]
)
@pytest.mark.parametrize("key", ["owner", "verify", "sign_off"])
def test_people_who_are_nobody_are_judged(key: str, who: str) -> None:
    people = {"owner": "lead", "verify": "lead", "sign_off": "lead", key: who}
    row = ", ".join(f"{name}: {value}" for name, value in people.items())
    survives(f"{HEAD}tasks: {{fees: {{title: Fees, due: week 2 fri, {row}}}}}\n")
