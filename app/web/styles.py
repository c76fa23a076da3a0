"""The stylesheet's address."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Depends
from starlette.responses import Response

from app.web.site import Door
from app.web.stylesheet import stylesheet

router = APIRouter()
FOR_GOOD: Final = "public, max-age=31536000, immutable"


@router.get("/styles/{name}")
def styles(name: str, _door: Annotated[None, Depends(Door())]) -> Response:
    """An address of an older sheet gets the present one, which then is not kept."""
    sheet = stylesheet()
    kept = FOR_GOOD if sheet.address.endswith(f"/{name}") else "no-cache"
    return Response(sheet.body, media_type="text/css", headers={"Cache-Control": kept})
