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

from app.models import Assignment, Task
from app.queries.people import Holders
from app.queries.rollouts.facts import RolloutFacts
from app.queries.tasks.alone import is_open, of_rollout, with_what_was_said
from app.queries.tasks.ownership import NO_ROLE, nobodys, stands, unheld
from app.queries.tasks.standing import Standing
from app.rules.people.access import Extent
from app.rules.people.responsibility import Away
from app.rules.tasks.named import owner_roles
from app.rules.tasks.progress import State

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
    """How many open tasks nobody can do, by post: those of the posts that nobody holds, but for what is assigned to
    somebody who can. Asks the database only where such a post has work, and then for what is assigned.
    """
    found = _without_holder(rollout, people, counted)
    if not found:
        return found
    places = (col(Task.location_id), col(Task.owner_role))
    statement = select(*places, func.count()).join(Assignment, col(Assignment.task_id) == col(Task.id))
    statement = of_rollout(with_what_was_said(statement), rollout.id, None if extent.everywhere else extent.ids)
    given = statement.where(is_open(), nobodys(rollout, unheld(rollout, people)), stands(now)).group_by(*places)
    for place, role, number in session.execute(given):
        found[place, role] -= number
    return +found


def _without_holder(rollout: RolloutFacts, people: Holders, counted: Standing) -> Counter[Post]:
    """The open tasks of the posts that nobody holds, nor the post of a second owner."""
    held: dict[Post, bool] = {(place, NO_ROLE): False for place in (None, *(one.id for one in rollout.locations))}
    seconds = {task.id: owner_roles(task)[1:] for task in rollout.playbook.work if len(owner_roles(task)) > 1}

    def answered(place: int | None, role: str) -> bool:
        if (place, role) not in held:
            held[place, role] = people.held((role,), place)
        return held[place, role]

    found: Counter[Post] = Counter()
    for group in counted.groups:
        place = group.location_id
        if group.state is not State.DONE and not answered(place, group.owner_role):
            others = (seconds.get(entry, ()) for entry in group.entries)
            found[place, group.owner_role] += sum(not any(answered(place, role) for role in roles) for roles in others)
    return +found


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
