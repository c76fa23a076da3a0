"""The ladder of an issue as values: who was told when, and who is next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from app.models import IssueStep
from app.queries.issues.page import IssuePage
from app.rules.clock import moment
from app.rules.issues.ladder import Step
from app.rules.issues.law import loud_at
from app.web.held import listed
from app.web.issues.words import near_instant, rung_words, said_words
from app.web.tasks.typed import sentence_case

DONE = ("told", "vacant")


def ladder(page: IssuePage, now: datetime) -> list[dict[str, Any]]:
    """Past rungs in the order in which they were told, then those that are still to come."""
    past = [one for one in page.rows.steps if one.outcome in DONE and one.kind in (Step.RUNG, Step.AGAIN)]
    past.sort(key=lambda one: (one.settled_at or now, one.id or 0))
    ahead = [one for one in page.rows.steps if one.settled_at is None and one.kind == Step.RUNG]
    shown = [_past(page, one, now) for one in past]
    if shown:
        shown[-1]["state"] = "now"
    _took(page, past, shown, now)
    return [*shown, *(_ahead(page, one, now) for one in sorted(ahead, key=lambda one: one.number))]


def _past(page: IssuePage, step: IssueStep, now: datetime) -> dict[str, Any]:
    whom = rung_words(page.rollout.playbook, step.to)
    names = [page.name(person) for person in step.told]
    called = listed(names)
    return {
        "state": "past",
        "who": sentence_case(
            ", ".join(filter(None, (called, whom))) if names else f"{whom or 'The next rung'}: nobody is there"
        ),
        "when": ", ".join(_told(page, step, now)),
    }


def _took(page: IssuePage, past: Sequence[IssueStep], shown: Sequence[dict[str, Any]], now: datetime) -> None:
    """Whoever took it stands at the last rung that was told by then."""
    at = page.issue.acknowledged_at
    before = [number for number, one in enumerate(past) if at and one.settled_at and one.settled_at <= at]
    if at and before:
        who = "" if page.issue.acknowledged_by in past[before[-1]].told else f"{page.name(page.issue.acknowledged_by)} "
        shown[before[-1]]["when"] += f"; {who}took it {moment(at, page.zone, now)}"


def _told(page: IssuePage, step: IssueStep, now: datetime) -> Iterator[str]:
    at = step.settled_at or now
    by = f" by {page.name(step.by_id)}, by hand" if step.by_id else ""
    yield f"told {moment(at, page.zone, now)}{by}" if step.told else f"due {moment(at, page.zone, now)}"
    if step.kind == Step.AGAIN:
        yield "taken, and still not solved"
    elif step.said and step.said != "opened" and not step.by_id:
        yield said_words(step.said)
    out = loud_at(page.case.law, page.case.calendar, at)
    if step.told and out > at and not step.by_id:
        waits = "waits" if out > now else "waited"
        yield f"the message {waits} for the end of the quiet hours, {moment(out, page.zone, now)}"


def _ahead(page: IssuePage, step: IssueStep, now: datetime) -> dict[str, Any]:
    unless = "taken" if step.unless == "acknowledged" else "solved"
    if step.due_at is not None:
        when = f"{near_instant(step.due_at, page.zone, now)}, if not {unless} by then"
    elif page.issue.resolved_at is not None:
        when = "not told: it is solved"
    else:
        when = f"{said_words(step.said)}, when the clock goes on"
    return {"state": "next", "who": sentence_case(rung_words(page.rollout.playbook, step.to)), "when": when}
