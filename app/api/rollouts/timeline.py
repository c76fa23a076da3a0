"""The plan as a timeline: places folded to their days, or the tasks of one, with marks and the longest chain."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import Field
from starlette.responses import Response

from app.api.callers import Db
from app.api.describing import reading
from app.api.fields import Shown
from app.api.guards import Seeing
from app.api.kinds import REFUSED
from app.api.reading import StrictRoute
from app.api.tags import answer
from app.api.tasks.shapes import TaskItem, item_facts
from app.api.tasks.tasks import plan_filter
from app.queries.people import holders
from app.queries.rollouts.chains import Chains
from app.queries.rollouts.facts import RolloutFacts
from app.queries.rollouts.folded import Days, Folded
from app.queries.rollouts.timeline import Mark, timelines
from app.queries.tasks.counted import Counted
from app.queries.tasks.picking import Reader
from app.request import Now
from app.rules.tasks.filtering import PlanFilter
from app.rules.tasks.progress import State

router = APIRouter(tags=["figures"], route_class=StrictRoute)


class Dated(Shown):
    """Between which days something lies, now and as first planned."""

    begins: date | None
    due: date | None
    first_begins: date | None
    first_due: date | None


class DayCount(Shown):
    """How many tasks are due on a day and in a state."""

    due: date | None
    state: State
    tasks: int


class PlaceLine(Dated):
    """The tasks of one place: of a location, or (null) of a wave, or (empty wave) of the network."""

    location: str | None
    wave: str
    total: int
    late: int = Field(description="Late or blocked.")
    days: list[DayCount]


class TaskLine(TaskItem):
    """A task with its days as first planned."""

    first_begins: date | None
    first_due: date | None


class MarkLine(Dated):
    """A gate, a milestone, training or a runbook."""

    kind: str
    entry: str
    title: str
    location: str | None
    wave: str
    due_at: datetime | None


class Link(Shown):
    """A piece of work of the longest chain; in a folded plan all of its name inside one wave."""

    entry: str
    location: str | None
    wave: str


class Longest(Shown):
    """The finish-to-start links whose work takes the most days."""

    work: list[Link]
    days: int
    slack: int = Field(description="Days between its ends on which the chain does not work.")
    begins: date
    ends: date


class Timeline(Shown):
    places: list[PlaceLine] = Field(description="Where the filter names no location.")
    tasks: list[TaskLine] = Field(description="Those of the location that the filter names, or of `shared`.")
    marks: list[MarkLine]
    chain: Longest | None = Field(description="Null where no task waits for another.")
    last_due: date | None = Field(description="The last day on which anything is due.")
    first_last_due: date | None = Field(description="The same as first planned.")


@router.get("/rollouts/{slug}/timeline", summary="The timeline", response_model=Timeline, responses=reading(REFUSED))
def show(
    request: Request, desk: Seeing, wanted: Annotated[PlanFilter, Depends(plan_filter)], session: Db, now: Now
) -> Response:
    """Of the tasks that the filter picks: folded to their places, or those of one location."""
    rollout, now = desk.rollout, desk.counted_at(now)
    reader = Reader(desk.viewer, holders(session, rollout.id, desk.extent, now))
    found = timelines(session, rollout, desk.extent, wanted, now, reader)
    shown = Timeline(
        places=[_place(rollout, one) for one in found.folded],
        tasks=[_task(rollout, one, found.first[one.row.id]) for one in found.tasks],
        marks=[_mark(rollout, one) for one in found.marks],
        chain=_chain(rollout, found.chains),
        last_due=found.last[0],
        first_last_due=found.last[1],
    )
    return answer(request, shown)


def _slug(rollout: RolloutFacts, location_id: int | None) -> str | None:
    place = rollout.location(location_id)
    return place.slug if place else None


def _place(rollout: RolloutFacts, one: Folded) -> PlaceLine:
    days = [DayCount(due=due, state=state, tasks=number) for (due, state), number in one.due.items()]
    days.sort(key=lambda day: (day.due or date.max, day.state))
    return PlaceLine(
        location=_slug(rollout, one.location_id), wave=one.wave, total=one.total, late=one.late, days=days,
        **one.days._asdict(),
    )  # fmt: skip


def _task(rollout: RolloutFacts, one: Counted, days: Days) -> TaskLine:
    return TaskLine(**item_facts(rollout, one), first_begins=days.first_begins, first_due=days.first_due)


def _mark(rollout: RolloutFacts, one: Mark) -> MarkLine:
    return MarkLine(
        kind=one.kind, entry=one.entry, title=one.title, location=_slug(rollout, one.location_id), wave=one.wave,
        due_at=one.due_at, **one.days._asdict(),
    )  # fmt: skip


def _chain(rollout: RolloutFacts, chains: Chains) -> Longest | None:
    longest = chains.longest
    if longest is None:
        return None
    work = [
        Link(entry=spot.entry, location=_slug(rollout, spot.location), wave=spot.wave) for spot in longest.work
    ]  # fmt: skip
    return Longest(work=work, days=longest.days, slack=longest.slack, begins=longest.begins, ends=longest.ends)
