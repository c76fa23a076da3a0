"""One task with all that has been said of it, from its page's facts."""

from __future__ import annotations

from datetime import datetime

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from app.api.tags import answer
from app.api.tasks import said as shown
from app.api.tasks import shapes
from app.queries.tasks import said
from app.queries.tasks.page import TaskPage, task_page
from app.rules.people.access import Viewer


def show_task(
    request: Request, session: Session, task_id: int, viewer: Viewer, now: datetime, *, status: int = 200,
    location: str = "",
) -> Response:  # fmt: skip
    """The task as it is now, with the tag of its version. Raises NotFound."""
    session.flush()
    session.expire_all()
    page = task_page(session, task_id, viewer, now)
    return answer(request, whole(page), version=page.task.row.version, status=status, location=location)


def whole(page: TaskPage) -> shapes.TaskWhole:
    rollout, detail = page.rollout, page.detail
    return shapes.TaskWhole(
        **shapes.item_facts(rollout, page.task),
        detail=detail,
        may_act=page.may_act,
        how=(page.how or page.entry.how or "") if detail else None,
        why=page.why,
        checklist=[check_line(line) for line in page.checklist],
        answers=[shown.AnswerLine(**vars(line)) for line in page.answers],
        evidence=[evidence_line(page.task.row.id, line) for line in page.evidence],
        block=stop_line(page.stop, detail) if page.stop else None,
        skip=stop_line(page.skipped, detail) if page.skipped else None,
        signatures=[signature_line(line) for line in page.signatures] if detail else [],
        wanted=shown.Wanted(kind=page.wanted.kind, roles=list(page.wanted.roles)) if page.wanted else None,
        waits_for=[shapes.neighbour(rollout, one) for one in page.waits_for],
        holds_up=[shapes.neighbour(rollout, one) for one in page.holds_up],
    )


def check_line(line: said.CheckLine) -> shown.CheckLine:
    return shown.CheckLine(
        path=line.path, title=line.title, optional=line.optional, critical=line.critical, checked_at=line.checked_at,
        checked_by=line.checked_by,
    )  # fmt: skip


def evidence_line(task_id: int, line: said.EvidenceLine) -> shown.EvidenceLine:
    content = None if line.kind == "link" else f"/api/v1/evidence/{line.id}/content"
    return shown.EvidenceLine(task=task_id, content=content, **vars(line))


def stop_line(stop: said.Stop, detail: bool) -> shown.StopLine:
    return shown.StopLine(
        reason=stop.reason if detail else None, waits_for=stop.waits_for if detail else None,
        task=stop.task if detail else None, person=stop.person if detail else None, expected=stop.expected,
        by=stop.by, at=stop.at,
    )  # fmt: skip


def signature_line(line: said.SignatureLine) -> shown.SignatureLine:
    return shown.SignatureLine(
        id=line.id, kind=line.kind, role=line.role, signed_as=line.as_role, meaning=line.meaning, by=line.person,
        name=line.name, at=line.at, sha256=line.sha256, content=f"/api/v1/signatures/{line.id}/content",
        stands=line.stands, voided_at=line.voided_at, withdrawn_at=line.withdrawn_at,
        withdrawn_reason=line.withdrawn_reason,
    )  # fmt: skip
