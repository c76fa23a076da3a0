"""One stored piece of evidence, for somebody who may see it."""

from __future__ import annotations

from sqlmodel import Session

from app.errors import Forbidden, NotFound
from app.models import Evidence, Task
from app.queries.tasks.spots import spot_of
from app.rules.people.access import Permission, Viewer
from app.rules.tasks.mentions import may_read


def evidence_for(session: Session, evidence_id: int, viewer: Viewer) -> Evidence:
    """A file or photo.

    Raises NotFound for none, a link, one taken away, or one of a task out of sight; Forbidden where the task may be
    seen but not what is attached to it.
    """
    row = session.get(Evidence, evidence_id)
    task = session.get(Task, row.task_id) if row else None
    if (
        row is None
        or task is None
        or not viewer.can(Permission.SEE_PLAN, rollout=task.rollout_id, location=task.location_id)
    ):
        raise NotFound("file")
    if not may_read(viewer, spot_of(session, task)):
        raise Forbidden("You may see this task, but not what is attached to it.")
    if row.removed_at is not None or not row.sha256:
        raise NotFound("file")
    return row


def task_of_evidence(session: Session, evidence_id: int) -> int:
    """The task a piece belongs to, for the form that takes it away. Raises NotFound."""
    row = session.get(Evidence, evidence_id)
    if row is None:
        raise NotFound("file")
    return row.task_id
