"""Locations as the board and the readiness page show them: values for the macros, with their addresses."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from app.queries.rollouts.board import Board, Centre, Column
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.rules.clock import NBSP, instant, short_day, t_clock, t_count, zone_name
from app.rules.rollouts.readiness import STAND_WORDS, BarState, Roll, Stand
from app.rules.rollouts.sentences import Standing
from app.rules.tasks.filtering import ALL, NONE, SHARED, UNOWNED
from app.rules.tasks.progress import TROUBLE, WORDS, Tally

NO_GATE: Final = "no gate ahead"
"""Where the playbook has none, or every gate is behind a place."""


def standing(centre: Centre, now: datetime) -> Standing:
    place = centre.place
    handed = centre.handed_at is not None
    return Standing(place.name, place.cutover, place.today(now), centre.stand, centre.roll, handed)


def called(board: Board) -> list[Centre]:
    """The centres that a sentence speaks of: not those that stand still or are being planned, if there are others."""
    counting = [centre for centre in board.centres if centre.place.counts]
    return counting or list(board.centres)


def status_of(centre: Centre) -> tuple[str, str]:
    """The mark and the word of a centre."""
    if not centre.place.planned:
        return "todo", "Being planned"
    if centre.place.paused:
        return "wait", "Paused"
    return centre.stand.value, STAND_WORDS[centre.stand]


def gate_day_words(roll: Roll | None, place: PlaceFacts, now: datetime) -> str:
    """`Fri 20 Nov`; of a gate whose day has passed that it was due, since nothing says how it was decided."""
    if roll is None or roll.due is None:
        return "no date"
    today = place.today(now)
    day = short_day(roll.due, today)
    return f"was due {day}, no decision is recorded" if roll.due < today else day


def stands_words(place: PlaceFacts, now: datetime) -> str:
    """Why a centre is not called with the others; empty where it is: `Paused since Mon 4 Jan: Flood`."""
    if not place.planned:
        return "Being planned"
    if not place.paused or place.paused_at is None:
        return ""
    since = short_day(place.today(place.paused_at), place.today(now))
    return f"Paused since {since}: {place.paused}"


def plan_address(rollout: RolloutFacts, **filters: str) -> str:
    """The plan, filtered; empty filters are left out."""
    query = urlencode({name: value for name, value in filters.items() if value})
    return f"/rollouts/{rollout.slug}/plan" + (f"?{query}" if query else "")


def readiness_address(rollout: RolloutFacts, place: PlaceFacts, criterion: str = "") -> str:
    base = f"/rollouts/{rollout.slug}/readiness/{place.slug}"
    return f"{base}/{criterion}" if criterion else base


def location_address(rollout: RolloutFacts, place: PlaceFacts) -> str:
    """The page about everything at one location."""
    return f"/rollouts/{rollout.slug}/locations/{place.slug}"


def shown_roll(rollout: RolloutFacts, place: PlaceFacts, roll: Roll | None) -> dict[str, Any]:
    """The bars of a location, each leading to what stands behind it."""
    if roll is None:
        return {"bars": [], "href": None, "label": NO_GATE}
    bars = [
        {
            "state": bar.state.value,
            "critical": bar.critical,
            "title": bar.title if bar.state is not BarState.UNKNOWN else f"{bar.title} ({bar.said})",
            "href": readiness_address(rollout, place, bar.id),
        }
        for bar in roll.bars
    ]
    return {"bars": bars, "href": readiness_address(rollout, place), "label": roll.said_shortly}


def opening_words(place: PlaceFacts, now: datetime) -> str:
    """`Sat 21 Nov, 07:00 Mountain`, or since when it is live."""
    if place.cutover_at is None or place.cutover is None:
        return "no date to open yet"
    if place.cutover_at <= now:
        return f"since {short_day(place.cutover.date(), place.today(now))}, {zone_name(place.zone, place.cutover_at)}"
    return instant(place.cutover_at, place.zone, now)


def wave_title(rollout: RolloutFacts, place: PlaceFacts) -> str:
    wave = rollout.playbook.waves.get(place.wave)
    return wave.title if wave else ""


def shown_place(board: Board, centre: Centre, now: datetime) -> dict[str, Any]:
    """A location for the `place` macro."""
    place, rollout = centre.place, board.rollout
    words = [wave_title(rollout, place), opening_words(place, now), stands_words(place, now) if place.paused else ""]
    status, label = status_of(centre)
    unowned = board.unowned_at(place.id)
    return {
        "id": place.slug,
        "t": t_count(place.cutover, now) if place.cutover else "",
        "name": place.name,
        "href": location_address(rollout, place),
        "status": status,
        "status_label": label,
        "meta": " · ".join(word for word in words if word),
        "roll": shown_roll(rollout, place, centre.roll),
        "cells": shown_cells(board, centre.cells, place.slug),
        "rest": rest_words(centre.cells),
        "unowned": shown_unowned(rollout, place.slug, unowned),
    }


def shown_unowned(rollout: RolloutFacts, location: str, number: int) -> dict[str, str] | None:
    """The mark for open tasks that nobody can do."""
    if not number:
        return None
    return {"text": f"{number} unowned", "href": plan_address(rollout, person=UNOWNED, location=location)}


def shown_shared(board: Board) -> dict[str, Any] | None:
    """What exists once for all or for a wave, as the last row of the board; None where there is no such work."""
    if not any(board.shared):
        return None
    worst = next((cell for cell in board.shared if cell and cell.state in TROUBLE), None)
    done = all(cell is None or cell.done == cell.total for cell in board.shared)
    state = worst.state.value if worst else "done" if done else "track"
    return {
        "id": "shared",
        "t": "",
        "name": "For all centres",
        "href": plan_address(board.rollout, location="shared"),
        "status": state,
        "status_label": None,
        "meta": "what exists once, for all or for a wave" if board.rollout.goes_live else "what exists once, for all",
        "roll": {"bars": [], "href": None, "label": ""},
        "cells": shown_cells(board, board.shared, "shared"),
        "rest": rest_words(board.shared),
        "unowned": shown_unowned(board.rollout, SHARED, board.unowned_at(None)),
    }


def shown_cells(board: Board, cells: tuple[Tally | None, ...], location: str) -> list[dict[str, Any] | None]:
    return [
        None if cell is None else _shown_cell(board.rollout, column, cell, location)
        for column, cell in zip(board.columns, cells, strict=True)
    ]


def _shown_cell(rollout: RolloutFacts, column: Column, cell: Tally, location: str) -> dict[str, Any]:
    return {
        "name": column.title,
        "status": cell.state.value,
        "label": WORDS[cell.state],
        "count": cell.said.replace(", ", ",\n").replace(" ", NBSP).replace("\n", " "),
        "href": plan_address(rollout, location=location, workstream=column.id or NONE, state=ALL),
    }


def rest_words(cells: tuple[Tally | None, ...]) -> str:
    """`5 of 8 on course or done`."""
    counted = [cell for cell in cells if cell is not None]
    calm = sum(cell.state not in TROUBLE for cell in counted)
    return f"{calm} of {len(counted)} on course or done" if counted else "No work here yet"


def clock_of(centre: Centre, now: datetime) -> dict[str, Any] | None:
    """The figure beside the sentence: the time to the first patient of a centre."""
    place = centre.place
    if place.cutover_at is None:
        return None
    clock = t_clock(place.cutover_at, now)
    return {
        "sign": f"T{clock.sign}",
        "days": clock.days or None,
        "clock": clock.clock,
        "to": f"{'to' if place.cutover_at > now else 'since'} first patient, {place.name}",
        "at": instant(place.cutover_at, place.zone, now),
        "instant": place.cutover_at.isoformat(),
    }


def next_opening(board: Board) -> Centre | None:
    """The centre whose clock stands beside the sentence: the next to open, else the one that opened last."""
    ahead = [centre for centre in called(board) if centre.stand is not Stand.LIVE and centre.place.cutover_at]
    live = [centre for centre in called(board) if centre.stand is Stand.LIVE]
    return next(iter(ahead or live), None)
