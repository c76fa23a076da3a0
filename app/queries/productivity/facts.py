"""Periods with all their figures: the same number of queries for one and for a hundred of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from app.models import ProcedureUpload, ProductivityPeriod, RelativeValueFile
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.rules.productivity.figures import Figures, Performed, basis_of, figures_of
from app.rules.productivity.hours import NOTHING
from app.rules.productivity.indices import Basis
from app.rules.productivity.periods import share_of_year
from app.stored.productivity import Sheets, counted_uploads, standing_sheets


@dataclass(frozen=True)
class PeriodFacts:
    """A period with its worksheets, the values and the file of procedures that it rests on, and its figures."""

    row: ProductivityPeriod
    place: PlaceFacts
    values: RelativeValueFile | None
    upload: ProcedureUpload | None
    sheets: Sheets
    figures: Figures

    @property
    def id(self) -> int:
        return self.row.id or 0

    @property
    def basis(self) -> Basis | None:
        return basis_of(self.figures, self.values.year if self.values else None)


def with_figures(session: Session, rollout: RolloutFacts, rows: Sequence[ProductivityPeriod]) -> list[PeriodFacts]:
    """Those of the rows whose location is among the rollout's, in their order."""
    ids = [row.id or 0 for row in rows]
    sheets, uploads = standing_sheets(session, ids), counted_uploads(session, ids)
    wanted = select(RelativeValueFile).where(col(RelativeValueFile.id).in_({row.values_id for row in rows}))
    files = {one.id: one for one in session.exec(wanted)}
    found = []
    for row in rows:
        place = rollout.location(row.location_id)
        if place is not None:
            upload, own = uploads.get(row.id or 0), sheets.get(row.id or 0, [])
            figures = _figures(row, own, upload)
            found.append(PeriodFacts(row, place, files.get(row.values_id), upload, own, figures))
    return found


def _figures(row: ProductivityPeriod, sheets: Sheets, upload: ProcedureUpload | None) -> Figures:
    other, other_rvu = (upload.other, upload.other_rvu) if upload else (0, NOTHING)
    performed = Performed(row.procedures, row.rvu, row.unvalued, row.unvalued_procedures, other, other_rvu)
    year = share_of_year(row.first, row.last)
    return figures_of([sheet for _, sheet in sheets], performed, full_time=row.full_time, year=year)
