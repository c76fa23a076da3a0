"""The way back of a runbook at its place, as values for the template: who decides until when, how long, its steps."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.queries.runs.runbook import RunbookPage
from app.rules.clock import duration, short_day
from app.rules.runbooks.back_out import BackOut
from app.rules.runbooks.forecast import forecast
from app.rules.runbooks.graph import Graph
from app.rules.runbooks.plans import RunPlan
from app.web.prose import prose
from app.web.runs.planned_steps import planned_step
from app.web.runs.words import clock_words


def way_back(page: RunbookPage, plan: RunPlan, now: datetime) -> dict[str, Any]:
    """The way back: who decides until when, how long it takes, and its steps, counted from the decision."""
    back, people = page.back, page.rollout.playbook.people
    spans = forecast(Graph([replace(one, not_before=None) for one in plan.way_back]), {}, zero=plan.zero).spans
    decides = page.holders.names([plan.decide], page.dated.location_id)
    title = people[plan.decide].title if plan.decide in people else plan.decide
    steps = [
        {
            **planned_step(page, one, spans[one.id].begin, plan.zero, now),
            "time": _after_words(spans[one.id].begin - plan.zero),
        }
        for one in plan.way_back
    ]
    return {
        "title": plan.back_title,
        "prompt": prose(plan.prompt),
        "decides": f"{', '.join(decides)} ({title})" if decides else title,
        "takes": _takes_back(back) if back else "",
        "figures": _figures(page, plan, now),
        "steps": steps,
    }


def _after_words(gap: timedelta) -> str:
    """How long after the decision."""
    return f"+{duration(gap)}" if gap else "At once"


def _takes_back(back: BackOut) -> str:
    least, most = duration(back.minutes), duration(back.worst_minutes)
    return least if least == most else f"{least} before anything is done, {most} in the end"


def _figures(page: RunbookPage, plan: RunPlan, now: datetime) -> list[dict[str, Any]]:
    """The last safe decision with everything done that can still be undone, and the latest one there is, as `decide`
    takes them.
    """
    back, point = page.back, plan.no_return
    if back is None or back.done_by is None:
        return []
    latest = plan.planned.spans[point.id].begin if point else plan.planned.end
    whole = replace(back, minutes=back.worst - latest)

    def at(when: datetime) -> str:
        return clock_words(when, page.zone, back.now)

    safe, late = whole.last_safe or back.done_by, back.worst - back.done_by
    return [
        {
            "label": "Last safe decision",
            "time": at(safe),
            "instant": safe.isoformat(),
            "beside": short_day(safe.astimezone(ZoneInfo(page.zone)).date(), now.date()),
            "under": whole.spelled(at),
            "lead": "warn",
        },
        {
            "label": f"Decided only at {at(latest)}",
            "time": at(back.worst),
            "instant": back.worst.isoformat(),
            "status": "risk" if late > timedelta(0) else "done",
            "beside": f"{duration(late)} too late" if late > timedelta(0) else "In time",
            "under": f"back then, to be back by {at(back.done_by)}",
        },
    ]
