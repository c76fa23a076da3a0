"""What goes wrong where, the words that causes share, and the same problem at several locations."""

from __future__ import annotations

from collections.abc import Iterable

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.api.callers import Db
from app.api.describing import reading
from app.api.guards import Seeing
from app.api.issues import board_shapes as shapes
from app.api.issues.boards import slug_of
from app.api.reading import StrictRoute
from app.api.tags import answer
from app.queries.issues.boards import Alike, causes
from app.queries.rollouts.facts import RolloutFacts

router = APIRouter(tags=["issues"], route_class=StrictRoute)


@router.get("/rollouts/{slug}/issues/causes", summary="Causes", response_model=shapes.Causes, responses=reading())
def show(request: Request, desk: Seeing, session: Db) -> Response:
    """How many issues of each kind there were at each place, solved ones too, and which are one problem."""
    rollout = desk.rollout
    found = causes(session, rollout, desk.viewer)
    shown = shapes.Causes(
        heat=_heat(rollout, found.heat),
        words=[shapes.SharedWord(word=word, issues=_named(rollout, issues)) for word, issues in found.words],
        same=[_named(rollout, group) for group in found.same],
        elsewhere=[_elsewhere(rollout, *each) for each in found.elsewhere],
    )
    return answer(request, shown)


def _heat(rollout: RolloutFacts, cells: dict[tuple[str, int | None], tuple[int, int]]) -> list[shapes.HeatCell]:
    """By kind, then by place."""
    ordered = sorted(cells.items(), key=lambda one: (one[0][0], one[0][1] or 0))
    return [
        shapes.HeatCell(kind=kind, location=slug_of(rollout.location(place)), issues=total, open=still)
        for (kind, place), (total, still) in ordered
    ]


def _named(rollout: RolloutFacts, issues: Iterable[Alike]) -> list[shapes.NamedIssue]:
    return [
        shapes.NamedIssue(
            id=one.id, number=one.number, title=one.title, location=slug_of(rollout.location(one.location))
        )
        for one in issues
    ]  # fmt: skip


def _elsewhere(rollout: RolloutFacts, issue: Alike, places: Iterable[int]) -> shapes.Elsewhere:
    found = [rollout.location(place) for place in places]
    return shapes.Elsewhere(issue=_named(rollout, [issue])[0], locations=[place.slug for place in found if place])
