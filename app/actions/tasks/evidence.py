"""Files, photos and links that prove the work: attached and removed, never overwritten."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from app.actions import texts
from app.actions.attached import content_of, standing
from app.actions.loading import key_of, load
from app.actions.tasks.opening import OpenTask, changed, demand_changeable, open_task
from app.errors import Invalid
from app.models import Evidence
from app.rules.people.access import Viewer
from app.storage import StoredFile

PICTURE = "image/"


def demand_attachable(session: Session, task_id: int, *, path: str = "", by: Viewer) -> None:
    """Before a file is even kept: raises NotFound, Forbidden and Refused for who may attach nothing there."""
    open_task(session, task_id, by=by).part(path)


def attach_file(
    session: Session,
    task_id: int,
    *,
    stored: StoredFile,
    file_name: str,
    kind: str = "file",
    path: str = "",
    seen: int,
    by: Viewer,
    now: datetime,
) -> Evidence:
    """Attach a file or a photo (`kind`) to a task or a line of its checklist.

    `stored` is what `EvidenceStore.keep` gave: the content is on the disk, and its hash computed, before the
    transaction of the change begins. The same content at the same place again is quiet. Raises NotFound, Forbidden,
    Stale and Refused where nothing may be recorded any more, and Invalid.
    """
    opened = open_task(session, task_id, by=by)
    opened.part(path)
    if kind not in ("file", "photo"):
        raise Invalid({"kind": "Attach a file or a photo."})
    demand_changeable(session, opened, seen)
    if kind == "photo" and not stored.content_type.startswith(PICTURE):
        raise Invalid({"file": "This is not a photo."})
    row = Evidence(task_id=task_id, path=path, kind=kind, **content_of(stored, file_name), by_id=by.person, at=now)
    return _present(session, row) or _attach(session, opened, row, by, now)


def attach_link(
    session: Session, task_id: int, *, url: str, path: str = "", seen: int, by: Viewer, now: datetime
) -> Evidence:
    """Attach the address of a page that proves the work; only https. The same again is quiet. Raises as for files."""
    opened = open_task(session, task_id, by=by)
    opened.part(path)
    url = texts.link("url", url)
    row = Evidence(task_id=task_id, path=path, kind="link", url=url, by_id=by.person, at=now)
    if (found := _present(session, row)) is not None:
        return found
    demand_changeable(session, opened, seen)
    return _attach(session, opened, row, by, now)


def remove_evidence(session: Session, evidence_id: int, *, seen: int, by: Viewer, now: datetime) -> Evidence:
    """Take a piece of evidence off its task; the content stays in the store. Removed already is quiet.

    Raises NotFound, Forbidden, Stale and Refused as for files. A piece never changes, so no other change of the task
    outdates the form.
    """
    row = load(session, Evidence, evidence_id, "evidence")
    opened = open_task(session, row.task_id, by=by)
    if row.removed_at is not None:
        return row
    demand_changeable(session, opened, seen)
    row.removed_at, row.removed_by = now, by.person
    session.add(row)
    changed(session, opened, "evidence_removed", by=by, now=now, before=_facts(row))
    return row


def restore_evidence(session: Session, evidence_id: int, *, seen: int, by: Viewer, now: datetime) -> Evidence:
    """Put back what was taken off a task. There already is quiet. Raises as for taking it off."""
    row = load(session, Evidence, evidence_id, "evidence")
    opened = open_task(session, row.task_id, by=by)
    if row.removed_at is None:
        return row
    demand_changeable(session, opened, seen)
    row.removed_at, row.removed_by = None, None
    session.add(row)
    changed(session, opened, "evidence_attached", by=by, now=now, after=_facts(row))
    return row


def _attach(session: Session, opened: OpenTask, row: Evidence, by: Viewer, now: datetime) -> Evidence:
    session.add(row)
    session.flush()
    changed(session, opened, "evidence_attached", by=by, now=now, after=_facts(row))
    return row


def _present(session: Session, row: Evidence) -> Evidence | None:
    return standing(session, row, "task_id", "path", "sha256", "url")


def _facts(row: Evidence) -> dict[str, str | int]:
    facts: dict[str, str | int] = {"evidence": key_of(row), "kind": row.kind}
    facts |= {"item": row.path} if row.path else {}
    return facts | ({"url": row.url} if row.url else {"file_name": row.file_name, "sha256": row.sha256})
