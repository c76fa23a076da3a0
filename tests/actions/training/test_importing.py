"""A staff list is taken over whole or not at all, and CSV, XLSX and pasted lists are one."""

from __future__ import annotations

import io
import zipfile

import pytest
from openpyxl import Workbook
from sqlmodel import col, select

from app.actions.training.importing import apply_staff, preview_staff
from app.actions.training.sheets import LARGEST_FILE, read_sheet, read_text
from app.actions.training.staff import mark_left
from app.errors import Forbidden, Invalid, NotFound, Refused
from app.models import RosterDay, StaffMember
from tests.actions.training.school import School

HEAD = "number,name,role,email,shift,location,go_live\n"


def table(*rows: str) -> list[list[str]]:
    return read_text(HEAD + "\n".join(rows))


def names(pupils: School) -> list[str]:
    with pupils.db.reading() as session:
        rows = session.exec(select(StaffMember.name).where(col(StaffMember.left_at).is_(None)))
        return sorted(rows)


def take(pupils: School, rows: list[list[str]], who: str = "dir", **given: object) -> object:
    shown = pupils.act(preview_staff, pupils.cast.rollout, rows, who=who).changes.digest
    return pupils.act(apply_staff, pupils.cast.rollout, rows, shown=shown, who=who, **given)


def test_a_list_of_both_sites_is_taken_over_and_the_same_again_is_quiet(pupils: School) -> None:
    rows = table(
        "1,Ann Abel,desk,ann@example.org,late,alder,yes", "9,Una Uhl,desk,,early,birch,yes",
        "2,Ben Bauer,desk,ben@example.org,early,alder,no",
    )  # fmt: skip
    take(pupils, rows, left=[pupils.ids["Cora"]])
    take(pupils, rows)
    assert names(pupils) == ["Ann Abel", "Ben Bauer", "Dev Das", "Eli Ek", "Finn Fox", "Una Uhl"]
    assert pupils.verbs("location").count("staff.imported") == 2
    with pupils.db.reading() as session:
        found = session.exec(select(RosterDay.shift).where(col(RosterDay.ended_at).is_(None))).all()
        ann = session.get_one(StaffMember, pupils.ids["Ann"])
    assert (sorted(found), ann.shift, ann.version) == (["early", "late"], "late", 2)


def test_one_bad_row_stores_nothing(pupils: School) -> None:
    before = names(pupils)
    rows = table("7,Gil Gray,desk,,,alder,", "8,Hal Hu,pilot,,,alder,")
    with pytest.raises(Invalid):
        pupils.act(apply_staff, pupils.cast.rollout, rows, shown="")
    assert names(pupils) == before
    assert "staff.imported" not in pupils.verbs("location")


def test_what_was_changed_since_it_was_shown_is_looked_at_again(pupils: School) -> None:
    rows = table("1,Other Name,desk,,,alder,")
    shown = pupils.act(preview_staff, pupils.cast.rollout, rows).changes.digest
    pupils.act(mark_left, pupils.ids["Ann"], who="chA")
    with pytest.raises(Refused, match="meantime"):
        pupils.act(apply_staff, pupils.cast.rollout, rows, shown=shown)


def test_everybody_brings_the_staff_of_their_own_places_only(pupils: School) -> None:
    own = table("7,Gil Gray,desk,,,,")
    take(pupils, own, who="chA")
    assert "Gil Gray" in names(pupils)
    found = pupils.act(preview_staff, pupils.cast.rollout, table("7,Gil,desk,,,birch,"), who="chA").read
    assert [(one.column, one.say) for one in found.faults] == [("location", "Write one of alder.")]
    for who, refusal in (("itl", Forbidden), ("exe", Forbidden), ("ch0", NotFound)):
        with pytest.raises(refusal):
            pupils.act(preview_staff, pupils.cast.rollout, own, who=who)


def test_hundreds_of_rows_with_faults_are_told_row_by_row(pupils: School) -> None:
    rows = table(*(f"{n},Name {n},{'desk' if n % 3 else 'none'},,,alder," for n in range(600)))
    found = pupils.act(preview_staff, pupils.cast.rollout, rows).read
    assert [one.line for one in found.faults] == [n + 2 for n in range(0, 600, 3)]


@pytest.mark.parametrize(
    ("data", "cells"),
    [
        (b"\xef\xbb\xbfnumber;name\r\n1;J\xc3\xb6rg\r\n", [["number", "name"], ["1", "Jörg"]]),
        (b"number\tname\n1\tJ\xf6rg\n", [["number", "name"], ["1", "Jörg"]]),
        ("number,name\n1,Jörg\n".encode("utf-16"), [["number", "name"], ["1", "Jörg"]]),
        (b'\n\nnumber,name\n1,"A\nB"\n', [[], [], ["number", "name"], ["1", "A\nB"]]),
    ],
)
def test_files_of_every_spreadsheet_are_read(data: bytes, cells: list[list[str]]) -> None:
    assert read_sheet(data) == cells


def test_a_workbook_is_read_without_working_anything_out() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["number", "name"])
    sheet.append([7.0, "=SUM(A1:A9)"])
    sheet.append([True, None])
    kept = io.BytesIO()
    book.save(kept)
    assert [line[:2] for line in read_sheet(kept.getvalue())] == [["number", "name"], ["7", "=SUM(A1:A9)"], ["yes", ""]]


def bomb() -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 61_000_000)
    return kept.getvalue()


def test_what_is_no_list_is_refused() -> None:
    for data in (b"PK\x03\x04", b"a\x00b,c\n", b"x" * (LARGEST_FILE + 1), b'"' + b"y" * 200_000, bomb(), b"z" * 2_000):
        with pytest.raises(Invalid):
            read_sheet(data)
