"""What happened to a day, as its history tells it. Events hold no text of anybody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from app.queries.events import HistoryLine
from app.queries.reconciliations.page import DayPage
from app.rules.clock import moment

_VERBS: Final = {
    "handed_in": "handed the day in",
    "sent_back": "sent the day back to be counted again",
    "reopened": "opened the closed day again",
    "file_attached": "attached a file",
    "file_removed": "took a file away",
    "redacted": "took a text away for good",
    "missed": "found that nobody had counted in time",
}
_SOURCES: Final = {"file": ", from a file", "api": ", by a program"}
_STATUS: Final = {"missed": "missed", "sent_back": "open", "reopened": "open"}


def act_words(act: str) -> str:
    """A past participle of an event as a clause: who … `handed the day in`."""
    return {"entered": "entered counts", "closed": "closed the day", **_VERBS}.get(act, "changed it")


def history_line(page: DayPage, line: HistoryLine, now: datetime) -> dict[str, Any]:
    """One entry for the `history` macro."""
    act, after = line.verb.partition(".")[2], line.data.get("after") or {}
    status = _STATUS.get(act)
    if act == "closed":
        status = "clean" if after.get("clean") else "variance"
    return {
        "when": moment(line.at, page.zone, now),
        "instant": line.at.isoformat(),
        "who": line.who or "Muster",
        "what": f"{_words(page, act, after)}.",
        "status": status,
    }


def _words(page: DayPage, act: str, after: dict[str, Any]) -> str:
    if act == "closed":
        return f"closed the day: {'clean' if after.get('clean') else 'with variance'}"
    if act != "entered":
        return act_words(act)
    new, corrected = (_titles(page, after.get(name) or ()) for name in ("lines", "corrected"))
    said = [f"entered {new}" if new else "", f"corrected {corrected}" if corrected else ""]
    return " and ".join(filter(None, said)) + _SOURCES.get(str(after.get("source")), "")


def _titles(page: DayPage, lines: Sequence[str]) -> str:
    return ", ".join(page.asked.lines[line].title if line in page.asked.lines else line for line in lines)
