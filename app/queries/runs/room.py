"""One run whole: every step as planned, forecast and done, who holds it, what is next, and what the reader may do.

What the room shows follows from the stored run by the rules of `app.rules.runbooks`; the number of queries is fixed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlmodel import Session, col, select

from app.errors import NotFound
from app.models import Issue, Rollout, Run, RunEntry, RunFile, RunStep, ScheduledEntry
from app.queries.people import Holders, Naming, holders, names_of
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts, facts_of
from app.queries.runs.lines import Lines
from app.queries.runs.lines import StepLine as StepLine
from app.queries.runs.standing import position_of
from app.rules.people.access import Permission, Viewer
from app.rules.runbooks.access import may_lead, may_return
from app.rules.runbooks.back_out import BackOut, no_way_back
from app.rules.runbooks.forecast import Forecast
from app.rules.runbooks.ledger import OVER, StepState
from app.rules.runbooks.pairs import OpenPair, open_pairs
from app.rules.runbooks.position import Position
from app.stored.runs import StoredRun, stored_run

SUBJECT = "run"
"""What its events speak of, by the key of the run."""


@dataclass(frozen=True)
class RunRights:
    """What the reader may do with the whole run. `way_back`: there still is one; `retime`: move its T by hand."""

    lead: bool = False
    retime: bool = False
    go_back: bool = False
    way_back: bool = False
    note: bool = False


@dataclass(frozen=True)
class Room(Naming):
    """Everything the pages of a run show. `other` are the steps of the way that is not gone now; what people wrote only
    where `detail` says that the reader may read it. `moved_to` is where the plan has T of a live run by now, if it is
    not where the run has it.
    """

    reader: int
    proven_at: datetime | None
    rollout: RolloutFacts
    place: PlaceFacts | None
    found: StoredRun
    now: datetime
    forecast: Forecast
    back: BackOut | None
    position: Position
    moved_to: datetime | None
    lines: tuple[StepLine, ...]
    other: tuple[StepLine, ...]
    pairs: tuple[OpenPair, ...]
    entries: tuple[RunEntry, ...]
    files: tuple[RunFile, ...]
    issues: Mapping[int, tuple[int, bool]]
    rights: RunRights
    detail: bool
    people: Mapping[int, str]
    holders: Holders
    names: Mapping[int, str]

    @property
    def run(self) -> Run:
        return self.found.run

    @property
    def id(self) -> int:
        return self.run.id or 0

    @property
    def zone(self) -> str:
        return self.place.zone if self.place else self.rollout.zone

    @property
    def over(self) -> bool:
        return self.run.ended_at is not None

    @cached_property
    def running(self) -> tuple[StepLine, ...]:
        """What is being done, held up, or waits for its check, as it was begun."""
        under = (StepState.RUNNING, StepState.BLOCKED, StepState.CHECK)
        found = [one for one in self.lines if one.state in under]
        return tuple(sorted(found, key=lambda one: one.told.started or self.now))

    @cached_property
    def ahead(self) -> tuple[StepLine, ...]:
        """What is still to begin, the next first: by its forecast beginning, those that wait for nothing before."""
        todo = [one for one in self.lines if one.state is StepState.TODO]
        return tuple(sorted(todo, key=lambda one: (_begin(one, self.now), not one.free, one.planned.number)))

    @property
    def done(self) -> int:
        return sum(one.state in OVER for one in self.lines)

    @property
    def blocked(self) -> int:
        return sum(one.state is StepState.BLOCKED for one in self.lines)

    @property
    def can_end(self) -> bool:
        """Whether every step of its way is over."""
        return all(one.state in OVER for one in self.lines)

    @property
    def own(self) -> StepLine | None:
        """The reader's own next step: one that runs, else one to check, else the next that may begin, else the next."""
        mine = [one for one in self.running if one.mine and one.state is not StepState.CHECK]
        check = [one for one in self.running if one.doing.verify]
        coming = [one for one in self.ahead if one.mine]
        free = [one for one in coming if one.free]
        return next(iter([*mine, *check, *free, *coming]), None)

    def line(self, step: str) -> StepLine | None:
        return next((one for one in (*self.lines, *self.other) if one.id == step), None)


def _begin(one: StepLine, now: datetime) -> datetime:
    return one.span.begin if one.span else now


def seen_run(session: Session, run_id: int, viewer: Viewer) -> Run:
    """The run. Raises NotFound for none, and for one at a location that the person may not see."""
    run = session.get(Run, run_id) if 0 < run_id < 2**31 else None
    if run is None or not viewer.can(Permission.SEE_PLAN, rollout=run.rollout_id, location=run.location_id):
        raise NotFound("run")
    return run


