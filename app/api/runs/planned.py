"""Runbooks from the facts of their list and of their pages."""

from __future__ import annotations

from typing import Any

from app.api.runs import planned_shapes as shapes
from app.api.runs.lengths import minutes
from app.api.runs.shapes import RunMark
from app.api.runs.step_whole import planned_facts
from app.api.runs.whole import mark_facts
from app.models import ScheduledEntry
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.queries.runs.list import RunbookLine
from app.queries.runs.runbook import RunbookPage
from app.rules.runbooks.forecast import Span
from app.rules.runbooks.plans import RunPlan
from app.rules.runbooks.rehearsed import Rehearsed
from app.rules.runbooks.steps import RunStep


def runbook_item(rollout: RolloutFacts, one: RunbookLine) -> shapes.RunbookItem:
    """A runbook of a list."""
    return shapes.RunbookItem(
        id=one.id,
        rollout=rollout.slug,
        entry=one.entry,
        title=one.title,
        **_where(one.place, one.wave),
        due=one.due,
        zero_at=one.zero,
        runs=one.runs,
        rehearsals=[_rehearsal(each) for each in one.rehearsals],
        open=RunMark(**mark_facts(one.open, one.position)) if one.open else None,
        live=RunMark(**mark_facts(one.live, None)) if one.live else None,
    )


def _where(place: PlaceFacts | None, wave: str) -> dict[str, Any]:
    return {"location": place.slug if place else None, "wave": "" if place else wave}


def _rehearsal(one: Rehearsed) -> shapes.RehearsalLine:
    return shapes.RehearsalLine(
        number=one.number, ended_at=one.ended, day=one.day, blocked=one.blocked, over=minutes(one.over),
        outdated=one.outdated,
    )  # fmt: skip


def runbook_whole(page: RunbookPage) -> shapes.RunbookWhole:
    """Everything that the page of a runbook shows."""
    dated, leads = page.dated, page.runbook.owner.roles if page.runbook.owner else ()
    return shapes.RunbookWhole(
        **_dated(page, dated),
        **_plan(page),
        zone=page.zone,
        leads=list(leads),
        people=list(page.holders.names(leads, dated.location_id)),
        may_make=page.lead and page.open is None,
        waits_for=list(page.waits),
        problem=page.problem,
        runs=[
            shapes.MadeRun(**mark_facts(run, page.positions.get(run.id or 0)), blocked=page.blocked.get(run.id or 0, 0))
            for run in page.runs
        ],
    )


def _dated(page: RunbookPage, dated: ScheduledEntry) -> dict[str, Any]:
    return {
        "id": page.id,
        "rollout": page.rollout.slug,
        "entry": dated.entry,
        "title": page.runbook.title,
        **_where(page.place, dated.wave),
        "due": dated.due,
        "zero_at": dated.due_at,
    }


def _plan(page: RunbookPage) -> dict[str, Any]:
    plan = page.plan
    spans = plan.planned.spans if plan else {}
    window = plan.window if plan else None
    return {
        "planned_begin": min((span.begin for span in spans.values()), default=None),
        "planned_end": plan.planned.end if plan else None,
        "window_begins": window[0] if window else None,
        "window_ends": window[1] if window else None,
        "steps": [_step(page, one, spans[one.id]) for one in plan.steps] if plan else [],
        "way_back": _way_back(page, plan) if plan and plan.back_title else None,
    }


def _step(page: RunbookPage, step: RunStep, span: Span | None) -> shapes.StepAhead:
    return shapes.StepAhead(
        **planned_facts(step, page.holders, page.dated.location_id),
        how=step.how,
        begins=span.begin if span else None,
        ends=span.end if span else None,
        unclear=step.unclear,
    )


def _way_back(page: RunbookPage, plan: RunPlan) -> shapes.WayBack:
    back = page.back
    return shapes.WayBack(
        title=plan.back_title,
        prompt=plan.prompt,
        decides=plan.decide,
        people=list(page.holders.names([plan.decide], page.dated.location_id)),
        done_by=plan.done_by,
        margin=minutes(plan.margin),
        takes=minutes(back.minutes if back else None),
        takes_at_most=minutes(back.worst_minutes if back else None),
        steps=[_step(page, one, None) for one in plan.way_back],
    )
