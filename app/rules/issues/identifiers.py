"""What looks like a patient's identifier in a text that somebody typed. Pure.

It knows shapes, not people: medical record numbers, accession numbers, dates of birth and social security numbers, by
the word before them or by a shape that little else has. It warns; it never forbids. An issue number, a time, a phone
number or a date of the plan is none: the plan's own dates lie in the years of the rollout.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

NEWEST_BIRTH: Final = 2020
"""A whole date that nothing labels reads as a date of birth up to this year; after it, as a date of the work."""


class Identifier(StrEnum):
    """What a word looks like, in words."""

    SSN = "a social security number"
    BIRTH = "a date of birth"
    ACCESSION = "an accession number"
    RECORD = "a medical record number"


@dataclass(frozen=True)
class Found:
    """A word that looks like an identifier; the text has it from `start` up to, without, `end`."""

    kind: Identifier
    word: str
    start: int
    end: int


_DASH: Final = r"[-\u2010-\u2015\u2212]"
_ALONE: Final = r"(?<![\w.,:/$€£+-])"
_ENDS: Final = r"(?![\w/]|[.,:-]\w)"
_SAYS: Final = r"(?:\s*(?:[:=#]|\bis\b|\bno\b\.?|\bnumber\b|\bnr\b\.?|\bid\b)){0,3}\s*"
_CODE: Final = r"(?P<word>(?=(?:[a-z-]*\d){4})[a-z]{0,4}-?\d[\d-]*\d[a-z]?)(?!\w)"
_MONTH: Final = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_SHORT_DAY: Final = r"\d{1,2}(?P<s>[-/.])\d{1,2}(?P=s)"
_DATES: Final = (
    rf"{_SHORT_DAY}(?P<year>\d{{4}}|\d{{2}})",
    r"(?P<year>\d{4})(?P<s>[-/.]?)(?:0[1-9]|1[0-2])(?P=s)(?:0[1-9]|[12]\d|3[01])",
    rf"\d{{1,2}}(?:st|nd|rd|th)?[- ]{_MONTH}[- ,]+(?P<year>\d{{4}})",
    rf"{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? (?P<year>\d{{4}})",
)
_BORN: Final = r"\b(?:d\.?o\.?b\b\.?|date of birth|birth ?date|birthday|born(?: on)?)"
_RECORD: Final = (
    r"\b(?:mrn|mr#|medical record|med\.? rec\.?|patient(?=\s*(?:[:#=]|id\b|no\b|number\b|\d))|pid|chart(?=\s*(?:#|no\b"
    r"|number\b))|hospital (?=no\b|number\b))"
)
_ACCESSION: Final = r"\b(?:accession|acc(?=\s*(?:[:#.]|no\b|number\b|\d)))\.?"
_MODALITY: Final = r"(?:CT|MR|MRI|US|XR|CR|DX|DR|MG|NM|PT|PET|RAD|RF|IR|BMD)"
_OTHER_NUMBER: Final = re.compile(
    r"(?:phone|telephone|tel|call|fax|ext|extension|mobile|cell|pager|ticket|case|serial|sn|s/n|asset|tag|part|model"
    r"|invoice|order|po|build|version|kb|npi|port|room|zip|error|code|event|job|issue|#)"
    r"(?:\s+(?:no|number|id))?[\s.:#]*(?:\(\d{3}\)\s*)?\Z",
    re.IGNORECASE,
)


def _compiled(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(one, re.IGNORECASE) for one in patterns)


_SSNS: Final = _compiled(
    rf"{_ALONE}(?P<word>(?!000|666)\d{{3}}(?P<d>{_DASH}|[ ])(?!00)\d\d(?P=d)(?!0000)\d{{4}}){_ENDS}",
    rf"\b(?:ssn|social security){_SAYS}(?P<word>\d{{3}}{_DASH}?\d\d{_DASH}?\d{{4}})(?!\d)",
)
_LABELLED_BIRTHS: Final = _compiled(*(rf"{_BORN}{_SAYS}(?P<word>{one})(?!\d)" for one in _DATES))
_BARE_BIRTHS: Final = _compiled(*(rf"{_ALONE}(?P<word>{one}){_ENDS}" for one in _DATES))
_ACCESSIONS: Final = (
    *_compiled(rf"{_ACCESSION}{_SAYS}{_CODE}"),
    re.compile(rf"{_ALONE}(?P<word>{_MODALITY}[- ]?\d{{2,4}}[- ]?\d{{5,10}}){_ENDS}"),
)
_RECORDS: Final = _compiled(rf"{_RECORD}{_SAYS}{_CODE}")
_BARE_RECORD: Final = re.compile(rf"{_ALONE}(?P<word>\d{{7,10}}){_ENDS}")
_PHONE: Final = re.compile(r"[2-9]\d{2}[2-9]\d{6}")


def identifiers(text: str) -> list[Found]:
    """Everything in a text that looks like a patient's identifier, in the order of the text, each place once."""
    found: list[Found] = []
    for one in _all(text):
        if not any(one.start < other.end and other.start < one.end for other in found):
            found.append(one)
    return sorted(found, key=lambda one: one.start)


def _all(text: str) -> Iterator[Found]:
    """The surest first."""
    yield from _matches(text, _SSNS, Identifier.SSN)
    yield from _matches(text, _LABELLED_BIRTHS, Identifier.BIRTH)
    yield from _matches(text, _ACCESSIONS, Identifier.ACCESSION)
    yield from _matches(text, _RECORDS, Identifier.RECORD)
    for pattern in _BARE_BIRTHS:
        for match in pattern.finditer(text):
            if _is_long_ago(match):
                yield _found(match, Identifier.BIRTH)
    for match in _BARE_RECORD.finditer(text):
        if _is_a_record(match):
            yield _found(match, Identifier.RECORD)


def _matches(text: str, patterns: tuple[re.Pattern[str], ...], kind: Identifier) -> Iterator[Found]:
    for pattern in patterns:
        for match in pattern.finditer(text):
            yield _found(match, kind)


def _found(match: re.Match[str], kind: Identifier) -> Found:
    return Found(kind, match["word"], *match.span("word"))


def _is_long_ago(match: re.Match[str]) -> bool:
    """A whole date up to the newest birth; of a year of two digits, one of the last century."""
    year, parts = match["year"], re.findall(r"\d+", match["word"])
    if len(year) == 2:
        return int(year) >= 30 and 1 <= min(int(parts[0]), int(parts[1])) <= 12 and max(map(int, parts[:2])) <= 31
    return 1900 <= int(year) <= NEWEST_BIRTH


def _is_a_record(match: re.Match[str]) -> bool:
    """A long bare number that is no day written together, no phone number, no round sum, and not called otherwise."""
    word, before = match["word"], match.string[: match.start()]
    day = len(word) == 8 and "2021" <= word[:4] <= "2199" and "01" <= word[4:6] <= "12"
    return not (day or word.endswith("000") or _PHONE.fullmatch(word) or _OTHER_NUMBER.search(before[-40:]))
