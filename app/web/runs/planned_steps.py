"""The steps of a runbook as planned for a live run, as values for the template."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.queries.runs.runbook import RunbookPage
from app.rules.clock import duration
from app.rules.runbooks.steps import RunStep
from app.web.runs.steps import checked_words, grouped, plan_line, who_words


def planned_groups(page: RunbookPage, steps: tuple[RunStep, ...], now: datetime) -> list[dict[str, Any]]:
    plan = page.plan
    if plan is None:
        return []
    spans = plan.planned.spans
    return [
        {
            "title": title,
            "takes": _takes_words([spans[one.id].begin for one in inside], [spans[one.id].end for one in inside]),
            "steps": [planned_step(page, one, spans[one.id].begin, plan.zero, now) for one in inside],
        }
        for title, inside in grouped(steps, lambda one: one)
    ]


def _takes_words(begins: list[datetime], ends: list[datetime]) -> str:
    return duration(max(ends) - min(begins))


def planned_step(page: RunbookPage, step: RunStep, begin: datetime, zero: datetime, now: datetime) -> dict[str, Any]:
    location, titles = page.dated.location_id, page.rollout.playbook.people
    who = who_words(step.asked.owner, page.holders, location, titles)
    checked = checked_words(step.asked.checked_by, page.holders, location, titles)
    return plan_line(step, begin, zero, who, checked, page.zone, now)
