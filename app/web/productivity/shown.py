"""A period as values for its template: every figure on the way to the indices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.models import ProcedureUpload
from app.queries.productivity.page import CodeLine, PeriodPage
from app.rules.clock import count
from app.rules.productivity.figures import Part, SheetFigures
from app.rules.productivity.hours import COUNTED, KIND_WORDS, HoursLine
from app.rules.productivity.indices import BUSINESS_YEAR
from app.web.productivity.words import basis_words, index_words, plain, rounded, share_words, typed


def shown_period(page: PeriodPage) -> dict[str, Any]:
    """Everything about the figures."""
    figures = page.facts.figures
    return {
        "indices": _indices(page),
        "basis": basis_words(page.facts.basis),
        "share": share_words(figures.year),
        "sheets": [_sheet(page, number) for number in range(len(figures.sheets))],
        "parts": [_part(one) for one in (figures.full, figures.part)] if figures.sheets else [],
        "hours": plain(figures.hours),
        "positions": rounded(figures.positions),
        "full_time": plain(page.row.full_time),
        "work": _work(page),
        "codes": [_code(one) for one in page.codes],
        "unvalued": [_code(one) for one in page.unvalued],
        "total_codes": count(page.total_codes, "code"),
        "warnings": _warnings(page),
        "upload_": _upload(page.facts.upload, page.detail) if page.facts.upload else None,
        "shown": _upload(page.shown, page.detail) if page.shown else None,
    }


def _indices(page: PeriodPage) -> list[tuple[str, str, str]]:
    """Name, how it comes about, result."""
    figures = page.facts.figures
    rvu, hours = rounded(figures.performed.rvu), plain(figures.hours)
    year = BUSINESS_YEAR * figures.year
    return [
        ("Productivity index", f"{rvu} work RVU ÷ {hours} available hours",
         index_words("productivity", figures.indices.productivity)),
        ("Availability index",
         f"{hours} available hours ÷ {plain(year)} = {rounded(figures.against_year, 3)}, "
         f"÷ {rounded(figures.positions)} full positions",
         index_words("availability", figures.indices.availability)),
        ("Intensity indicator", f"{rvu} work RVU ÷ {figures.performed.procedures:,} procedures",
         index_words("intensity", figures.indices.intensity)),
    ]  # fmt: skip


def name_of(page: PeriodPage, number: int) -> str:
    """Whose worksheet it is, for those who may know."""
    return page.facts.figures.sheets[number].sheet.name if page.detail else f"Radiologist {number + 1}"


def _sheet(page: PeriodPage, number: int) -> dict[str, Any]:
    one: SheetFigures = page.facts.figures.sheets[number]
    return {
        "id": page.facts.sheets[number][0].id,
        "name": name_of(page, number),
        "weekly": plain(one.sheet.weekly),
        "worked": plain(one.sheet.worked),
        "hours": plain(one.hours),
        "positions": rounded(one.positions),
        "lines": [_line(line, page.detail) for line in one.sheet.lines],
    }


def _line(line: HoursLine, detail: bool) -> dict[str, str]:
    shared = f" ÷ {plain(line.shared_by)}" if line.shared_by != 1 else ""
    return {
        "kind": KIND_WORDS[line.kind],
        "note": line.note if detail else "",
        "how": f"{plain(line.times)} × {plain(line.hours)}{shared}",
        "total": plain(line.total),
        "counts": "counted" if line.kind in COUNTED else "taken off" if line.within else "not counted",
        "available": f"−{plain(-line.available)}" if line.available < 0 else plain(line.available),
    }


def _part(part: Part) -> dict[str, str]:
    return {"people": count(part.people, "radiologist"), "hours": plain(part.hours),
            "positions": rounded(part.positions)}  # fmt: skip


def _work(page: PeriodPage) -> list[tuple[str, str, str]]:
    """What, procedures, work RVU; the sum at the end."""
    done = page.facts.figures.performed
    found = [("By code", f"{done.coded:,}", rounded(done.coded_rvu))]
    if done.other:
        found.append(("Known as a sum only", f"{done.other:,}", rounded(done.other_rvu)))
    return [*found, ("All procedures", f"{done.procedures:,}", rounded(done.rvu))]


def _code(line: CodeLine) -> list[str]:
    return [line.code, "" if line.work is None else typed(line.work), f"{line.quantity:,}", rounded(line.extended)]


def _warnings(page: PeriodPage) -> list[str]:
    """What stands in the way of an index, or makes it unsure."""
    figures, said = page.facts.figures, []
    if not figures.sheets:
        said.append("There is no worksheet yet, so there are no hours to divide by.")
    if page.facts.values is None:
        said.append("No relative values are chosen, so there is no work RVU.")
    if not figures.performed.procedures:
        said.append("No procedures are counted yet.")
    if figures.performed.unvalued:
        said.append(
            f"{count(figures.performed.unvalued, 'code')} with "
            f"{count(figures.performed.unvalued_procedures, 'procedure')} have no value in the file: they count as "
            "procedures and bring no RVU, so productivity and intensity are too low."
        )
    return said


def _upload(row: ProcedureUpload, detail: bool) -> dict[str, Any]:
    """What a file of procedures holds, before and after it counts; its texts only for those who may read them."""
    return {
        "id": row.id,
        "name": row.file_name if detail else "The file",
        "lines": count(row.lines, "line"),
        "procedures": count(row.procedures, "procedure"),
        "codes": count(row.codes, "code"),
        "technical": count(row.technical, "line") if row.technical else "",
        "other": f"{row.other:,}" if row.other else "",
        "faulty": count(row.faulty, "row") if row.faulty else "",
        **shown_faults(row.faults if detail else (), row.faulty),
    }


def shown_faults(faults: Sequence[Any], faulty: int) -> dict[str, Any]:
    """Rows that were passed over: the first of them, and how many more there are."""
    return {"faults": [(f"Row {row}", said) for row, said in faults], "more": max(faulty - len(faults), 0)}
