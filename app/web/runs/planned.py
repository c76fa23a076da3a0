"""The page of a runbook as values for its template: when and how long, its steps, the way back, its runs so far."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.queries.runs.runbook import RunbookPage
from app.rules.clock import duration, instant, zone_name
from app.rules.rollouts.sentences import Part
from app.rules.runbooks.plans import RunPlan
from app.web.runs.made import making_forms, open_run, run_line
from app.web.runs.planned_back import way_back
from app.web.runs.planned_steps import planned_groups
from app.web.runs.steps import who_words
from app.web.runs.words import clock_words, where_words
from app.web.told import Told


def shown(page: RunbookPage, told: Told, now: datetime) -> dict[str, Any]:
    """Everything the template needs."""
    plan = page.plan
    where = where_words(page.rollout, page.place, page.dated.wave)
    return {
        "runbook": {
            "id": page.id,
            "title": page.runbook.title,
            "name": f"{page.runbook.title}, {where}",
            "led": who_words(page.runbook.owner, page.holders, page.dated.location_id, page.rollout.playbook.people),
            "zone": zone_name(page.zone, now),
        },
        "say": sentence(page, where, now),
        "more": _more(page, now),
        "problem": page.problem,
        "open": open_run(page),
        "runs": [run_line(page, run, now) for run in page.runs],
        "groups": planned_groups(page, plan.steps, now) if plan else [],
        "steps": len(plan.steps) if plan else 0,
        "back": way_back(page, plan, now) if plan and plan.back_title else None,
        "forms": making_forms(page, told) if page.lead and not page.open else None,
        "told": told,
    }


def sentence(page: RunbookPage, where: str, now: datetime) -> list[Part]:
    """When, how long, and what is wrong with it."""
    plan = page.plan
    if plan is None:
        return [Part(f"{page.runbook.title} at {where} "), Part("cannot be planned yet", "wait"), Part(".")]
    begin, end = _edges(plan)
    takes = duration(end - begin)
    said = f"{takes}, from {instant(begin, page.zone, now)} to {clock_words(end, page.zone, begin)}"
    if plan.window and end > plan.window[1]:
        over = Part(f"{duration(end - plan.window[1])} over its window", "blocked")
        return [Part(f"{said}: "), over, Part(".")]
    if not page.runs:
        return [Part(f"{said}; "), Part("nobody has rehearsed it", "risk"), Part(".")]
    return [Part(f"{said}.")]


def _edges(plan: RunPlan) -> tuple[datetime, datetime]:
    spans = plan.planned.spans.values()
    return min((span.begin for span in spans), default=plan.zero), plan.planned.end


def _more(page: RunbookPage, now: datetime) -> str:
    """T, the window, and who leads it."""
    plan = page.plan
    if plan is None:
        return page.problem
    said = [f"T is {instant(plan.zero, page.zone, now)}."]
    if plan.window:
        first, last = (clock_words(at, page.zone, plan.zero) for at in plan.window)
        said.append(f"The window is open from {first} to {last}.")
    return " ".join(said)
