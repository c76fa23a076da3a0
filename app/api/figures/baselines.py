"""The baseline of a place: what is captured, what is frozen, and signing it."""

from __future__ import annotations

from fastapi import APIRouter, Request
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from app.actions.metrics.baselines import sign_baseline
from app.api.callers import Db
from app.api.describing import changing, reading
from app.api.fields import Given, PlaceSlug, Prose
from app.api.figures.shapes import BaselineFigure, PlaceBaseline, SignedBaseline
from app.api.guards import Desk, Seeing
from app.api.kinds import PROOF_WANTED
from app.api.reading import StrictRoute
from app.api.tags import answer
from app.queries.figures.lines import FigureLine, lines_at, place_of
from app.queries.figures.place import baseline_facts
from app.queries.rollouts.facts import PlaceFacts
from app.request import Now
from app.rules.metrics.sheet import NETWORK

router = APIRouter(tags=["metrics"], route_class=StrictRoute)


class Meant(Given):
    """What is signed."""

    shown: str = Field(pattern=r"^[0-9a-f]{64}$", description="The hash of what you read.")
    reason: Prose = Field("", description="Why it takes the place of the one that is frozen.")


@router.get(
    "/rollouts/{slug}/locations/{location}/baseline", summary="The baseline of a place", response_model=PlaceBaseline,
    responses=reading(),
)  # fmt: skip
def show(request: Request, location: PlaceSlug, desk: Seeing, session: Db, now: Now) -> Response:
    """Of a location, or of the `network`."""
    return answer(request, _whole(session, desk, _place(desk, location), now))


@router.post(
    "/rollouts/{slug}/locations/{location}/baseline/signatures", summary="Sign the baseline of a place",
    response_model=PlaceBaseline, responses=changing(PROOF_WANTED),
)  # fmt: skip
def sign(request: Request, location: PlaceSlug, given: Meant, desk: Seeing, session: Db, now: Now) -> Response:
    """Refused to every token: signing asks for a fresh proof of who you are, which only its page takes. What is frozen
    already is quiet.
    """
    place = _place(desk, location)
    sign_baseline(session, desk.rollout.id, place.id if place else None, shown=given.shown, reason=given.reason,
                  by=desk.viewer, now=now)  # fmt: skip
    return answer(request, _whole(session, desk, place, now))


def _place(desk: Desk, slug: str) -> PlaceFacts | None:
    """Raises NotFound."""
    return None if slug == NETWORK else desk.rollout.place(slug, gone=True)


def _whole(session: Session, desk: Desk, place: PlaceFacts | None, now: Now) -> PlaceBaseline:
    where = place_of(session, desk.rollout, place)
    facts = baseline_facts(session, desk.rollout, where, desk.viewer)
    today = place.today(now) if place else desk.rollout.today(now)
    lines = lines_at(session, desk.rollout, where, facts.frozen, desk.viewer, today)
    return PlaceBaseline(
        complete=facts.asked and not facts.missing,
        shown=facts.shown,
        missing=list(facts.missing),
        figures=[_figure(line) for line in lines if line.metric.baseline],
        signed=[
            SignedBaseline(number=row.number, name=row.name, at=row.at, sha256=row.sha256, reason=row.reason,
                           replaced_at=row.replaced_at)
            for row in facts.rows
        ],
    )  # fmt: skip


def _figure(line: FigureLine) -> BaselineFigure:
    row = line.standing
    return BaselineFigure(
        metric=line.metric.id,
        title=line.metric.title,
        unit=line.metric.unit or "",
        due=line.days.due,
        readings=row.captured_readings if row else 0,
        wanted=line.wanted,
        captured=repr(row.captured) if row and row.captured is not None else None,
        signed=line.signed["value"] if line.signed else None,
        signed_definition=line.signed["definition"] if line.signed else None,
    )
