"""Figures from a file are shown row by row, and entered as they were shown, all of them or none."""

from __future__ import annotations

import io
import re
from datetime import date

from openpyxl import Workbook
from sqlmodel import select

from app.models import MetricReading
from tests.measuring import of_week, read
from tests.web.conftest import Site

UPLOAD = "/rollouts/two-sites/figures/upload"
HEAD = "location,metric,first,last,value,of,note,reason\n"
GOOD = "alder,ar-days,2026-12-21,2026-12-27,45,120,From the ledger,\nbirch,denials,2026-12-21,2026-12-27,8,,,\n"


def send(site: Site, text: str, who: str = "dir") -> str:
    answer = site.client(who).post(UPLOAD, files={"file": ("figures.csv", (HEAD + text).encode())})
    assert answer.status_code in (200, 422), answer.text
    return answer.text


def confirmed(page: str) -> dict[str, str]:
    shown = re.search(r'name="shown" value="([0-9a-f]{64})"', page)
    text = re.search(r'<textarea name="text" hidden>\n(.*?)</textarea>', page, re.S)
    return {"shown": shown[1] if shown else "", "text": text[1] if text else ""}


def stored(site: Site) -> int:
    with site.database.reading() as session:
        return len(session.exec(select(MetricReading)).all())


def test_a_file_is_shown_first_and_then_entered(measuring: Site) -> None:
    page = send(measuring, GOOD)
    assert "2 new figures, 0 in place of others, 0 as they stand" in page
    assert "Alder, Days in receivables" in page
    assert stored(measuring) == 0
    answer = measuring.client("dir").post(UPLOAD, data=confirmed(page))
    assert (answer.status_code, stored(measuring)) == (303, 2)
    assert "Everything in this file stands already." in send(measuring, GOOD)


def test_every_row_says_what_is_wrong_with_it(measuring: Site) -> None:
    page = send(
        measuring,
        GOOD + "alder,nothing,2026-12-21,2026-12-27,1,,,\ncedar,ar-days,2026-12-21,2026-12-27,1,,,\n"
        "alder,denials,2026-12-21,21/12/2026,8x,,,\nalder,ar-days,2027-01-04,2027-01-10,1,,,\n",
    )
    assert "4 rows cannot be taken, so nothing is entered." in page
    for said in ("Row 4", "The playbook has no such metric.", "There is no such place in this rollout.",
                 "last is written as 2027-02-08. value: “8x” is no figure: write 1,753.5 or 1753.5,",
                 "first: These days are not over"):  # fmt: skip
        assert said in page
    assert confirmed(page)["shown"] == ""


def test_a_place_that_is_not_seen_is_as_one_that_is_not_there(measuring: Site) -> None:
    page = send(measuring, GOOD, "chA")
    assert "There is no such place in this rollout." in page
    assert "Birch" not in page


def test_what_replaces_a_figure_asks_why_once(measuring: Site) -> None:
    with measuring.database.writing() as session:
        read(session, measuring.cast, of_week("ar-days", 44))
    page = send(measuring, GOOD)
    assert "reason: 44 stands there. Say why this figure takes its place." in page
    again = measuring.client("dir").post(UPLOAD, data={**confirmed(page), "reason": "Counted anew."})
    assert again.status_code == 200
    assert "1 new figure, 1 in place of others, 0 as they stand" in again.text
    form = {**confirmed(again.text), "reason": "Counted anew."}
    assert measuring.client("dir").post(UPLOAD, data=form).status_code == 303
    assert stored(measuring) == 3


def test_what_changed_since_it_was_shown_is_shown_again(measuring: Site) -> None:
    form = confirmed(send(measuring, GOOD))
    with measuring.database.writing() as session:
        read(session, measuring.cast, of_week("ar-days", 45, size=None))
    answer = measuring.client("dir").post(UPLOAD, data={**form, "reason": "x"})
    assert answer.status_code == 409
    assert "figures have changed since these were shown" in answer.text
    assert stored(measuring) == 1


def test_a_workbook_is_read_as_well_and_the_template_names_what_is_to_be_entered(measuring: Site) -> None:
    template = measuring.client("chA").get("/rollouts/two-sites/figures/template").text
    assert template.splitlines()[:2] == [HEAD.strip(), "alder,ar-days,2026-12-28,2027-01-03,,,,"]
    assert "birch" not in template
    assert "cost" not in template
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEAD.strip().split(","))
    sheet.append(["alder", "ar-days", date(2026, 12, 21), date(2026, 12, 27), 45.5, 120])
    sheet.append(["alder", "denials", date(2026, 12, 21), date(2026, 12, 27), 0.07])
    sheet["E3"].number_format = "0.0%"
    file = io.BytesIO()
    book.save(file)
    answer = measuring.client("chA").post(UPLOAD, files={"file": ("figures.xlsx", file.getvalue())})
    assert "45.5 days" in answer.text
    assert "7 %" in answer.text
    assert measuring.client("chA").post(UPLOAD, data=confirmed(answer.text)).status_code == 303


def test_what_is_no_table_is_said(measuring: Site) -> None:
    client = measuring.client("dir")
    for content, said in (
        (b"a,b\n1,2\n", "The heading lacks location, metric, first, last, value."),
        (HEAD.encode(), "There is no figure below the heading."),
        (b"PK\x03\x04 broken", "This file cannot be read."),
    ):
        answer = client.post(UPLOAD, files={"file": ("x.csv", content)})
        assert (answer.status_code, said in answer.text) == (422, True)
    assert measuring.client("exe").get(UPLOAD).status_code == 403


def test_a_character_that_cannot_be_shown_is_a_fault_of_its_row(measuring: Site) -> None:
    days = "2026-12-21,2026-12-27"
    for column, cells in (
        ("location", f"al\0der,ar-days,{days},45,,,"), ("metric", f"alder,ar\x07days,{days},45,,,"),
        ("note", f"alder,ar-days,{days},45,,From\0here,"), ("reason", f"alder,ar-days,{days},45,,,A\x1bb"),
    ):  # fmt: skip
        page = send(measuring, GOOD + cells + "\n")
        assert "1 row cannot be taken" in page
        assert f"{column} holds a character that cannot be shown." in page
        assert confirmed(page)["shown"] == ""
    assert stored(measuring) == 0


def test_the_line_ends_of_a_note_may_change_on_the_way(measuring: Site) -> None:
    first = send(measuring, 'alder,ar-days,2026-12-21,2026-12-27,45,,"From the\r\nledger",\n')
    form = confirmed(first)
    form["text"] = form["text"].replace("&#34;", '"').replace("\r\n", "\n").replace("\n", "\r\n")
    assert measuring.client("dir").post(UPLOAD, data=form).status_code == 303
    with measuring.database.reading() as session:
        assert session.exec(select(MetricReading.note)).all() == ["From the\nledger"]
