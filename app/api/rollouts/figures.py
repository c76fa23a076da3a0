"""The figures of a rollout, counted now: the board, readiness, the curve, and what needs somebody."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from app.api.callers import Db
from app.api.describing import reading
from app.api.fields import PlaceSlug, Shown, Whole
from app.api.guards import Desk, Seeing
from app.api.kinds import REFUSED
from app.api.paging import Page, Paged, page_of
from app.api.reading import StrictRoute
from app.api.rollouts import figure_shapes as shapes
from app.api.tags import answer
from app.api.tasks.shapes import TaskItem, task_item
from app.errors import NotFound, Refused
from app.queries.rollouts import board as counting
from app.queries.rollouts.burn import burn
from app.queries.rollouts.needs import pressing
from app.request import Now
from app.rules.rollouts.readiness import Bar, Roll
from app.rules.tasks.progress import Tally

router = APIRouter(tags=["figures"], route_class=StrictRoute)


class Needs(Shown):
    """What needs you now, gravest first."""

    tasks: list[TaskItem]
    total: int = Field(description="How many there are, shown or not.")


def _board(session: Session, desk: Desk, at: datetime) -> counting.Board:
    return counting.board(session, desk.rollout, desk.extent, at)


@router.get("/rollouts/{slug}/board", summary="The board", response_model=shapes.Board, responses=reading(REFUSED))
def board(request: Request, desk: Seeing, session: Db, now: Now) -> Response:
    """Every location that you may see: its workstreams, how it stands, and the criteria of its next gate."""
    seen = _board(session, desk, desk.counted_at(now))
    return answer(
        request,
        shapes.Board(locations=[_standing(seen, centre) for centre in seen.centres], shared=_cells(seen, seen.shared)),
    )


@router.get(
    "/rollouts/{slug}/readiness/{location}", summary="One location as it stands", response_model=shapes.Standing,
    responses=reading(REFUSED),
)  # fmt: skip
def readiness(request: Request, desk: Seeing, location: PlaceSlug, session: Db, now: Now) -> Response:
    seen = _board(session, desk, desk.counted_at(now))
    return answer(request, _standing(seen, _centre(seen, location)))


@router.get(
    "/rollouts/{slug}/readiness/{location}/{criterion}/tasks", summary="The tasks behind a criterion",
    response_model=Page[TaskItem], responses=reading(REFUSED),
)  # fmt: skip
def behind(desk: Seeing, location: PlaceSlug, criterion: PlaceSlug, page: Paged, session: Db, now: Now) -> Response:
    now = desk.counted_at(now)
    seen = _board(session, desk, now)
    centre = _centre(seen, location)
    bar = next((one for one in (centre.roll.bars if centre.roll else ()) if one.id == criterion), None)
    if bar is None:
        raise NotFound("criterion")
    found = counting.tasks_behind(session, seen, centre, bar, now)
    return page_of(page, "behind", TaskItem, found, lambda one: one.row.id, lambda one: task_item(desk.rollout, one))


@router.get(
    "/rollouts/{slug}/burn-up", summary="Work done against the plan", response_model=shapes.BurnUp,
    responses=reading(REFUSED),
)  # fmt: skip
def burn_up(request: Request, desk: Seeing, session: Db, now: Now) -> Response:
    found = burn(session, desk.rollout, desk.extent, desk.counted_at(now))
    if found is None:
        raise Refused("Say first on which day the rollout starts.")
    weeks = [shapes.Week(week=at.week, planned=at.planned, done=at.done, forecast=at.forecast) for at in found.points]
    return answer(request, shapes.BurnUp(weeks=weeks, done=found.done, total=found.total, behind=found.behind))


@router.get("/rollouts/{slug}/needs", summary="What needs you now", response_model=Needs, responses=reading(REFUSED))
def needs(
    request: Request,
    desk: Seeing,
    session: Db,
    now: Now,
    limit: Annotated[int, Field(ge=1, le=200), Whole, Query()] = 20,
) -> Response:
    """Blocked or late tasks that are critical, hold up a gate or are yours, and yours that are due soon."""
    now = desk.counted_at(now)
    found = pressing(session, _board(session, desk, now), desk.extent, desk.viewer, now, limit)
    return answer(request, Needs(tasks=[task_item(desk.rollout, one) for one in found.first], total=found.total))


def _centre(seen: counting.Board, location: str) -> counting.Centre:
    found = next((one for one in seen.centres if one.place.slug == location), None)
    if found is None:
        raise NotFound("location")
    return found


def _standing(seen: counting.Board, centre: counting.Centre) -> shapes.Standing:
    return shapes.Standing(
        location=centre.place.slug,
        stand=centre.stand,
        cells=_cells(seen, centre.cells),
        roll=_roll(centre.roll) if centre.roll else None,
        handed_over_at=centre.handed_at,
    )


def _cells(seen: counting.Board, cells: Iterable[Tally | None]) -> list[shapes.Tally]:
    return [
        shapes.Tally(workstream=column.id, state=cell.state, done=cell.done, total=cell.total, late=cell.late,
                     blocked=cell.blocked, risk=cell.risk)
        for column, cell in zip(seen.columns, cells, strict=True) if cell
    ]  # fmt: skip


def _roll(roll: Roll) -> shapes.Roll:
    return shapes.Roll(
        gate=roll.gate, title=roll.title, due=roll.due, ready=roll.ready, met=roll.met, vetoes=roll.vetoes,
        unknown=roll.unknown, said=roll.said, bars=[_bar(bar) for bar in roll.bars],
    )  # fmt: skip


def _bar(bar: Bar) -> shapes.Bar:
    return shapes.Bar(
        id=bar.id, title=bar.title, critical=bar.critical, state=bar.state, done=bar.done, total=bar.total,
        said=bar.said,
    )  # fmt: skip
