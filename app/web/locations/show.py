"""One location: everything about it on one page, for everybody who may see it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from fastapi import APIRouter
from starlette.responses import Response

from app.plan.calendars import WEEKDAY_NAMES, PlaceCalendar
from app.plan.format.answers import Answer
from app.queries.events import HistoryLine
from app.queries.locations.handover import handover
from app.queries.locations.happened import happened
from app.queries.locations.page import LocationPage, Post, location_page
from app.queries.people import Holders
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.queries.rollouts.heard import calendar_of
from app.queries.tasks.counted import Counted
from app.rules.clock import count, moment, short_day, spelled, zone_name
from app.rules.people.access import Permission
from app.rules.rollouts.heard import silence_words
from app.rules.rollouts.readiness import STAND_WORDS, Stand
from app.rules.rollouts.sentences import Part, board_sentence
from app.rules.tasks.answers import value_words
from app.web.answers import see_other
from app.web.forms import Slug
from app.web.frame import in_rollout, rail
from app.web.gates.criteria import shown_bars
from app.web.held import away_words, standing_in_words
from app.web.issues.beside import issues_of_place
from app.web.kept import Kept, by_the_minute
from app.web.lessons.beside import learns
from app.web.locations.acts import act_words
from app.web.locations.dates import shown_coming
from app.web.locations.handover import lead_words, shown_handover
from app.web.meetings.beside import remarks_beside
from app.web.rhythm.sentences import place_sentences
from app.web.rollouts.beside import beside
from app.web.rollouts.centres import (
    NO_GATE,
    clock_of,
    gate_day_words,
    opening_words,
    plan_address,
    readiness_address,
    shown_cells,
    shown_roll,
    standing,
    wave_title,
)
from app.web.site import Db, Desk, Now, Seeing
from app.web.tasks.rows import RowContext, shown_row
from app.web.tasks.typed import sentence_case
from app.web.templating import html

router = APIRouter()
LISTED: Final = 8


@router.get("/rollouts/{slug}/locations/{location}")
@by_the_minute
def show(kept: Kept, desk: Seeing, location: Slug, session: Db, now: Now) -> Response:
    if not desk.rollout.has_plan:
        return see_other(f"/rollouts/{desk.rollout.slug}/progress")
    place, now = desk.rollout.place(location, gone=True), desk.rollout.as_of(now)
    told = desk.can(Permission.SEE_AUDIT, place.id)
    if place.left_at is not None:
        return kept.answer(_left(desk, place, happened(session, place.id) if told else (), now))
    page = location_page(session, desk.rollout, place, now, told=told)
    issues = issues_of_place(session, desk, place, now)
    handed = None
    if page.centre.handed_at is not None:
        handed = handover(session, desk.rollout, place, desk.extent, page.seen, now)
    answer = html(
        "locations/show.html",
        **in_rollout(desk, "Site"),
        weeks=rail(desk.rollout, now),
        **shown(desk, page, issues["over"] if issues else "", lead_words(handed, place, now), now),
        **beside(session, desk, place, now),
        issues=issues,
        remarks=remarks_beside(session, desk, place, now),
        learns=learns(desk, place, f"location-{place.id}"),
        rooms=place_sentences(desk, session, place, now),
        handover=shown_handover(desk, page, handed, now),
    )
    return kept.answer(answer)


def shown(desk: Desk, page: LocationPage, over: str, handed: str, now: datetime) -> dict[str, Any]:
    """Everything the template needs; `over` says which issues are past their time, `handed` into what the place was
    handed over.
    """
    place, rollout = page.place, desk.rollout
    roll = page.centre.roll
    base = f"/rollouts/{rollout.slug}/locations/{place.slug}"
    lists = [
        ("Late or blocked", page.trouble, plan_address(rollout, location=place.slug, state="trouble")),
        ("Waits for a second person", page.unsigned, plan_address(rollout, location=place.slug, state="wait")),
        ("Nobody holds it", page.unowned, plan_address(rollout, location=place.slug, person="unowned")),
    ]
    return {
        "name": place.name,
        "when": " · ".join(word for word in (wave_title(rollout, place), opening_words(place, now)) if word),
        "say": lead_sentence(page, over, handed, now),
        "more": silence(page, now),
        "clock": clock_of(page.centre, now),
        "status": page.centre.stand.value,
        "status_label": STAND_WORDS[page.centre.stand],
        "gate": roll.title if roll else "",
        "gate_href": f"/gates/{roll.dated}" if roll else "",
        "gate_when": gate_day_words(roll, place, now),
        "gate_said": roll.said if roll else NO_GATE,
        "roll": shown_roll(rollout, place, roll),
        "bars": shown_bars(page.seen, page.centre),
        "readiness_href": readiness_address(rollout, place),
        "posts": [_post(one, place, now) for one in page.posts if one.here],
        "network_posts": [_post(one, place, now) for one in page.posts if not one.here],
        "coming": shown_coming(page.coming, place, now),
        "lists": [_listed(desk, page.seen.holders, title, tasks, href, now) for title, tasks, href in lists if tasks],
        "cells": [cell for cell in shown_cells(page.seen, page.centre.cells, place.slug) if cell],
        "facts": _facts(rollout, place, page.calendar, now),
        "happened": _lines(page.happened, place, now),
        "plan_href": plan_address(rollout, location=place.slug),
        "timeline_href": f"/rollouts/{rollout.slug}/plan/timeline?location={place.slug}",
        "print_href": f"{base}/print",
        "move_href": f"{base}/cutover" if _movable(desk, page, now) else "",
        "paused": place.paused,
    }


def _movable(desk: Desk, page: LocationPage, now: datetime) -> bool:
    """Whether the reader may still move the opening."""
    opening = page.place.cutover_at
    ahead = desk.rollout.goes_live if opening is None else opening > now
    return ahead and desk.rollout.state == "running" and desk.can(Permission.DIRECT)


def lead_sentence(page: LocationPage, over: str, handed: str, now: datetime) -> list[Part]:
    """How the place stands, into what it was handed over, which issues are past their time, and that posts are empty
    where they are.
    """
    empty = sum(not post.holders for post in page.posts if post.here)
    place, stand = page.place, page.centre.stand
    late = [Part(" "), Part(over.removesuffix("."), "late"), Part(".")] if over else []
    if stand is Stand.LIVE:
        troubled = len(page.trouble)
        head = [Part(f"{place.name} is "), Part("live", Stand.LIVE.value)]
        tail = f"; {count(troubled, 'task')} {'is' if troubled == 1 else 'are'} late or blocked." if troubled else "."
        return [*head, Part(f" and {handed}{tail}" if handed else tail), *late, Part(_empty_words(empty))]
    return [*board_sentence([standing(page.centre, now)]), *late, Part(_empty_words(empty))]


def _empty_words(empty: int) -> str:
    return (
        f" {spelled(empty)} {'role' if empty == 1 else 'roles'} there {'is' if empty == 1 else 'are'} empty."
        if empty
        else ""
    )


def silence(page: LocationPage, now: datetime) -> str:
    """That nothing was heard from the place for too long; empty where something was."""
    if not page.centre.heard.out_of_date:
        return ""
    at = page.centre.heard.at
    words = silence_words(at.date() if at else None, page.place.today(now))
    return f"Out of date: {words}."


def _post(post: Post, place: PlaceFacts, now: datetime) -> dict[str, Any]:
    today = place.today(now)
    return {
        "role": post.role.title or post.role.id,
        "network": not post.here,
        "people": [{"name": one.name, "id": one.person, "said": standing_in_words(one, today)} for one in post.holders],
        "absent": [f"{one.name}: {away_words(one, today)}." for one in post.absent],
    }


def _listed(
    desk: Desk, people: Holders, title: str, tasks: tuple[Counted, ...], href: str, now: datetime
) -> dict[str, Any]:
    context = RowContext(desk.viewer, desk.rollout, now, {}, with_place=False, people=people)
    return {
        "id": title.lower().replace(" ", "-"),
        "title": title,
        "count": count(len(tasks), "task"),
        "rows": [{**shown_row(context, task), "tick": None} for task in tasks[:LISTED]],
        "more": max(len(tasks) - LISTED, 0),
        "href": href,
    }


def _left(desk: Desk, place: PlaceFacts, told: Sequence[tuple[HistoryLine, str]], now: datetime) -> Response:
    """The page of a centre that is in the rollout no more: when, why and by whom it left, and what stays known."""
    rollout, back = desk.rollout, desk.rollout.state == "running" and desk.can(Permission.DIRECT)
    return html(
        "locations/left.html",
        **in_rollout(desk, "Site"),
        weeks=rail(rollout, now),
        name=place.name,
        when=moment(place.left_at, place.zone, now) if place.left_at else "",
        by=place.left_by,
        why=place.left,
        facts=_facts(rollout, place, calendar_of(rollout, place) if rollout.start else None, now),
        happened=_lines(told, place, now),
        back=f"/rollouts/{rollout.slug}/locations/{place.slug}/leave" if back else "",
    )


def _facts(
    rollout: RolloutFacts, place: PlaceFacts, calendar: PlaceCalendar | None, now: datetime
) -> list[tuple[str, str]]:
    """What is stated of the place, and its calendar."""
    stated = [
        (one.title, _stated_words(place.attributes[id_], one.answer) if id_ in place.attributes else "Not stated yet")
        for id_, one in rollout.playbook.attributes.items()
    ]
    return [*stated, ("Time zone", f"{zone_name(place.zone, now)} ({place.zone})"), *_calendar(calendar)]


def _stated_words(value: Any, answer: Answer) -> str:
    """`Suburban`, `CT, MRI, ultrasound`; free text stays as it was typed."""
    said = value_words(value, answer.unit)
    return said if answer.type == "text" else sentence_case(said)


def _calendar(calendar: PlaceCalendar | None) -> list[tuple[str, str]]:
    if calendar is None:
        return []
    days = ", ".join(WEEKDAY_NAMES[day][:3] for day in sorted(calendar.open))
    closed = [
        f"{title} ({short_day(first, first)}{'' if first == last else f' to {short_day(last, last)}'})"
        for first, last, title in calendar.closed
    ]
    return [
        ("Open", days or "no day"),
        ("Holidays", ", ".join(calendar.holidays) or "None"),
        *([("Closed", "; ".join(closed))] if closed else []),
    ]


def _lines(told: Sequence[tuple[HistoryLine, str]], place: PlaceFacts, now: datetime) -> list[dict[str, Any]]:
    return [_line(one, title, place, now) for one, title in told]


def _line(line: HistoryLine, title: str, place: PlaceFacts, now: datetime) -> dict[str, Any]:
    what = act_words(line.verb)
    return {
        "when": moment(line.at, place.zone, now),
        "instant": line.at.isoformat(),
        "who": line.who or "Muster",
        "what": f"{what}: {title}" if title else what,
    }
