"""The wall of a run: what everybody may read from across a room. No text that somebody typed, nothing of anybody else.

It says the same to all, whoever looks; seven queries, one more where something is blocked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from app.models import Issue, Location, Rollout, Run, RunEntry, RunStep
from app.plan import Playbook
from app.plan.minutes import NO_TIME
from app.queries.people import ELSEWHERE, Holders, holders, names_of
from app.queries.runs.room import RunRights
from app.rules.people.access import Extent
from app.rules.runbooks.back_out import BackOut, no_way_back
from app.rules.runbooks.forecast import Forecast, Span
from app.rules.runbooks.ledger import OVER, Act, StepState, Told
from app.rules.runbooks.position import Position, backing_out, position
from app.rules.runbooks.steps import RunStep as Planned
from app.stored import playbook_of
from app.stored.kept_runs import KeptRun, kept_run

LOG: Final = 8
_UNDER: Final = (StepState.RUNNING, StepState.BLOCKED, StepState.CHECK)


@dataclass(frozen=True, slots=True)
class WallStep:
    """One step of the way that is gone now; `slack` is how much it may slip without moving the end."""

    planned: Planned
    told: Told
    state: StepState
    span: Span
    on_chain: bool
    slack: timedelta


@dataclass(frozen=True, slots=True)
class LogLine:
    """One entry: of which step (number 0: of none), by whom, and when that step was planned and done."""

    at: datetime
    act: Act
    number: int
    title: str
    name: str
    takes: timedelta
    planned: datetime | None
    started: datetime | None
    finished: datetime | None


@dataclass(frozen=True)
class Wall:
    """`where` is the name of its place, `zone` that of its clock, `network_zone` that of the playbook; `now` is when it
    ended, once it is over, and `looked` when somebody looks at it; `issues` are the
    numbers of what holds steps up, by their ids; `rights` say no more than whether there still is a way back.
    """

    found: KeptRun
    playbook: Playbook
    where: str
    zone: str
    network_zone: str
    now: datetime
    looked: datetime
    forecast: Forecast
    back: BackOut | None
    position: Position
    lines: tuple[WallStep, ...]
    log: tuple[LogLine, ...]
    issues: Mapping[str, int]
    rights: RunRights
    people: Holders
    handed: Mapping[int, str]

    @property
    def run(self) -> Run:
        return self.found.run

    @property
    def over(self) -> bool:
        return self.run.ended_at is not None

    @cached_property
    def running(self) -> tuple[WallStep, ...]:
        """What is being done, held up, or waits for its check, as it was begun."""
        return tuple(sorted((one for one in self.lines if one.state in _UNDER), key=lambda one: one.span.begin))

    @cached_property
    def ahead(self) -> tuple[WallStep, ...]:
        """What is still to begin, the next first."""
        todo = [one for one in self.lines if one.state is StepState.TODO]
        return tuple(sorted(todo, key=lambda one: (one.span.begin, one.planned.number)))

    @cached_property
    def step(self) -> Mapping[str, WallStep]:
        """Each by its id."""
        return {one.planned.id: one for one in self.lines}

    @property
    def done(self) -> int:
        return sum(one.state in OVER for one in self.lines)

    @property
    def blocked(self) -> int:
        return sum(one.state is StepState.BLOCKED for one in self.lines)

    def name(self, _person: int | None) -> str:
        """Whoever decided is not named to whoever passes by."""
        return ""

    def who(self, one: WallStep) -> tuple[str, ...]:
        """Whose step it is: whoever it was handed to, else those who hold its roles, else the titles of these."""
        holder = self.found.holders.get(one.planned.id)
        if holder is not None:
            return (self.handed.get(holder, ELSEWHERE),)
        owner = one.planned.asked.owner
        return self._named(owner.roles if owner else ())

    def checkers(self, one: WallStep) -> tuple[str, ...]:
        """Who may say that it is right."""
        verify = one.planned.asked.checked_by
        return self._named(verify.roles if verify else ())

    def _named(self, roles: tuple[str, ...]) -> tuple[str, ...]:
        found = self.people.names(roles, self.run.location_id)
        return found or tuple(self.playbook.people[role].title for role in roles if role in self.playbook.people)


def wall(session: Session, run: Run, now: datetime) -> Wall:
    """The wall of a run that whoever asks may see."""
    at = min(now, run.ended_at) if run.ended_at else now
    found = kept_run(session, run)
    rollout = session.get_one(Rollout, run.rollout_id)
    place = session.get(Location, run.location_id) if run.location_id is not None else None
    playbook = playbook_of(session, run.playbook_version_id)
    zone = place.zone if place else playbook.calendar.zone
    forecast = found.forecast(at)
    back = None if run.ended_at else found.back_out(forecast, at)
    return Wall(
        found=found,
        playbook=playbook,
        where=place.name if place else _elsewhere(playbook, run, rollout),
        zone=zone,
        network_zone=playbook.calendar.zone,
        now=at,
        looked=now,
        forecast=forecast,
        back=back,
        position=_position(found, forecast, back, zone, at),
        lines=_lines(found, forecast),
        log=_log(session, run),
        issues=_issues(session, run) if any(one.blocked for one in found.told.values()) else {},
        rights=RunRights(way_back=_way_back(found)),
        # Whoever works at another centre is known there, and by no wall.
        people=holders(session, run.rollout_id, Extent(False, frozenset({run.location_id or 0})), at),
        handed=names_of(session, found.holders.values()) if found.holders else {},
    )


def _elsewhere(playbook: Playbook, run: Run, rollout: Rollout) -> str:
    wave = playbook.waves.get(run.wave)
    return wave.title if wave else rollout.title


def _position(found: KeptRun, forecast: Forecast, back: BackOut | None, zone: str, now: datetime) -> Position:
    if found.goes_back:
        here = now.astimezone(ZoneInfo(zone))
        return backing_out(found.plan, forecast, lambda at: _hour(at.astimezone(here.tzinfo), here))
    return position(found.plan, forecast, found.actuals, back)


def _hour(there: datetime, here: datetime) -> str:
    return f"{there:%H:%M}" if there.date() == here.date() else f"{there:%a %H:%M}"


def _way_back(found: KeptRun) -> bool:
    ahead = found.layout.runbook.back_out is not None and not found.goes_back and found.run.ended_at is None
    return ahead and not no_way_back(found.plan, found.actuals)


def _lines(found: KeptRun, forecast: Forecast) -> tuple[WallStep, ...]:
    chain, spans, slack = frozenset(forecast.chain), forecast.spans, forecast.slack
    return tuple(
        WallStep(one, told, told.state, spans[one.id], one.id in chain, slack.get(one.id, NO_TIME))
        for one in found.way
        if (told := found.told[one.id])
    )


def _log(session: Session, run: Run) -> tuple[LogLine, ...]:
    """The latest entries, the newest first."""
    columns: Any = (
        RunEntry.happened_at, RunEntry.kind, RunStep.number, RunStep.title, RunEntry.name, RunStep.takes,
        RunStep.planned_begins, RunStep.started_at, RunStep.finished_at,
    )  # fmt: skip
    statement = select(*columns).outerjoin(RunStep, col(RunStep.id) == col(RunEntry.step_id))
    rows = session.exec(statement.where(RunEntry.run_id == run.id).order_by(col(RunEntry.id).desc()).limit(LOG))
    return tuple(
        LogLine(at, Act(kind), number or 0, title or "", name, timedelta(seconds=takes or 0), *instants)
        for at, kind, number, title, name, takes, *instants in rows
    )


def _issues(session: Session, run: Run) -> dict[str, int]:
    statement = (
        select(RunStep.step, Issue.number)
        .join(RunEntry, col(RunEntry.step_id) == col(RunStep.id))
        .join(Issue, col(Issue.id) == col(RunEntry.issue_id))
        .where(RunStep.run_id == run.id, col(RunStep.blocked_at).is_not(None), RunEntry.kind == Act.BLOCKED)
        .order_by(col(RunEntry.id))
    )
    return dict(session.exec(statement).all())
