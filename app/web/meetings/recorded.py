"""What was recorded of a meeting, in words: who was there, what happened to it, what can be taken away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from app.actions.issues.talking import REDACTED
from app.queries.events import HistoryLine
from app.queries.meetings.page import MeetingPage
from app.rules.clock import count, moment
from app.web.told import Told

_VERBS: Final = {
    "held": "recorded that it was held",
    "noted": "corrected what was recorded",
    "called_off": "called it off",
    "missed": "found nothing recorded on its day",
    "agreed": "noted what was agreed",
    "redacted": "took a text away for good",
}
_ELSEWHERE: Final = {
    "meeting.held": "recorded a meeting",
    "meeting.noted": "corrected what was recorded of a meeting",
    "meeting.called_off": "called a meeting off",
    "meeting.missed": "found a meeting missed",
    "meeting.agreed": "noted what a meeting agreed on",
    "remark.said": "said a win or a concern",
    "remark.settled": "settled a concern",
    "remark.withdrawn": "took back a win or a concern",
}
_STATUS: Final = {"held": "done", "missed": "missed"}


def standing_words(page: MeetingPage, now: datetime) -> dict[str, str] | None:
    """The notice under the title: who recorded what, why it was called off, that it was missed."""
    record = page.record
    if record is None:
        return None
    missed = "Missed: nothing was recorded on its day. " if record.missed_at else ""
    if record.held_at is not None:
        by = f"{page.name(record.held_by)}, {moment(record.held_at, page.slot.zone, now)}."
        return {"kind": "warn" if missed else "good", "bold": f"{missed}Held.", "text": by}
    if record.called_off_at is not None:
        by = f"{page.name(record.called_off_by)}, {moment(record.called_off_at, page.slot.zone, now)}."
        reason = f" {record.called_off_reason}" if page.detail else ""
        return {"kind": "warn" if missed else "run", "bold": f"{missed}Called off.", "text": by + reason}
    return {"kind": "bad", "bold": "Missed.", "text": "Nothing was recorded on its day. It can be entered still, and "
            "stays marked."}  # fmt: skip


def present_words(page: MeetingPage) -> str:
    """Who was there, by name as far as the reader may know them."""
    if page.record is None or not page.kept:
        return ""
    names = [page.names[one] for one in page.record.attended if one in page.names]
    others = f"{count(page.hidden, 'other')}" if page.hidden else ""
    words = ", ".join([*names, *([others] if others else [])])
    return words or "Nobody was noted."


def redactable(page: MeetingPage) -> list[dict[str, str]]:
    """Texts of the record that can be taken away for good, as options."""
    record = page.record
    found = (("notes", "The notes", record.notes), ("reason", "Why it was called off", record.called_off_reason)) \
        if record else ()  # fmt: skip
    return [{"value": part, "label": label} for part, label, text in found if text not in ("", REDACTED)]


def history_line(page: MeetingPage, line: HistoryLine, now: datetime) -> dict[str, Any]:
    """One entry for the `history` macro."""
    act = line.verb.partition(".")[2]
    return {
        "when": moment(line.at, page.slot.zone, now),
        "instant": line.at.isoformat(),
        "who": line.who or "Muster",
        "what": f"{_VERBS.get(act, 'changed it')}.",
        "status": _STATUS.get(act),
    }


def act_words(verb: str) -> str:
    """An event of a meeting or a remark as a clause: who ... `recorded a meeting`."""
    return _ELSEWHERE.get(verb, "took a text away for good")


def conflict(page: MeetingPage, told: Told, now: datetime) -> dict[str, Any] | None:
    """Theirs and yours side by side, where somebody was quicker."""
    if told.stale is None:
        return None
    theirs = " / ".join(_theirs(page)) or "Nothing is recorded any more"
    when = moment(told.stale.when, page.slot.zone, now) if told.stale.when else "an unknown time"
    fields = [("version", str(page.version)), *told.sent]
    return {
        "who": told.stale.who,
        "when": when,
        "changes": [{"label": told.label, "theirs": theirs, "yours": told.yours or "Nothing"}],
        "mine": {"action": told.action, "fields": fields},
    }


def _theirs(page: MeetingPage) -> Iterator[str]:
    record = page.record
    if record is None:
        return
    if record.held_at is not None:
        yield f"Held; there: {present_words(page)}"
    if page.detail:
        yield from (text for text in (record.notes, record.called_off_reason) if text)
