"""Training counted: every training at every location, go-live day, and what is one's own."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Request
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from app.actions.training.roster import set_roster
from app.api.callers import Db
from app.api.describing import changing, reading
from app.api.fields import Given, PlaceSlug, RowKey
from app.api.guards import Desk, Owner, Seeing
from app.api.kinds import REFUSED
from app.api.reading import StrictRoute
from app.api.tags import answer
from app.api.training.session_shapes import OwnRecording, OwnSession, OwnTraining
from app.api.training.shapes import CoverCell, CoverHelpers, CoverWhole, TrainingCount, TrainingCounts
from app.queries.rollouts.facts import PlaceFacts
from app.queries.training.coverage import covers
from app.queries.training.facts import training_facts
from app.queries.training.mine import sessions_of
from app.queries.training.network import Counted, PlaceCounted, network, reads_names
from app.request import Now

router = APIRouter(tags=["training"], route_class=StrictRoute)


class Roster(Given):
    """Who works on go-live day: everybody else of the staff does not."""

    works: list[RowKey] = Field(max_length=20_000, description="Staff, by their ids.")


@router.get("/rollouts/{slug}/training", summary="Training, counted", response_model=TrainingCounts,
            responses=reading(REFUSED))  # fmt: skip
def count_training(request: Request, desk: Seeing, session: Db, now: Now) -> Response:
    """Every training at every location that you may see."""
    found = network(session, desk.rollout, desk.viewer, desk.counted_at(now))
    counts = [_count(place, one) for place in found for one in place.trainings]
    return answer(request, TrainingCounts(trainings=counts))


def _count(place: PlaceCounted, one: Counted) -> TrainingCount:
    tally, days = one.tally, one.days
    return TrainingCount(
        location=place.place.slug, training=one.demand.entry, title=one.demand.title, due=days.due,
        late_at=days.late_at, catch_up=days.catch_up, wanted=tally.wanted, passed=tally.passed, needed=tally.needed,
        share=tally.share, met=tally.met, late=tally.late, standings=dict(tally.standings),
        short=None if one.short is None else [line.id for line in one.short],
    )  # fmt: skip


@router.get(
    "/rollouts/{slug}/locations/{location}/coverage", summary="Go-live day of a location", response_model=CoverWhole,
    responses=reading(REFUSED),
)  # fmt: skip
def show_coverage(request: Request, desk: Seeing, location: PlaceSlug, session: Db, now: Now) -> Response:
    """Who is trained and on the roster, by role and shift."""
    desk.counted_at(now)
    return answer(request, _cover(desk, session, desk.rollout.place(location)))


@router.put(
    "/rollouts/{slug}/locations/{location}/roster", summary="Say who works on go-live day", response_model=CoverWhole,
    responses=changing(),
)  # fmt: skip
def keep_roster(request: Request, given: Roster, desk: Seeing, location: PlaceSlug, session: Db, now: Now) -> Response:
    """All of it at once; the same again is quiet."""
    place = desk.rollout.place(location)
    set_roster(session, place.id, given.works, by=desk.viewer, now=now)
    session.flush()
    return answer(request, _cover(desk, session, place))


def _cover(desk: Desk, session: Session, place: PlaceFacts) -> CoverWhole:
    found = covers(session, training_facts(session, desk.rollout, [place]), [place])[place.id]
    named = reads_names(desk.viewer, desk.rollout.id, place.id)
    return CoverWhole(
        location=place.slug,
        day=found.day,
        percent=found.percent,
        cells=[
            CoverCell(
                role=one.role, shift=one.shift, rostered=len(one.rostered), covered=one.covered,
                untrained=list(one.untrained) if named else None,
            )
            for one in found.cells
        ],
        helpers=[
            CoverHelpers(
                entry=one.entry, shift=one.shift, people=one.people, needed=one.needed, there=len(one.there),
                short=one.short,
            )
            for one in found.helpers
        ],
    )  # fmt: skip


@router.get("/me/training", summary="Your training", response_model=OwnTraining, responses=reading())
def show_own(request: Request, viewer: Owner, session: Db, now: Now) -> Response:
    """Sessions that you hold or come to within a week, and recordings that you owe."""
    return answer(request, _own(session, viewer, now))


def _own(session: Session, viewer: Owner, now: datetime) -> OwnTraining:
    found = sessions_of(session, viewer, now)
    names = OwnSession.model_fields
    return OwnTraining(
        sessions=[OwnSession(**{name: getattr(one, name) for name in names}) for one in found.sessions],
        recordings=[OwnRecording(title=one.title, place=one.place, until=one.until) for one in found.recordings],
    )
