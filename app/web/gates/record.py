"""The record of a decision: printed, downloaded, and proved by its hash. Nothing that is sent here is kept."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, UploadFile
from sqlmodel import Session
from starlette.responses import Response

from app.documents.gate_record import gate_record
from app.documents.typesetting import Paper
from app.errors import NotFound, Refused
from app.queries.gates.frozen import PackPage, pack_of_hash
from app.queries.gates.record import RecordPage, decision_record, record_of_hash, record_text
from app.rules.gates.records import hash_typed, in_fours
from app.rules.people.access import Permission, Viewer
from app.web.answers import see_other
from app.web.forms import Prose, RowId
from app.web.frame import framed, in_rollout, rail
from app.web.gates.printed import sheet
from app.web.gates.recorded import shown, shown_pack
from app.web.issues.boards import pdf_answer
from app.web.site import Config, Db, Desk, Guard, Now
from app.web.templating import html

router = APIRouter()
CHANGED: Final = "What is kept here is not what was recorded, so it is not printed."
NO_HASH: Final = "This is no such hash: it has 64 figures and letters from a to f."
Reader = Annotated[Viewer, Depends(Guard(Permission.SEE_PLAN))]
Hash = Annotated[str, Path(max_length=200)]


@router.get("/decisions/{decision_id}/record.pdf")
def print_record(
    decision_id: RowId, viewer: Reader, session: Db, config: Config, now: Now, paper: Paper = "a4"
) -> Response:
    page = decision_record(session, decision_id, viewer, now)
    if page.record is None:
        raise Refused(CHANGED)
    made = gate_record(sheet(page, page.record, config.address, paper))
    return pdf_answer(made, f"{_file_name(page)}-{page.decision.at:%Y-%m-%d}")


@router.get("/decisions/{decision_id}/record.json")
def text(
    decision_id: RowId, viewer: Annotated[Viewer, Depends(Guard(Permission.SEE_DETAIL))], session: Db, now: Now
) -> Response:
    """The very bytes that were hashed, so that anybody may hash them again."""
    page = record_text(session, decision_id, viewer, now)
    headers = {
        "Content-Disposition": f'attachment; filename="{_file_name(page)}.json"',
        "X-Content-SHA256": page.sha256,
    }
    return Response(page.decision.content, media_type="application/json", headers=headers)


def _file_name(page: RecordPage) -> str:
    place = page.rollout.location(page.dated.location_id)
    where = place.slug if place else page.dated.wave or page.rollout.slug
    return f"{page.dated.entry}-{where}-{page.id}"


@router.get("/records")
def ask(viewer: Reader) -> Response:
    return _form(viewer)


@router.post("/records")
def find(viewer: Reader, hash: Prose = "", file: UploadFile | None = None) -> Response:
    """On to the page of the record with that hash: the one that was typed, or that of the file."""
    if file is not None and file.filename:
        return see_other(f"/records/{hashlib.sha256(file.file.read()).hexdigest()}")
    found = hash_typed(hash)
    if not found:
        return _form(viewer, 422, typed=hash, error=NO_HASH if hash else "Type a hash, or choose a file.")
    return see_other(f"/records/{found}")


@router.get("/records/{sha256}")
def show(sha256: Hash, viewer: Reader, session: Db, now: Now) -> Response:
    """The record, or the evidence of a vote, proved anew. What the reader may not see is as unknown as what is not
    there.
    """
    known = hash_typed(sha256)
    try:
        page: RecordPage | PackPage = _found(session, known, viewer, now)
    except NotFound:
        return _form(viewer, 404, unknown=" ".join(in_fours(known)))
    rollout, dated, at = page.rollout, page.dated, page.rollout.as_of(now)
    what = "Record of the decision" if isinstance(page, RecordPage) else "Frozen evidence"
    crumbs = [("Gates", f"/rollouts/{rollout.slug}/gates"), (dated.title, f"/gates/{dated.id}"), (what, None)]
    frame = {**in_rollout(Desk(viewer, rollout), "Gates"), "weeks": rail(rollout, at), "crumbs": crumbs}
    if isinstance(page, PackPage):
        return html("gates/pack.html", **frame, **shown_pack(page, at))
    return html("gates/record.html", **frame, **shown(page, at))


def _found(session: Session, sha256: str, viewer: Viewer, now: datetime) -> RecordPage | PackPage:
    try:
        return record_of_hash(session, sha256, viewer, now)
    except NotFound:
        return pack_of_hash(session, sha256, viewer)


def _form(viewer: Viewer, status: int = 200, **said: Any) -> Response:
    blank = {"typed": "", "error": "", "unknown": ""}
    return html("gates/records.html", status, **framed(viewer), missing=status == 404, **{**blank, **said})
