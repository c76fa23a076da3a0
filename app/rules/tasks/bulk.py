"""What a step over many tasks would do to each: the reason why it leaves one as it is, in words. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Act(StrEnum):
    """What may be done to many tasks at once."""

    ASSIGN = "assign"
    COMPLETE = "complete"
    SKIP = "skip"


@dataclass(frozen=True)
class Standing:
    """What such a step asks of one task. `same`: it is that person's already; `seen`: the person may see it; `lacking`
    is what it still wants before it is done.
    """

    may: bool
    finished: bool = False
    blocked: bool = False
    critical: bool = False
    same: bool = False
    seen: bool = True
    lacking: tuple[str, ...] = ()


def left_out(act: Act, task: Standing) -> str:
    """Why a task stays as it is; empty when the step changes it."""
    if not task.may:
        return "not yours to give to somebody" if act is Act.ASSIGN else "somebody else's to do"
    if task.finished:
        return "finished already"
    return {Act.ASSIGN: _not_assigned, Act.COMPLETE: _not_completed, Act.SKIP: _not_skipped}[act](task)


def _not_assigned(task: Standing) -> str:
    if task.same:
        return "so already"
    return "" if task.seen else "they hold no role that lets them see it"


def _not_completed(task: Standing) -> str:
    if task.blocked:
        return "blocked"
    if not task.lacking:
        return ""
    more = f" And {len(task.lacking) - 1} more." if len(task.lacking) > 1 else ""
    return f"still wanted: {task.lacking[0]}{more}"


def _not_skipped(task: Standing) -> str:
    return "critical, so it cannot be set aside" if task.critical else ""
