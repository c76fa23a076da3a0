"""Files and links that prove a step: attached and taken away, never overwritten; also when the run is over."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from app.actions import texts
from app.actions.attached import content_of, standing, take_away
from app.actions.loading import key_of, load
from app.actions.runs.opening import OpenRun, changed, open_step
from app.errors import NotFound
from app.models import RunFile, RunStep
from app.rules.people.access import Viewer
from app.storage import StoredFile


def demand_step_attachable(session: Session, run_id: int, step: str, *, by: Viewer) -> None:
    """Before a file is even kept: raises NotFound, Forbidden and Refused for who may attach nothing there."""
    _attaching(session, run_id, step, by)


def attach_step_file(
    session: Session, run_id: int, step: str, *, stored: StoredFile, file_name: str, by: Viewer, now: datetime
) -> RunFile:
    """Attach a file to a step; `stored` is what `EvidenceStore.keep` gave. The same again is quiet.

    Raises NotFound, Forbidden and Refused.
    """
    opened, row = _attaching(session, run_id, step, by)
    file = RunFile(step_id=key_of(row), **content_of(stored, file_name), by_id=by.person, at=now)
    return _attach(session, opened, row, file, by, now)


def attach_step_link(session: Session, run_id: int, step: str, *, url: str, by: Viewer, now: datetime) -> RunFile:
    """Attach an https address. The same again is quiet. Raises NotFound, Forbidden, Refused, and Invalid for `url`."""
    opened, row = _attaching(session, run_id, step, by)
    file = RunFile(step_id=key_of(row), url=texts.link("url", url), by_id=by.person, at=now)
    return _attach(session, opened, row, file, by, now)


def _attach(session: Session, opened: OpenRun, row: RunStep, file: RunFile, by: Viewer, now: datetime) -> RunFile:
    if (found := standing(session, file, "step_id", "sha256", "url")) is not None:
        return found
    session.add(file)
    session.flush()
    changed(session, opened, "file_attached", by=by, now=now, step=row.step, file=key_of(file))
    return file


def remove_step_file(session: Session, run_id: int, file_id: int, *, by: Viewer, now: datetime) -> None:
    """Take a proof off its step; its content stays in the store. Removed already is quiet. Raises NotFound, Forbidden
    and Refused.
    """
    file = load(session, RunFile, file_id, "file")
    step = session.get_one(RunStep, file.step_id)
    opened, row = _attaching(session, run_id, step.step, by)
    if row.id != step.id:
        raise NotFound("file")
    if take_away(session, file, now=now):
        changed(session, opened, "file_removed", by=by, now=now, step=row.step, file=file_id)


def _attaching(session: Session, run_id: int, step: str, by: Viewer) -> tuple[OpenRun, RunStep]:
    opened, row, _ = open_step(session, run_id, step, by=by, over=True)
    return opened, row
