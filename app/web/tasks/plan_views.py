"""Views of the plan that somebody keeps under a name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form
from sqlmodel import Session
from starlette.responses import Response

from app.actions.rollouts.views import delete_filter, rename_filter, save_filter
from app.errors import Invalid, Refused
from app.rules.tasks.filter_texts import filter_of, query_of
from app.web.answers import see_other
from app.web.forms import Line, RowId
from app.web.site import Db, Desk, Now, Seeing
from app.web.tasks.plan import plan_answer

router = APIRouter()
Query = Annotated[str, Form(max_length=2_000)]


@router.post("/rollouts/{slug}/plan/views")
def keep(desk: Seeing, session: Db, now: Now, name: Line = "", filter: Query = "") -> Response:
    query = query_of(filter_of(filter))
    return _attempt(
        desk, session, now, query,
        lambda: save_filter(session, desk.rollout.id, name=name, query=query, by=desk.viewer, now=now),
    )  # fmt: skip


@router.post("/rollouts/{slug}/plan/views/{view_id}/name")
def rename(desk: Seeing, view_id: RowId, session: Db, now: Now, name: Line = "", filter: Query = "") -> Response:
    return _attempt(
        desk, session, now, query_of(filter_of(filter)),
        lambda: rename_filter(session, view_id, name=name, by=desk.viewer, now=now),
    )  # fmt: skip


@router.post("/rollouts/{slug}/plan/views/{view_id}/removal")
def forget(desk: Seeing, view_id: RowId, session: Db, now: Now, filter: Query = "") -> Response:
    return _attempt(
        desk, session, now, query_of(filter_of(filter)),
        lambda: delete_filter(session, view_id, by=desk.viewer, now=now),
    )  # fmt: skip


def _attempt(desk: Desk, session: Session, now: datetime, query: str, act: Callable[[], object]) -> Response:
    """Make one change, then back to the list; a name that cannot be taken is told on it."""
    try:
        act()
    except (Invalid, Refused) as refusal:
        session.rollback()
        told = refusal.fields["name"] if isinstance(refusal, Invalid) else refusal.reason
        status = 422 if isinstance(refusal, Invalid) else 409
        return plan_answer(desk, filter_of(query), session, now, error=told, status=status)
    return see_other(f"/rollouts/{desk.rollout.slug}/plan?{query}")
