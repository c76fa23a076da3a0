"""What needs a director now: blocked and late work first, then what is hers and due. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from app.rules.tasks.progress import State

SOON: Final = timedelta(days=2)


@dataclass(frozen=True)
class Candidate:
    """A task that may need somebody: `mine` says that the reader owns it, `vetoes` that it holds up a gate."""

    id: int
    state: State
    critical: bool
    mine: bool
    vetoes: bool
    due: date | None
    today: date


def needs(tasks: Iterable[Candidate]) -> list[Candidate]:
    """Those that need the reader, what vetoes first, then by due day: blocked or late where critical or in a gate's
    way, and the reader's own work that is late, blocked or due within two days.
    """
    found = [task for task in tasks if _pressing(task)]
    return sorted(found, key=lambda task: (not task.vetoes, task.due or date.max, task.id))


def _pressing(task: Candidate) -> bool:
    if task.state in (State.LATE, State.BLOCKED):
        return task.critical or task.vetoes or task.mine
    soon = task.due is not None and task.due <= task.today + SOON
    return task.mine and soon and task.state in (State.TODO, State.TRACK, State.RISK)
