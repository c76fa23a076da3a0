"""The rota of one week: a table for each cover, its places by the days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from app.queries.presence.rota import Post, Rota, Window
from app.queries.presence.troubles import fill
from app.rules.clock import short_day
from app.rules.presence.slots import Slot
from app.web.presence.address import turn_at
from app.web.presence.words import asked, stretch, where
from app.web.site import Desk

PLACES: Final = 40


@dataclass(frozen=True)
class Week:
    """One week of a rota, for a reader."""

    desk: Desk
    known: Rota
    window: Window
    now: datetime


def grids(week: Week, posts: Sequence[Post]) -> list[dict[str, Any]]:
    """One grid for each cover that has anything in that week, in the order of the playbook."""
    by_entry: dict[str, list[tuple[Post, Sequence[Slot]]]] = {}
    for post in posts:
        slots = post.within(week.window.first, week.window.last)
        if slots:
            by_entry.setdefault(post.entry, []).append((post, slots))
    return [_grid(week, entry, found) for entry, found in by_entry.items()]


def _grid(week: Week, entry: str, found: Sequence[tuple[Post, Sequence[Slot]]]) -> dict[str, Any]:
    shown = found[:PLACES]
    days = [day for day in week.window.days if any(slot.day == day for _, slots in found for slot in slots)]
    first = found[0][0]
    return {
        "id": f"cover-{entry}",
        "title": first.title,
        "asked": asked(first),
        "how": first.cover.asked.how,
        "columns": [{"label": "Where"}, *({"label": short_day(day, day)} for day in days), {"label": "Turn"}],
        "rows": [_row(week, post, slots, days) for post, slots in shown],
        "more": len(found) - len(shown),
    }


def _row(week: Week, post: Post, slots: Sequence[Slot], days: Iterable[date]) -> dict[str, Any]:
    turns = list(dict.fromkeys(slot.turn for slot in slots))
    return {
        "where": where(week.desk.rollout, post),
        "stretch": stretch(post, post.today(week.now)),
        "cells": [_cell(week, post, slots, day) for day in days],
        "turns": [_turn(week, post, slots, turn, len(turns)) for turn in turns],
    }


def _cell(week: Week, post: Post, slots: Sequence[Slot], day: date) -> dict[str, Any] | None:
    """Who is there on a day; what is missing is said in words. None where nobody is wanted."""
    own = [slot for slot in slots if slot.day == day]
    if not own:
        return None
    names = _names(week.known, post, own)
    wanted, filled = fill(week.known, post, day, own)
    over = max(slot.until_at for slot in own) <= week.now
    said = "" if filled >= wanted else "Not enough" if names else "Nobody"
    return {"names": names, "said": said, "status": "unknown" if over else "missed"}


def _names(known: Rota, post: Post, slots: Sequence[Slot]) -> list[str]:
    begins, ends = slots[0].from_at, slots[-1].until_at
    there = [one for one in known.present(post) if one.from_at < ends and begins < one.until_at]
    return list(dict.fromkeys(known.names.get(one.person, "") for one in there))


def _turn(week: Week, post: Post, slots: Sequence[Slot], turn: str, among: int) -> dict[str, str]:
    """The way to a turn: to see it whole and, for who may, to change it."""
    first = next(slot for slot in slots if slot.turn == turn)
    said = "Change this turn" if among == 1 else f"{first.from_at.astimezone(post.cover.calendar.zone):%a %H:%M}"
    return {"href": turn_at(week.desk, post.occasion, turn), "said": said}
