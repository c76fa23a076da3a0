"""Periods, files and comparisons as their shapes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from app.api.productivity.shapes import (
    BandShown,
    BasisShown,
    BenchmarkShown,
    CodeShown,
    ComparedShown,
    ComparisonShown,
    FaultShown,
    HoursShown,
    IndicesShown,
    PercentileShown,
    PeriodItem,
    PeriodWhole,
    UploadShown,
    ValueFile,
    WorksheetShown,
)
from app.api.tags import answer
from app.models import ProcedureUpload, RelativeValueFile
from app.queries.productivity.comparison import BenchmarkFacts, Comparison
from app.queries.productivity.facts import PeriodFacts
from app.queries.productivity.page import CodeLine, PeriodPage, period_page
from app.rules.people.access import Viewer
from app.rules.productivity.figures import SheetFigures
from app.rules.productivity.hours import COUNTED, HoursLine
from app.rules.productivity.indices import Basis

_EXACT = Decimal("0.000001")


def show_period(
    request: Request, session: Session, period_id: int, viewer: Viewer, *, status: int = 200, location: str = ""
) -> Response:
    session.flush()
    page = period_page(session, period_id, viewer)
    return answer(request, whole(page), version=page.row.version, status=status, location=location)


def period_item(facts: PeriodFacts) -> PeriodItem:
    return PeriodItem(**_members(facts))


def whole(page: PeriodPage) -> PeriodWhole:
    sheets = zip(page.facts.sheets, page.facts.figures.sheets, strict=True)
    return PeriodWhole(
        **_members(page.facts),
        worksheets=[_worksheet(row.id or 0, one, page.detail) for (row, _), one in sheets],
        counted=_upload(page.facts.upload),
        waiting=_upload(page.shown),
        codes=[_code(one) for one in page.codes],
        unvalued_codes=[_code(one) for one in page.unvalued],
    )


def _members(facts: PeriodFacts) -> dict[str, Any]:
    row, figures = facts.row, facts.figures
    found = figures.indices
    return {
        "id": facts.id, "location": facts.place.slug, "first": row.first, "last": row.last,
        "full_time": f"{row.full_time:f}", "values": row.values_id, "hours": f"{figures.hours:f}",
        "positions": _figure(figures.positions), "procedures": row.procedures,
        "rvu": None if row.rvu is None else f"{row.rvu:f}", "unvalued": row.unvalued,
        "unvalued_procedures": row.unvalued_procedures,
        "indices": IndicesShown(
            productivity=_figure(found.productivity), availability=_figure(found.availability),
            intensity=_figure(found.intensity),
        ),
        "basis": _basis(facts.basis), "version": row.version,
    }  # fmt: skip


def _figure(value: Decimal | None) -> str | None:
    """To six digits behind the point, without noughts at the end."""
    return None if value is None else f"{value.quantize(_EXACT).normalize():f}"


def _basis(basis: Basis | None) -> BasisShown | None:
    if basis is None:
        return None
    return BasisShown(rvu_year=basis.rvu_year, year=_figure(basis.year) or "", hours=sorted(basis.kinds))


def _worksheet(key: int, one: SheetFigures, detail: bool) -> WorksheetShown:
    return WorksheetShown(
        id=key, name=one.sheet.name if detail else None, weekly=f"{one.sheet.weekly:f}",
        worked=f"{one.sheet.worked:f}", hours=f"{one.hours:f}", positions=_figure(one.positions) or "",
        lines=[_line(line, detail) for line in one.sheet.lines],
    )  # fmt: skip


def _line(line: HoursLine, detail: bool) -> HoursShown:
    return HoursShown(
        kind=line.kind, times=f"{line.times:f}", hours=f"{line.hours:f}", shared_by=f"{line.shared_by:f}",
        within=line.within, note=line.note if detail else "", total=f"{line.total:f}",
        counts="counted" if line.kind in COUNTED else "taken off" if line.within else "not counted",
        available=f"{line.available:f}",
    )  # fmt: skip


def _upload(row: ProcedureUpload | None) -> UploadShown | None:
    if row is None:
        return None
    return UploadShown(
        id=row.id or 0, lines=row.lines, technical=row.technical, codes=row.codes, procedures=row.procedures,
        other=row.other, other_rvu=f"{row.other_rvu:f}", faulty=row.faulty, counted_at=row.counted_at,
    )  # fmt: skip


def _code(line: CodeLine) -> CodeShown:
    extended = line.extended
    return CodeShown(
        code=line.code, quantity=line.quantity, work=None if line.work is None else f"{line.work:f}",
        extended=None if extended is None else f"{extended:f}",
    )  # fmt: skip


def value_file(row: RelativeValueFile) -> ValueFile:
    return ValueFile(
        id=row.id or 0, year=row.year, file_name=row.file_name, sha256=row.sha256, codes=row.codes, faulty=row.faulty,
        faults=[FaultShown(row=at, message=said) for at, said in row.faults], at=row.at,
    )  # fmt: skip


def benchmark_shown(found: BenchmarkFacts) -> BenchmarkShown:
    basis = BasisShown(
        rvu_year=found.basis.rvu_year, year=_figure(found.basis.year) or "", hours=sorted(found.basis.kinds)
    )
    return BenchmarkShown(
        id=found.row.id or 0, name=found.row.name, source=found.row.source, basis=basis,
        percentiles={
            metric: [PercentileShown(percentile=at, value=f"{value:f}") for at, value in values]
            for metric, values in found.percentiles.items()
        },
    )  # fmt: skip


def comparison(found: Comparison) -> ComparisonShown:
    return ComparisonShown(
        benchmark=benchmark_shown(found.benchmark) if found.benchmark else None,
        periods=[
            ComparedShown(
                period=period_item(one.facts),
                bands={metric: BandShown(low=at.low, high=at.high) if at else None for metric, at in one.bands.items()},
                differs=list(one.differs),
            )
            for one in found.periods
        ],
    )
