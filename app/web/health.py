"""For machines: is the process alive, is it ready to answer, and the page of every component."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import PlainTextResponse, Response

from app.queries.deliveries import heartbeats, oldest_due
from app.rules.heartbeat import has_stopped, is_silent
from app.rules.people.access import Viewer
from app.web.frame import framed
from app.web.site import Base, Door, Guard, Now
from app.web.templating import html

router = APIRouter()
Anybody = Annotated[None, Depends(Door())]


@router.get("/healthz")
def alive(_door: Anybody) -> Response:
    return PlainTextResponse("alive\n")


@router.get("/readyz")
def ready(_door: Anybody, base: Base) -> Response:
    """Ready means that the database answers."""
    try:
        with base.reading() as session:
            session.connection().execute(text("SELECT 1"))
    except SQLAlchemyError:
        return PlainTextResponse("the database does not answer\n", status_code=503, headers={"Retry-After": "5"})
    return PlainTextResponse("ready\n")


@router.get("/health")
def health(_door: Anybody, base: Base, now: Now) -> Response:
    """For monitoring: how long ago a worker looked, and looked at the clocks of issues, and how long the oldest message
    has been due, in seconds.

    Without a worker for a minute, or with escalation not running for two, it is 503, while the pages go on.
    """
    try:
        with base.reading() as session:
            (seen, swept), due = heartbeats(session), oldest_due(session, now)
    except SQLAlchemyError:
        return PlainTextResponse("database away\n", status_code=503, headers={"Retry-After": "5"})
    lines = [
        "database answers",
        f"worker_seconds {_ago(seen, now)}",
        f"escalation_seconds {_ago(swept, now)}",
        f"oldest_due_seconds {0 if due is None else int((now - due).total_seconds())}",
    ]
    well = not is_silent(seen, now) and not has_stopped(swept, now)
    return PlainTextResponse("\n".join([*lines, ""]), status_code=200 if well else 503)


def _ago(seen: datetime | None, now: datetime) -> str:
    return "never" if seen is None else f"{int((now - seen).total_seconds())}"


@router.get("/patterns")
def patterns(viewer: Annotated[Viewer, Depends(Guard())]) -> Response:
    return html("patterns.html", **framed(viewer, ""))
