"""Answers that people give: read from what they typed, and judged against what is good enough. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from app.plan.facts import satisfied
from app.plan.format.answers import RESULTS, Answer
from app.plan.language.dates import parse_iso_date, parse_time
from app.plan.language.durations import parse_duration
from app.plan.problems import Wrong
from app.plan.terms import PROSE_LIMIT, TITLE_LIMIT

Verdict = Literal["pass", "fail", "unclear"]

_NUMBER = re.compile(r"-?[0-9]{1,15}([.,][0-9]{1,15})?\Z")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_YES_NO = {"yes": True, "no": False, "true": True, "false": False}

ROW = "row"
"""Of a table whose rows have titles: the key of the title in the answer of a row."""


class AnswerError(ValueError):
    """What was typed is not an answer of the type asked for; the message says what would be."""


def parse(answer: Answer, text: str) -> Any:
    """The typed text as a value that JSON can keep. Raises `AnswerError`."""
    text = text.strip()
    if _CONTROL.search(text):
        raise AnswerError("Remove the control characters.")
    if not text:
        raise AnswerError("Nothing was given.")
    match answer.type:
        case "number":
            return _number(text)
        case "yes-no" | "tick":
            return _known(text.lower(), _YES_NO, "Answer yes or no.")
        case "result":
            return _known(text, {word: word for word in RESULTS}, "Answer pass, fail or not tested.")
        case "choice":
            return _known(text, {option: option for option in answer.options}, "Choose one of the options.")
        case "choices":
            chosen = [line.strip() for line in text.splitlines() if line.strip()]
            known = {option: option for option in answer.options}
            return [_known(each, known, "Choose among the options.") for each in chosen]
        case "date" | "time" | "duration":
            return _moment(answer.type, text)
        case "table":
            raise AnswerError("A table is answered row by row.")
    limit = TITLE_LIMIT if answer.type == "person" else PROSE_LIMIT
    if len(text) > limit:
        raise AnswerError(f"At most {limit:,} characters; this has {len(text):,}.")
    return text


def _number(text: str) -> int | float:
    if not _NUMBER.match(text):
        raise AnswerError("Give a figure, as 104 or 99.5.")
    value = float(text.replace(",", "."))
    if not math.isfinite(value):
        raise AnswerError("Give a figure, as 104 or 99.5.")
    return int(value) if value.is_integer() and "." not in text and "," not in text else value


def _known(text: str, words: dict[str, Any], say: str) -> Any:
    if text not in words:
        raise AnswerError(say)
    return words[text]


def _moment(kind: str, text: str) -> str:
    try:
        if kind == "date":
            return parse_iso_date(text).isoformat()
        if kind == "time":
            return parse_time(text).strftime("%H:%M")
        return str(parse_duration(text))
    except (Wrong, ValueError):
        say = {
            "date": "Give a day, as 2027-02-05.",
            "time": "Give a time, as 07:30.",
            "duration": "Give a length, as 2h30m or 3d.",
        }
        raise AnswerError(say[kind]) from None


def judge(answer: Answer, value: Any, baseline: float | None = None) -> Verdict:
    """Whether a value is good enough: without `pass`, a yes-no passes on yes, a result on pass, all else as given."""
    if answer.type == "table" or value is None:
        return "unclear" if value is None else "pass"
    if answer.passes is not None:
        values = value if isinstance(value, list) else [value]
        found = [satisfied(answer.passes, each, baseline) for each in values]
        return "unclear" if None in found else "pass" if all(found) else "fail"
    if answer.type == "yes-no":
        return "pass" if value is True else "fail"
    if answer.type == "result":
        return "pass" if value == "pass" else "fail"
    return "pass"


def _row_words(row: Mapping[str, Any]) -> str:
    """A row of a table: what it is of, then its cells (`Arrived: count 12`)."""
    cells = {key: value_words(one) for key, one in row.items()}
    head = cells.pop(ROW, "")
    said = ", ".join(f"{key} {one}" for key, one in cells.items())
    return f"{head}: {said}" if head else said


def value_words(value: Any, unit: str = "") -> str:
    """A stored answer as a person would say it."""
    if value is None or value == "":
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return _row_words(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ("; " if any(isinstance(one, Mapping | list) for one in value) else ", ").join(map(value_words, value))
    number = f"{value:g}" if isinstance(value, float) else str(value)
    return f"{number}\u00a0{unit}" if unit else number
