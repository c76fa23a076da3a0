"""Opening an installation: brings the tables up to date, and refuses a database that is missing, foreign or newer."""

from __future__ import annotations

import os
import secrets
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlmodel import Session, select

from app.actions.people.secrets import new_token
from app.db import Database, known_revisions, revision, tables, upgrade
from app.errors import DatabaseProblem
from app.models import Installation, Invitation
from app.settings import Settings

MARKER = "installation"
FIRST_RUN_DAYS = 7


def open_installation(settings: Settings, *, now: datetime) -> Database:
    """The database of this installation, at the present revision. Raises DatabaseProblem and then changes nothing.

    A file in the data folder remembers which database belongs to it: once there was one, an empty one in its place is
    a loss to be repaired, never a new installation with an open first-run page.
    """
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    marker = settings.data / MARKER
    expected = marker.read_text().strip() if marker.exists() else None
    _refuse_missing_file(settings.database, expected, marker)
    _make_private(settings.database_file)
    database = Database(settings.database)
    try:
        _check(database, expected, marker)
    except DatabaseError as error:
        raise DatabaseProblem(f"The database cannot be reached or read: {error.orig}") from error
    upgrade(settings.database)
    mark = _mark(database, now)
    if expected is None:
        marker.write_text(mark + "\n")
    return database


def _refuse_missing_file(url: str, expected: str | None, marker: Path) -> None:
    prefix = "sqlite:///"
    # Looked at before connecting, since SQLite would make an empty file.
    if expected is not None and url.startswith(prefix) and not Path(url.removeprefix(prefix)).exists():
        raise _missing(marker)


def _make_private(file: Path | None) -> None:
    """Make the empty database file for its owner's eyes only; SQLite gives its companions the same rights."""
    if file is not None and not file.exists():
        os.close(os.open(file, os.O_CREAT | os.O_WRONLY, 0o600))


def _missing(marker: Path) -> DatabaseProblem:
    return DatabaseProblem(
        f"The database of this installation is missing. Restore it from a backup; only if it is really to begin anew, "
        f"delete the file {marker} first."
    )


def _check(database: Database, expected: str | None, marker: Path) -> None:
    found = revision(database.engine)
    if found is None and tables(database.engine):
        raise DatabaseProblem("This database holds tables of something else. Give Muster a database of its own.")
    if found is None:
        if expected is not None:
            raise _missing(marker)
        return
    if found not in known_revisions():
        raise DatabaseProblem(
            f"The database (revision {found}) was written by a newer Muster. Run that version or restore a backup."
        )
    _refuse_other(database, expected, marker)


def _refuse_other(database: Database, expected: str | None, marker: Path) -> None:
    with database.reading() as session:
        row = session.exec(select(Installation)).first()
    if expected is not None and (row is None or row.mark != expected):
        raise DatabaseProblem(
            f"This database belongs to another installation than the data folder. If that is meant, delete {marker}."
        )


def _mark(database: Database, now: datetime) -> str:
    """The mark of the installation, written at the first start. Two processes starting at once agree on one."""
    try:
        with database.writing() as session:
            row = session.get(Installation, 1)
            if row is None:
                row = Installation(mark=secrets.token_hex(16), created_at=now)
                session.add(row)
            return row.mark
    except IntegrityError:
        with database.reading() as session:
            return session.exec(select(Installation)).one().mark


def first_run_token(session: Session, *, now: datetime) -> str | None:
    """A token for the first-run link, to be shown on the console only. None once the installation is set up."""
    installation = session.get(Installation, 1)
    if installation is None or installation.set_up_at is not None:
        return None
    token, hashed = new_token()
    session.add(Invitation(token_hash=hashed, created_at=now, expires_at=now + timedelta(days=FIRST_RUN_DAYS)))
    return token
