"""The boards of issues: what is open by location, the ten to talk about, promises kept, and what goes wrong where."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.api.callers import Db
from app.api.describing import reading
from app.api.guards import Seeing
from app.api.issues import board_shapes as shapes
from app.api.issues.whole import clock_line
from app.api.reading import StrictRoute
from app.api.tags import answer
from app.queries.issues import boards
from app.queries.issues.list import IssueLine, issues_page
from app.queries.issues.promises import by_place, by_wave, by_week
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.request import Now
from app.rules.issues.attainment import Attained, Promised, attained, percent
from app.rules.issues.filtering import OPEN, IssueFilter

router = APIRouter(tags=["issues"], route_class=StrictRoute)
MOST: Final = 1_000


@router.get(
    "/rollouts/{slug}/issues/open", summary="Open issues by location", response_model=shapes.OpenBoard,
    responses=reading(),
)  # fmt: skip
def show_open(request: Request, desk: Seeing, session: Db, now: Now) -> Response:
    """With the time that each has left; of more than a thousand the first to run out of time."""
    rollout, at = desk.rollout, desk.rollout.as_of(now)
    found = issues_page(session, rollout, desk.extent, IssueFilter(state=OPEN), 0, MOST, at)
    lines: dict[int | None, list[IssueLine]] = {place.id: [] for place in rollout.locations}
    for line in found.lines:
        lines.setdefault(line.place.id if line.place else None, []).append(line)
    shown = shapes.OpenBoard(
        open=found.sums.open, breached=found.sums.breached, soon=found.sums.soon, next_at=found.sums.next_at,
        unconfirmed=found.sums.unconfirmed, locations=[_there(rollout, *each) for each in lines.items()],
    )  # fmt: skip
    return answer(request, shown)


def _there(rollout: RolloutFacts, place: int | None, lines: list[IssueLine]) -> shapes.OpenThere:
    return shapes.OpenThere(
        location=slug_of(rollout.location(place)), open=rollout.open_issues.get(place, 0),
        issues=[_open(one) for one in lines],
    )  # fmt: skip


@router.get(
    "/rollouts/{slug}/issues/top", summary="The ten issues to talk about", response_model=shapes.TopTen,
    responses=reading(),
)  # fmt: skip
def show_top(request: Request, desk: Seeing, session: Db, now: Now) -> Response:
    """By severity and age, as on the page of the meeting at ten."""
    found = boards.top_ten(session, desk.rollout, desk.extent, desk.rollout.as_of(now))
    return answer(request, shapes.TopTen(issues=[_open(one) for one in found]))


def _open(one: IssueLine) -> shapes.OpenIssue:
    return shapes.OpenIssue(
        id=one.id, number=one.number, title=one.title, location=slug_of(one.place), severity=one.law.title,
        rank=one.rank, kind=one.kind, clock=clock_line(one.standing), holder=one.holder[1] if one.holder else None,
        waits=bool(one.waits_for), opened_at=one.opened_at,
    )  # fmt: skip


@router.get(
    "/rollouts/{slug}/issues/promises", summary="Promises kept", response_model=shapes.Promises, responses=reading()
)
def show_promises(request: Request, desk: Seeing, session: Db, now: Now) -> Response:
    """By location, wave and week, with the issues behind each figure. A clock that stood still has not run."""
    rollout, at = desk.rollout, desk.rollout.as_of(now)
    found = boards.promised(session, rollout, desk.extent, at)
    shown = shapes.Promises(
        whole=shapes.Kept(**_kept(attained(found))),
        locations=[
            shapes.KeptThere(location=slug_of(place), left=place in rollout.left, **_kept(one))
            for place, one in by_place(rollout, found)
        ],
        waves=[shapes.KeptInWave(wave=wave, **_kept(one)) for wave, one in by_wave(rollout, found)],
        weeks=[shapes.KeptInWeek(monday=monday, **_kept(one)) for monday, one in by_week(rollout, found, at)],
        issues=[_promised(rollout, one) for one in found],
    )
    return answer(request, shown)


def _kept(one: Attained) -> dict[str, Any]:
    figures = {"counted": one.counted, "percent": None if one.share is None else percent(one.share)}
    return {**figures, "kept": _ids(one.kept), "broken": _ids(one.broken), "running": _ids(one.running)}


def _ids(issues: Iterable[Promised]) -> list[int]:
    return [one.id for one in issues]


def _promised(rollout: RolloutFacts, one: Promised) -> shapes.PromisedIssue:
    return shapes.PromisedIssue(
        id=one.id, number=one.number, location=slug_of(rollout.location(one.location)), opened=one.opened,
        used=one.used, allowed=one.allowed, promise=one.promise,
    )  # fmt: skip


def slug_of(place: PlaceFacts | None) -> str | None:
    """How the API names a location; None for the whole network."""
    return place.slug if place else None
