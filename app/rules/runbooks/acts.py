"""What may be done with a step now, and what stands in the way, in words. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.plan.format.tasks import CheckItem
from app.plan.minutes import NO_TIME
from app.rules.clock import count
from app.rules.runbooks.ledger import OVER, StepState, Told
from app.rules.runbooks.steps import Before, RunStep

Stands = Mapping[str, Told]
"""Where the steps of a run stand, by their ids."""
Steps = Mapping[str, RunStep]
"""The steps of a run as planned, by their ids."""


def before_start(step: RunStep, stands: Stands, steps: Steps, now: datetime) -> tuple[str, ...]:
    """What a step waits for before it may start: other steps, the time after them, and its hour. Whoever leads may go
    out of order, and says why.
    """
    return (*steps_before(step, stands, steps), *_times_before(step, stands, steps, now))


def steps_before(step: RunStep, stands: Stands, steps: Steps) -> tuple[str, ...]:
    """The other steps that must be done, or begun, before a step may start; none: it waits for time alone."""
    return tuple(_to_come(step.after, stands, steps))


def before_finish(step: RunStep, stands: Stands, steps: Steps) -> tuple[str, ...]:
    """What must be done, or begun, before a step may finish."""
    return tuple(_to_come(step.done_after, stands, steps))


def _to_come(links: Iterable[Before], stands: Stands, steps: Steps) -> Iterator[str]:
    for one in links:
        if _counts(one, stands) and _at(one, stands[one.step]) is None:
            yield f"“{steps[one.step].title}” {'to begin' if one.start else 'to be done'}"


def _times_before(step: RunStep, stands: Stands, steps: Steps, now: datetime) -> Iterator[str]:
    for one in step.after:
        at = _at(one, stands[one.step]) if _counts(one, stands) else None
        wait = NO_TIME if one.start or at is None else steps[one.step].wait
        if at is not None and at + wait + one.lag > now:
            yield f"the time after “{steps[one.step].title}”"
    if step.not_before is not None and step.not_before > now:
        yield "its hour"


def _counts(link: Before, stands: Stands) -> bool:
    """Nobody waits for a step that is not for this place, or was left out."""
    found = stands.get(link.step)
    return found is not None and found.skipped is None


def _at(link: Before, found: Told) -> datetime | None:
    return found.started if link.start else found.over


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
        reopen=lead and state in (*OVER, StepState.CHECK),
        hand_over=(hand or lead) and not stand.over and state is not StepState.SKIPPED,
    )
