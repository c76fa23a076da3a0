"""Files and links that prove an answer: attached and taken away, never overwritten."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from app.actions import texts
from app.actions.attached import content_of, standing, take_away
from app.actions.gates.opening import OpenGate, begun, changed, open_gate
from app.actions.loading import key_of, load
from app.errors import Forbidden, Invalid, NotFound
from app.models import GateFile
from app.rules.gates.access import may_answer
from app.rules.people.access import Viewer
from app.storage import StoredFile


def demand_gate_attachable(session: Session, dated_id: int, *, criterion: str, by: Viewer) -> None:
    """Before a file is even kept: raises NotFound, Forbidden and Refused for who may attach nothing there."""
    _attaching(session, dated_id, criterion, by)


def attach_gate_file(
    session: Session, dated_id: int, *, criterion: str, stored: StoredFile, file_name: str, by: Viewer, now: datetime
) -> GateFile:
    """Attach a file to the answer of a criterion; `stored` is what `EvidenceStore.keep` gave. The same again is quiet.

    Raises NotFound, Forbidden and Refused.
    """
    opened = _attaching(session, dated_id, criterion, by)
    record = key_of(begun(session, opened))
    row = GateFile(record_id=record, criterion=criterion, **content_of(stored, file_name), by_id=by.person, at=now)
    return _attach(session, opened, row, by, now)


def attach_gate_link(
    session: Session, dated_id: int, *, criterion: str, url: str, by: Viewer, now: datetime
) -> GateFile:
    """Attach an https address. The same again is quiet. Raises NotFound, Forbidden, Refused, and Invalid for `url`."""
    opened = _attaching(session, dated_id, criterion, by)
    url, record = texts.link("url", url), key_of(begun(session, opened))
    row = GateFile(record_id=record, criterion=criterion, url=url, by_id=by.person, at=now)
    return _attach(session, opened, row, by, now)


def _attach(session: Session, opened: OpenGate, row: GateFile, by: Viewer, now: datetime) -> GateFile:
    if (found := standing(session, row, "record_id", "criterion", "sha256", "url")) is not None:
        return found
    session.add(row)
    session.flush()
    changed(session, opened, "file_attached", by=by, now=now, after={"file": key_of(row), "criterion": row.criterion})
    return row


def remove_gate_file(session: Session, dated_id: int, file_id: int, *, by: Viewer, now: datetime) -> None:
    """Take a proof away; its content stays in the store. Removed already is quiet. Raises NotFound, Forbidden and
    Refused.
    """
    row = load(session, GateFile, file_id, "file")
    opened = _attaching(session, dated_id, row.criterion, by)
    if opened.row is None or row.record_id != key_of(opened.row):
        raise NotFound("file")
    if take_away(session, row, now=now):
        changed(session, opened, "file_removed", by=by, now=now, before={"file": file_id})


def _attaching(session: Session, dated_id: int, criterion: str, by: Viewer) -> OpenGate:
    opened = open_gate(session, dated_id, by=by)
    _, test = opened.test(criterion)
    if not may_answer(by, opened.gate, test.owner, opened.place):
        raise Forbidden("You may see this gate, but not attach anything to it.")
    if test.answer is None:
        raise Invalid({"file": "Nobody answers this: it is measured."})
    return opened
