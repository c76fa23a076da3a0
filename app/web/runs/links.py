"""The links to the wall of a run: made, shown once, and ended by whoever leads."""

from __future__ import annotations

from datetime import datetime
from secrets import token_urlsafe
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from sqlmodel import Session
from starlette.responses import Response

from app.actions.runs.links import end_link, make_link
from app.errors import Invalid, Refused
from app.queries.runs.links import LinkLine, LinksPage, links_page
from app.rules.clock import moment
from app.rules.people.access import Permission, Viewer
from app.web.answers import see_other
from app.web.forms import Line, RowId
from app.web.frame import in_rollout, rail
from app.web.people.sign_in import shown_errors, summary
from app.web.proof import told_of
from app.web.runs.words import kind_words, where_words
from app.web.site import Config, Db, Desk, Guard, Now
from app.web.templating import html

router = APIRouter()
Reader = Annotated[Viewer, Depends(Guard(Permission.SEE_PLAN))]
Leader = Annotated[Viewer, Depends(Guard(Permission.CHECK_OFF))]


@router.get("/runs/{run_id}/links")
def show(run_id: RowId, viewer: Reader, session: Db, now: Now) -> Response:
    return _page(session, run_id, viewer, now)


@router.post("/runs/{run_id}/links")
def make(
    run_id: RowId, viewer: Leader, session: Db, config: Config, now: Now, title: Line = "", token: Line = ""
) -> Response:
    """The page with the text of the link, which is in no other answer ever again."""
    try:
        row, text = make_link(session, run_id, title=title, intent=token, by=viewer, now=now)
    except (Invalid, Refused) as refusal:
        session.rollback()
        return _page(session, run_id, viewer, now, told_of(refusal), title)
    if text is None:
        return see_other(f"/runs/{run_id}/links")
    made = {"title": row.title, "text": f"{config.address}/wall/{text}"}
    return _page(session, run_id, viewer, now, made=made)


@router.post("/runs/{run_id}/links/{link_id}/end")
def end(run_id: RowId, link_id: RowId, viewer: Leader, session: Db, now: Now) -> Response:
    end_link(session, run_id, link_id, by=viewer, now=now)
    return see_other(f"/runs/{run_id}/links")


def _page(
    session: Session,
    run_id: int,
    viewer: Viewer,
    now: datetime,
    told: dict[str, str] | None = None,
    title: str = "",
    made: dict[str, str] | None = None,
) -> Response:
    page, told = links_page(session, run_id, viewer), told or {}
    status = 409 if "" in told else 422 if told else 200
    return html(
        "runs/links.html",
        status,
        **in_rollout(Desk(viewer, page.rollout), "Runbooks"),
        **_crumbs(page),
        weeks=rail(page.rollout, now),
        address=f"/runs/{run_id}",
        over=page.run.ended_at is not None,
        links=[_shown(page, one, now) for one in page.links if one.ended_at is None],
        ended=[_shown(page, one, now) for one in page.links if one.ended_at is not None],
        value=title,
        errors=shown_errors(told, ("title",)),
        summary=summary(told),
        refusal=told.get("", ""),
        made=made,
        token=token_urlsafe(16),
    )


def _crumbs(page: LinksPage) -> dict[str, Any]:
    run, base = page.run, f"/rollouts/{page.rollout.slug}"
    where = where_words(page.rollout, page.place, run.wave)
    name = f"{page.title}, {where}"
    ways = [("Runbooks", f"{base}/runbooks"), (name, f"/runbooks/{run.dated_id}"),
            (kind_words(run), f"/runs/{run.id}"), ("Links to the wall", None)]  # fmt: skip
    return {"crumbs": ways, "name": name}


def _shown(page: LinksPage, one: LinkLine, now: datetime) -> dict[str, Any]:
    zone = page.place.zone if page.place else page.rollout.zone
    ended = moment(one.ended_at, zone, now) if one.ended_at else ""
    return {"id": one.id, "title": one.title, "made": f"{one.who}, {moment(one.at, zone, now)}", "ended": ended}
