"""Gates: listed, read whole, the evidence as it was frozen, the records of decisions, and what happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from app.api.callers import Db
from app.api.describing import Responses, reading
from app.api.fields import RowId, Word
from app.api.gates.shapes import GateItem, GateWhole
from app.api.gates.whole import gate_item, show_gate
from app.api.guards import Desk, Detailed, Reader, Seeing
from app.api.paging import Page, Paged, page_of
from app.api.reading import StrictRoute
from app.api.tags import tagged
from app.api.tasks.said import HistoryLine
from app.errors import Forbidden, NotFound
from app.queries.gates.dates import GateDate, gate_dates
from app.queries.gates.held import NOT_HELD, held_gates
from app.queries.gates.page import gate_page
from app.queries.gates.record import record_text
from app.request import Now

router = APIRouter(tags=["gates"], route_class=StrictRoute)
NETWORK = "network"
CONTENT: Responses = {
    200: {
        "description": "The very text that was hashed.",
        "content": {"application/json": {"schema": {"type": "object"}}},
        "headers": {"X-Content-SHA256": {"description": "Its SHA-256.", "schema": {"type": "string"}}},
    }
}


@dataclass(frozen=True)
class Picked:
    """Before which rollout, and which of its gates: of one place (None: held at none) or `anywhere`, of one id or of
    all. Those that the playbook has no more are none of them.
    """

    desk: Desk
    place: int | None
    anywhere: bool
    gate: str

    def __contains__(self, one: GateDate) -> bool:
        known = one.gate in self.desk.rollout.book_at(one.location).gates
        seen = one.location is None or one.location in self.desk.extent
        return known and seen and self.gate in ("", one.gate) and (self.anywhere or one.location == self.place)


def picked(
    desk: Seeing,
    location: Annotated[Word, Query(description="A location's id, or `network` for what is held at none.")] = "",
    gate: Annotated[Word, Query(description="The id of a gate of the playbook.")] = "",
) -> Picked:
    """Raises Invalid for a place that there is not."""
    place = None if location == NETWORK else desk.rollout.named(location)
    return Picked(desk, place.id if place else None, not location, gate)


@router.get("/rollouts/{slug}/gates", summary="Its gates", response_model=Page[GateItem], responses=reading())
def list_gates(wanted: Annotated[Picked, Depends(picked)], page: Paged, session: Db, now: Now) -> Response:
    """Every gate with its day at the places that you may see, and where it stands, in the order of their ids."""
    rollout = wanted.desk.rollout
    held = held_gates(session, rollout.id, rollout.as_of(now))
    found = [one for one in gate_dates(session, rollout.id) if one in wanted]
    return page_of(
        page, "gates", GateItem, found, lambda one: one.id,
        lambda one: gate_item(rollout, one, held.get(one.id, NOT_HELD)),
    )  # fmt: skip


@router.get("/gates/{gate_id}", summary="One gate", response_model=GateWhole, responses=reading())
def show(request: Request, gate_id: RowId, viewer: Reader, session: Db, now: Now) -> Response:
    """Its evidence as it is measured now, and all that was said, voted and decided. Its `ETag` names the version that
    opening and closing the vote ask for, also of a gate of which nothing is recorded yet.
    """
    return show_gate(request, session, gate_id, viewer, now)


@router.get(
    "/gates/{gate_id}/history", summary="What happened to a gate", response_model=Page[HistoryLine],
    responses=reading(),
)  # fmt: skip
def show_history(gate_id: RowId, viewer: Detailed, page: Paged, session: Db, now: Now) -> Response:
    """The newest hundred events of a gate, oldest first."""
    found = gate_page(session, gate_id, viewer, now)
    if not found.detail:
        raise Forbidden("You may see this gate, but not what was done with it.")
    return page_of(
        page, "history", HistoryLine, found.history, lambda one: one.id,
        lambda one: HistoryLine(id=one.id, at=one.at, who=one.who, verb=one.verb, data=one.data),
    )  # fmt: skip


@router.get(
    "/gates/{gate_id}/packs/{number}", summary="The evidence as it was frozen", responses={**reading(), **CONTENT}
)
def show_pack(request: Request, gate_id: RowId, number: RowId, viewer: Detailed, session: Db, now: Now) -> Response:
    """The canonical JSON to which votes are bound, byte by byte, so that anybody may hash it again."""
    page = gate_page(session, gate_id, viewer, now)
    if not page.detail:
        raise Forbidden("You may see this gate, but not read its evidence.")
    pack = next((one for one in page.packs if one.number == number), None)
    if pack is None:
        raise NotFound("evidence")
    return _hashed(request, pack.content, pack.sha256)


@router.get(
    "/decisions/{decision_id}/record.json", summary="The record of a decision", responses={**reading(), **CONTENT}
)
def show_record(request: Request, decision_id: RowId, viewer: Detailed, session: Db, now: Now) -> Response:
    """The canonical JSON of that minute (evidence, votes, conditions, outcome), byte by byte. `X-Content-SHA256` is
    what was told when it was decided: a text with another hash is no longer the one that was recorded.
    """
    page = record_text(session, decision_id, viewer, now)
    return _hashed(request, page.decision.content, page.sha256)


def _hashed(request: Request, content: str, sha256: str) -> Response:
    return tagged(request, content.encode(), f'"0-{sha256[:16]}"', headers={"X-Content-SHA256": sha256})
