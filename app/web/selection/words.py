"""A selection in words: the marks of its states, and what happened to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from app.queries.events import HistoryLine
from app.queries.selection.page import SelectionPage
from app.rules.clock import count, moment
from app.rules.selection.contents import Found
from app.rules.selection.judging import Part, Stand, rules_of
from app.rules.selection.words import named

ELSEWHERE: Final = "another centre"
STANDS: Final = {Stand.FITS: ("ready", "Fits"), Stand.UNCLEAR: ("unknown", "Unclear"), Stand.OUT: ("notready", "Out")}
FOUND: Final = {
    Found.APPLIES: ("notready", "Applies"),
    Found.WAIVED: ("waived", "Waived"),
    Found.NOT: ("met", "Does not apply"),
    Found.MET: ("met", "Met"),
    Found.UNMET: ("notready", "Not met"),
    Found.UNKNOWN: ("unknown", "Unknown"),
}
_VERBS: Final = {
    "answered": "answered a question",
    "waived": "waived an exclusion",
    "waiver_withdrawn": "took a waiver back",
    "proposed": "proposed a set",
    "evidence_changed": "found the scoring changed: it was frozen anew",
    "signed": "signed the set",
    "placed": "let the chosen centres take their wave",
}
_STATUS: Final = {"waived": "waived", "signed": "done", "waiver_withdrawn": "void"}


def act_words(act: str) -> str:
    """A past participle of an event as a clause: who … `proposed a set`."""
    return _VERBS.get(act, act.replace("_", " "))


def history_line(page: SelectionPage, line: HistoryLine, now: datetime) -> dict[str, Any]:
    """One entry for the `history` macro. A centre that the reader may not see is named to nobody."""
    act, after = line.verb.partition(".")[2], line.data.get("after") or {}
    return {
        "when": moment(line.at, page.zone, now),
        "instant": line.at.isoformat(),
        "who": line.who or "Muster",
        "what": f"{act_words(act)}{_object(page, act, after)}.{_fallen(after)}",
        "status": "void" if after.get("voided") else _STATUS.get(act),
    }


def _fallen(after: dict[str, Any]) -> str:
    """What the change did to signatures."""
    voided = len(after.get("voided", ()))
    return f" {count(voided, 'signature')} became void by it." if voided else ""


def _object(page: SelectionPage, act: str, after: dict[str, Any]) -> str:
    if act == "answered":
        where = f" of {place_words(page, after['location'])}" if after.get("location") else " of the set"
        return f"{where}: “{rule_title(page, after.get('part', ''), after.get('rule', ''))}”"
    if act in ("waived", "waiver_withdrawn"):
        title = rule_title(page, Part.EXCLUDE, after.get("exclusion", ""))
        return f" of {place_words(page, after.get('location', 0))}: “{title}”"
    if act == "proposed":
        return f": {named(set_names(page, after.get('locations', ())))}"
    return ""


def place_words(page: SelectionPage, location: int) -> str:
    place = page.place(location)
    return place.name if place else ELSEWHERE


def set_names(page: SelectionPage, ids: Any) -> list[str]:
    """The names of a set as far as the reader may know them: `Alder`, `1 elsewhere`."""
    names = [place.name for one in ids if (place := page.place(one))]
    hidden = len(ids) - len(names)
    return [*names, f"{hidden} elsewhere"] if hidden else names


def rule_title(page: SelectionPage, part: str, rule: str) -> str:
    """What a rule is called; its id where the playbook has it no more."""
    found = rules_of(page.selection, Part(part)).get(rule) if part in list(Part) else None
    return found.title if found else rule


def by_words(page: SelectionPage, name: str, at: datetime, now: datetime) -> str:
    """`Edith Okafor, Tue 5 Jan, 09:00`."""
    return f"{name}, {moment(at, page.zone, now)}"
