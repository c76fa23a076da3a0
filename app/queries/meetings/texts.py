"""The texts behind the lines of an agenda."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sqlalchemy import select
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from app.models import Issue, Remark, Task
from app.rules.meetings.agenda import Line, Section

Texts = dict[tuple[str, int], str | None]
"""What people have typed, by the kind and key of a line; None for what the reader may not read."""


def typed(session: Session, sections: Iterable[Section], reads: Callable[[Remark], bool]) -> Texts:
    """The texts of the lines as they are now; of remarks only those that the reader may read, as `reads(remark)` says.
    Three queries.
    """
    lines = [line for one in sections for line in one.lines if line.id]
    found: Texts = {}
    for remark in session.exec(select_rows(Remark).where(col(Remark.id).in_(_keys(lines, "win", "concern")))):
        found[remark.kind, remark.id or 0] = None if remark.withdrawn_at or not reads(remark) else remark.said
    issues = select(col(Issue.id), col(Issue.number), col(Issue.title)).where(col(Issue.id).in_(_keys(lines, "issue")))
    for id_, number, title in session.execute(issues):
        found["issue", id_] = f"#{number} {title}"
    tasks = select(col(Task.id), col(Task.title)).where(col(Task.id).in_(_keys(lines, "action", "task")))
    for id_, title in session.execute(tasks):
        found["action", id_] = found["task", id_] = title
    return found


def _keys(lines: Iterable[Line], *kinds: str) -> list[int]:
    return [line.id for line in lines if line.kind in kinds]
