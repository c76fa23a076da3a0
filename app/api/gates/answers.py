"""Criteria that people answer, and the links that prove an answer."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from pydantic import ConfigDict, Field
from sqlmodel import Session
from starlette.responses import Response

from app.actions.gates.answering import answer_criterion
from app.actions.gates.files import attach_gate_link
from app.actions.intents import once
from app.api.callers import Db
from app.api.describing import changing, reading, versioned
from app.api.fields import LINE_PATTERN, PATH_PATTERN, Given, Line, Prose, RowId
from app.api.gates.change import Acting, Voter
from app.api.gates.held import answer_lines
from app.api.gates.held_shapes import AnswerLine
from app.api.gates.shapes import GateWhole
from app.api.guards import Reader
from app.api.intents import IntentKey
from app.api.issues.change import Written
from app.api.reading import StrictRoute
from app.api.tags import IfMatch, answer, versioned_step
from app.errors import NotFound
from app.models import GateFile
from app.queries.gates.page import gate_page
from app.request import Now
from app.rules.people.access import Viewer

router = APIRouter(tags=["gates"], route_class=StrictRoute)
Criterion = Annotated[
    str,
    Path(pattern=PATH_PATTERN, max_length=80, description="The id of a criterion, with `.1` for the first of several."),
]


class Answered(Written):
    """An answer as one would type it: a text, a list of choices, or the rows of a table by column."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"value": "yes", "note": "Seen on Monday"}, {"value": "900"}]}
    )

    value: Prose | list[Line] | list[dict[str, Line]] = Field(max_length=20_000)
    note: Prose = ""

    @property
    def text(self) -> str:
        """As it would be typed; several choices one a line."""
        return self.value if isinstance(self.value, str) else "\n".join(x for x in self.value if isinstance(x, str))

    @property
    def rows(self) -> list[dict[str, str]]:
        """Those of a table."""
        return [one for one in self.value if isinstance(one, dict)]

    def checked(self) -> dict[str, Any]:
        """Choices and cells are looked through, too."""
        words = "\n".join((self.text, *(cell for row in self.rows for cell in row.values())))
        return super(Answered, self.model_copy(update={"value": words})).checked()


class Link(Given):
    """The address of a page that proves an answer."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"url": "https://example.org/report"}]})

    url: str = Field(max_length=2_000, pattern=LINE_PATTERN, description="It begins with https://")


@router.get(
    "/gates/{gate_id}/answers/{criterion}", summary="The answer to a criterion", response_model=AnswerLine,
    responses=reading(),
)  # fmt: skip
def show(request: Request, gate_id: RowId, criterion: Criterion, viewer: Reader, session: Db, now: Now) -> Response:
    """Its `ETag` names the answer that stands, also where there is none yet."""
    return _shown(request, session, gate_id, criterion, viewer, now)


@router.put(
    "/gates/{gate_id}/answers/{criterion}", summary="Answer a criterion", response_model=AnswerLine,
    responses=versioned(),
)  # fmt: skip
def give_answer(
    request: Request, gate_id: RowId, criterion: Criterion, given: Answered, seen: IfMatch, viewer: Voter, session: Db,
    now: Now,
) -> Response:  # fmt: skip
    """In place of an older answer, which is kept. The version is that of the answer: others may be given meanwhile. The
    same again is quiet.
    """
    note = given.checked()["note"]

    def act() -> object:
        return answer_criterion(
            session, gate_id, criterion=criterion, text=given.text, rows=given.rows, note=note, seen=seen.version,
            by=viewer, now=now,
        )  # fmt: skip

    versioned_step(session, act, lambda: _present(session, gate_id, criterion, viewer, now))
    return _shown(request, session, gate_id, criterion, viewer, now)


@router.post(
    "/gates/{gate_id}/answers/{criterion}/links", summary="Prove an answer by a link", status_code=201,
    response_model=GateWhole, responses=changing(),
)  # fmt: skip
def attach_address(act: Acting, criterion: Criterion, given: Link, key: IntentKey = "") -> Response:
    """In whatever version the gate is. The same address again is quiet."""

    def attach() -> GateFile:
        return attach_gate_link(act.session, act.id, criterion=criterion, url=given.url, by=act.viewer, now=act.now)

    asked = {"gate": act.id, "criterion": criterion, "url": given.url}
    once(act.session, key, GateFile, attach, asked=asked, by=act.viewer, now=act.now)
    return act.shown(201)


def _present(session: Session, gate_id: int, criterion: str, viewer: Viewer, now: datetime) -> tuple[AnswerLine, int]:
    found = next(
        (one for one in answer_lines(gate_page(session, gate_id, viewer, now)) if one.criterion == criterion), None
    )
    if found is None:
        raise NotFound("criterion")
    return found, found.id


def _shown(request: Request, session: Session, gate_id: int, criterion: str, viewer: Viewer, now: datetime) -> Response:
    session.flush()
    session.expire_all()
    line, key = _present(session, gate_id, criterion, viewer, now)
    return answer(request, line, version=key)
