"""Tasks that somebody added by hand: in no playbook, and yet asked for like every other. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from app.plan import Playbook
from app.plan.format.tasks import Task
from app.plan.format.who import Who
from app.plan.terms import Scope

ADDED: Final = "added-"


class Asking(Protocol):
    """What a row of a task says of itself."""

    @property
    def entry(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def owner_role(self) -> str: ...
    @property
    def workstream(self) -> str: ...
    @property
    def location_id(self) -> int | None: ...
    @property
    def added(self) -> bool: ...
    @property
    def known_as(self) -> str: ...


def asked_for(playbook: Playbook, row: Asking, how: str = "") -> Task | None:
    """What a task asks for: the entry of its playbook, or what was written when it was added by hand (`how`).

    `playbook` is the version that the row stands under, in which it may be `known_as` another id. None where the
    playbook has no such task. An added task is ticked off, blocked and proven like every other; it has no checklist, no
    answer and no signature, and since no entry names it, no criterion of a gate counts it.
    """
    if row.added:
        return _made(row, how)
    found = playbook.entries.get(row.known_as or row.entry)
    return found if isinstance(found, Task) else None


def _made(row: Asking, how: str) -> Task:
    return Task(
        id=row.entry,
        title=row.title,
        how=how,
        owner=Who(roles=(row.owner_role,)),
        scope=Scope.NETWORK if row.location_id is None else Scope.LOCATION,
        workstream=row.workstream,
        phase="",
        optional=False,
        critical=False,
    )


def next_entry(playbook: Playbook, present: int) -> str:
    """The id of one more added task where `present` were added before: `added-4`, never an id of the playbook."""
    number = present + 1
    while f"{ADDED}{number}" in playbook.entries:
        number += 1
    return f"{ADDED}{number}"


def late_after(due: date, zone: str) -> datetime:
    """The instant in UTC at which the day has ended at the place."""
    return datetime.combine(due + timedelta(days=1), time(0), ZoneInfo(zone)).astimezone(UTC)
