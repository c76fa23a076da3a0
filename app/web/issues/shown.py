"""An issue's page as values for its template."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.actions.issues.talking import REDACTED
from app.models import IssueFile, IssueNote, Resolution, Standstill
from app.queries.issues.page import IssuePage
from app.rules.clock import duration, instant, moment, short_day
from app.rules.issues.running import Clock
from app.rules.issues.standing import Ticking
from app.rules.people.access import Viewer
from app.web.issues.history import act_words, history_line
from app.web.issues.ladder import ladder
from app.web.issues.redactable import redactable
from app.web.issues.words import clock_of, law_words, length_words
from app.web.prose import prose
from app.web.tasks.remarks import spoken
from app.web.tasks.shown import size_words
from app.web.told import Told

_STATES = {
    "new": ("risk", "Nobody took it yet"),
    "taken": ("track", "Being worked on"),
    "waits": ("wait", "Waits"),
    "solved": ("wait", "Solved, to be confirmed"),
    "closed": ("done", "Solved and confirmed"),
}


def shown(page: IssuePage, told: Told, now: datetime) -> dict[str, Any]:
    """Everything the issue's template needs."""
    issue, law = page.issue, page.case.law
    unsolved = issue.resolved_at is None
    return {
        "issue": {
            "id": issue.id,
            "version": issue.version,
            "number": issue.number,
            "title": issue.title,
            "rank": page.rank,
            "severity": law.title,
            "kind": page.kind,
            "status": status_of(page),
            "place": page.place.name if page.place else "The whole network",
            "place_href": f"/rollouts/{page.rollout.slug}/locations/{page.place.slug}" if page.place else "",
            "reported": _reported(page, now),
            "details": prose(issue.details) if page.detail else "",
        },
        "clock": big_clock(page, now),
        "ladder": ladder(page, now),
        "pauses": [_pause(page, one, now) for one in page.rows.waits],
        "solutions": [_solution(page, one, now) for one in reversed(page.rows.resolutions)],
        "holder": page.holder,
        "task": {"title": page.task.title, "href": f"/tasks/{page.task.id}"} if page.task else None,
        "day": _day(page, now),
        "elsewhere": [
            {"text": one.name, "href": f"/rollouts/{page.rollout.slug}/locations/{one.slug}"} for one in page.elsewhere
        ],
        "notes": [_note(page, one, now) for one in page.rows.notes],
        "files": [_file(page, one, now) for one in page.rows.files],
        "history": [history_line(page, one, now) for one in page.history],
        "detail": page.detail,
        "may_act": page.may_act,
        "may_take": page.may_take,
        "confirms": page.confirms,
        "unsolved": unsolved,
        "taken": issue.acknowledged_at is not None,
        "waiting": page.waiting is not None,
        "offered": _offered(page),
        "redactable": redactable(page, now) if page.may_act else [],
        "token": secrets.token_urlsafe(12),
        "told": told,
        "conflict": conflict(page, told, now),
    }


def _day(page: IssuePage, now: datetime) -> dict[str, str] | None:
    """The day of counts that it came from."""
    day = page.day
    if day is None or day.due is None:
        return None
    return {
        "title": f"{day.title}, {short_day(day.due, page.rollout.today(now))}",
        "href": f"/reconciliations/{day.id}",
    }


def state_of(page: IssuePage) -> str:
    """In which of the states of `_STATES` it is."""
    issue = page.issue
    if issue.closed_at is not None:
        return "closed"
    if issue.resolved_at is not None:
        return "solved"
    if page.waiting is not None:
        return "waits"
    return "taken" if issue.acknowledged_at else "new"


def status_of(page: IssuePage) -> tuple[str, str]:
    """The mark and the words of its state; what is worked on past its time is late."""
    mark, words = _STATES[state_of(page)]
    out = page.standing.ticking is Ticking.BREACHED
    return ("late", f"{words}, past its time") if out else (mark, words)


def big_clock(page: IssuePage, now: datetime) -> dict[str, Any]:
    """Values for the `big_clock` component: what is left, until when in the time of the place, and how much is used."""
    found, law, zone = page.standing, page.case.law, page.zone
    small = clock_of(found, law, zone, now, page.waiting.waits_for if page.waiting and page.detail else "")
    at = instant(found.breach_at, zone, now) if found.breach_at else ""
    until = {
        Ticking.BREACHED: f"out of time since {at}",
        Ticking.PAUSED: "left when the clock goes on",
        Ticking.SOLVED: small["at"],
    }.get(found.ticking, f"until {at}{', in open hours' if law.business else ''}")
    paused = [one for one in page.rows.waits if one.stops_clock]
    never = "Never paused." if not paused else f"Paused {'once' if len(paused) == 1 else f'{len(paused)} times'}."
    said = [
        law_words(law, now.astimezone(ZoneInfo(zone))),
        f"Opened {instant(page.issue.opened_at, zone, now)}.",
        never,
    ]
    if law.respond is not None and page.issue.acknowledged_at is None and page.issue.resolved_at is None:
        said.append(f"First answer within {length_words(law.respond, law.business)}.")
    return {
        "state": found.ticking.value,
        "left": small["left"],
        "until": until,
        "share": round(100 * found.share),
        "used": f"{duration(timedelta(seconds=found.used))} of {length_words(found.whole, law.business)} used",
        "said": " ".join(said),
    }


