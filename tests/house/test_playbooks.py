"""The shipped playbooks are sound and hold what they promise; the examples of the documentation check clean."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from app.plan import Playbook, check, load
from app.plan.format.issues import Target
from app.plan.format.locations import read_places
from app.plan.format.metrics import Baseline, Metric
from app.plan.playbook import steps_of
from app.rules.schedule.schedule import plan_rollout

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ("ray-medical", "group-collaboration")
EXAMPLES = re.findall(r"```yaml playbook\n(.*?)```", (ROOT / "docs/playbook.md").read_text("utf-8"), re.DOTALL)


def shipped(name: str) -> Playbook:
    return load((ROOT / f"playbooks/{name}.yaml").read_bytes())


@pytest.fixture(scope="module")
def ray() -> Playbook:
    return shipped("ray-medical")


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_playbook_has_no_errors_and_no_warnings(name: str) -> None:
    report = check((ROOT / f"playbooks/{name}.yaml").read_bytes())
    assert [(p.id, p.line) for p in (*report.errors, *report.warnings)] == []


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_playbook_says_where_it_comes_from(name: str) -> None:
    assert [source.title for source in shipped(name).sources if not source.note] == []


def test_the_documentation_has_examples() -> None:
    assert len(EXAMPLES) >= 3


@pytest.mark.parametrize("text", EXAMPLES, ids=range(len(EXAMPLES)))
def test_a_complete_example_checks_without_a_word(text: str) -> None:
    assert [(p.id, p.line, p.message) for p in check(text.encode()).problems] == []


def test_the_cutovers_are_the_mondays_of_weeks_6_9_and_13(ray: Playbook) -> None:
    places = read_places((ROOT / "playbooks/locations-example.yaml").read_bytes(), ray)
    assert places.problems == ()
    plan = plan_rollout(ray, date(2027, 1, 4), places.places)
    assert {name: at.isoformat() for name, at in plan.cutovers.items()} == {
        "alder-quay": "2027-02-08T07:00:00-06:00",
        "fenmoor": "2027-02-08T07:00:00-06:00",
        "kestrel-ridge": "2027-03-01T07:00:00-05:00",
        "lark-hollow": "2027-03-29T07:00:00-04:00",
    }


def test_the_cutover_takes_30_to_60_steps_with_one_point_of_no_return(ray: Playbook) -> None:
    runbook = next(iter(ray.runbooks.values()))
    steps = list(steps_of(runbook))
    assert 30 <= len(steps) <= 60
    assert sum(step.no_return for step in steps) == 1
    assert runbook.back_out is not None


@pytest.mark.parametrize(("stated", "value", "days"), [(45, 35, "90d"), (8, 4, "60d"), (12, 8, "90d"), (62, 75, None)])
def test_a_target_of_the_source_is_held_with_its_baseline_and_its_days(
    ray: Playbook, stated: float, value: float, days: str | None
) -> None:
    found = [metric for metric in ray.figures.values() if held(metric) == (stated, value)]
    assert len(found) == 1
    target = found[0].target
    assert target is not None
    by = None if target.by is None or target.by.end is None else str(target.by.end.offsets[-1].duration)
    assert by == days


def held(metric: Metric) -> tuple[float | None, float | None]:
    stated = metric.baseline.stated if isinstance(metric.baseline, Baseline) else None
    return stated, metric.target.value if metric.target else None


def test_every_operational_issue_is_solved_within_a_day_in_the_first_four_weeks(ray: Playbook) -> None:
    assert ray.issues is not None
    for severity in ray.issues.severities.values():
        for kind in set(ray.issues.types) - {"wish"}:
            target = next(t for t in severity.targets if early(t) and (not t.types or kind in t.types))
            assert target.resolve is not None
            assert (target.clock, target.resolve.elapsed) == ("elapsed", True), (severity.id, kind)
            assert target.resolve.amount <= 24 * 3600, (severity.id, kind)


def early(target: Target) -> bool:
    return target.when is None or target.when.text == "live week 1 .. live week 4"
