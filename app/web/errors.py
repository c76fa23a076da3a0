"""Refusals as pages: one handler for the named errors, one for what the framework refuses, one for what went wrong."""

from __future__ import annotations

from typing import Final

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.errors import Forbidden, Invalid, MusterError, NotFound, ProofWanted, Refused, Stale, Throttled
from app.web.answers import is_fragment, sign_in_address
from app.web.security import HEADERS
from app.web.site import SignInWanted
from app.web.templating import html

log = structlog.get_logger(__name__)

_STATUS: Final[dict[type[MusterError], int]] = {
    NotFound: 404,
    Forbidden: 403,
    Invalid: 422,
    Refused: 409,
    Stale: 409,
    Throttled: 429,
    ProofWanted: 403,
}
_TITLES: Final = {
    400: "This request could not be read",
    403: "Not for you to change",
    404: "Nothing here",
    405: "Nothing here answers to that",
    409: "Not saved",
    413: "Too large",
    422: "Not saved",
    429: "Wait a little",
    500: "Something went wrong here",
    503: "Not just now",
}
_SAYINGS: Final = {
    400: "Your browser sent something this page cannot take. Nothing was changed.",
    404: "There is no such page, or none that you may see.",
    405: "The address is right, but not for this. Nothing was changed.",
    413: "What you sent is larger than this page takes. Nothing was changed.",
    422: "Something in the form cannot be taken. Nothing was changed.",
    500: "The fault is ours and has been noted. Nothing you sent was half saved; try again in a moment.",
    503: "The database does not answer at the moment. Try again in a moment.",
}


def error_page(status: int, say: str = "", headers: dict[str, str] | None = None) -> HTMLResponse:
    """A page that says what was refused and leads home."""
    return html(
        "errors/error.html",
        status_code_of(status),
        headers,
        status=status,
        title=_TITLES.get(status, "Not done"),
        say=say or _SAYINGS.get(status, "Nothing was changed."),
        act="",
        act_href="/",
        act_label="Go to the first page",
        viewer=None,
    )


def status_code_of(status: int) -> int:
    return status if 400 <= status <= 599 else 500


def sign_in_wanted(request: Request, _wanted: Exception) -> Response:
    address = sign_in_address(request)
    if is_fragment(request):
        return Response(status_code=401, headers={"HX-Redirect": address})
    return RedirectResponse(address, status_code=303)


def refused(_request: Request, refusal: Exception) -> Response:
    status = next((code for kind, code in _STATUS.items() if isinstance(refusal, kind)), 500)
    say = "" if isinstance(refusal, NotFound | Invalid) else str(refusal)
    headers = {"Retry-After": str(refusal.seconds)} if isinstance(refusal, Throttled) else None
    return error_page(status, say, headers)


def unreadable(_request: Request, problem: Exception) -> Response:
    """A path that cannot be an address here is not found; a form's fault never repeats what was typed."""
    found = problem.errors() if isinstance(problem, RequestValidationError) else ()
    in_path = any(error["loc"][:1] == ("path",) for error in found)
    return error_page(404 if in_path else 422)


def framework_refusal(_request: Request, problem: Exception) -> Response:
    if not isinstance(problem, HTTPException):
        return error_page(500)
    return error_page(413 if oversized(problem) else problem.status_code, headers=dict(problem.headers or {}))


def oversized(problem: HTTPException) -> bool:
    """Whether a form was refused for the length of one field: the form's reader calls that a bad request."""
    return problem.status_code == 400 and "exceeded maximum size" in str(problem.detail)


def database_away(request: Request, problem: Exception) -> Response:
    """The database does not answer, is locked for too long, or every connection stayed in use."""
    log.error("database does not answer", path=request.url.path, method=request.method, exc_info=problem)
    return error_page(503, headers={"Retry-After": "5"})


def fault(request: Request, problem: Exception) -> Response:
    log.error("request failed", path=request.url.path, method=request.method, exc_info=problem)
    # The framework answers this one outside our middlewares, so the headers are put on here.
    return error_page(500, headers={**HEADERS, "Cache-Control": "no-store"})


def install(app: FastAPI) -> None:
    """Puts the handlers on the application."""
    app.add_exception_handler(SignInWanted, sign_in_wanted)
    app.add_exception_handler(MusterError, refused)
    app.add_exception_handler(RequestValidationError, unreadable)
    app.add_exception_handler(HTTPException, framework_refusal)
    app.add_exception_handler(PoolTimeout, database_away)
    app.add_exception_handler(OperationalError, database_away)
    app.add_exception_handler(Exception, fault)
