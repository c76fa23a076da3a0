"""Who holds a piece of work, in words: whoever is there, and for whom they stand in until when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from app.queries.people import Holders
from app.rules.clock import short_day
from app.rules.people.responsibility import Away, Holder

NOBODY: Final = "nobody holds it"


def owner_words(people: Holders, roles: Sequence[str], location: int | None, assigned: int | None) -> str:
    """`Chiara Amato`, `Chiara Amato and Abena Boateng`, `Omar Haddad for Ivo Tanaka`, `nobody holds it`."""
    found = people.owners(roles, location, assigned)
    if not found and people.held(roles, location):
        return ""  # somebody whom the reader does not know
    names = [f"{one.name}{for_words(one)}" for one in found]
    if len(names) > 2:
        return f"{names[0]} and {len(names) - 1} more"
    return " and ".join(names) or NOBODY


def listed(names: Sequence[str]) -> str:
    """`Ann`, `Ann and Bo`, `Ann, Bo and Cy`, and of more than three `Ann, Bo and 2 more`."""
    if len(names) > 3:
        return f"{names[0]}, {names[1]} and {len(names) - 2} more"
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def for_words(one: Holder) -> str:
    """` for Ivo Tanaka`: behind the name of somebody who stands in; empty for a role of one's own."""
    return f" for {_names(one.instead_of)}" if one.instead_of else ""


def standing_in_words(one: Holder, today: date) -> str:
    """`for Ivo Tanaka, on leave until Fri 15 Jan`; `nobody else holds the role`; empty for a role of one's own."""
    if one.instead_of is None:
        return ""
    if not one.instead_of:
        return "nobody else holds the role"
    last = max(away.last for away in one.instead_of)
    return f"for {_names(one.instead_of)}, on leave until {short_day(last, today)}"


def away_words(away: Away, today: date) -> str:
    """`On leave until Fri 15 Jan, Omar Haddad stands in`; before it begins from when to when."""
    days = f"until {short_day(away.last, today)}"
    if away.first > today:
        days = f"from {short_day(away.first, today)} to {short_day(away.last, today)}"
    cover = f", {away.cover_name} stands in" if away.cover else ""
    return f"On leave {days}{cover}"


def _names(away: Sequence[Away]) -> str:
    names = [one.name for one in away]
    return " and ".join(names[:2]) if len(names) < 3 else f"{names[0]} and {len(names) - 1} others"
