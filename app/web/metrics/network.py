"""The return of a rollout: did the figures move that the executives pay for?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from app.plan.format.metrics import Metric
from app.queries.metrics.money import money_of
from app.queries.metrics.network import Gain, MetricLine, network_return, openings
from app.queries.metrics.replaced import ReplacedIn, replaced_in
from app.queries.rollouts.facts import RolloutFacts
from app.rules.clock import count, moment
from app.rules.meetings.remarks import Kind
from app.rules.metrics.course import RULE as COURSE_RULE
from app.rules.metrics.course import Course
from app.rules.metrics.network import RULE as NETWORK_RULE
from app.rules.metrics.network import tally
from app.rules.metrics.wins import RULE as WIN_RULE
from app.rules.metrics.words import figure, from_to
from app.rules.metrics.words import moved_words as gain_words
from app.rules.people.access import Extent, Permission
from app.rules.rollouts.sentences import Part
from app.rules.rollouts.weeks import weeks
from app.web.answers import see_other
from app.web.frame import as_of, in_rollout
from app.web.kept import Kept, by_the_minute
from app.web.metrics.money import shown_money
from app.web.metrics.shown import shown_line
from app.web.metrics.words import of_targets
from app.web.site import Db, Desk, Now, Overseeing
from app.web.templating import html

router = APIRouter()
WINS = 5
ON_IT = (Course.MET, Course.ON_COURSE)
OFF_IT = (Course.BEHIND, Course.MISSED)
TARGET_RULE = "A target counts as on course while no centre that is live is behind it or has missed it."


@router.get("/rollouts/{slug}/return")
@by_the_minute
def show(kept: Kept, desk: Overseeing, session: Db, now: Now) -> Response:
    if not desk.rollout.has_plan:
        return see_other(f"/rollouts/{desk.rollout.slug}/progress")
    page = html("metrics/return.html", **in_rollout(desk, "Return"), **shown(session, desk, desk.rollout.as_of(now)))
    return kept.answer(page)


def shown(session: Session, desk: Desk, now: datetime) -> dict[str, Any]:
    """Everything the template needs."""
    rollout, base, today = desk.rollout, f"/rollouts/{desk.rollout.slug}", desk.rollout.today(now)
    found = network_return(session, rollout, desk.extent, today)
    money = money_of(session, rollout, desk.extent, today)
    metrics = rollout.playbook.figures
    rows = [(line, shown_line(base, metrics, line, found.names, today)) for line in found.lines]
    return {
        "weeks": openings_rail(session, rollout, desk.extent, now),
        "when": as_of(rollout, now),
        "say": sentence(found.lines, today),
        "promised": [row for line, row in rows if is_promised(line.metric)],
        "groups": _groups([(line, row) for line, row in rows if not is_promised(line.metric)]),
        "wins": [win_line(base, one) for one in found.wins[:WINS]],
        "may_say": desk.can_somewhere(Permission.RAISE_ISSUE),
        "rules": [NETWORK_RULE, TARGET_RULE, COURSE_RULE, WIN_RULE],
        "money": shown_money(money, today),
        "may_enter": desk.can(Permission.ENTER_FIGURES) and rollout.state == "running",
        "costs_href": f"{base}/costs",
        "some": not desk.extent.everywhere,
        "go_lives": rollout.goes_live,
        "replaced": replaced_lines(base, replaced_in(session, rollout, desk.extent), now),
    }


def openings_rail(session: Session, rollout: RolloutFacts, extent: Extent, now: datetime) -> Any:
    """The week rail of a page that does not read the locations: a pennant for each wave."""
    if rollout.start is None:
        return []
    return weeks(rollout.playbook, rollout.start, openings(session, rollout, extent), rollout.today(now))


def is_promised(metric: Metric) -> bool:
    """Whether the playbook promises something of it: a target, or an expected change."""
    return metric.target is not None or metric.expected_change is not None


def replaced_lines(base: str, found: ReplacedIn, now: datetime) -> dict[str, Any]:
    """Which centres are compared with another baseline than the first one, and why."""
    lines = [
        {
            "text": f"{one.name}: {one.reason}",
            "href": f"{base}/locations/{one.slug}/return",
            "end": f"{one.by}, {moment(one.at, one.zone, now)}",
        }
        for one in found.lately
    ]
    return {"lines": lines, "more": found.total - len(lines)}


def _groups(rows: Sequence[tuple[MetricLine, dict[str, Any]]]) -> list[tuple[str, list[dict[str, Any]]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for line, row in rows:
        found.setdefault(line.group or "Other figures", []).append(row)
    return list(found.items())


def sentence(lines: Sequence[MetricLine], today: date) -> list[Part]:
    """`3 of 4 targets are on course; days in receivables fell from 45.1 to 38.2 at 2 of 4 centres.`"""
    aimed = [line for line in lines if line.metric.target]
    tallies = [tally(line.network.counts, today) for line in aimed]
    judged = [one for one in tallies if any(one.courses.get(course) for course in (*ON_IT, *OFF_IT))]
    if not any(line.network.readings for line in lines):
        return [Part("No figures yet: the return is told as soon as the first ones are entered.")]
    good = sum(not any(one.courses.get(course) for course in OFF_IT) for one in judged)
    parts = []
    if judged:
        status = "track" if good == len(judged) else "risk"
        parts.append(Part(of_targets(good, len(judged), "on course"), status))
    elif aimed:
        parts.append(Part("No target can be judged yet: no centre has a figure that counts"))
    moved = next((line for line in (*aimed, *lines) if line.network.latest is not None), None)
    if moved is None:
        return [*parts, Part("." if parts else "Figures are being captured; none counts yet.")]
    said = moved_words(moved)
    return [*parts, Part(f"; {said[0].lower()}{said[1:]}." if parts else f"{said}.")]


def moved_words(line: MetricLine) -> str:
    """`Days in receivables fell from 45.1 to 38.2 days at 2 of 4 centres`."""
    found, unit = line.network, line.metric.unit
    if found.baseline is None or found.latest is None:
        return f"{line.metric.title} has no figure yet"
    verb = "fell" if found.latest < found.baseline else "rose" if found.latest > found.baseline else "stayed"
    before, now = figure(found.baseline, unit), figure(found.latest, unit)
    moved = f"at {now}" if verb == "stayed" or before == now else from_to(found.baseline, found.latest, unit)
    verb = "stayed" if before == now else verb
    where = f" at {found.places} of {count(found.of, 'centre')}" if found.of > 1 else ""
    return f"{line.metric.title} {verb} {moved}{where}"


def win_line(base: str, one: Gain) -> dict[str, str]:
    """`No-show rate at Northgate fell from 9% to 6% in three weeks`."""
    moved = gain_words(one.before, one.now, one.metric.unit, one.live, one.last)
    text = f"{one.metric.title} at {one.name} {moved}"
    asked = urlencode({"location": one.slug, "kind": Kind.WIN, "said": text})
    return {
        "text": text,
        "href": f"{base}/locations/{one.slug}/return#metric-{one.metric.id}",
        "say_href": f"{base}/remarks/new?{asked}",
    }
