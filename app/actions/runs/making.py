"""A run is made: rehearsed or live, with its steps and their times as they are planned at that moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlmodel import Session, col, func, select

from app.actions.events import record
from app.actions.loading import key_of, load
from app.actions.tasks.opening import demand_open
from app.errors import Forbidden, Invalid, NotFound, Refused
from app.models import Location, Rollout, Run, RunStep, ScheduledEntry
from app.plan.format.runbooks import Runbook
from app.plan.minutes import NO_TIME
from app.rules.people.access import Permission, Viewer
from app.rules.runbooks.access import may_lead
from app.rules.runbooks.forecast import Span, forecast
from app.rules.runbooks.graph import Graph
from app.rules.runbooks.plans import RunPlan
from app.rules.runbooks.steps import Before
from app.rules.runbooks.steps import RunStep as Planned
from app.stored import playbook_at
from app.stored.run_plans import planned_run

BROADCASTS: Final = ("off", "test", "on")
TWICE: Final = timedelta(minutes=2)
"""Whoever makes the same run again so soon has pressed twice."""


def make_run(
    session: Session,
    dated_id: int,
    *,
    live: bool = False,
    straight: bool = True,
    zero: datetime | None = None,
    broadcasts: str = "off",
    waits: tuple[str, ...] = (),
    by: Viewer,
    now: datetime,
) -> Run:
    """Make a run of a runbook at its place. A rehearsal is the default; `straight`: it waits for no hour of the plan
    and begins at `zero` (None: now), else `zero` is its T. A live run has the T of the plan. `waits` are what a live
    run may not begin before. Made just now already is quiet.

    Raises NotFound, Forbidden, Refused where a run is not over or a live one still waits, and Invalid.
    """
    dated, rollout, location = _seen(session, dated_id, by)
    playbook = playbook_at(session, rollout, location)
    place: dict[str, Any] = {"rollout": rollout.id, "location": dated.location_id}
    runbook = playbook.runbooks.get(dated.entry)
    if runbook is None:
        raise NotFound("runbook")
    if not may_lead(by, runbook, place):
        raise Forbidden("Only whoever leads this runbook makes a run of it.")
    open_ = session.exec(select(Run).where(Run.dated_id == dated_id, col(Run.ended_at).is_(None))).first()
    if open_ is not None:
        return _the_same(open_, live, straight and not live, by, now)
    if broadcasts not in BROADCASTS:
        raise Invalid({"broadcasts": "Choose what is sent."})
    if broadcasts == "on" and not live:
        raise Invalid({"broadcasts": "A rehearsal sends nothing outside the team: off or test."})
    if live and waits:
        raise Refused("This cannot run live yet.", tuple(f"it waits for {one}" for one in waits))
    starts = None if live else zero or (now if straight else None)
    plan = _planned(session, rollout, location, dated, runbook, live=live, straight=straight and not live, zero=starts)
    run = _stored(session, dated, rollout, location, plan, broadcasts, by, now)
    _steps(session, run, plan)
    record(
        session, "run.made", ("run", key_of(run)), by=by, now=now, rollout_id=rollout.id,
        location_id=dated.location_id, after={"live": live, "number": run.number},
    )  # fmt: skip
    return run


def _seen(session: Session, dated_id: int, by: Viewer) -> tuple[ScheduledEntry, Rollout, Location | None]:
    dated = load(session, ScheduledEntry, dated_id, "runbook")
    if dated.kind != "runbook" or not by.can(Permission.SEE_PLAN, rollout=dated.rollout_id, location=dated.location_id):
        raise NotFound("runbook")
    rollout = session.get_one(Rollout, dated.rollout_id)
    location = session.get(Location, dated.location_id) if dated.location_id is not None else None
    demand_open(rollout, location)
    return dated, rollout, location


def _the_same(open_: Run, live: bool, straight: bool, by: Viewer, now: datetime) -> Run:
    same = (open_.made_by, open_.live, open_.straight) == (by.person, live, straight)
    if not same or now - open_.made_at >= TWICE:
        raise Refused("A run of this runbook is not over yet. End it first.")
    return open_


def _planned(
    session: Session,
    rollout: Rollout,
    location: Location | None,
    dated: ScheduledEntry,
    runbook: Runbook,
    *,
    live: bool,
    straight: bool,
    zero: datetime | None,
) -> RunPlan:
    try:
        return planned_run(session, rollout, location, dated, runbook, live=live, straight=straight, zero=zero)
    except ValueError as fault:
        raise Refused(f"It cannot be planned here: {fault}.") from fault


def _stored(
    session: Session,
    dated: ScheduledEntry,
    rollout: Rollout,
    location: Location | None,
    plan: RunPlan,
    broadcasts: str,
    by: Viewer,
    now: datetime,
) -> Run:
    last = session.exec(select(func.max(Run.number)).where(Run.dated_id == dated.id)).one()
    run = Run(
        dated_id=key_of(dated),
        rollout_id=dated.rollout_id,
        location_id=dated.location_id,
        wave=dated.wave,
        runbook=dated.entry,
        title=plan.title,
        playbook_version_id=(location and location.playbook_version_id) or rollout.playbook_version_id,
        number=(last or 0) + 1,
        live=plan.live,
        straight=plan.straight,
        broadcasts=broadcasts,
        zero_at=plan.zero,
        window_begins=plan.window[0] if plan.window else None,
        window_ends=plan.window[1] if plan.window else None,
        done_by=plan.done_by,
        margin_seconds=_seconds(plan.margin),
        made_by=by.person,
        made_at=now,
    )
    session.add(run)
    session.flush()
    return run


def _steps(session: Session, run: Run, plan: RunPlan) -> None:
    spans = {**plan.planned.spans, **way_back_spans(plan)}
    for step in plan.steps:
        session.add(step_row(run, step, spans[step.id]))
    for step in plan.way_back:
        session.add(step_row(run, step, spans[step.id], back=True))
    session.flush()


def way_back_spans(plan: RunPlan) -> Mapping[str, Span]:
    """The way back is planned so that it ends when it must, its margin kept."""
    if not plan.way_back:
        return {}
    back = forecast(Graph(plan.way_back), {}, zero=plan.zero)
    if plan.done_by is None:
        return back.spans
    later = plan.done_by - plan.margin - back.end
    return {id_: Span(span.begin + later, span.end + later) for id_, span in back.spans.items()}


def step_row(run: Run, step: Planned, span: Span, *, back: bool = False) -> RunStep:
    """A step as it is kept with its run."""
    return RunStep(
        run_id=key_of(run),
        step=step.id,
        back=back,
        number=step.number,
        title=step.title,
        groups=list(step.group),
        takes=_seconds(step.takes),
        wait=_seconds(step.wait),
        not_before=step.not_before,
        after=_links(step.after),
        done_after=_links(step.done_after),
        no_return=step.no_return,
        critical=step.critical,
        optional=bool(step.asked.optional),
        undoes=step.undoes,
        undo_within=None if step.undo_within is None else _seconds(step.undo_within),
        back_out_takes=_seconds(step.back_out_takes),
        baseline_begins=span.begin,
        baseline_ends=span.end,
        planned_begins=span.begin,
        planned_ends=span.end,
    )


def _links(links: Iterable[Before]) -> list[list[Any]]:
    return [[one.step, "start" if one.start else "end", _seconds(one.lag)] for one in links]


def _seconds(length: timedelta = NO_TIME) -> int:
    return int(length.total_seconds())
