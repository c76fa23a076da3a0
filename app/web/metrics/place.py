"""The return of one location: each of its figures against its baseline and target."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from app.queries.metrics.places import PlaceLine, PlaceReturn, place_return
from app.queries.rollouts.facts import PlaceFacts
from app.rules.clock import moment
from app.rules.metrics.course import RULE, Course
from app.rules.rollouts.sentences import Part
from app.web.answers import see_other
from app.web.forms import Slug
from app.web.frame import as_of, in_rollout, rail
from app.web.kept import Kept, by_the_minute
from app.web.metrics.network import is_promised
from app.web.metrics.series import course_today, shown_place_line
from app.web.metrics.words import of_targets
from app.web.site import Db, Desk, Now, Seeing
from app.web.templating import html

router = APIRouter()
GOOD = (Course.MET, Course.ON_COURSE, Course.UNDATED)
BAD = (Course.BEHIND, Course.MISSED)
GOOD = (Course.MET, Course.ON_COURSE, Course.UNDATED)


@router.get("/rollouts/{slug}/locations/{location}/return")
@by_the_minute
def show(kept: Kept, desk: Seeing, location: Slug, session: Db, now: Now) -> Response:
    if not desk.rollout.has_plan:
        return see_other(f"/rollouts/{desk.rollout.slug}/progress")
    place, at = desk.rollout.place(location, gone=True), desk.rollout.as_of(now)
    return kept.answer(html("metrics/place.html", **in_rollout(desk, "Return"), **shown(session, desk, place, at)))


def shown(session: Session, desk: Desk, place: PlaceFacts, now: datetime) -> dict[str, Any]:
    """Everything the template needs."""
    rollout, base, today = desk.rollout, f"/rollouts/{desk.rollout.slug}", place.today(now)
    found = place_return(session, rollout, place)
    rows = [(line, shown_place_line(line, place.name, place.zone, today)) for line in found.lines]
    for line, row in rows:
        row["href"] = f"{base}/return/{line.metric.id}"
    groups: dict[str, list[dict[str, Any]]] = {}
    for line, row in rows:
        groups.setdefault("" if is_promised(line.metric) else line.group or "Other figures", []).append(row)
    promised = groups.pop("", None)
    return {
        "weeks": rail(rollout, now),
        "when": as_of(rollout, now),
        "place": {"name": place.name, "href": f"{base}/locations/{place.slug}"},
        "return_href": f"{base}/return",
        "say": sentence(found.lines, place.name, today),
        "signed": signed_words(found, place.zone, now),
        "groups": [*([("What was promised", promised)] if promised else []), *groups.items()],
        "rule": RULE,
        "go_lives": rollout.goes_live,
    }


def sentence(lines: tuple[PlaceLine, ...], place: str, today: date) -> list[Part]:
    """`Two of four targets are behind or missed at Northgate; 1 is met.`"""
    courses = [course_today(line.standing, today) for line in lines if line.metric.target]
    if not any(line.standing.series.sorted.counted for line in lines):
        return [Part(f"No figures of {place} yet.")]
    if not courses:
        return [Part(f"The playbook names no target at {place}.")]
    bad, met = sum(one in BAD for one in courses), courses.count(Course.MET)
    early = courses.count(Course.EARLY)
    if early == len(courses):
        return [Part(f"{place} is not live yet: its figures are its baseline.")]
    if not bad and not any(one in GOOD for one in courses):
        return [Part(f"No target can be judged at {place} yet: no figure counts.")]
    words = of_targets(bad, len(courses), "behind or missed") if bad else "No target is behind"
    parts = [Part(words, "risk" if bad else "track"), Part(f" at {place}")]
    return [*parts, Part(f"; {met} {'is' if met == 1 else 'are'} met." if met else ".")]


def signed_words(found: PlaceReturn, zone: str, now: datetime) -> str:
    if found.signed is None:
        return "The baseline is not signed yet: what was captured so far stands in its place."
    at, name = found.signed
    return f"Baseline signed by {name}, {moment(at, zone, now)}."
