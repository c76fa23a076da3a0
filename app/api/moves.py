"""Dates are moved in two steps: first asked what else moves and who is told, then done as it was shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.actions.locations import joining
from app.actions.locations.facts import planned_facts, state_facts
from app.actions.rollouts.drafting import Holding
from app.actions.schedule.moves import Move, move_cutover, move_task, planned_cutover_move, planned_task_move
from app.api.callers import Db, shows_first
from app.api.describing import changing
from app.api.fields import PlaceSlug, RowId
from app.api.guards import Directing, Guard
from app.api.kinds import STALE
from app.api.move_shapes import AddStep, Cutover, CutoverStep, FactsStep, MovePlan, Shift, Step, TaskStep, Warned
from app.api.reading import StrictRoute
from app.api.tags import answer
from app.queries.rollouts.facts import RolloutFacts
from app.queries.tasks.page import rollout_of_task
from app.request import Now
from app.rules.people.access import Permission, Viewer
from app.rules.schedule.moves import Shift as MovedRow

router = APIRouter(tags=["moves"], route_class=StrictRoute)
Mover = Annotated[Viewer, Depends(Guard(Permission.MOVE))]


@router.post("/tasks/{task_id}/move", summary="Move a task", response_model=MovePlan, responses=changing(STALE))
@shows_first
def move_one(request: Request, task_id: RowId, given: TaskStep, viewer: Mover, session: Db, now: Now) -> Response:
    """With everything that counts from it. 412 when the plan has changed since it was shown."""
    due, begins = given.due, given.begins
    return _step(
        request, given, rollout_of_task(session, task_id, viewer),
        lambda: planned_task_move(session, task_id, due=due, begins=begins, by=viewer, now=now),
        lambda: move_task(session, task_id, due=due, begins=begins, **_said(given), by=viewer, now=now),
    )  # fmt: skip


@router.post(
    "/rollouts/{slug}/locations/{location}/cutover", summary="Move a cutover", response_model=MovePlan,
    responses=changing(STALE),
)  # fmt: skip
@shows_first
def move_opening(
    request: Request, location: PlaceSlug, given: CutoverStep, desk: Directing, session: Db, now: Now
) -> Response:
    """With everything that counts from it."""
    place, by = desk.rollout.place(location).id, desk.viewer
    return _step(
        request, given, desk.rollout,
        lambda: planned_cutover_move(session, place, cutover=given.cutover, by=by, now=now),
        lambda: move_cutover(session, place, cutover=given.cutover, **_said(given), by=by, now=now),
    )  # fmt: skip


@router.post(
    "/rollouts/{slug}/locations/{location}/facts", summary="State what is known of a location",
    response_model=MovePlan, responses=changing(STALE),
)  # fmt: skip
@shows_first
def state(request: Request, location: PlaceSlug, given: FactsStep, desk: Directing, session: Db, now: Now) -> Response:
    """Its name, and its answers to the playbook's attributes, with all work that comes, goes and moves by them."""
    place, by = desk.rollout.place(location), desk.viewer
    name = place.name if given.name is None else given.name
    attributes = place.attributes if given.attributes is None else given.attributes
    return _step(
        request, given, desk.rollout,
        lambda: planned_facts(session, place.id, attributes=attributes, by=by, now=now),
        lambda: state_facts(session, place.id, name=name, attributes=attributes, **_said(given), by=by, now=now),
    )  # fmt: skip


@router.post(
    "/rollouts/{slug}/locations", summary="Take a location in", response_model=MovePlan, responses=changing(STALE)
)
@shows_first
def add(request: Request, given: AddStep, desk: Directing, session: Db, now: Now) -> Response:
    """Into a rollout that runs, with its people; its own plan is written in the background."""
    rollout, by = desk.rollout.id, desk.viewer
    people = [Holding(one.role, one.person) for one in given.people]
    return _step(
        request, given, desk.rollout,
        lambda: joining.planned_addition(session, rollout, given.location, by=by, now=now),
        lambda: joining.add_location(session, rollout, given.location, people=people, **_said(given), by=by, now=now),
        joins=str(given.location.get("id")),
    )  # fmt: skip


@router.post(
    "/rollouts/{slug}/locations/{location}/drop", summary="Let a location leave", response_model=MovePlan,
    responses=changing(STALE),
)  # fmt: skip
@shows_first
def drop(request: Request, location: PlaceSlug, given: Step, desk: Directing, session: Db, now: Now) -> Response:
    """What was recorded there stays; it leaves the counts."""
    place, by = desk.rollout.place(location, gone=True).id, desk.viewer
    return _step(
        request, given, desk.rollout,
        lambda: joining.planned_drop(session, place, by=by, now=now),
        lambda: joining.drop_location(session, place, **_said(given), by=by, now=now),
    )  # fmt: skip


@router.post(
    "/rollouts/{slug}/locations/{location}/return", summary="Take a location back", response_model=MovePlan,
    responses=changing(STALE),
)  # fmt: skip
@shows_first
def bring_back(request: Request, location: PlaceSlug, given: Step, desk: Directing, session: Db, now: Now) -> Response:
    """With everything that was recorded there."""
    place, by = desk.rollout.place(location, gone=True).id, desk.viewer
    return _step(
        request, given, desk.rollout,
        lambda: joining.planned_return(session, place, by=by, now=now),
        lambda: joining.return_location(session, place, **_said(given), by=by, now=now),
    )  # fmt: skip


def _said(given: Step) -> dict[str, str]:
    return {"reason": given.reason, "shown": given.shown}


def _step(
    request: Request, given: Step, rollout: RolloutFacts, show: Callable[[], Move], do: Callable[[], Move],
    joins: str = "",
) -> Response:  # fmt: skip
    """Show what a step brings with it, or do what was shown. `rollout` has only the locations of the reader."""
    plan = do() if given.shown else show()
    seen = {joins, *(place.slug for place in (*rollout.locations, *rollout.left))}
    return answer(request, shown_plan(plan, seen, done=bool(given.shown)))


def shown_plan(plan: Move, seen: set[str], *, done: bool) -> MovePlan:
    """A move for a reader who sees the locations of these ids: of the others neither id nor opening is told."""
    found = plan.found
    return MovePlan(
        done=done,
        shown=plan.fingerprint,
        shifts=[shown_shift(shift, seen) for shift in found.shifts],
        cutovers=[
            Cutover(location=slug, before=before, after=after) for slug, before, after in found.cutovers if slug in seen
        ],
        gone=len(found.gone),
        added=len(found.new),
        kept=found.kept,
        findings=[Warned(id=one.id, message=one.message, settle=one.settle) for one in found.findings],
        told=[name for _, name in plan.told],
    )


def shown_shift(shift: MovedRow, seen: set[str] | None) -> Shift:
    """A moved row for a reader who sees the locations of these ids (None: all)."""
    stored = shift.stored
    known = seen is None or not stored.key[0] or stored.key[0] in seen
    return Shift(
        task=stored.row if stored.task and known else None, title=stored.title,
        location=stored.key[0] if known else None, before=stored.dates.due, after=shift.now.due,
    )  # fmt: skip
