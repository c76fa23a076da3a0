"""What follows from the procedures and the values of a period, kept on it: a list of periods reads no codes."""

from __future__ import annotations

from sqlmodel import Session, col, select

from app.models import ProcedureCount, ProcedureUpload, ProductivityPeriod, RelativeValue
from app.rules.productivity.indices import work_of
from app.rules.productivity.relative_values import RelativeValues
from app.stored.productivity import counted_uploads


def sum_up(session: Session, row: ProductivityPeriod) -> None:
    """Work out anew what the period keeps of its procedures. Neither they nor the values ever change in place."""
    session.flush()
    upload = counted_uploads(session, [row.id or 0]).get(row.id or 0)
    quantities = _quantities(session, upload)
    work = work_of(quantities, _values(session, row, upload))
    other, other_rvu = (upload.other, upload.other_rvu) if upload else (0, None)
    row.procedures = work.procedures + other
    row.rvu = None if row.values_id is None else work.rvu + (other_rvu or 0)
    row.unvalued = 0 if row.values_id is None else len(work.unvalued)
    row.unvalued_procedures = 0 if row.values_id is None else sum(work.unvalued.values())
    session.add(row)


def _quantities(session: Session, upload: ProcedureUpload | None) -> dict[str, int]:
    if upload is None:
        return {}
    rows = select(ProcedureCount.code, ProcedureCount.quantity).where(ProcedureCount.upload_id == upload.id)
    return dict(session.exec(rows).all())


def _values(session: Session, row: ProductivityPeriod, upload: ProcedureUpload | None) -> RelativeValues:
    """Those of the codes that were performed."""
    performed = select(ProcedureCount.code).where(ProcedureCount.upload_id == (upload.id if upload else None))
    rows = select(col(RelativeValue.code), col(RelativeValue.work)).where(
        RelativeValue.file_id == row.values_id, col(RelativeValue.code).in_(performed)
    )
    return RelativeValues(0, dict(session.exec(rows).all()))
