"""Which tasks still want a photo, a file or a link."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sqlmodel import Session, col, func, select

from app.models import Evidence
from app.plan import Playbook
from app.queries.rollouts.facts import RolloutFacts
from app.queries.tasks.rows import TaskRow
from app.rules.tasks.added import asked_for


def wanted_evidence(session: Session, rollout: RolloutFacts, rows: Sequence[TaskRow]) -> dict[int, str]:
    """The first kind of evidence that each open task still wants; tasks that want none are left out. One query."""
    asking = {row.id: _asked(rollout.book_of(row), row) for row in rows if row.completed_at is None}
    asking = {id_: asked for id_, asked in asking.items() if asked}
    attached: dict[int, Counter[str]] = {}
    for task_id, kind, number in session.exec(
        select(Evidence.task_id, Evidence.kind, func.count())
        .where(col(Evidence.task_id).in_(asking), col(Evidence.removed_at).is_(None), Evidence.path == "")
        .group_by(col(Evidence.task_id), col(Evidence.kind))
    ):
        attached.setdefault(task_id, Counter())[kind] += number
    found = {id_: _missing(asked, attached.get(id_, Counter())) for id_, asked in asking.items()}
    return {id_: kind for id_, kind in found.items() if kind}


def _asked(playbook: Playbook, row: TaskRow) -> Counter[str]:
    asked: Counter[str] = Counter()
    found = asked_for(playbook, row)
    if found is not None:
        for piece in found.evidence:
            asked[piece.type] += piece.at_least
    return asked


def _missing(asked: Counter[str], attached: Counter[str]) -> str:
    return next((kind for kind, number in asked.items() if attached[kind] < number), "")
