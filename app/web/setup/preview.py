"""Set-up, last step: the dated plan with every date's reason and every warning, then the start."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions.jobs import LEASE, retry_job
from app.actions.schedule.planning import plan_of
from app.actions.schedule.starting import start_rollout
from app.errors import Refused, Stale
from app.models import Rollout
from app.queries.rollouts.draft import Start, role_holders, start_of
from app.queries.rollouts.facts import RolloutFacts
from app.rules.clock import count, instant, moment, short_day
from app.rules.people.access import Permission
from app.rules.rollouts.weeks import week_of
from app.rules.schedule.dated import Item
from app.rules.schedule.schedule import Finding, Plan
from app.rules.tasks.filtering import SHARED
from app.web.answers import is_fragment, see_other
from app.web.forms import Filter
from app.web.frame import framed
from app.web.setup.people import warnings
from app.web.setup.start import DraftVersion
from app.web.setup.steps import address, demand_draft, done_steps, step_frame
from app.web.site import Db, Desk, Directing, Now, Seeing
from app.web.templating import html

router = APIRouter()
STEP_LASTS = timedelta(seconds=20)


@router.get("/rollouts/{slug}/set-up/preview")
def ask(desk: Directing, session: Db, now: Now, location: Filter = "") -> Response:
    demand_draft(desk.rollout)
    return _page(desk, session, now, location, "", (), 200)


def _page(
    desk: Desk, session: Session, now: datetime, location: str, stale: str, missing: Sequence[str], status: int
) -> Response:
    rollout = desk.rollout
    held = role_holders(session, rollout.id)
    frame = step_frame(desk, "preview", done_steps(rollout, people=bool(held)))
    wanted = [*missing] or _missing(rollout)
    if wanted:
        return html("rollouts/set_up/unplanned.html", status, **frame, wanted=wanted, stale=stale)
    plan = plan_of(session, session.get_one(Rollout, rollout.id))
    places = {place.slug: place.name for place in rollout.locations}
    chosen = location if location in places or location == SHARED else next(iter(places), SHARED)
    items = [item for item in plan.items_at("" if chosen == SHARED else chosen) if item.kind != "group"]
    before = start_of(session, rollout.id)
    return html(
        "rollouts/set_up/preview.html",
        status,
        **frame,
        say=_summary(plan, rollout),
        sent_back=before.error.splitlines() if before and before.state == "failed" else [],
        settle=[finding.message for finding in plan.problems if finding.settle],
        warnings=[_warning(finding) for finding in plan.problems if not finding.settle],
        people=warnings(rollout, held),
        cutovers=_cutovers(plan, rollout, now),
        chosen=chosen,
        chosen_name=places.get(chosen, "For all centres"),
        places=[*places.items(), (SHARED, "For all centres")],
        weeks=weeks_of(items, plan.start),
        stale=stale,
        start_address=f"/rollouts/{rollout.slug}/start",
    )


def _missing(rollout: RolloutFacts) -> list[str]:
    wanted = [] if rollout.start else ["Say on which day it starts."]
    return wanted if rollout.locations else [*wanted, "Name at least one centre."]


def _summary(plan: Plan, rollout: RolloutFacts) -> str:
    tasks = plan.tasks
    days = f"{short_day(plan.start, plan.start)} to {short_day(plan.end, plan.start)}"
    return f"{count(tasks, 'task')} over {count(len(rollout.locations), 'centre')}, {days}."


def _warning(finding: Finding) -> str:
    return f"{finding.id}: {finding.message}"


def _cutovers(plan: Plan, rollout: RolloutFacts, now: datetime) -> list[dict[str, str]]:
    zones = {place.slug: place.zone for place in rollout.locations}
    names = {place.slug: place.name for place in rollout.locations}
    return [
        {"name": names[slug], "when": instant(at, zones[slug], now)}
        for slug, at in sorted(plan.cutovers.items(), key=lambda pair: pair[1])
    ]


def weeks_of(items: Sequence[Item], start: date) -> list[dict[str, Any]]:
    """Dated items by week, undated ones last."""
    ordered = sorted(items, key=lambda item: (item.due is None, item.due or date.max))
    weeks = []
    for no, members in groupby(ordered, key=lambda item: week_of(item.due, start) if item.due else None):
        title = "No date" if no is None else f"Week {no}" if no > 0 else f"{count(1 - no, 'week')} before the start"
        weeks.append({"id": f"week-{no}", "title": title, "items": [_line(item, start) for item in members]})
    return weeks


def _line(item: Item, start: date) -> dict[str, Any]:
    due = short_day(item.due, start) if item.due else "no date"
    span = f"{short_day(item.begins, start)} to {due}" if item.begins and item.begins != item.due else due
    value = f": {item.value}" if item.value and item.kind == "task" and len(item.value) != 10 else ""
    return {
        "title": f"{item.title}{value}",
        "kind": "" if item.kind == "task" else item.kind,
        "date": span,
        "instant": item.due.isoformat() if item.due else None,
        "why": item.why,
        "unclear": item.unclear,
    }


@router.post("/rollouts/{slug}/start")
def start(desk: Directing, session: Db, now: Now, seen: DraftVersion) -> Response:
    try:
        start_rollout(session, desk.rollout.id, seen=seen, by=desk.viewer, now=now)
    except Stale as refusal:
        session.rollback()
        return _page(desk, session, now, "", str(refusal), (), 409)
    except Refused as refusal:
        session.rollback()
        return _page(desk, session, now, "", refusal.reason, refusal.missing, 409)
    return see_other(f"/rollouts/{desk.rollout.slug}/progress")


@router.get("/rollouts/{slug}/progress")
def progress(request: Request, desk: Seeing, session: Db, now: Now) -> Response:
    """How far the writing of the plan has come; once it is there, the board."""
    rollout = desk.rollout
    if rollout.has_plan:
        board = f"/rollouts/{rollout.slug}/board"
        return Response(headers={"HX-Redirect": board}) if is_fragment(request) else see_other(board)
    if rollout.state == "draft" and desk.can(Permission.DIRECT):
        preview = address(rollout, "preview" if rollout.locations else "start")
        return Response(headers={"HX-Redirect": preview}) if is_fragment(request) else see_other(preview)
    shown = _shown_start(start_of(session, rollout.id) if rollout.state == "starting" else None, rollout.zone, now)
    template = "rollouts/_progress.html" if is_fragment(request) else "rollouts/progress.html"
    return html(
        template,
        **framed(desk.viewer, "Rollouts"),
        rollout_title=rollout.title,
        draft=rollout.state == "draft",
        address=f"/rollouts/{rollout.slug}/progress",
        retry_address=f"/rollouts/{rollout.slug}/retry" if desk.can(Permission.DIRECT) else "",
        job=shown,
    )


def _shown_start(job: Start | None, zone: str, now: datetime) -> dict[str, Any]:
    failed = job is not None and job.state == "failed"
    shown = {"value": None, "max": 1, "said": "The dates are being worked out.", "failed": failed, "error": ""}
    if job is None:
        return shown
    if job.total:
        shown |= {"value": job.done, "max": job.total, "said": f"{job.done:,} of {job.total:,} entries written"}
    if job.error and not failed:
        shown["said"] = f"{shown['said']} The last try failed, the next follows by itself."
    return {**shown, "said": f"{shown['said']}{_interrupted(job, zone, now)}", "error": job.error}


def _interrupted(job: Start, zone: str, now: datetime) -> str:
    """What to say of a job whose worker has not been heard of for a while: it is taken over when its claim ends."""
    if job.state != "running" or job.held_until is None or now - (job.held_until - LEASE) < STEP_LASTS:
        return ""
    return f" Interrupted: its worker stopped. Another goes on at {moment(job.held_until, zone, now)}, by itself."


@router.post("/rollouts/{slug}/retry")
def retry(desk: Directing, session: Db, now: Now) -> Response:
    """Write the plan again after the worker has given up."""
    job = start_of(session, desk.rollout.id)
    if job is not None and desk.rollout.state == "starting":
        retry_job(session, job.job, by=desk.viewer, now=now)
    return see_other(f"/rollouts/{desk.rollout.slug}/progress")
