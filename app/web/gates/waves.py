"""The executive's page wave by wave: a few centres in full, calm ones small, a wave that has not begun in a line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session

from app.queries.rollouts.board import Board, Centre
from app.queries.rollouts.closings import closings, tasks_of
from app.queries.tasks.counted import Counted
from app.rules.clock import count, in_days, short_day, t_count
from app.rules.rollouts.closing import NAMED, closing_words
from app.rules.rollouts.heard import silence_words
from app.rules.rollouts.readiness import BarState, Stand
from app.rules.rollouts.sentences import STAND_IN_SENTENCE, why_words
from app.web.rollouts.centres import (
    location_address,
    opening_words,
    readiness_address,
    shown_roll,
    stands_words,
    status_of,
    wave_title,
)
from app.web.tasks.rows import titled

GRAVE: Final = (Stand.NOT_READY, Stand.RISK, Stand.STALE)
FEW: Final = 8
MOST_IN_FULL: Final = 4
ORDER: Final = (
    Stand.NOT_READY, Stand.RISK, Stand.STALE, Stand.READY, Stand.TRACK, Stand.TODO, Stand.LIVE,
)  # fmt: skip


def shown_waves(session: Session, seen: Board, now: datetime) -> list[dict[str, Any]]:
    """The waves, the next to open first; one query for what would turn their centres green."""
    whole = _in_full(seen.centres)
    green = _green(session, seen, [one for one in seen.centres if one.place.id in whole], now)
    waves: dict[str, list[Centre]] = {}
    for centre in seen.centres:
        waves.setdefault(centre.place.wave, []).append(centre)
    return [_wave(seen, wave, inside, whole, green, now) for wave, inside in waves.items()]


def _in_full(centres: Sequence[Centre]) -> set[int]:
    """All where there are few; else the first grave ones, and the next to open."""
    if len(centres) <= FEW:
        return {one.place.id for one in centres}
    grave = sorted((one for one in centres if one.stand in GRAVE), key=lambda one: ORDER.index(one.stand))
    return {one.place.id for one in [*grave, *centres][:MOST_IN_FULL]}


def _wave(
    seen: Board, wave: str, inside: Sequence[Centre], whole: set[int], green: dict[int, str], now: datetime
) -> dict[str, Any]:
    dormant = len(inside) > 1 and all(one.stand is Stand.TODO for one in inside)
    full = [] if dormant else [one for one in inside if one.place.id in whole]
    small = [] if dormant else [one for one in inside if one.place.id not in whole]
    return {
        "id": f"wave-{wave or 'none'}",
        "title": wave_title(seen.rollout, inside[0].place) or "The centres",
        "note": _note(inside),
        "dormant": _dormant(inside, now) if dormant else "",
        "centres": [shown_centre(seen, one, green.get(one.place.id, ""), now) for one in full],
        "small": [shown_small(seen, one, now) for one in small],
        "folded": bool(small) and all(one.stand is Stand.LIVE for one in inside),
    }


def _note(inside: Iterable[Centre]) -> str:
    """`24 centres: 3 not ready, 16 on track`."""
    found = Counter(one.stand for one in inside)
    said = ", ".join(f"{found[stand]} {STAND_IN_SENTENCE[stand]}" for stand in ORDER if found[stand])
    return f"{count(found.total(), 'centre')}: {said}" if found.total() > 1 else ""


def _dormant(inside: Sequence[Centre], now: datetime) -> str:
    """A wave that has not begun, in one line."""
    place = inside[0].place
    if place.cutover is None:
        return "Nothing has begun here yet, and no centre has a date to open."
    today = place.today(now)
    day = place.cutover.date()
    return f"Nothing has begun here yet. The first opens on {short_day(day, today)}, {in_days(day, today)}."


def shown_centre(seen: Board, centre: Centre, green: str, now: datetime) -> dict[str, Any]:
    """A location for the `centre` macro."""
    place = centre.place
    return {
        **shown_small(seen, centre, now),
        "opens": opening_words(place, now),
        "why": stands_words(place, now)
        or " ".join(words for words in (_silence(centre, now), _why(seen, centre), green) if words),
    }


def shown_small(seen: Board, centre: Centre, now: datetime) -> dict[str, Any]:
    place = centre.place
    status, label = status_of(centre)
    if centre.stand is Stand.LIVE and centre.heard.out_of_date:
        status, label = Stand.STALE.value, "Live, out of date"
    return {
        "id": place.slug,
        "t": t_count(place.cutover, now) if place.cutover else "",
        "name": place.name,
        "href": location_address(seen.rollout, place),
        "status": status,
        "status_label": label,
        "roll": {**shown_roll(seen.rollout, place, centre.roll), "href": readiness_address(seen.rollout, place)},
    }


def _why(seen: Board, centre: Centre) -> str:
    bars = centre.roll.bars if centre.roll else ()
    gravest = next((bar for bar in bars if bar.state is BarState.VETO), None)
    return why_words(centre.stand, centre.roll, seen.held_by(centre, gravest) if gravest else ())


def _silence(centre: Centre, now: datetime) -> str:
    if not centre.heard.out_of_date:
        return ""
    at = centre.heard.at
    return silence_words(at.date() if at else None, centre.place.today(now)).capitalize() + "."


def _green(session: Session, seen: Board, centres: Sequence[Centre], now: datetime) -> dict[int, str]:
    """For each centre what would turn its next gate green, in words."""
    ahead = [one for one in centres if one.roll and not one.roll.ready and one.stand is not Stand.TODO]
    found = closings(seen, ahead)
    few = [item for one in found.values() if len(one.items) <= NAMED for item in one.items]
    tasks = tasks_of(session, seen, few, now)
    return {
        place: closing_words(one, [_named(seen, tasks[item]) for item in one.items if item in tasks])
        for place, one in found.items()
    }


def _named(seen: Board, task: Counted) -> str:
    row = task.row
    names = seen.holders.names([row.owner_role], row.location_id, row.assigned_to)
    return f"{titled(task)} ({names[0] if names else 'nobody holds it'})"


def freshness(seen: Board, now: datetime) -> dict[str, Any]:
    """How old the information is: what is too old to stand on, and how much of it is fresh."""
    old = [one for one in seen.centres if one.heard.out_of_date]
    asked = [one for one in seen.centres if one.stand is not Stand.TODO]
    lines = [
        {
            "text": one.place.name,
            "href": location_address(seen.rollout, one.place),
            "end": _silence(one, now).rstrip(".").lower(),
        }
        for one in old[:MOST_IN_FULL]
    ]
    return {
        "lines": lines,
        "more": max(len(old) - MOST_IN_FULL, 0),
        "said": f"{len(asked) - len(old)} of {len(asked)} heard from lately" if asked else "nothing has begun yet",
    }
