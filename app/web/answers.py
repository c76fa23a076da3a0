"""Answers to a request: a page with its frame, a fragment, a way on."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import Request
from starlette.responses import RedirectResponse


def is_fragment(request: Request) -> bool:
    """True when a script asks for one element and not for a page."""
    return request.headers.get("hx-request") == "true" and request.headers.get("hx-boosted") != "true"


def see_other(address: str) -> RedirectResponse:
    """On to another page of this site, to be fetched anew."""
    return RedirectResponse(address, status_code=303)


def own_path(address: str, otherwise: str = "/") -> str:
    """A path of this site that a form or an address brought along; anything else becomes `otherwise`."""
    if address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable():
        return address
    return otherwise


def sign_in_address(request: Request) -> str:
    """The sign-in page that leads back to where the person was going."""
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return "/sign-in" if request.method != "GET" or wanted == "/" else f"/sign-in?next={quote(wanted, safe='')}"
