"""What may be done with a step now, and what stands in the way, in words. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.plan.format.tasks import CheckItem
from app.rules.clock import count
from app.rules.runbooks.ledger import StepState, Told
from app.rules.runbooks.steps import RunStep

Stands = Mapping[str, Told]
"""Where the steps of a run stand, by their ids."""


def before_start(step: RunStep, stands: Stands, titles: Mapping[str, str], now: datetime) -> tuple[str, ...]:
    """What a step waits for before it may start: other steps, and its hour. Whoever leads may go out of order, and
    says why.
    """
    return tuple(_waits(step, stands, titles, now))


def _waits(step: RunStep, stands: Stands, titles: Mapping[str, str], now: datetime) -> Iterator[str]:
    for one in step.after:
        found = stands.get(one.step)
        if found is None or found.skipped is not None:
            continue
        at = found.started if one.start else found.over
        if at is None:
            yield f"“{titles.get(one.step, one.step)}” {'to begin' if one.start else 'to be done'}"
        elif at + one.lag > now:
            yield f"the time after “{titles.get(one.step, one.step)}”"
    if step.not_before is not None and step.not_before > now:
        yield "its hour"


def before_finish(step: RunStep, stands: Stands, titles: Mapping[str, str]) -> tuple[str, ...]:
    """What must be done, or begun, before a step may finish."""
    found = []
    for one in step.done_after:
        other = stands.get(one.step)
        if other is None or other.skipped is not None:
            continue
        if (other.started if one.start else other.over) is None:
            found.append(f"“{titles.get(one.step, one.step)}” {'to begin' if one.start else 'to be done'}")
    return tuple(found)


def wanted(
    step: RunStep, stand: Told, *, answered: bool, ticked: Collection[str], attached: Callable[[str], int]
) -> tuple[str, ...]:
    """What is still missing before a step counts as done: its answer, lines of its checklist, evidence, rounds.

    `ticked` are the paths of ticked lines, `attached` how many pieces of a kind there are.
    """
    asked, missing = step.asked, []
    if asked.answer.type != "tick" and not answered:
        missing.append("the answer")
    missing += [line.title for path, line in lines(asked.checklist) if not line.optional and path not in ticked]
    for piece in asked.evidence:
        if attached(piece.type) < piece.at_least:
            missing.append(piece.title or f"a {piece.type}")
    if asked.repeat is not None and stand.round < asked.repeat.at_least:
        missing.append(count(asked.repeat.at_least - stand.round, "more round"))
    return tuple(missing)


def lines(checklist: Mapping[str, CheckItem] | None, before: str = "") -> Iterator[tuple[str, CheckItem]]:
    """The single lines of a checklist, by their paths (ids joined by dots)."""
    for name, line in (checklist or {}).items():
        if line.checklist:
            yield from lines(line.checklist, f"{before}{name}.")
        else:
            yield f"{before}{name}", line


@dataclass(frozen=True)
class Doing:
    """What somebody may do with a step as it stands."""

    start: bool = False
    finish: bool = False
    skip: bool = False
    block: bool = False
    unblock: bool = False
    verify: bool = False
    reopen: bool = False
    hand_over: bool = False


def doing(
    stand: Told, *, hand: bool, lead: bool, checks: bool, critical: bool, closed: bool, way_is_gone: bool
) -> Doing:
    """`hand`: may do it, `lead`: leads the run, `checks`: may check it, being somebody else; `closed`: the run is over;
    `way_is_gone`: it is on the way that is gone now (forward, or back).
    """
    if closed:
        return Doing(reopen=False)
    state = stand.state
    going = state in (StepState.RUNNING, StepState.BLOCKED)
    return Doing(
        start=hand and state is StepState.TODO and way_is_gone,
        finish=hand and (state is StepState.RUNNING or (state is StepState.TODO and way_is_gone)),
        skip=hand and not critical and way_is_gone and (going or state is StepState.TODO),
        block=hand and way_is_gone and state in (StepState.TODO, StepState.RUNNING),
        unblock=hand and state is StepState.BLOCKED,
        verify=checks and state is StepState.CHECK,
        reopen=lead and state in (StepState.DONE, StepState.SKIPPED, StepState.CHECK),
        hand_over=(hand or lead) and not stand.over and state is not StepState.SKIPPED,
    )
