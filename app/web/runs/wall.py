"""The wall of a run: for whoever may see the run, and by a link for a screen where nobody signs in."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Annotated, Any

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Path, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions.people.secrets import token_hash
from app.db import Database
from app.errors import NotFound, Throttled
from app.models import Run
from app.queries.runs.links import run_behind
from app.queries.runs.room import seen_run
from app.queries.runs.wall import wall
from app.rules.people.access import Permission, Viewer
from app.web.forms import RowId
from app.web.frame import bare, signed_in
from app.web.hub import Hub
from app.web.kept import Keeper, Kept, KeptForAll, by_the_minute
from app.web.listening import Screen
from app.web.live import After, hub, refused, streamed
from app.web.runs.kept_walls import Made, walls_of
from app.web.runs.strangers import strangers_of
from app.web.runs.wall_shown import shown_wall
from app.web.site import Base, Db, Door, Guard, Now
from app.web.templating import environment, html

router = APIRouter()
Reader = Annotated[Viewer, Depends(Guard(Permission.SEE_PLAN))]
Anybody = Annotated[None, Depends(Door())]
LinkToken = Annotated[str, Path(max_length=100)]


@router.get("/runs/{run_id}/wall")
@by_the_minute
def show(request: Request, kept: Kept, run_id: RowId, viewer: Reader, session: Db, now: Now) -> Response:
    run = seen_run(session, run_id, viewer)
    return _page(request, kept, session, run, now, viewer=signed_in(viewer), back=f"/runs/{run_id}")


@router.get("/wall/{token}")
@by_the_minute
def show_to_all(
    request: Request, kept: KeptForAll, token: LinkToken, _door: Anybody, session: Db, now: Now
) -> Response:
    """The same for whoever has the link: no way into the product, and no sign-in that could end."""
    try:
        _, run = run_behind(session, token_hash(token))
    except NotFound:
        return _nothing(request, now)
    return _page(request, kept, session, run, now, viewer=None, back="", stream=f"/wall/{token}/live")


def _page(request: Request, kept: Keeper, session: Session, run: Run, now: datetime, **frame: Any) -> Response:
    key = run.id or 0
    made = walls_of(request.app).wall(key, kept.mark, lambda: _made(session, run, now))
    return kept.answer(html("runs/wall.html", **frame, run=key, wall=made.wall, **made.head))


def _made(session: Session, run: Run, now: datetime) -> Made:
    shown = shown_wall(wall(session, run, now))
    drawn = environment().get_template("runs/_wall.html").module.wall(shown)  # type: ignore[attr-defined]
    return Made(drawn, {name: shown[name] for name in ("title", "live", "kind", "clocks")})


def _nothing(request: Request, now: datetime) -> Response:
    """A link that is none, or has ended. Raises Throttled for one too many from the same address."""
    refusal = strangers_of(request.app).refuse(_address(request), now)
    if isinstance(refusal, Throttled):
        raise refusal
    return html("runs/no_wall.html", 404, **bare())


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


@router.get("/wall/{token}/live")
async def listen(
    request: Request,
    token: LinkToken,
    _door: Anybody,
    base: Base,
    hub: Annotated[Hub, Depends(hub)],
    now: Now,
    after: After = None,
) -> Response:
    """That the run changed, as long as the link opens it. Raises NotFound, and Throttled."""
    found = await run_sync(_behind, base, token)
    if found is None:
        raise strangers_of(request.app).refuse(_address(request), now)
    link, run = found
    refusal = refused(request, hub, full=hub.crowded(link))
    if refusal is not None:
        return refusal
    return streamed(hub, Screen(link=link, run=run, checked=asyncio.get_running_loop().time()), after)


def _behind(base: Database, token: str) -> tuple[int, int] | None:
    with base.reading() as session:
        try:
            link, run = run_behind(session, token_hash(token))
        except NotFound:
            return None
        return link, run.id or 0