def room(session: Session, run_id: int, viewer: Viewer, now: datetime) -> Room:
    """The room of a run. Raises NotFound."""
    run = seen_run(session, run_id, viewer)
    extent = viewer.locations(run.rollout_id)
    rollout = facts_of(session, session.get_one(Rollout, run.rollout_id)).within(extent)
    found = stored_run(session, run)
    at = min(now, run.ended_at) if run.ended_at else now
    forecast = found.forecast(at)
    back = None if run.ended_at else found.back_out(forecast, at)
    entries = tuple(session.exec(select(RunEntry).where(RunEntry.run_id == run_id).order_by(col(RunEntry.id))))
    last = {entry.step_id: entry.id or 0 for entry in entries}
    people = holders(session, rollout.id, extent, at)
    known = people.known()
    involved = {one.by_id for one in entries} | {one.holder_id for one in found.rows.values()}
    names = names_of(session, {*involved, run.made_by, run.returning_by, run.ended_by}, known)
    place: dict[str, Any] = {"rollout": run.rollout_id, "location": run.location_id}
    here = rollout.location(run.location_id)
    hand = viewer if rollout.state == "running" else viewer.reading()
    lines = Lines(found, forecast, people, names, hand, place, last, entries, at)
    way, other = found.way, found.returning if not found.goes_back else found.plan.steps
    return Room(
        reader=viewer.person,
        proven_at=viewer.proven_at,
        rollout=rollout,
        place=here,
        found=found,
        now=at,
        forecast=forecast,
        back=back,
        position=position_of(found, forecast, back, here.zone if here else rollout.zone, at),
        moved_to=_moved_to(session, found),
        lines=tuple(lines.line(one, True) for one in way),
        other=tuple(lines.line(one, False) for one in other),
        pairs=open_pairs([*found.plan.steps, *found.returning], found.actuals(), at),
        entries=entries,
        files=_files(session, found),
        issues=_issues(session, entries),
        rights=_rights(found, hand, place),
        detail=viewer.can(Permission.SEE_DETAIL, **place, named=_roles(found)),
        people=known,
        holders=people,
        names=names,
    )


def _moved_to(session: Session, found: StoredRun) -> datetime | None:
    """Only a live run that still goes forward follows the plan."""
    run = found.run
    if not run.live or run.ended_at is not None or found.goes_back:
        return None
    planned = session.exec(select(ScheduledEntry.due_at).where(ScheduledEntry.id == run.dated_id)).one()
    return planned if planned != run.zero_at else None


def _rights(found: StoredRun, viewer: Viewer, place: dict[str, Any]) -> RunRights:
    lead = may_lead(viewer, found.runbook, place)
    way_back = (
        found.runbook.back_out is not None
        and not found.goes_back
        and found.run.ended_at is None
        and not no_way_back(found.plan, found.actuals())
    )
    return RunRights(
        lead=lead,
        retime=lead and _may_retime(found),
        go_back=way_back and may_return(viewer, found.runbook, place),
        way_back=way_back,
        note=lead or viewer.can(Permission.CHECK_OFF, **place),
    )


def _may_retime(found: StoredRun) -> bool:
    """By hand only a rehearsal that keeps hours and has not begun."""
    run, begun = found.run, any(one.started is not None for one in found.told.values())
    return not (run.live or run.straight or begun or found.goes_back or run.ended_at)


def _roles(found: StoredRun) -> tuple[str, ...]:
    """Everybody with a part in the run reads what is written in it."""
    roles = dict.fromkeys(found.runbook.owner.roles if found.runbook.owner else ())
    for one in (*found.plan.steps, *found.returning):
        for who in (one.asked.owner, one.asked.checked_by):
            roles |= dict.fromkeys(who.roles if who else ())
    return (*roles, *([found.plan.decide] if found.plan.decide else []))


def _files(session: Session, found: StoredRun) -> tuple[RunFile, ...]:
    statement = select(RunFile).join(RunStep).where(RunStep.run_id == found.run.id, col(RunFile.removed_at).is_(None))
    return tuple(session.exec(statement.order_by(col(RunFile.id))))


def _issues(session: Session, entries: Iterable[RunEntry]) -> dict[int, tuple[int, bool]]:
    """Number, and whether it is solved, of each issue that came of the run, by its key."""
    wanted = {one.issue_id for one in entries if one.issue_id is not None}
    if not wanted:
        return {}
    found = session.exec(select(Issue.id, Issue.number, Issue.resolved_at).where(col(Issue.id).in_(wanted)))
    return {id_ or 0: (number, resolved is not None) for id_, number, resolved in found}
