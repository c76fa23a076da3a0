"""The page of a day as values for its template."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.actions.issues.talking import REDACTED
from app.models import ReconciliationReturn
from app.queries.reconciliations.page import DayPage
from app.rules.clock import count, instant, moment
from app.rules.reconciliations.days import DayState
from app.rules.rollouts.sentences import Part
from app.web.held import listed
from app.web.reconciliations.history import act_words, history_line
from app.web.reconciliations.lines import shown_line, shown_row
from app.web.reconciliations.words import STATES, state_words, titled_day
from app.web.tasks.shown import size_words
from app.web.told import Told

_RETURNS = {"sent back": "sent this day back", "reopened": "opened this closed day again"}


def shown(page: DayPage, told: Told, now: datetime) -> dict[str, Any]:
    """Everything the template of a day needs."""
    row = page.row
    place = page.place.name if page.place else "The whole network"
    status, _ = STATES[row.state]
    lines = [shown_line(page, id_, line, told, now) for id_, line in page.asked.lines.items()]
    closed, handed_in = row.facts.reviewed_at is not None, row.facts.counted_at is not None
    return {
        "day": {
            "id": row.occasion,
            "version": row.version,
            "name": titled_day(row.title, place, row.day),
            "status": "todo" if row.state is DayState.AHEAD else status,
            "label": state_words(row),
            "sub": _sub(page, now),
            "closed": closed,
            "handed_in": handed_in,
            "ahead": row.state is DayState.AHEAD,
        },
        "say": sentence(page, now),
        "lines": lines,
        "counted": [line for line in lines if line["row"]],
        "uncounted": [line["title"] for line in lines if not line["row"]],
        "before": _replaced(page, now),
        "back": _back(page, now) if not closed else None,
        "rights": page.rights,
        "files": [_file(page, one, now) for one in page.files],
        "file_lines": [("", "The whole day"), *((id_, line.title) for id_, line in page.asked.lines.items())],
        "redactable": _redactable(page, now) if page.rights.redact and page.detail else [],
        "history": [history_line(page, one, now) for one in page.history],
        "detail": page.detail,
        "facts": _facts(page, now),
        "told": told,
        "conflict": conflict(page, told, now),
    }


def sentence(page: DayPage, now: datetime) -> list[Part]:
    """How the day stands, and what is next."""
    row, facts = page.row, page.row.facts
    place = page.place.name if page.place else "The whole network"
    outside = sum(not one.within for one in page.counts.values())
    out = f"{count(outside, 'line')} out of tolerance" if outside else "every line within its tolerance"
    by = page.name(row.counted_by)
    if row.state is DayState.AHEAD:
        return [Part(f"{place} counts this on the day itself.")]
    if row.state is DayState.NOT_ASKED:
        return [Part(f"Nothing was asked for at {place} that day.")]
    head = [Part(f"{place} "), Part("missed", "missed"), Part(" this day")] if row.state is DayState.MISSED else []
    if facts.reviewed_at is not None:
        how = Part("clean", "clean") if facts.clean else Part("with variance", "variance")
        closing = "; entered and closed later, " if head else "The day is closed "
        return [*head, Part(closing), how, Part(f": {out}.")]
    if facts.counted_at is not None:
        waits = Part("waits for a second person", "wait")
        return [*head, Part(f"; {by} counted it later and it " if head else f"{by} counted {place}; it "), waits,
                Part(f": {out}.")]  # fmt: skip
    left = len(page.asked.lines) - len(page.counts)
    todo = f"{count(left, 'line')} to count" if left else "all lines are counted, and it is to be handed in"
    if head:
        return [*head, Part(f"; it can still be entered: {todo}.")]
    return [Part(f"{place} is "), Part("open", "open"), Part(f": {todo}.")]


def _sub(page: DayPage, now: datetime) -> str:
    row = page.row
    missed = row.state is DayState.MISSED
    due = f"{'it was' if missed else 'it is'} due {instant(row.due_at, page.zone, now)}" if row.due_at else ""
    at = row.facts.late_at if row.state in (DayState.AHEAD, DayState.OPEN) else None
    late = f"after {instant(at, page.zone, now)} it counts as missed" if at else ""
    said = "; ".join(filter(None, (due, late)))
    return f"{said[:1].upper()}{said[1:]}." if said else ""


def _facts(page: DayPage, now: datetime) -> dict[str, Any]:
    row, place = page.row, page.place
    base = f"/rollouts/{page.rollout.slug}/locations/{place.slug if place else 'network'}/reconciliation"
    issue = page.issues.get(row.issue or 0)
    who = [listed(names) or "nobody holds it" for names in page.who]
    return {
        "place": place.name if place else "The whole network",
        "days_href": base,
        "counts": who[0],
        "checks": who[1],
        "counted": f"{page.name(row.counted_by)}, {moment(row.facts.counted_at, page.zone, now)}"
        if row.facts.counted_at
        else "",
        "reviewed": f"{page.name(row.reviewed_by)}, {moment(row.facts.reviewed_at, page.zone, now)}"
        if row.facts.reviewed_at
        else "",
        "missed": {"href": f"/issues/{row.issue}", "text": f"Issue {issue}"} if issue else None,
    }


def _replaced(page: DayPage, now: datetime) -> list[dict[str, Any]]:
    """What stood before it was corrected, the last first."""
    lines = page.asked.lines
    return [
        {"title": lines[one.line].title, **shown_row(page, lines[one.line], one, now)}
        for one in reversed(page.replaced)
        if one.line in lines
    ]


def _back(page: DayPage, now: datetime) -> dict[str, str] | None:
    """Why the day was given back, while it has not been handed in again."""
    if not page.returns or page.row.facts.counted_at is not None:
        return None
    last = page.returns[-1]
    return {"said": f"{page.name(last.by_id)} {_RETURNS[last.kind]}, {moment(last.at, page.zone, now)}.",
            "reason": last.reason if page.detail else ""}  # fmt: skip


def _file(page: DayPage, one: Any, now: datetime) -> dict[str, Any]:
    line = page.asked.lines.get(one.line)
    said = (line.title if line else "", size_words(one.size), page.name(one.by_id), moment(one.at, page.zone, now))
    return {
        "row": one.id,
        "name": one.file_name,
        "href": f"/reconciliations/{page.row.occasion}/files/{one.id}",
        "kind": "photo" if one.content_type.startswith("image/") else "file",
        "said": ", ".join(filter(None, said)),
    }


def _redactable(page: DayPage, now: datetime) -> list[dict[str, str]]:
    """Every text that somebody typed: as the action knows it, what it is, and how it begins."""
    found = []
    for one in (*page.counts.values(), *page.replaced):
        line = page.asked.lines.get(one.line)
        if one.reason not in ("", REDACTED):
            found.append(_text(f"count-{one.id}", f"The reason of {line.title if line else one.line}", one.reason))
    for back in page.returns:
        if back.reason != REDACTED:
            found.append(_text(f"return-{back.id}", f"Why {_returned(page, back, now)}", back.reason))
    found += [_text(f"file-{one.id}", "A file, and its name", one.file_name) for one in page.files]
    return found


def _returned(page: DayPage, back: ReconciliationReturn, now: datetime) -> str:
    return f"{page.name(back.by_id)} {_RETURNS[back.kind]}, {moment(back.at, page.zone, now)}"


def _text(part: str, label: str, text: str) -> dict[str, str]:
    text = " ".join(text.split())
    return {"value": part, "label": label, "hint": text if len(text) <= 80 else f"{text[:79].rstrip()}…"}


def conflict(page: DayPage, told: Told, now: datetime) -> dict[str, Any] | None:
    """Who was quicker, what they did beside what was meant, and the form once more with the version that stands now."""
    if told.stale is None:
        return None
    when = moment(told.stale.when, page.zone, now).removeprefix("today ") if told.stale.when else "the same moment"
    theirs = f"{told.stale.who} {act_words(told.stale.what)}"
    change = {"label": told.label, "theirs": theirs, "yours": told.yours or "nothing"}
    fields = [("version", str(page.row.version)), *told.sent]
    return {"who": told.stale.who, "when": when, "changes": [change], "mine": {"action": told.action, "fields": fields}}
