"""The feed of changes: what happened, in order, without missing anything."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import Response

from app.api.callers import Db
from app.api.describing import reading
from app.api.fields import SLUG_PATTERN, Shown
from app.api.guards import Owner
from app.api.paging import Paged
from app.api.reading import StrictRoute
from app.api.tags import answer
from app.errors import NotFound
from app.queries.feed import FeedLine, feed
from app.queries.rollouts.facts import rollout_facts

router = APIRouter(tags=["events"], route_class=StrictRoute)


class EventItem(Shown):
    """One change. Its texts are where the thing is."""

    id: int
    at: datetime
    verb: str = Field(description="The kind of thing and a past participle: `task.completed`.")
    rollout: str | None
    location: int | None = Field(description="The key of the location.")
    kind: str = Field(description="task, issue, gate, rollout, location, person, playbook and so on.")
    subject: int = Field(description="The key of the thing.")
    by: int | None = Field(description="The person; null for Muster itself, and where you may not know.")


class EventPage(Shown):
    """Some changes in the order in which they happened."""

    items: list[EventItem]
    next: str = Field(description="Ask here for what follows, now or later: nothing is missed, nothing comes twice.")
    more: bool = Field(description="There is more already; else wait a little.")


@router.get("/events", summary="What happened", response_model=EventPage, responses=reading())
def show(
    viewer: Owner,
    page: Paged,
    session: Db,
    rollout: Annotated[str, Query(pattern=rf"^$|{SLUG_PATTERN}", description="Only of this rollout.")] = "",
) -> Response:
    """Everything that you may know of, from the first event on. Keep `next` and come back."""
    rollout_id = None
    if rollout:
        rollout_id = rollout_facts(session, rollout).id
        if rollout_id not in viewer.rollouts():
            raise NotFound("rollout")
    found = feed(session, viewer, page.after("events"), page.limit, rollout_id)
    address = page.address("events", found.last)
    shown = EventPage(items=[_item(line) for line in found.lines], next=address, more=found.more)
    return answer(page.request, shown, headers={"Link": f'<{address}>; rel="next"'})


def _item(line: FeedLine) -> EventItem:
    one = line.news
    return EventItem(
        id=one.id, at=line.at, verb=one.verb, rollout=one.rollout, location=one.location_id, kind=one.kind,
        subject=one.subject, by=line.actor,
    )  # fmt: skip