def _reported(page: IssuePage, now: datetime) -> str:
    issue = page.issue
    if issue.source == "work" and issue.by_id is None:
        return f"Muster, {moment(issue.opened_at, page.zone, now)}"
    caller = issue.caller if page.detail and issue.caller != REDACTED else ""
    who = page.name(issue.by_id) if issue.by_id else caller or "Somebody"
    where = "" if issue.by_id else ", at the help desk"
    return f"{who}{where}, {moment(issue.opened_at, page.zone, now)}"


def _pause(page: IssuePage, one: Standstill, now: datetime) -> dict[str, Any]:
    """What it waited for, why, and what that did to the clock."""
    until = one.until or now
    if one.stops_clock:
        length = Clock(page.case.law.business, page.case.calendar).between(one.since, until)
        moved = duration(timedelta(seconds=length))
        effect = f"The clock stood still for {moved}; its end moved by as much."
        effect = f"The clock has stood still for {moved}." if one.until is None else effect
    else:
        effect = "The clock went on." if one.until else "The clock goes on."
    ended = f" to {moment(one.until, page.zone, now)}" if one.until else ", and still"
    return {
        "on": one.waits_for if page.detail else "somebody",
        "reason": one.reason if page.detail else "",
        "when": f"{moment(one.since, page.zone, now)}{ended}, {page.name(one.by_id)}",
        "effect": effect,
        "open": one.until is None,
    }


def _solution(page: IssuePage, one: Resolution, now: datetime) -> dict[str, Any]:
    confirmed = reopened = ""
    if one.confirmed_at:
        confirmed = f"{page.name(one.confirmed_by)} confirmed it, {moment(one.confirmed_at, page.zone, now)}."
    if one.reopened_at:
        reopened = f"{page.name(one.reopened_by)} opened it again, {moment(one.reopened_at, page.zone, now)}"
    return {
        "by": f"{page.name(one.by_id)}, {moment(one.at, page.zone, now)}",
        "cause": one.cause if page.detail else "",
        "fix": one.fix if page.detail else "",
        "confirmed": confirmed,
        "reopened": reopened,
        "reason": one.reopened_reason if page.detail else "",
    }


def _note(page: IssuePage, one: IssueNote, now: datetime) -> dict[str, Any]:
    return {
        "id": one.id,
        "by": page.name(one.by_id),
        "person": one.by_id,
        "when": moment(one.at, page.zone, now),
        "instant": one.at.isoformat(),
        "parts": list(spoken(one.said, page.names.values())),
    }


def _file(page: IssuePage, one: IssueFile, now: datetime) -> dict[str, Any]:
    photo = one.content_type.startswith("image/")
    return {
        "row": one.id,
        "name": one.file_name,
        "href": f"/issues/{page.issue.id}/files/{one.id}",
        "kind": "photo" if photo else "file",
        "said": ", ".join(filter(None, (size_words(one.size), page.name(one.by_id), moment(one.at, page.zone, now)))),
    }


def _offered(page: IssuePage) -> dict[str, Any]:
    """What the forms offer."""
    issues, extent = page.rollout.playbook.issues, {one.id for one in page.elsewhere}
    others = [one for one in page.rollout.locations if one.id != page.issue.location_id and one.id not in extent]
    return {
        "people": [(str(one.person), one.name) for one in page.readers],
        "tellable": [_tellable(page, one) for one in page.readers],
        "severities": list(_severities(page)),
        "kinds": [("", "None"), *((id_, one.title) for id_, one in issues.types.items())] if issues else [],
        "severity": page.issue.severity,
        "kind": page.issue.kind,
        "stops": page.may_stop,
        "places": [(str(one.id), one.name) for one in others],
        "next": next((one["who"] for one in ladder(page, page.issue.opened_at) if one["state"] == "next"), ""),
    }


def _severities(page: IssuePage) -> Iterator[tuple[str, str]]:
    issues = page.rollout.playbook.issues
    for no, (id_, one) in enumerate(issues.severities.items() if issues else (), start=1):
        yield id_, f"{no}: {one.title or id_}"


def _tellable(page: IssuePage, one: Viewer) -> dict[str, Any]:
    people = page.rollout.playbook.people
    held = one.roles(page.rollout.id, page.issue.location_id)
    roles = [people[role].title for role in people if role in held]
    return {"value": one.person, "label": one.name, "hint": ", ".join(roles) or "Whole installation"}


def conflict(page: IssuePage, told: Told, now: datetime) -> dict[str, Any] | None:
    """Who was quicker, what they did beside what was meant, and the form once more with the version that stands now."""
    if told.stale is None:
        return None
    when = moment(told.stale.when, page.zone, now).removeprefix("today ") if told.stale.when else "the same moment"
    theirs = f"{told.stale.who} {act_words(told.stale.what)}; {_STATES[state_of(page)][1].lower()}"
    change = {"label": told.label, "theirs": theirs, "yours": told.yours or "nothing"}
    fields = [("version", str(page.issue.version)), *told.sent]
    return {"who": told.stale.who, "when": when, "changes": [change], "mine": {"action": told.action, "fields": fields}}
