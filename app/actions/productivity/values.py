"""Files of relative values, brought for the whole rollout and never changed; and taken away."""

from __future__ import annotations

from datetime import datetime
from typing import BinaryIO, Final

from sqlalchemy import insert
from sqlmodel import Session, col, select

from app.actions import texts
from app.actions.events import record
from app.actions.loading import key_of, load
from app.actions.productivity.opening import demand_network
from app.actions.productivity.reading import faults_as_kept, read_by
from app.errors import Invalid, NotFound
from app.models import RelativeValue, RelativeValueFile
from app.rules.people.access import Viewer
from app.rules.productivity.cells import MOST_FAULTS
from app.rules.productivity.relative_values import RelativeValues, read_relative_values

SUBJECT: Final = "relative-values"
MOST_CODES: Final = 100_000


def read_value_file(file: BinaryIO) -> RelativeValues:
    """The values of a file in the public layout of the Medicare physician fee schedule. Raises Invalid for `file`."""
    found = read_by(read_relative_values, file)
    if not found.work or len(found.work) > MOST_CODES:
        raise Invalid({"file": f"This file has values of {len(found.work):,} codes; 1 to {MOST_CODES:,} can be taken."})
    return found


def bring_values(
    session: Session, rollout_id: int, read: RelativeValues, *, file_name: str, sha256: str, by: Viewer, now: datetime
) -> RelativeValueFile:
    """Keep a file, to be chosen for periods: nothing rests on it yet. The same file again is quiet.

    Raises NotFound, Forbidden and Refused.
    """
    demand_network(session, rollout_id, by=by)
    standing = session.exec(
        select(RelativeValueFile).where(
            RelativeValueFile.rollout_id == rollout_id,
            RelativeValueFile.sha256 == sha256,
            col(RelativeValueFile.removed_at).is_(None),
        )
    ).first()
    if standing is not None:
        return standing
    row = RelativeValueFile(
        rollout_id=rollout_id, year=read.year, file_name=texts.file_name(file_name), sha256=sha256,
        codes=len(read.work), faulty=len(read.faults), faults=faults_as_kept(read.faults[:MOST_FAULTS]),
        by_id=by.person, at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    key = key_of(row)
    values = [{"file_id": key, "code": code, "work": work} for code, work in read.work.items()]
    session.connection().execute(insert(RelativeValue), values)
    after = {"year": row.year, "codes": row.codes, "faulty": row.faulty, "sha256": sha256}
    record(session, "relative-values.brought", (SUBJECT, key), by=by, now=now, rollout_id=rollout_id, after=after)
    return row


def remove_values(session: Session, file_id: int, *, by: Viewer, now: datetime) -> RelativeValueFile:
    """Offer a file no more; periods that rest on it keep it. Removed already is quiet.

    Raises NotFound, Forbidden and Refused.
    """
    row = load(session, RelativeValueFile, file_id, "file of relative values")
    try:
        demand_network(session, row.rollout_id, by=by)
    except NotFound:
        raise NotFound("file of relative values") from None
    if row.removed_at is None:
        row.removed_at = now
        session.add(row)
        session.flush()
        record(session, "relative-values.removed", (SUBJECT, file_id), by=by, now=now, rollout_id=row.rollout_id)
    return row
