"""A file that proves a step."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from app.errors import Forbidden, NotFound
from app.models import RunFile
from app.queries.runs.room import room
from app.rules.people.access import Viewer


def run_file_of(session: Session, run_id: int, file_id: int, viewer: Viewer, now: datetime) -> RunFile:
    """A file of a run. Raises NotFound, also for one taken away, and Forbidden for who may not read it."""
    page = room(session, run_id, viewer, now)
    if not page.detail:
        raise Forbidden("You may see this run, but not what is attached to it.")
    found = next((one for one in page.files if one.id == file_id and one.sha256), None)
    if found is None:
        raise NotFound("file")
    return found
