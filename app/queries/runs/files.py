"""A file that proves a step."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from app.models import RunFile
from app.queries.attached import readable_file
from app.queries.runs.room import room
from app.rules.people.access import Viewer


def run_file_of(session: Session, run_id: int, file_id: int, viewer: Viewer, now: datetime) -> RunFile:
    """A file of a run. Raises NotFound, also for one taken away, and Forbidden for who may not read it."""
    page = room(session, run_id, viewer, now)
    return readable_file(page.files, file_id, page.detail, "run")
