"""What locations let each other see: what others share with the reader's own, and what those share or might."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Path, Request
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from app.actions.locations.consents import give_consent, withdraw_consent
from app.api.callers import Db
from app.api.describing import reading, versioned
from app.api.fields import ROLE_PATTERN, PlaceSlug, Shown
from app.api.guards import Desk, Seeing
from app.api.paging import Page, Paged, page_of
from app.api.reading import StrictRoute
from app.api.tags import IfMatch, answer
from app.errors import NotFound
from app.queries.shared import Neighbour, Offer, neighbours, offers
from app.queries.shared import SharedFigure as SharedFigureFacts
from app.request import Now
from app.rules.tasks.progress import State

router = APIRouter(tags=["rollouts"], route_class=StrictRoute)
Entry = Annotated[str, Path(pattern=ROLE_PATTERN, description="An entry of the playbook's `sharing`.")]


class SharedPart(Shown):
    """One task, group or workstream of another location."""

    title: str
    state: State
    done: int
    total: int
    due: date | None = Field(description="The last day on which any of it is due.")


class SharedFigure(Shown):
    """A metric of another location; null: there is no such figure."""

    metric: str = Field(description="The metric's id in the playbook.")
    title: str
    unit: str | None
    definition: int = Field(description="Another one measures another thing.")
    value: float | None = Field(description="The latest figure.")
    first: date | None
    last: date | None
    baseline: float | None = Field(description="As it was signed.")
    change: float | None = Field(description="Since the baseline; null as long as nothing was read after the go-live.")
    change_percent: float | None
    target: float | None
    target_by: date | None = Field(description="Null: no date set.")
    basis: dict[str, str] = Field(description="What the latest figure rests on, by the fact's id in the playbook.")
    differs: dict[str, list[str]] = Field(
        description="Why it must not be compared with the same figure of one of your locations, by its name."
    )


class SharedEntry(Shown):
    title: str
    parts: list[SharedPart]
    figures: list[SharedFigure]


class NeighbourItem(Shown):
    """Another location, of which nothing is told but what it agreed to share."""

    name: str
    shares: list[SharedEntry]


class Neighbours(Shown):
    """Every other location that shares something, in the order of the locations list."""

    locations: list[NeighbourItem]


class OfferItem(Shown):
    """What one of your locations shares, or might."""

    location: str
    sharing: str = Field(description="The entry of the playbook's `sharing`.")
    title: str
    names: list[str] = Field(description="The work of which the others would see how it stands and when it is due.")
    figures: list[str] = Field(description="The metrics of which they would see the figures, with their units.")
    role: str = Field(description="Whoever holds it there decides.")
    agreed_by: str | None = Field(description="Null: nobody has agreed to it.")
    agreed_at: datetime | None
    more: bool = Field(description="The playbook names more by now, which was not agreed to.")


@router.get(
    "/rollouts/{slug}/neighbours", summary="What other locations share with yours",
    response_model=Neighbours, responses=reading(),
)  # fmt: skip
def list_neighbours(request: Request, desk: Seeing, session: Db, now: Now) -> Response:
    """None, for whoever sees the whole network."""
    found = neighbours(session, desk.rollout.id, desk.extent, desk.rollout.as_of(now))
    return answer(request, Neighbours(locations=[_neighbour(one) for one in found]))


def _neighbour(one: Neighbour) -> NeighbourItem:
    shares = [
        SharedEntry(
            title=share.title,
            parts=[
                SharedPart(
                    title=part.title, state=part.stands.state, done=part.stands.done, total=part.stands.total,
                    due=part.due,
                )
                for part in share.parts
            ],
            figures=[_figure(figure) for figure in share.figures],
        )
        for share in one.shares
    ]  # fmt: skip
    return NeighbourItem(name=one.name, shares=shares)


def _figure(one: SharedFigureFacts) -> SharedFigure:
    figure, change = one.figure, one.figure.change
    return SharedFigure(
        metric=figure.metric.id, title=figure.metric.title, unit=figure.metric.unit,
        definition=figure.metric.definition, value=_number(figure.latest), first=figure.first, last=figure.last,
        baseline=_number(figure.baseline), change=_number(change.by if change else None),
        change_percent=_number(change.percent if change else None), target=_number(figure.target),
        target_by=figure.by, basis=dict(figure.basis), differs={name: list(why) for name, why in one.differs.items()},
    )  # fmt: skip


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


@router.get(
    "/rollouts/{slug}/sharing", summary="What your locations share, or might", response_model=Page[OfferItem],
    responses=reading(),
)  # fmt: skip
def list_offers(desk: Seeing, page: Paged, session: Db) -> Response:
    order = {
        (place.id, entry): number
        for place in desk.rollout.locations
        for number, entry in enumerate(desk.rollout.book_at(place.id).sharing or ())
    }
    found = offers(session, desk.rollout)
    return page_of(
        page, "sharing", OfferItem, found, lambda one: one.place.id * 1_000 + order[one.place.id, one.id], _offer
    )  # fmt: skip


def _offer(one: Offer) -> OfferItem:
    return OfferItem(
        location=one.place.slug, sharing=one.id, title=one.title, names=list(one.work),
        figures=list(one.figures), role=one.role, agreed_by=one.by, agreed_at=one.at, more=bool(one.unseen),
    )  # fmt: skip


def _one(session: Session, desk: Desk, location: str, sharing: str) -> OfferItem:
    session.flush()
    desk.rollout.place(location)
    found = next(
        (one for one in offers(session, desk.rollout) if (one.place.slug, one.id) == (location, sharing)), None
    )
    if found is None:
        raise NotFound("sharing")
    return _offer(found)


@router.get(
    "/rollouts/{slug}/locations/{location}/consents/{sharing}", summary="Whether a location shares something",
    response_model=OfferItem, responses=reading(),
)  # fmt: skip
def show(request: Request, location: PlaceSlug, sharing: Entry, desk: Seeing, session: Db) -> Response:
    return answer(request, _one(session, desk, location, sharing))


@router.put(
    "/rollouts/{slug}/locations/{location}/consents/{sharing}", summary="Let other locations see something",
    response_model=OfferItem, responses=versioned(),
)  # fmt: skip
def consent(
    request: Request, location: PlaceSlug, sharing: Entry, seen: IfMatch, desk: Seeing, session: Db, now: Now
) -> Response:
    """For whoever holds the role that the playbook asks. Agreed to already is quiet."""
    place, present = desk.rollout.place(location), _one(session, desk, location, sharing)
    if present.agreed_at is None or present.more:
        seen.demand(session, present, ("location", place.id))
    give_consent(session, place.id, sharing, by=desk.viewer, now=now)
    return answer(request, _one(session, desk, location, sharing))


@router.delete(
    "/rollouts/{slug}/locations/{location}/consents/{sharing}", summary="Share no longer", response_model=OfferItem,
    responses=versioned(),
)  # fmt: skip
def withdraw(
    request: Request, location: PlaceSlug, sharing: Entry, seen: IfMatch, desk: Seeing, session: Db, now: Now
) -> Response:
    """From the next look on. None given is quiet."""
    place, present = desk.rollout.place(location), _one(session, desk, location, sharing)
    if present.agreed_at is not None:
        seen.demand(session, present, ("location", place.id))
    withdraw_consent(session, place.id, sharing, by=desk.viewer, now=now)
    return answer(request, _one(session, desk, location, sharing))
