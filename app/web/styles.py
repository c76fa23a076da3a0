"""The addresses of the stylesheets and of the script."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.web.bundle import served
from app.web.script import script
from app.web.site import Door
from app.web.stylesheet import sheet_of

router = APIRouter()


@router.get("/styles/{name}")
def styles(request: Request, name: str, _door: Annotated[None, Depends(Door())]) -> Response:
    return served(request, sheet_of(name), "text/css")


@router.get("/scripts/{name}")
def scripts(request: Request, name: str, _door: Annotated[None, Depends(Door())]) -> Response:
    return served(request, script(), "text/javascript")
