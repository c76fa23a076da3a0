"""Work that nobody at all can do: where nobody answers for the role of its owner, now or from a coming leave on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.models import Task
from app.queries.people import Holders
from app.queries.rollouts.facts import RolloutFacts
from app.queries.tasks.alone import is_open, of_rollout, with_what_was_said
from app.queries.tasks.ownership import NO_ROLE, unheld, unowned, with_assignment
from app.queries.tasks.standing import Standing
from app.rules.access import Extent
from app.rules.progress import State
from app.rules.responsibility import Away

Post = tuple[int | None, str]
"""A role at a place (none: what exists once)."""

SOON: Final = timedelta(days=7)


@dataclass(frozen=True)
class Gap:
    """Nobody answers for a role at a place, from the day `since` on (None: now). `tasks` are the open ones that hang
    on it, `away` those who would answer and are on leave then.
    """

    role: str
    location: int | None
    since: date | None
    tasks: int
    away: tuple[Away, ...]


def unowned_tasks(
    session: Session, rollout: RolloutFacts, extent: Extent, people: Holders, counted: Standing, now: datetime
) -> Counter[Post]:
    """How many open tasks nobody can do, by post. Asks the database only where a post is empty."""
    missing = unheld(rollout, people)
    if not any(role in missing.get(place, ()) or role == NO_ROLE for place, role in open_posts(counted)):
        return Counter()
    places = (col(Task.location_id), col(Task.owner_role))
    statement = with_assignment(with_what_was_said(select(*places, func.count())))
    statement = of_rollout(statement, rollout.id, None if extent.everywhere else extent.ids)
    found = session.execute(statement.where(is_open(), unowned(rollout, missing, now)).group_by(*places))
    return Counter({(place, role): number for place, role, number in found})


def open_posts(counted: Standing) -> Counter[Post]:
    """Every post on which open work hangs, and how much."""
    found: Counter[Post] = Counter()
    for group in counted.groups:
        if group.state is not State.DONE:
            found[group.location_id, group.owner_role] += len(group.entries)
    return found


def gaps(
    rollout: RolloutFacts, people: Holders, counted: Standing, empty: Mapping[Post, int], now: datetime
) -> list[Gap]:
    """Posts that are empty now, the one with most work first; then those that a leave of the coming days empties."""
    present = [
        Gap(role, place, None, number, people.staff.absent(rollout.id, role, place))
        for (place, role), number in sorted(empty.items(), key=lambda one: (-one[1], str(one[0])))
    ]
    return [*present, *_coming(rollout, people, open_posts(counted), empty, now)]


def _coming(
    rollout: RolloutFacts, people: Holders, posts: Mapping[Post, int], empty: Mapping[Post, int], now: datetime
) -> Iterator[Gap]:
    left = {post for post in posts if post not in empty and post[1] != NO_ROLE}
    for at in sorted({leave.from_at for leave in people.leaves if now < leave.from_at <= now + SOON}):
        then = people.later(at)
        for place, role in sorted(left, key=str):
            if not then.held((role,), place) and people.held((role,), place):
                left.discard((place, role))
                found = rollout.location(place)
                day = at.astimezone(ZoneInfo(found.zone if found else rollout.zone)).date()
                yield Gap(role, place, day, posts[place, role], then.staff.absent(rollout.id, role, place))
