"""The chosen set takes its wave: the page that shows who moves and what comes with it, and the step that does it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.actions.schedule.moves import Move
from app.actions.selection.placing import place_set, planned_placing
from app.errors import Invalid, Refused, Stale
from app.queries.selection.page import SelectionPage, selection_page
from app.rules.people.access import Permission, Viewer
from app.web.answers import see_other
from app.web.forms import RowId
from app.web.moved import shown_move
from app.web.selection.page import framed
from app.web.setup.locations import Form, Typed
from app.web.site import Db, Guard, Now
from app.web.templating import html

router = APIRouter()
Director = Annotated[Viewer, Depends(Guard(Permission.DIRECT))]
Told = Refused | Stale | None


@router.get("/selections/{selection_id}/waves")
def ask(request: Request, selection_id: RowId, viewer: Director, session: Db, now: Now) -> Response:
    page = selection_page(session, selection_id, viewer, now)
    waves = _waves(page, {name: [value] for name, value in request.query_params.items()})
    try:
        move = planned_placing(session, selection_id, waves=waves, by=viewer, now=now)
    except Invalid as fault:
        return _show(page, viewer, waves, now, errors=fault.fields)
    except Refused as refusal:
        return _show(page, viewer, waves, now, told=refusal)
    return _show(page, viewer, waves, now, move)


@router.post("/selections/{selection_id}/waves")
def place(sent: Form, selection_id: RowId, viewer: Director, session: Db, now: Now) -> Response:
    page = selection_page(session, selection_id, viewer, now)
    waves, shown = _waves(page, sent), next(iter(sent.get("shown", ())), "")
    try:
        place_set(session, selection_id, waves=waves, shown=shown, by=viewer, now=now)
    except (Invalid, Refused, Stale) as refusal:
        session.rollback()
        page = selection_page(session, selection_id, viewer, now)
        errors = refusal.fields if isinstance(refusal, Invalid) else {}
        told = None if isinstance(refusal, Invalid) else refusal
        return _show(page, viewer, waves, now, _again(page, viewer, session, waves, now), errors, told)
    return see_other(f"/selections/{selection_id}")


def _again(page: SelectionPage, viewer: Viewer, session: Any, waves: dict[int, str], now: datetime) -> Move | None:
    try:
        return planned_placing(session, page.id, waves=waves, by=viewer, now=now)
    except (Invalid, Refused):
        return None


def _waves(page: SelectionPage, sent: Typed) -> dict[int, str]:
    """The wave that was chosen for each location that makes room: fields `wave-<id>`."""
    found = {one.id: next(iter(sent.get(f"wave-{one.candidate.slug}", ())), "") for one in page.candidates}
    return {key: wave for key, wave in found.items() if wave}


def _show(
    page: SelectionPage, viewer: Viewer, waves: dict[int, str], now: datetime, move: Move | None = None,
    errors: dict[str, str] | None = None, told: Told = None,
) -> Response:  # fmt: skip
    titles = [(id_, wave.title) for id_, wave in page.rollout.playbook.waves.items() if id_ != page.selection.wave]
    needed = page.placing
    status = 422 if errors else 409 if told else 200
    return html(
        "selection/waves.html",
        status,
        **framed(page, viewer, now),
        crumbs=[
            ("Gates", f"/rollouts/{page.rollout.slug}/gates"),
            (page.selection.title, f"/selections/{page.id}"),
            ("Waves", None),
        ],
        selection={"id": page.id, "title": page.selection.title, "wave": page.wave.title},
        coming=[one.name for one in needed.coming] if needed else [],
        going=[
            {"slug": one.candidate.slug, "name": one.name, "wave": waves.get(one.id, wave)}
            for one, wave in (needed.going if needed else ())
        ],
        waves=titles,
        needed=bool(needed and needed.needed),
        errors=errors or {},
        refusal=told,
        move={**shown_move(move, page.rollout, now), "act": "Move these centres"} if move else None,
    )
