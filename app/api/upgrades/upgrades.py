"""Places are brought to a newer version of the playbook in two steps: first asked what changes, then done as shown."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.actions.upgrades.preview import Preview
from app.actions.upgrades.previewing import preview_upgrade
from app.actions.upgrades.upgrading import upgrade
from app.api.callers import Db, shows_first
from app.api.describing import changing, reading
from app.api.guards import Directing, Seeing
from app.api.kinds import STALE
from app.api.moves import shown_shift
from app.api.reading import StrictRoute
from app.api.tags import answer
from app.api.upgrades.shapes import (
    AgainItem,
    DeviationItem,
    DifferenceItem,
    LineItem,
    PlaceItem,
    UpgradePlan,
    UpgradeStep,
    VersionsShown,
)
from app.plan.versions import Change
from app.queries.upgrades.versions import PlaceVersion, askable, versions_of
from app.request import Now
from app.rules.upgrades.lines import Line

router = APIRouter(tags=["moves"], route_class=StrictRoute)


@router.get("/rollouts/{slug}/upgrades", summary="Versions by place", response_model=VersionsShown, responses=reading())
def show(request: Request, desk: Seeing, session: Db) -> Response:
    """Which place is on which version, what each has changed of its own, and what may be asked again."""
    found = versions_of(session, desk.rollout, desk.extent)
    again = [
        AgainItem(
            task=one.task, title=one.title, location=one.place.slug if one.place else None, under=one.under,
            keys=list(one.keys),
        )
        for one in askable(session, desk.rollout, desk.extent)
    ]  # fmt: skip
    return answer(
        request,
        VersionsShown(
            newest=found.newest.version,
            newer={one.version: one.id for one in found.newer},
            places=[_place(one) for one in (found.network, *found.places)],
            again=again,
        ),
    )


def _place(one: PlaceVersion) -> PlaceItem:
    said: list[dict[str, Any]] = [vars(each) for each in one.deviations]
    return PlaceItem(
        location=one.place.slug if one.place else None, version=one.version.version, behind=one.behind,
        unchanging=one.unchanging, deviations=[DeviationItem(**each) for each in said],
    )  # fmt: skip


@router.post(
    "/rollouts/{slug}/upgrades", summary="Bring places to a newer version", response_model=UpgradePlan,
    responses=changing(STALE),
)  # fmt: skip
@shows_first
def step(request: Request, given: UpgradeStep, desk: Directing, session: Db, now: Now) -> Response:
    """Nothing done is undone. 412 when the plan has changed since it was shown, or your answers move more than that."""
    places = [*given.locations, *([""] if given.network else [])]
    asked: dict[str, Any] = {"places": places, "to": given.to, "choices": given.choices, "by": desk.viewer, "now": now}
    if given.shown:
        found = upgrade(session, desk.rollout.id, shown=given.shown, **asked)
    else:
        found = preview_upgrade(session, desk.rollout.id, **asked)
    return answer(request, _plan(found, done=bool(given.shown)))


def _plan(found: Preview, *, done: bool) -> UpgradePlan:
    return UpgradePlan(
        done=done,
        shown=found.fingerprint,
        to=found.to_version,
        already=[slug or "-" for slug in found.already],
        lines=[_line(line) for line in found.lines],
        elsewhere=[shown_shift(shift, None) for shift in found.elsewhere.shifts],
        beside=[_difference(change) for change in found.beside],
        warnings=list(found.warnings),
        told=[name for _, name in found.told],
    )


def _line(line: Line) -> LineItem:
    task = line.held.stored.row if line.held and line.is_task else None
    return LineItem(
        key=line.key, outcome=line.outcome, location=line.location or None, entry=line.entry, kind=line.kind,
        title=line.title, task=task, note=line.note, again=line.again,
        asks="day" if line.asks_due else "choice" if line.asks else "",
        before=line.before.due if line.before else None, after=line.after.due if line.after else None,
        changes=[_difference(change) for change in line.changes],
    )  # fmt: skip


def _difference(change: Change) -> DifferenceItem:
    return DifferenceItem(
        kind=change.kind, section=change.section, entry=change.entry, key=change.key, old=change.old, new=change.new
    )
