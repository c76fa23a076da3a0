"""What groups hand down to the work inside them, whatever the section."""

from __future__ import annotations

from dataclasses import dataclass

from app.plan.format.base import PHASE, ROLL, SCOPE, SEVERITY, WORKSTREAM, Dated
from app.plan.format.conditions import ALWAYS, CONDITION, Condition
from app.plan.format.when import DATE, LINKS, Link
from app.plan.format.who import WHO, Who
from app.plan.kinds import BOOL, PROSE
from app.plan.language.dates import DateRange
from app.plan.reading import key
from app.plan.terms import Roll, Scope

HANDED = (
    "owner",
    "due",
    "scope",
    "phase",
    "workstream",
    "verify",
    "critical",
    "optional",
    "roll",
    "on_late",
    "on_fail",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed(Dated):
    """Keys that a group hands down; on a single entry its own value or what was handed to it."""

    how: str = key(PROSE, "how it is done", default="")
    why: str = key(PROSE, "why it is done", default="")
    where: Condition = key(CONDITION, "for which locations", default=ALWAYS)
    after: tuple[Link, ...] = key(LINKS, "may start when these have finished", default=())
    optional: bool | None = key(BOOL, "may be skipped without a reason")
    critical: bool | None = key(BOOL, "may not be skipped; open it vetoes readiness")
    owner: Who | None = key(WHO, "who does it, or sees to it")
    verify: Who | None = key(WHO, "a second person checks it")
    due: DateRange | None = key(DATE, "by when")
    scope: Scope | None = key(SCOPE, "once, once a wave or once a location")
    phase: str | None = key(PHASE, "label in time")
    workstream: str | None = key(WORKSTREAM, "label by subject")
    on_fail: str | None = key(SEVERITY, "severity of the issue a failure opens")
    on_late: str | None = key(SEVERITY, "severity of the issue lateness opens")
    roll: Roll | None = key(ROLL, "where work on a closed day goes")
    parent: str = ""
