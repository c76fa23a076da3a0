"""What a move brings with it, in words for its page: what moves where, what comes and goes, who is told."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from app.actions.schedule.moves import Move
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.rules.clock import count, instant, short_day
from app.rules.schedule.dated import Item
from app.rules.schedule.moves import Dates, Stored

MOST_LINES: Final = 200


def shown_move(move: Move, rollout: RolloutFacts, now: datetime) -> dict[str, Any]:
    """Everything the preview of a move shows; the first `MOST_LINES` of what moves, and how many more."""
    found, names = move.found, {place.slug: place for place in rollout.locations}
    today = rollout.today(now)
    lines = [_line(shift.stored, shift.now, names, rollout, today, now) for shift in found.shifts[:MOST_LINES]]
    known = [f"{one.message.rstrip('.')}." for one in found.findings if not one.settle]
    cutovers = [
        f"{names[slug].name}: {_at(before, names[slug], now)} becomes {_at(after, names[slug], now)}"
        for slug, before, after in found.cutovers
        if slug in names
    ]
    return {
        "shown": move.fingerprint,
        "say": _say(move),
        "lines": lines,
        "more": max(len(found.shifts) - MOST_LINES, 0),
        "cutovers": cutovers,
        "new": _named([_of_item(item, names) for item in found.new]),
        "gone": _named([_of_row(row, names) for row in found.gone]),
        "kept": found.kept,
        "told": [name for _, name in move.told],
        "faults": [finding.message for finding in found.faults],
        "warnings": [*_late_at_once(move, now), *known],
        "act": f"Move {'all ' if len(found.shifts) > 1 else ''}{count(max(len(found.shifts), 1), 'date')}",
    }


def _say(move: Move) -> str:
    shifts, told = len(move.found.shifts), len(move.told)
    who = f"{count(told, 'person', 'people')} {'is' if told == 1 else 'are'} told" if told else "nobody else is told"
    if not shifts and not move.found.new and not move.found.gone:
        return f"Nothing else moves; {who}."
    return f"{count(shifts, 'date')} {'moves' if shifts == 1 else 'move'}; {who}."


def _late_at_once(move: Move, now: datetime) -> list[str]:
    """A day that has passed already makes the work late as soon as it is moved there."""
    late = sum(shift.now.late_at is not None and shift.now.late_at <= now for shift in move.found.shifts)
    return [f"{count(late, 'date')} would lie in the past, and be late at once."] if late else []


def _line(
    row: Stored, after: Dates, names: dict[str, PlaceFacts], rollout: RolloutFacts, today: date, now: datetime
) -> dict[str, str]:
    place = names.get(row.key[0])
    zone = place.zone if place else rollout.zone
    return {
        "title": row.title,
        "place": place.name if place else "For all centres",
        "was": _dates(row.dates, zone, today, now),
        "now": _dates(after, zone, today, now),
    }


def _dates(dates: Dates, zone: str, today: date, now: datetime) -> str:
    end = instant(dates.due_at, zone, now) if dates.due_at else short_day(dates.due, today) if dates.due else "no date"
    return f"{short_day(dates.begins, today)} to {end}" if dates.begins else end


def _at(moment: datetime | None, place: PlaceFacts, now: datetime) -> str:
    return "no date" if moment is None else instant(moment.astimezone(ZoneInfo(place.zone)), place.zone, now)


def _of_item(item: Item, names: dict[str, PlaceFacts]) -> str:
    return _where(item.title, item.location, names)


def _of_row(row: Stored, names: dict[str, PlaceFacts]) -> str:
    return _where(row.title, row.key[0], names)


def _where(title: str, slug: str, names: dict[str, PlaceFacts]) -> str:
    return f"{title}, {names[slug].name}" if slug in names else title


def _named(titles: list[str]) -> list[str]:
    """Each once, with how many there are of it."""
    found = {title: titles.count(title) for title in dict.fromkeys(titles)}
    return [f"{title} ({number} times)" if number > 1 else title for title, number in found.items()]
