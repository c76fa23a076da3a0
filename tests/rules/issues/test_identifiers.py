"""What looks like a patient's identifier is found with its word and place; what the work is full of is not."""

from __future__ import annotations

import pytest

from app.rules.issues.identifiers import Found, Identifier, identifiers

FOUND = (
    ("Patient MRN 00482913 is double", Identifier.RECORD, "00482913"),
    ("mrn: 48-29-13", Identifier.RECORD, "48-29-13"),
    ("MRN#A482913", Identifier.RECORD, "A482913"),
    ("the medical record number is 5512", Identifier.RECORD, "5512"),
    ("patient id 77120", Identifier.RECORD, "77120"),
    ("Patient: 4829134", Identifier.RECORD, "4829134"),
    ("chart no. 88123", Identifier.RECORD, "88123"),
    ("images of 4829134 are missing", Identifier.RECORD, "4829134"),
    ("wrong name on 0048291345", Identifier.RECORD, "0048291345"),
    ("(48291342)", Identifier.RECORD, "48291342"),
    ("accession 20271105-0042 is stuck", Identifier.ACCESSION, "20271105-0042"),
    ("Accession number: E1234567", Identifier.ACCESSION, "E1234567"),
    ("acc# 99812", Identifier.ACCESSION, "99812"),
    ("study CT24-0012345 has no report", Identifier.ACCESSION, "CT24-0012345"),
    ("MRI 2027 0012345", Identifier.ACCESSION, "MRI 2027 0012345"),
    ("DOB 3/4/2024", Identifier.BIRTH, "3/4/2024"),
    ("d.o.b.: 14.03.62", Identifier.BIRTH, "14.03.62"),
    ("born on 14 March 1962", Identifier.BIRTH, "14 March 1962"),
    ("date of birth is 2023-02-01", Identifier.BIRTH, "2023-02-01"),
    ("the lady of 03/14/1962 waits", Identifier.BIRTH, "03/14/1962"),
    ("the lady of 03/14/62 waits", Identifier.BIRTH, "03/14/62"),
    ("Mar 14, 1962, came at nine", Identifier.BIRTH, "Mar 14, 1962"),
    ("1962-03-14.", Identifier.BIRTH, "1962-03-14"),
    ("19620314", Identifier.BIRTH, "19620314"),
    ("SSN 219099999", Identifier.SSN, "219099999"),
    ("219-09-9999", Identifier.SSN, "219-09-9999"),
    ("number 219 09 9999 given", Identifier.SSN, "219 09 9999"),
    ("219\u201109\u20119999", Identifier.SSN, "219\u201109\u20119999"),
)
CLEAN = (
    "",
    "See issue #1234567, and #12",
    "ticket 4829134 and INC0012345",
    "Down since 07:40:12, T−31 d, 12:34 CT",
    "Call 555-204-1234 or (555) 204-1234",
    "call 5552041234, ext. 45210",
    "phone 4829134",
    "+1 555 204 1234, +41442041234",
    "Cutover on 2027-03-14, the go/no-go on 13.03.2027",
    "Sat 21 Nov 2026, 11/21/2026, November 21, 2026, 20261121",
    "Week 9 of 16, 19 of 23 tasks, 99.2%, $1250000",
    "1,250,000 rows, 2000000 images",
    "The workstation 10.12.140.22 pings 192.168.100.101",
    "Version 12.4.2024, build 20261103, KB5034441",
    "CPT 99213, room 4412, port 11112",
    "serial number 88412345, s/n 4829134, asset tag 5512345",
    "CT scanner 2 is down; US room 3; MR 1.5 T",
    "The patient portal shows error 5001234",
    "According to the plan, acc. to Sami",
    "000-12-3456 and 666-12-3456 are nobody's",
    "24/7/365, 1/2/3 done, 1/2/27 too",
    "Born out of need. Patient safety: 3 reports",
)


@pytest.mark.parametrize(("text", "kind", "word"), FOUND)
def test_an_identifier_is_found_with_its_word_and_place(text: str, kind: Identifier, word: str) -> None:
    start = text.index(word)
    assert identifiers(text) == [Found(kind, word, start, start + len(word))]


@pytest.mark.parametrize("text", CLEAN)
def test_what_the_work_is_full_of_is_none(text: str) -> None:
    assert identifiers(text) == []


def test_several_are_told_in_the_order_of_the_text() -> None:
    told = identifiers("MRN 4829134, born 14 March 1962, SSN 219-09-9999, acc# 99812, again 4829134")
    assert [one.word for one in told] == ["4829134", "14 March 1962", "219-09-9999", "99812", "4829134"]


def test_a_long_hostile_text_is_read_in_no_time() -> None:
    for text in (
        "mrn " * 2_000,
        "1" * 20_000,
        "mrn" + " no" * 5_000,
        "1-" * 10_000,
        "a-" * 10_000,
        "mrn " + "1-" * 9_000,
    ):
        assert len(identifiers(text)) <= 1
