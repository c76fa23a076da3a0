"""What happened to an issue, as its history tells it. Events hold no text of anybody."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from app.queries.events import HistoryLine
from app.queries.issues.page import IssuePage
from app.rules.clock import moment
from app.rules.issues.ladder import Step
from app.web.held import listed
from app.web.issues.words import said_words

_VERBS: Final = {
    "opened": "reported it",
    "acknowledged": "took it",
    "resolved": "solved it",
    "confirmed": "confirmed that it is solved",
    "reopened": "opened it again",
    "taken_up": "said that it goes on",
    "noted": "wrote a note",
    "redacted": "took a text away for good",
    "file_attached": "attached a file",
    "file_removed": "took a file away",
    "breached": "found its time run out",
    "assigned": "gave it to somebody",
    "put_off": "put it off",
    "judged_anew": "judged it anew",
    "escalated": "told the next rung",
    "reminded": "reminded whoever has it",
    "found_elsewhere": "found the same at another place",
    "found_vacant": "found nobody to tell",
}
_PARTS: Final = {
    "title": "the title",
    "details": "what happened",
    "caller": "the name of the caller",
    "waits": "what it waited for",
    "solutions": "the cause and the fix",
    "note": "a note",
    "file": "a file with its name",
}
_STATUS: Final = {"resolved": "done", "confirmed": "done", "breached": "late", "found_vacant": "blocked"}


def act_words(act: str) -> str:
    """A past participle of an event as a clause: who ... `took it`."""
    return _VERBS.get(act, "changed it")


def history_line(page: IssuePage, line: HistoryLine, now: datetime) -> dict[str, Any]:
    """One entry for the `history` macro."""
    act = line.verb.partition(".")[2]
    return {
        "when": moment(line.at, page.zone, now),
        "instant": line.at.isoformat(),
        "who": line.who or "Muster",
        "what": f"{_words(page, act, line.data.get('after') or {})}.",
        "status": _STATUS.get(act),
    }


def _words(page: IssuePage, act: str, after: dict[str, Any]) -> str:
    told = listed([page.name(one) for one in after.get("told", ())])
    if act == "escalated":
        return f"told {told or 'the next rung'}{_how_told(str(after.get('step', '')), str(after.get('said', '')))}"
    if act == "reminded":
        return f"reminded {told or 'whoever has it'}"
    if act == "found_vacant":
        return "found nobody to tell, and told whoever directs"
    if act == "assigned":
        return f"gave it to {page.name(after['holder'])}" if after.get("holder") else "gave it back to its ladder"
    if act == "put_off":
        return "put it off; the clock stands still" if after.get("stops_clock") else "put it off; the clock goes on"
    if act == "judged_anew":
        return f"judged it anew: {_severity(page, str(after.get('severity', '')))}"
    if act == "redacted":
        return f"took {_PARTS.get(str(after.get('part')), 'a text')} away for good"
    if act == "found_elsewhere":
        place = page.rollout.location(after.get("location"))
        return f"found the same at {place.name if place else 'another place'}"
    return act_words(act)


def _how_told(step: str, said: str) -> str:
    if step == Step.BY_HAND:
        return " by hand"
    return " again: taken, and still not solved" if step == Step.AGAIN else f" ({said_words(said)})"


def _severity(page: IssuePage, severity: str) -> str:
    known = page.rollout.playbook.issues.severities if page.rollout.playbook.issues else {}
    return known[severity].title or severity if severity in known else severity
