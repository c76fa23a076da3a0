"""Dates are moved in two steps: first asked what else moves and who is told, then done as it was shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.actions.locations import joining
from app.actions.schedule.moves import Move, move_cutover, move_task, planned_cutover_move, planned_task_move
from app.api.callers import Db
from app.api.describing import changing
from app.api.fields import PlaceSlug, RowId
from app.api.guards import Desk, Directing, Guard
from app.api.kinds import STALE
from app.api.move_shapes import AddStep, Cutover, CutoverStep, MovePlan, Shift, Step, TaskStep, Warned
from app.api.reading import StrictRoute
from app.api.tags import answer
from app.errors import NotFound
from app.queries.rollouts.facts import PlaceFacts
from app.request import Now
from app.rules.people.access import Permission, Viewer

router = APIRouter(tags=["moves"], route_class=StrictRoute)
Mover = Annotated[Viewer, Depends(Guard(Permission.MOVE))]


@router.post("/tasks/{task_id}/move", summary="Move a task", response_model=MovePlan, responses=changing(STALE))
def move_one(request: Request, task_id: RowId, given: TaskStep, viewer: Mover, session: Db, now: Now) -> Response:
    """With everything that counts from it. 412 when the plan has changed since it was shown."""
    due, begins = given.due, given.begins
    plan = planned_task_move(session, task_id, due=due, begins=begins, by=viewer, now=now)
    return _step(
        request,
        given,
        plan,
        lambda: move_task(
            session, task_id, due=due, begins=begins, reason=given.reason, shown=given.shown, by=viewer, now=now
        ),
    )


@router.post(
    "/rollouts/{slug}/locations/{location}/cutover", summary="Move a cutover", response_model=MovePlan,
    responses=changing(STALE),
)  # fmt: skip
def move_opening(
    request: Request, location: PlaceSlug, given: CutoverStep, desk: Directing, session: Db, now: Now
) -> Response:
    """With everything that counts from it."""
    place, by = _place(desk, location), desk.viewer
    plan = planned_cutover_move(session, place, cutover=given.cutover, by=by, now=now)
    return _step(
        request, given, plan,
        lambda: move_cutover(session, place, cutover=given.cutover, **_said(given), by=by, now=now),
    )  # fmt: skip


@router.post(
    "/rollouts/{slug}/locations", summary="Take a location in", response_model=MovePlan, responses=changing(STALE)
)
def add(request: Request, given: AddStep, desk: Directing, session: Db, now: Now) -> Response:
    """Into a rollout that runs; its own plan is written in the background."""
    rollout, by = desk.rollout.id, desk.viewer
    plan = joining.planned_addition(session, rollout, given.location, by=by, now=now)
    return _step(
        request, given, plan,
        lambda: joining.add_location(
            session, rollout, given.location, reason=given.reason, shown=given.shown, by=by, now=now
        ),
    )  # fmt: skip


@router.post(
    "/rollouts/{slug}/locations/{location}/drop", summary="Let a location leave", response_model=MovePlan,
    responses=changing(STALE),
)  # fmt: skip
def drop(request: Request, location: PlaceSlug, given: Step, desk: Directing, session: Db, now: Now) -> Response:
    """What was recorded there stays; it leaves the counts."""
    place, by = _place(desk, location), desk.viewer
    plan = joining.planned_drop(session, place, by=by, now=now)
    return _step(request, given, plan, lambda: joining.drop_location(session, place, **_said(given), by=by, now=now))


@router.post(
    "/rollouts/{slug}/locations/{location}/return", summary="Take a location back", response_model=MovePlan,
    responses=changing(STALE),
)  # fmt: skip
def bring_back(request: Request, location: PlaceSlug, given: Step, desk: Directing, session: Db, now: Now) -> Response:
    """With everything that was recorded there."""
    place, by = _place(desk, location), desk.viewer
    plan = joining.planned_return(session, place, by=by, now=now)
    return _step(request, given, plan, lambda: joining.return_location(session, place, **_said(given), by=by, now=now))


def _said(given: Step) -> dict[str, str]:
    return {"reason": given.reason, "shown": given.shown}


def _place(desk: Desk, location: str) -> int:
    known: tuple[PlaceFacts, ...] = (*desk.rollout.locations, *desk.rollout.left)
    found = next((place for place in known if place.slug == location), None)
    if found is None:
        raise NotFound("location")
    return found.id


def _step(request: Request, given: Step, plan: Move, do: Callable[[], object]) -> Response:
    if given.shown:
        do()
    return answer(request, _shown(plan, done=bool(given.shown)))


def _shown(plan: Move, *, done: bool) -> MovePlan:
    found = plan.found
    return MovePlan(
        done=done,
        shown=plan.fingerprint,
        shifts=[
            Shift(
                task=shift.stored.row if shift.stored.task else None, title=shift.stored.title,
                location=shift.stored.key[0], before=shift.stored.dates.due, after=shift.now.due,
            )
            for shift in found.shifts
        ],
        cutovers=[Cutover(location=slug, before=before, after=after) for slug, before, after in found.cutovers],
        gone=len(found.gone),
        added=len(found.new),
        kept=found.kept,
        findings=[Warned(id=one.id, message=one.message, settle=one.settle) for one in found.findings],
        told=[name for _, name in plan.told],
    )  # fmt: skip
