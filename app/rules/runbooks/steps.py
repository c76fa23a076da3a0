"""What a run of a runbook consists of: its steps, what each waits for, how long it takes. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.plan.format.runbooks import Step
from app.plan.minutes import NO_TIME


@dataclass(frozen=True, slots=True)
class Before:
    """What is waited for: that a step has finished (with `start`: that it has begun), and `lag` more."""

    step: str
    start: bool = False
    lag: timedelta = NO_TIME


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStep:
    """One step of one run. `number` counts from 1 in file order, on the way back anew.

    It may begin when all of `after` holds (FS, SS) and not before `not_before`; it may finish when all of `done_after`
    holds (FF, SF). After it whoever waits for its finish waits for `wait` more. A step that others take back with
    `undoes` must be taken back `undo_within` its finish. `group` holds the titles of the groups around it, the
    outermost first, `how` what to do in this kind of run; `unclear`: whether it is for this place is not known yet.
    `asked` is the step as the playbook has it.
    """

    id: str
    number: int
    title: str
    asked: Step
    takes: timedelta = NO_TIME
    wait: timedelta = NO_TIME
    not_before: datetime | None = None
    after: tuple[Before, ...] = ()
    done_after: tuple[Before, ...] = ()
    no_return: bool = False
    critical: bool = False
    undoes: str = ""
    undo_within: timedelta | None = None
    back_out_takes: timedelta = NO_TIME
    group: tuple[str, ...] = ()
    how: str = ""
    unclear: bool = False
