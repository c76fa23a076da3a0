"""A rollout with a runbook that can be run, and what its people do in a run."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlmodel import Session, select

from app.actions.runs.blocking import block_step, unblock_step
from app.actions.runs.finishing import finish_step, verify_step
from app.actions.runs.making import make_run
from app.actions.runs.stepping import skip_step, start_step
from app.models import Run, RunEntry, ScheduledEntry
from app.rules.runbooks.steps import RunStep as Planned
from app.stored.runs import StoredRun, stored_run
from tests.cast import NOW, Cast
from tests.gating import GATED

RUNBOOK = """\
runbooks:
  night:
    title: Cutover
    zero: cutover
    window: T - 6h .. T + 2h
    owner: ops-manager
    rehearse: cutover - 6d
    steps:
      freeze:
        title: Freeze settings
        at: T - 6h
        takes: 30m
        owner: it-lead
        verify: champion
        critical: true
        undo_within: 12h
      copy:
        title: Copy the data
        order: parallel
        steps:
          patients: {title: Patients, takes: 60m, owner: it-lead, answer: number records}
          orders: {title: Orders, takes: 40m, owner: it-lead, back_out: Delete them, back_out_takes: 10m}
      tell:
        title: Tell everybody
        takes: 5m
        owner: champion
        broadcast: {to: [champion, it-lead], text: The data are over.}
      try-out:
        title: Try a study
        takes: 20m
        owner: champion
        answer: result
        on_fail: normal
        optional: true
      pulse:
        title: Pulse
        takes: 10m
        owner: champion
        repeat: {every: 30m, until: All is calm, at_least: 2, at_most: 3}
      open: {title: First patient, at: T, takes: 15m, owner: champion, no_return: true}
      thaw: {title: Settings open, takes: 5m, owner: it-lead, undoes: freeze}
    back_out:
      title: Back to the old system
      decide: director
      done_by: T - 15m
      margin: 15m
      steps:
        say-back: {title: Tell everyone, takes: 5m, owner: ops-manager}
        unfreeze: {title: Settings open again, takes: 10m, owner: it-lead, undoes: freeze}
"""
RUN = GATED.replace("issues:\n", f"{RUNBOOK}issues:\n", 1)
BEGUN = NOW
"""When the rehearsal of the tests begins."""


def runbook_id(session: Session, cast: Cast, place: str = "alder", runbook: str = "night") -> int:
    """A runbook in the schedule."""
    statement = select(ScheduledEntry.id).where(
        ScheduledEntry.kind == "runbook",
        ScheduledEntry.entry == runbook,
        ScheduledEntry.location_id == cast.locations[place],
    )
    return session.exec(statement).one() or 0


def rehearse(session: Session, cast: Cast, who: str = "opm", now: datetime = BEGUN, **given: Any) -> Run:
    """A rehearsal at Alder, run straight through."""
    return make_run(session, runbook_id(session, cast), by=cast.viewer(session, who, now), now=now, **given)


def found(session: Session, run: Run) -> StoredRun:
    return stored_run(session, run)


def later(minutes: float) -> datetime:
    """So many minutes after the rehearsal began."""
    return BEGUN.astimezone(UTC) + timedelta(minutes=minutes)


def start(
    session: Session, cast: Cast, run: Run, step: str, who: str = "itl", minute: float = 0, **given: Any
) -> RunEntry | None:
    now = later(minute)
    return start_step(session, run.id or 0, step, seen=None, by=cast.viewer(session, who, now), now=now, **given)


def finish(
    session: Session, cast: Cast, run: Run, step: str, who: str = "itl", minute: float = 0, **given: Any
) -> RunEntry | None:
    now = later(minute)
    return finish_step(session, run.id or 0, step, seen=None, by=cast.viewer(session, who, now), now=now, **given)


def walk(
    session: Session, cast: Cast, run: Run, *, begin: float = 0, took: Mapping[str, float] | None = None,
    blocked: Mapping[str, float] | None = None, skip: Collection[str] = (), last: float | None = None,
) -> float:  # fmt: skip
    """Every step of the way forward, one after the other, by the operations manager, from a minute on: as long as
    planned, or as `took` says, and `blocked` before that many minutes of it; `last` is when the last one is finished.
    Returns when that was.
    """
    minute, steps = begin, found(session, run).plan.steps
    for step in steps:
        if step.id in skip:
            skip_step(session, run.id or 0, step.id, reason="", seen=None, **_opm(session, cast, minute))
            continue
        start(session, cast, run, step.id, "opm", minute)
        if held := (blocked or {}).get(step.id, 0):
            _hold_up(session, cast, run, step.id, minute, held)
        minute += held + (took or {}).get(step.id, step.takes / timedelta(minutes=1))
        minute = max(minute, last) if last is not None and step is steps[-1] else minute
        _end(session, cast, run, step, minute)
    return minute


def _opm(session: Session, cast: Cast, minute: float) -> dict[str, Any]:
    return {"by": cast.viewer(session, "opm", later(minute)), "now": later(minute)}


def _hold_up(session: Session, cast: Cast, run: Run, step: str, minute: float, held: float) -> None:
    block_step(session, run.id or 0, step, reason="It hangs", severity="normal", until=later(minute + held), seen=None,
               **_opm(session, cast, minute))  # fmt: skip
    unblock_step(session, run.id or 0, step, seen=None, **_opm(session, cast, minute + held))


def _end(session: Session, cast: Cast, run: Run, step: Planned, minute: float) -> None:
    """With what it asks for: rounds, an answer, a check."""
    answer = {"number": "412", "result": "pass"}.get(step.asked.answer.type, "")
    for _ in range((step.asked.repeat.at_least if step.asked.repeat else 1) - 1):
        finish(session, cast, run, step.id, "opm", minute, again=True)
    finish(session, cast, run, step.id, "opm", minute, answer=answer)
    if step.asked.verify is not None:
        who = cast.viewer(session, "chA", later(minute))
        verify_step(session, run.id or 0, step.id, seen=None, by=who, now=later(minute))
