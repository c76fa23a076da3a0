"""A playbook with dates: when everything would fall for chosen locations from a chosen day. Nothing is kept."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from app.api.describing import changing
from app.api.fields import Day, Given, PlaceId, PlaybookId, PlaybookVersion, Shown
from app.api.paging import Paged
from app.api.playbooks import Judging
from app.api.reading import StrictRoute
from app.api.rollouts.set_up import Row
from app.api.tags import answer
from app.errors import Invalid
from app.plan import Playbook
from app.plan.format.locations import Place, read_places
from app.plan.terms import FIRST_YEAR, LAST_YEAR
from app.queries.playbooks import version_page
from app.rules.schedule.dated import Item
from app.rules.schedule.schedule import Plan, plan_rollout

router = APIRouter(tags=["playbooks"], route_class=StrictRoute)
MOST_LOCATIONS = 200


class DatesWish(Given):
    start: Day
    locations: list[Row] = Field(max_length=MOST_LOCATIONS, description="As in a locations file.")
    at: PlaceId | None = Field(None, description="Whose dates to show; null for what exists once.")


class DatedItem(Shown):
    """One entry at one place, with its dates and why they are these."""

    entry: str
    kind: str
    title: str
    value: str
    wave: str
    begins: date | None
    due: date | None
    due_at: datetime | None
    why: str
    unclear: bool = Field(description="Whether it exists depends on a fact that nobody has stated.")


class Finding(Shown):
    """Something that the real calendar says of a plan."""

    id: str
    path: str
    message: str
    settle: bool = Field(description="A rollout cannot start like this.")


class Preview(Shown):
    """A dated plan: what holds for all of it, and one page of the items of one place."""

    start: date
    end: date
    cutovers: dict[str, datetime] = Field(description="By location.")
    findings: list[Finding]
    tasks: int
    items: list[DatedItem]
    next: str | None = Field(description="The address that gives the next page for the same body.")


@router.post(
    "/playbooks/{playbook_id}/{version}/preview", summary="Date a playbook", response_model=Preview,
    responses=changing(),
)  # fmt: skip
def preview(
    request: Request, caller: Judging, playbook_id: PlaybookId, version: PlaybookVersion, given: DatesWish, page: Paged
) -> Response:
    """Needs no rollout. Items come in the order of the playbook."""
    with caller.reading() as (session, _viewer):
        playbook = version_page(session, playbook_id, version).playbook
    if not FIRST_YEAR <= given.start.year <= LAST_YEAR:
        raise Invalid({"start": f"Give a day in the years {FIRST_YEAR} to {LAST_YEAR}."})
    places = _places(given.locations, playbook)
    if given.at is not None and given.at not in {place.id for place in places}:
        raise Invalid({"at": "There is no such location among those given."})
    after = page.after("preview")
    plan = plan_rollout(playbook, given.start, places)
    items = plan.items_at(given.at or "")
    shown = items[after : after + page.limit]
    more = after + page.limit < len(items)
    address = page.address("preview", after + page.limit) if more else None
    return answer(request, _preview(plan, shown, address))


def _places(rows: Sequence[dict[str, Any]], playbook: Playbook) -> tuple[Place, ...]:
    """Read and judged by the same rules as a file: JSON is YAML."""
    if not rows:
        return ()
    read = read_places(json.dumps(rows, ensure_ascii=False).encode("utf-8", "replace"), playbook)
    if read.errors:
        raise Invalid({"locations": "; ".join(problem.message for problem in read.errors[:20])})
    return read.places


def _preview(plan: Plan, items: Sequence[Item], address: str | None) -> Preview:
    names = Finding.model_fields
    return Preview(
        start=plan.start,
        end=plan.end,
        cutovers=dict(plan.cutovers),
        findings=[Finding(**{name: getattr(one, name) for name in names}) for one in plan.problems],
        tasks=plan.tasks,
        items=[DatedItem(**{name: getattr(one, name) for name in DatedItem.model_fields}) for one in items],
        next=address,
    )
