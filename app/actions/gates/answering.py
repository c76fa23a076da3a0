"""Criteria that people answer, and what they attach for proof. Nothing is overwritten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from app.actions import texts
from app.actions.events import stale
from app.actions.gates.opening import OpenGate, begun, changed, open_gate
from app.actions.loading import key_of
from app.actions.tasks.answers import refusing
from app.errors import Forbidden, Invalid
from app.models import GateAnswer
from app.plan.format.answers import Answer
from app.rules.gates.access import may_answer
from app.rules.people.access import Viewer
from app.rules.tasks.answers import parse
from app.rules.tasks.tables import parse_table, row_titles


def answer_criterion(
    session: Session,
    dated_id: int,
    *,
    criterion: str,
    text: str = "",
    rows: Sequence[Mapping[str, str]] | None = None,
    note: str = "",
    seen: int | None,
    by: Viewer,
    now: datetime,
) -> GateAnswer:
    """Answer one criterion (`rows` for a table), with a note. The same again is quiet; another answer takes its place.

    `seen` is the key of the answer that the form showed (0: none; None: whichever). Raises NotFound, Forbidden, Stale,
    Refused, and Invalid for field `answer` or `note`.
    """
    opened = open_gate(session, dated_id, by=by)
    _, test = opened.test(criterion)
    if test.answer is None:
        raise Invalid({"answer": "Nobody answers this: it is measured."})
    if not may_answer(by, opened.gate, test.owner, opened.place):
        raise Forbidden("You may see this gate, but this is not yours to answer.")
    value, said = _value(opened, test.answer, text, rows), texts.prose("note", note, required=False)
    present = standing_answer(session, opened, criterion)
    if present is not None and (present.value, present.note) == (value, said):
        return present
    if seen is not None and seen != (key_of(present) if present else 0):
        raise stale(session, ("gate", opened.id))
    return _keep(session, opened, criterion, value, said, present, by, now)


def _value(opened: OpenGate, answer: Answer, text: str, rows: Sequence[Mapping[str, str]] | None) -> Any:
    with refusing():
        if answer.type != "table":
            return parse(answer, text)
        attributes = opened.location.attributes if opened.location else {}
        return parse_table(answer, rows or (), row_titles(answer, attributes))


def standing_answer(session: Session, opened: OpenGate, criterion: str) -> GateAnswer | None:
    """The answer that counts."""
    if opened.row is None:
        return None
    statement = select(GateAnswer).where(
        GateAnswer.record_id == key_of(opened.row),
        GateAnswer.criterion == criterion,
        col(GateAnswer.replaced_at).is_(None),
    )
    return session.exec(statement).first()


def _keep(
    session: Session,
    opened: OpenGate,
    criterion: str,
    value: Any,
    note: str,
    present: GateAnswer | None,
    by: Viewer,
    now: datetime,
) -> GateAnswer:
    record = begun(session, opened)
    if present is not None:
        present.replaced_at = now
        session.add(present)
        session.flush()
    row = GateAnswer(record_id=key_of(record), criterion=criterion, value=value, note=note, by_id=by.person, at=now)
    session.add(row)
    session.flush()
    changed(session, opened, "answered", by=by, now=now, after={"criterion": criterion, "answer": key_of(row)})
    return row
