"""For machines: is the process alive, is it ready to answer, and the page of every component."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import PlainTextResponse, Response

from app.rules.access import Viewer
from app.web.frame import framed
from app.web.site import Base, Door, Guard
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


@router.get("/patterns")
def patterns(viewer: Annotated[Viewer, Depends(Guard())]) -> Response:
    return html("patterns.html", **framed(viewer, ""))
