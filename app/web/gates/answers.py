"""Forms of what people answer at a gate, and of what proves it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, UploadFile
from starlette.responses import Response

from app.actions.gates.answering import answer_criterion
from app.actions.gates.files import attach_gate_file, attach_gate_link, demand_gate_attachable, remove_gate_file
from app.queries.gates.page import gate_file_of
from app.web.forms import Line, RowId
from app.web.gates.page import GateForm, Prover, Reader, Sending
from app.web.issues.identifiers import Confirmed, warned
from app.web.site import Base, Db, Now, Store, Token, recognised
from app.web.tasks.changes import Cells, ColumnId, Part
from app.web.tasks.forms import LineField, Typed
from app.web.tasks.tables import rows_of_cells
from app.web.told import Told
from app.web.uploads import sent, tried

router = APIRouter()


@router.post("/gates/{gate_id}/answer")
def answer(
    form: Sending,
    answer: Annotated[list[Typed], Form()] = [],  # noqa: B006 (FastAPI copies it)
    note: Typed = "",
    criterion: LineField = "",
    confirmed: Confirmed = "",
) -> Response:
    text = "\n".join(answer)
    sent = (("criterion", criterion), ("note", note), *(("answer", line) for line in answer))
    told = Told(form=f"answer:{criterion}", label="Answer", yours=text, typed={"answer": text, "note": note}, sent=sent)
    return _answered(form, told, criterion, {"answer": text, "note": note}, confirmed, text=text, note=note)


@router.post("/gates/{gate_id}/table")
def answer_rows(
    form: Sending,
    column: Annotated[list[ColumnId], Form(max_length=100)],
    cell: Cells = [],  # noqa: B006 (FastAPI copies it)
    note: Typed = "",
    criterion: LineField = "",
    part: Part = "",
    confirmed: Confirmed = "",
) -> Response:
    """A table, cell by cell. `part` row only adds empty rows to the form, and keeps what was typed."""
    rows = rows_of_cells(column, cell)
    words = "\n".join(" | ".join(row.values()) for row in rows if any(row.values()))
    sent = (("criterion", criterion), ("note", note), *(("column", one) for one in column),
            *(("cell", one) for one in cell))  # fmt: skip
    told = Told(
        form=f"answer:{criterion}", label="Answer", yours=words, typed={"answer": rows, "note": note}, sent=sent
    )
    if part == "row":
        return form.again(Told(form=told.form, typed={"answer": [*rows, {}], "note": note}))
    return _answered(form, told, criterion, {"answer": words, "note": note}, confirmed, rows=rows, note=note)


def _answered(
    form: GateForm, told: Told, criterion: str, texts: dict[str, str], confirmed: str, **given: Any
) -> Response:
    """Stored only where nothing looks like a patient's data, or somebody says that it is none."""
    if found := warned(texts, confirmed):
        return form.answer(Told(form=told.form, typed=told.typed, warning=found))
    return form.make(answer_criterion, told, criterion=criterion, **given, seen=form.seen)


@router.post("/gates/{gate_id}/evidence")
def attach(
    request: Request,
    gate_id: RowId,
    viewer: Prover,
    base: Base,
    token: Token,
    now: Now,
    store: Store,
    file: list[UploadFile],
    criterion: LineField = "",
) -> Response:
    """One or several files, written and hashed before the transaction of the change, which they would hold up."""
    with base.reading() as session:
        demand_gate_attachable(session, gate_id, criterion=criterion, by=viewer)
    brought = tried(store, file, "file")
    with base.writing() as session:
        form = GateForm(request, session, recognised(session, token, now), gate_id, 0, now)
        return form.make(brought.each(attach_gate_file), Told(form=f"file:{criterion}"), criterion=criterion)


@router.post("/gates/{gate_id}/evidence/link")
def attach_address(form: Sending, url: Line = "", criterion: LineField = "") -> Response:
    told = Told(form=f"link:{criterion}", typed={"url": url})
    return form.make(attach_gate_link, told, criterion=criterion, url=url)


@router.post("/gates/{gate_id}/files/{file_id}/removal")
def remove(form: Sending, file_id: RowId) -> Response:
    return form.make(remove_gate_file, Told(form="remove"), file_id)


@router.get("/gates/{gate_id}/files/{file_id}")
def download(gate_id: RowId, file_id: RowId, viewer: Reader, session: Db, store: Store, now: Now) -> Response:
    """The content under a name of ours, never shown inside a page of this site."""
    found = gate_file_of(session, gate_id, file_id, viewer, now)
    return sent(store, file_id, found, "gate-proof")
