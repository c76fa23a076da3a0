"""What happened to a task, as its history tells it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from app.queries.events import HistoryLine
from app.rules.clock import count, moment
from app.rules.tasks.answers import value_words

_VERBS: Final = {
    "completed": "said it is done",
    "reopened": "took it up again",
    "skipped": "set it aside",
    "blocked": "marked it blocked",
    "unblocked": "said it can go on",
    "item_checked": "ticked",
    "item_unchecked": "took back the tick of",
    "answered": "answered",
    "moved": "moved it",
    "signature_withdrawn": "took the own signature back",
    "verified": "checked it",
    "signed_off": "signed for it",
    "commented": "wrote a comment",
    "comment_removed": "took a comment away",
    "comment_restored": "put a comment back",
    "added": "added it by hand",
    "changed": "changed what it says",
    "evidence_attached": "attached",
    "evidence_removed": "took away",
    "assigned": "gave it to",
    "unassigned": "gave it back to the role",
    "upgraded": "brought it to a newer version of the playbook",
    "retired": "took it out with a newer version of the playbook",
    "restored": "brought it back with a newer version of the playbook",
    "dropped": "let it leave",
    "returned": "took it back in",
}
_STATUS: Final = {"blocked": "blocked", "completed": "done"}


def history_line(line: HistoryLine, zone: str, now: datetime) -> dict[str, Any]:
    """One entry for the `history` macro."""
    act = line.verb.partition(".")[2]
    return {
        "when": moment(line.at, zone, now),
        "instant": line.at.isoformat(),
        "who": line.who or "Muster",
        "what": f"{_VERBS.get(act, act.replace('_', ' '))}{_object(act, line.data)}".rstrip(".")
        + f".{_fallen(line.data)}",
        "status": _STATUS.get(act),
    }


def _fallen(data: dict[str, Any]) -> str:
    """What the change did to signatures."""
    voided = len((data.get("after") or {}).get("voided", ()))
    return f" {count(voided, 'signature')} became void by it." if voided else ""


def act_words(act: str) -> str:
    """A past participle of an event as a clause: who ... `said it is done`."""
    return _VERBS.get(act, act.replace("_", " "))


def _object(act: str, data: dict[str, Any]) -> str:
    after, before = data.get("after") or {}, data.get("before") or {}
    if act.startswith("item_"):
        return f" “{after.get('title', after.get('item', ''))}”"
    if act == "answered":
        return f": {value_words(after.get('value'))}"
    if act.startswith("evidence_"):
        facts = after or before
        return f" {facts.get('file_name') or facts.get('url') or 'a file'}"
    if act == "assigned":
        return f" {after.get('name', 'somebody')}"
    reason = after.get("reason")
    to = f" to {after['due']}" if act == "moved" and after.get("due") else ""
    return f"{to}: {reason}" if reason else to
