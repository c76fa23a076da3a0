"""The rota, changed: people put on duty, taken off, replaced; a rota proposed and accepted.

Nothing here asks for a version: whoever comes second is told who was quicker, and nothing is taken from anybody.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import ConfigDict, Field
from sqlmodel import Session
from starlette.responses import Response

from app.actions.presence.duties import Turn, accept_turns, assign_duty, call_off_duties, call_off_outside, substitute
from app.api.callers import Db
from app.api.describing import changing, reading
from app.api.fields import Day, Given, Prose, RowId, RowKey, Shown
from app.api.guards import Reader, Seeing
from app.api.issues.change import Written
from app.api.presence.opened import opened_cover, show_cover
from app.api.presence.shapes import CoverWhole
from app.api.reading import StrictRoute
from app.api.tags import answer
from app.errors import Forbidden, NotFound, Refused, Stale
from app.queries.presence.proposal import proposal
from app.queries.presence.rota import rota
from app.queries.rollouts.facts import RolloutFacts
from app.request import Now
from app.rules.people.access import Viewer
from app.rules.presence.rights import may_assign

router = APIRouter(tags=["presence"], route_class=StrictRoute)
TURN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(\.[0-9]{1,4})?$"
TurnName = Annotated[str, Field(pattern=TURN, max_length=16, description="`turn` of a slot.")]


class OnDuty(Given):
    """Somebody, for a turn or for one day of it."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"person": 7, "turn": "2027-02-08"}]})

    person: RowKey
    turn: TurnName
    day: Day | None = Field(None, description="Null: the whole turn.")


class Duties(Given):
    duties: list[RowKey] = Field(min_length=1, max_length=400, description="Duties of this cover, by their ids.")


class Substitution(Duties):
    person: RowKey


class CallingOff(Written):
    duties: list[RowKey] = Field(min_length=1, max_length=400, description="Duties of this cover, by their ids.")
    reason: Prose


class Why(Written):
    reason: Prose


class TurnGiven(Given):
    cover: RowKey
    turn: TurnName
    person: RowKey


class Accepted(Given):
    turns: list[TurnGiven] = Field(min_length=1, max_length=400)


class TurnProposed(Shown):
    """A turn, or these days of it, for one person."""

    cover: int
    turn: str
    person: int
    name: str
    days: list[date]


class ProposalShown(Shown):
    """`left` counts the days or shifts that nobody can do; `more`: these are the first two hundred."""

    turns: list[TurnProposed]
    left: int
    more: bool


def told(change: Callable[[], object]) -> None:
    """Make a change: whoever was quicker is no other version of a thing, so that it is refused with who it was."""
    try:
        change()
    except Stale as quicker:
        raise Refused(str(quicker)) from quicker


@dataclass(frozen=True)
class Act:
    """Somebody is about to change who is on duty for a cover."""

    request: Request
    session: Session
    occasion_id: int
    viewer: Viewer
    now: datetime

    def make(self, change: Callable[[], object], duties: Collection[int] = (), status: int = 200) -> Response:
        """Make a change of these duties of the cover, and show the cover as it is then."""
        opened = opened_cover(self.session, self.occasion_id, self.viewer)
        if not opened.may_assign:
            raise Forbidden("You may see who is on duty here, but not change it.")
        if not set(duties) <= {one.id for one in opened.known.duties(opened.post)}:
            raise NotFound("duty")
        told(change)
        self.session.flush()
        return show_cover(self.request, opened_cover(self.session, self.occasion_id, self.viewer), status=status)


async def act_on(request: Request, occasion_id: RowId, viewer: Reader, session: Db, now: Now) -> Act:
    return Act(request, session, occasion_id, viewer, now)


Acting = Annotated[Act, Depends(act_on)]


@router.post(
    "/covers/{occasion_id}/duties", summary="Put somebody on duty", status_code=201, response_model=CoverWhole,
    responses=changing(),
)  # fmt: skip
def assign(act: Acting, given: OnDuty) -> Response:
    """For all of it that is free and that they can do. 409 where somebody was quicker, or they cannot."""

    def change() -> object:
        return assign_duty(
            act.session, act.occasion_id, person_id=given.person, turn=given.turn, day=given.day, by=act.viewer,
            now=act.now,
        )  # fmt: skip

    return act.make(change, status=201)


@router.put(
    "/covers/{occasion_id}/calling-off", summary="Take people off duty", response_model=CoverWhole,
    responses=changing(),
)  # fmt: skip
def call_off(act: Acting, given: CallingOff) -> Response:
    """They are told, with the reason. Called off already is not found."""
    reason = given.checked()["reason"]
    return act.make(
        lambda: call_off_duties(act.session, given.duties, reason=reason, by=act.viewer, now=act.now), given.duties
    )


@router.put(
    "/covers/{occasion_id}/substitution", summary="Somebody stands in", response_model=CoverWhole,
    responses=changing(),
)  # fmt: skip
def replace(act: Acting, given: Substitution) -> Response:
    """Both are told: whoever had these duties, and whoever has them now."""
    return act.make(
        lambda: substitute(act.session, given.duties, person_id=given.person, by=act.viewer, now=act.now), given.duties
    )


@router.put(
    "/covers/{occasion_id}/outside", summary="Call off duties on days that have moved", response_model=CoverWhole,
    responses=changing(),
)  # fmt: skip
def call_off_left(act: Acting, given: Why) -> Response:
    """Every coming duty on a day that the cover has left. None is quiet."""
    reason = given.checked()["reason"]
    return act.make(lambda: call_off_outside(act.session, act.occasion_id, reason=reason, by=act.viewer, now=act.now))


@router.get(
    "/rollouts/{slug}/rota/proposal", summary="A proposed rota", response_model=ProposalShown, responses=reading()
)
def show_proposal(request: Request, desk: Seeing, session: Db, now: Now) -> Response:
    """What would fill the places that you may fill, in the coming half year: fair, nobody on leave or elsewhere."""
    return _proposal(request, session, desk.rollout, desk.viewer, now)


@router.post(
    "/rollouts/{slug}/rota/proposal", summary="Accept a rota", response_model=ProposalShown, responses=changing()
)
def accept(request: Request, desk: Seeing, given: Accepted, session: Db, now: Now) -> Response:
    """Everybody is put on duty, or (409, 422) nobody. What is left to propose comes back."""
    turns = [Turn(one.cover, one.turn, one.person) for one in given.turns]
    told(lambda: accept_turns(session, turns, by=desk.viewer, now=now))
    session.flush()
    return _proposal(request, session, desk.rollout, desk.viewer, now)


def _proposal(request: Request, session: Session, rollout: RolloutFacts, viewer: Viewer, now: datetime) -> Response:
    by = viewer if rollout.state == "running" else viewer.reading()
    known = rota(session, rollout, viewer.locations(rollout.id), since=now)
    found = proposal(known, lambda post: may_assign(by, rollout.id, post.location, post.roles), now)
    turns = [
        TurnProposed(
            cover=one.post.occasion, turn=one.turn, person=one.hand.person, name=one.hand.name,
            days=list(dict.fromkeys(slot.day for slot in one.slots)),
        )
        for one in found.lines
    ]  # fmt: skip
    return answer(request, ProposalShown(turns=turns, left=found.open_, more=found.more))
