"""Gates in words: their place in time, the marks of votes and outcomes, what happened to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from app.queries.events import HistoryLine
from app.queries.gates.page import GatePage
from app.rules.clock import NBSP, count, long_day, moment, t_clock, t_days, zone_name
from app.rules.gates.conditions import ConditionState
from app.rules.gates.voting import OUTCOME_WORDS, Outcome, Vote

FAR: Final = 3
"""From so many days on T is told by days of the place, nearer by the clock."""
VOTE_MARKS: Final = {Vote.GO: "done", Vote.CONDITIONS: "waived", Vote.NO_GO: "blocked", Vote.ABSTAIN: "wait"}
OUTCOME_MARKS: Final = {
    Outcome.GO: "done",
    Outcome.CONDITIONS: "waived",
    Outcome.NO_GO: "notready",
    Outcome.DEFERRED: "wait",
}
CONDITION_MARKS: Final = {
    ConditionState.ASKED: "wait",
    ConditionState.ACCEPTED: "waived",
    ConditionState.REFUSED: "void",
    ConditionState.MET: "done",
    ConditionState.EXPIRED: "missed",
}
_VERBS: Final = {
    "answered": "answered a criterion",
    "file_attached": "attached a proof",
    "file_removed": "took a proof away",
    "vote_opened": "opened the vote",
    "vote_closed": "called the vote off",
    "voted": "voted",
    "vote_withdrawn": "took a vote back",
    "evidence_changed": "found the evidence changed: the votes are void",
    "condition_asked": "asked for a condition",
    "condition_accepted": "accepted a condition",
    "condition_refused": "refused a condition",
    "condition_met": "said that a condition is met",
    "condition_expired": "found a condition expired",
    "decided": "recorded the decision",
}
_ELSEWHERE: Final = {
    "answered": "answered a criterion of a gate",
    "file_attached": "attached a proof to a gate",
    "file_removed": "took a proof of a gate away",
    "vote_opened": "opened the vote of a gate",
    "vote_closed": "called the vote of a gate off",
    "voted": "voted at a gate",
    "vote_withdrawn": "took a vote at a gate back",
    "evidence_changed": "found the evidence of a vote changed",
    "decided": "recorded the decision of a gate",
}
_STATUS: Final = {
    "evidence_changed": "void",
    "condition_expired": "missed",
    "condition_accepted": "waived",
}


def when_words(page: GatePage, now: datetime) -> str:
    """`Go or no-go, T−1 d 16:00. Thursday 19 November, 16:00 Central`, and that its day has passed undecided."""
    due, at = page.dated.due, page.dated.due_at
    today = now.astimezone(ZoneInfo(page.zone)).date()
    ahead = page.decision is None and (due is None or due >= today)
    head = ", ".join(filter(None, (page.gate.title, t_words(page) if ahead else "")))
    if due is None:
        return f"{head}. No date yet"
    there = at.astimezone(ZoneInfo(page.zone)) if at else None
    clock = f", {there:%H:%M} {zone_name(page.zone, there)}" if there else ""
    was = "It was due " if due < today and page.decision is None else ""
    return f"{head}. {was}{long_day(there.date() if there else due, today)}{clock}"


def t_words(page: GatePage) -> str:
    """When it is held, told from the first patient; empty where that is not one instant."""
    openings = {place.cutover for place in page.evidence.places}
    opening = next(iter(openings), None) if len(openings) == 1 else None
    due, at = page.dated.due, page.dated.due_at
    if opening is None or due is None:
        return ""
    days = (due - opening.date()).days
    if at is None or abs(days) >= FAR:
        return t_days(days)
    clock = t_clock(opening, at)
    far = f"{clock.days}{NBSP}d " if clock.days else ""
    return f"T{clock.sign}{far}{clock.clock}"


def act_words(act: str) -> str:
    """A past participle of an event as a clause: who ... `opened the vote of a gate`."""
    return _ELSEWHERE.get(act) or _VERBS.get(act, "changed a gate")


def history_line(page: GatePage, line: HistoryLine, now: datetime) -> dict[str, Any]:
    """One entry for the `history` macro."""
    act, after = line.verb.partition(".")[2], line.data.get("after") or {}
    return {
        "when": moment(line.at, page.zone, now),
        "instant": line.at.isoformat(),
        "who": line.who or "Muster",
        "what": f"{_words(page, act, after)}.",
        "status": OUTCOME_MARKS[Outcome(after["outcome"])] if after.get("outcome") else _STATUS.get(act),
    }


def _words(page: GatePage, act: str, after: dict[str, Any]) -> str:
    """What was done, with what the event says of it: the criterion, the role, the outcome."""
    if act == "decided":
        word = OUTCOME_WORDS[Outcome(after["outcome"])].lower() if after.get("outcome") else ""
        return f"recorded the decision: {word}" if word else _VERBS[act]
    if act in ("voted", "vote_withdrawn") and after.get("role"):
        return f"{_VERBS[act]} as {page.titles.get(after['role'], after['role'])}"
    if act in ("evidence_changed", "vote_closed") and after.get("voided") is not None:
        return f"{_VERBS[act].partition(':')[0]}: {count(len(after['voided']), 'vote')} void"
    said = _VERBS.get(act, "changed it")
    title = criterion_title(page, str(after.get("criterion") or ""))
    if act.startswith("condition_") and title:
        said = said.replace("a condition", "a waiver")
    return f"{said}: {title}" if title else said


def criterion_title(page: GatePage, name: str) -> str:
    """The title of a criterion, also by the name of one of its alternatives; empty for none of this gate."""
    criterion = page.gate.criteria.get(name.partition(".")[0])
    return criterion.title if criterion else ""


def spaced(sha256: str) -> str:
    """The beginning of a hash, to be read aloud: `7c1e 90af`."""
    return f"{sha256[:4]} {sha256[4:8]}"
