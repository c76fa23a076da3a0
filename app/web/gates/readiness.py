"""The executive's readiness: each centre's roll, and what stands behind every bar."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from app.errors import NotFound
from app.queries.people import Holders
from app.queries.rollouts.board import Board, Centre, board, tasks_behind
from app.queries.rollouts.burn import burn
from app.queries.tasks.counted import Counted
from app.rules.rollouts.readiness import LIVE_RULE, RULE, STAND_WORDS, BarState
from app.rules.rollouts.sentences import readiness_sentence
from app.rules.tasks.progress import State
from app.web.answers import see_other
from app.web.forms import Slug
from app.web.frame import in_rollout, rail
from app.web.gates.behind import shown_sources
from app.web.gates.criteria import shown_bar, shown_bars
from app.web.gates.waves import freshness, shown_waves
from app.web.kept import Kept, by_the_minute
from app.web.rollouts.board import shown_burn, when_words
from app.web.rollouts.centres import (
    NO_GATE,
    called,
    clock_of,
    gate_day_words,
    next_opening,
    opening_words,
    readiness_address,
    shown_roll,
    standing,
    wave_title,
)
from app.web.site import Db, Desk, Now, Seeing
from app.web.tasks.rows import RowContext, shown_row
from app.web.templating import html

router = APIRouter()


@router.get("/rollouts/{slug}/readiness")
@by_the_minute
def show(kept: Kept, desk: Seeing, session: Db, now: Now) -> Response:
    if not desk.rollout.has_plan:
        return see_other(f"/rollouts/{desk.rollout.slug}/progress")
    now = desk.rollout.as_of(now)
    seen = board(session, desk.rollout, desk.extent, now)
    first = next_opening(seen)
    page = html(
        "gates/readiness.html",
        **in_rollout(desk, "Readiness"),
        when=f"As of {when_words(desk, now)}",
        instant=now.isoformat(),
        weeks=rail(desk.rollout, now),
        say=readiness_sentence([standing(centre, now) for centre in called(seen)]),
        clock=clock_of(first, now) if first else None,
        waves=shown_waves(session, seen, now),
        fresh=freshness(seen, now),
        burn=shown_burn(burn(session, desk.rollout, desk.extent, now)),
        rule=_rule(desk),
    )
    return kept.answer(page)


def _rule(desk: Desk) -> str:
    return f"{RULE} {LIVE_RULE}" if desk.rollout.goes_live else RULE


def centre_of(session: Session, desk: Desk, location: str, now: datetime) -> tuple[Board, Centre]:
    """One location's standing. Raises NotFound for none that the person may see."""
    seen = board(session, desk.rollout, desk.extent, now)
    centre = next((one for one in seen.centres if one.place.slug == location), None)
    if centre is None:
        raise NotFound("centre")
    return seen, centre


@router.get("/rollouts/{slug}/readiness/{location}")
def show_location(desk: Seeing, location: Slug, session: Db, now: Now) -> Response:
    now = desk.rollout.as_of(now)
    seen, centre = centre_of(session, desk, location, now)
    roll = centre.roll
    return html(
        "gates/location.html",
        **in_rollout(desk, "Readiness"),
        weeks=rail(desk.rollout, now),
        crumbs=[("Readiness", f"/rollouts/{desk.rollout.slug}/readiness"), (centre.place.name, None)],
        name=centre.place.name,
        status=centre.stand.value,
        status_label=STAND_WORDS[centre.stand],
        sub=f"{wave_title(desk.rollout, centre.place)} · {opening_words(centre.place, now)}",
        gate=roll.title if roll else "",
        gate_href=f"/gates/{roll.dated}" if roll else "",
        gate_when=gate_day_words(roll, centre.place, now),
        roll=shown_roll(desk.rollout, centre.place, roll),
        said=roll.said if roll else NO_GATE,
        bars=shown_bars(seen, centre),
        rule=_rule(desk),
    )


@router.get("/rollouts/{slug}/readiness/{location}/{criterion}")
def show_criterion(desk: Seeing, location: Slug, criterion: Slug, session: Db, now: Now) -> Response:
    now = desk.rollout.as_of(now)
    seen, centre = centre_of(session, desk, location, now)
    bar = next((one for one in (centre.roll.bars if centre.roll else ()) if one.id == criterion), None)
    if bar is None:
        raise NotFound("criterion")
    return html(
        "gates/criterion.html",
        **in_rollout(desk, "Readiness"),
        weeks=rail(desk.rollout, now),
        crumbs=[
            ("Readiness", f"/rollouts/{desk.rollout.slug}/readiness"),
            (centre.place.name, readiness_address(desk.rollout, centre.place)),
            (bar.title, None),
        ],
        bar=shown_bar(seen, centre, bar),
        gate=centre.roll.title if centre.roll else "",
        gate_href=f"/gates/{centre.roll.dated}" if centre.roll else "",
        unknown=bar.state is BarState.UNKNOWN,
        sources=shown_sources(seen, centre, bar),
        rows=rows_of(desk, seen.holders, tasks_behind(session, seen, centre, bar, now), now),
    )


def rows_of(desk: Desk, people: Holders, tasks: list[Counted], now: datetime) -> list[dict[str, Any]]:
    """Tasks behind a bar, what is open first, each with who holds it."""
    context = RowContext(desk.viewer, desk.rollout, now, {}, people=people)
    ordered = sorted(tasks, key=lambda task: task.state is State.DONE)
    return [shown_row(context, task) for task in ordered]
