"""The printed pack: of a runbook before a run of it is made, and of a run."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from app.documents.runbook_pack import runbook_pack
from app.documents.typesetting import Paper
from app.queries.runs import pack as packs
from app.queries.runs.pack import PackSheet
from app.rules.people.access import Permission, Viewer
from app.settings import Settings
from app.web.forms import RowId
from app.web.issues.boards import pdf_answer
from app.web.runs.packed import sheet
from app.web.site import Config, Db, Guard, Now

router = APIRouter()
Reader = Annotated[Viewer, Depends(Guard(Permission.SEE_PLAN))]


@router.get("/runbooks/{dated_id}/pack.pdf")
def of_runbook(dated_id: RowId, viewer: Reader, session: Db, config: Config, now: Now, paper: Paper = "a4") -> Response:
    """With the times of a live run as it would be planned now."""
    return _printed(packs.runbook_pack(session, dated_id, viewer, now), config, paper, now)


@router.get("/runs/{run_id}/pack.pdf")
def of_run(run_id: RowId, viewer: Reader, session: Db, config: Config, now: Now, paper: Paper = "a4") -> Response:
    """With a code beside each step that leads to it."""
    return _printed(packs.run_pack(session, run_id, viewer, now), config, paper, now)


def _printed(found: PackSheet, config: Settings, paper: Paper, now: datetime) -> Response:
    where = found.place.slug if found.place else found.wave or found.rollout.slug
    name = f"{found.runbook.id}-{where}{f'-run-{found.run.number}' if found.run else ''}"
    return pdf_answer(runbook_pack(sheet(found, config.address, paper, now)), name)
