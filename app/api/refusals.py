"""What refuses, turned into problem documents: one handler for each kind of trouble."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import compile_path

from app.actions.playbooks import VersionTaken
from app.api import kinds
from app.api.kinds import Kind
from app.api.playbook_shapes import mistake_facts
from app.api.problems import Malformed, ReadsOnly, TokenWanted, VersionWanted, problem
from app.errors import Forbidden, Invalid, MusterError, NotFound, ProofWanted, Refused, Stale, StaleAmong, Throttled
from app.plan import PlaybookError

log = structlog.get_logger(__name__)

Errors = list[dict[str, str]]
_BY_STATUS: Final = {
    400: kinds.MALFORMED,
    404: kinds.NOT_FOUND,
    405: kinds.METHOD,
    413: kinds.TOO_LARGE,
    415: kinds.MEDIA_TYPE,
    422: kinds.INVALID,
}
_BY_REFUSAL: Final[tuple[tuple[type[MusterError], Kind], ...]] = (
    (NotFound, kinds.NOT_FOUND),
    (ProofWanted, kinds.PROOF_WANTED),
    (Forbidden, kinds.FORBIDDEN),
    (Invalid, kinds.INVALID),
    (Refused, kinds.REFUSED),
    (Stale, kinds.STALE),
    (Throttled, kinds.THROTTLED),
)


def refused(_request: Request, refusal: Exception) -> Response:
    """Every named refusal of the layers below."""
    if isinstance(refusal, ReadsOnly):
        return problem(kinds.READS_ONLY, str(refusal))
    kind = next((kind for cls, kind in _BY_REFUSAL if isinstance(refusal, cls)), kinds.FAULT)
    detail = kind.meaning if isinstance(refusal, NotFound | Invalid) else str(refusal)
    headers = {"Retry-After": str(refusal.seconds)} if isinstance(refusal, Throttled) else None
    return problem(kind, detail, _members(refusal), headers)


def _members(refusal: Exception) -> dict[str, Any]:
    if isinstance(refusal, Invalid):
        return {"errors": [{"at": name, "message": message} for name, message in refusal.fields.items()]}
    if isinstance(refusal, VersionTaken):
        return {"missing": [], "stands": refusal.stands, "offer": refusal.offer}
    if isinstance(refusal, Refused):
        return {"missing": list(refusal.missing)}
    if isinstance(refusal, Stale):
        when = refusal.when.isoformat() if refusal.when else None
        known = {"who": refusal.who, "when": when, "what": refusal.what, "etag": getattr(refusal, "etag", None)}
        return {**known, "ids": list(refusal.ids)} if isinstance(refusal, StaleAmong) else known
    return {}


def token_wanted(_request: Request, _wanted: Exception) -> Response:
    return problem(
        kinds.TOKEN_WANTED, kinds.TOKEN_WANTED.meaning, headers={"WWW-Authenticate": 'Bearer realm="Muster API"'}
    )


def version_wanted(_request: Request, _wanted: Exception) -> Response:
    return problem(kinds.VERSION_WANTED, kinds.VERSION_WANTED.meaning)


def mistakes(_request: Request, mistake: Exception) -> Response:
    found = mistake.report.problems if isinstance(mistake, PlaybookError) else ()
    shown = [mistake_facts(one) for one in found]
    return problem(kinds.MISTAKES, kinds.MISTAKES.meaning, {"mistakes": shown})


def unreadable(_request: Request, fault: Exception) -> Response:
    """A path that cannot be an address here is not found; a header of a version that is none is told apart."""
    found = fault.errors() if isinstance(fault, RequestValidationError) else ()
    if any(error["loc"][:1] == ("path",) for error in found):
        return problem(kinds.NOT_FOUND, kinds.NOT_FOUND.meaning)
    return problem(kinds.MALFORMED, kinds.MALFORMED.meaning, {"errors": _places(found)})


def _places(found: Iterable[Mapping[str, Any]]) -> Errors:
    """Where something is wrong, and what is right. Names that only the sender chose are left out."""
    errors = []
    for error in found:
        unknown = error["type"] == "extra_forbidden"
        loc = (
            error["loc"][:1]
            if unknown
            else (*error["loc"][:2], *(part for part in error["loc"][2:] if type(part) is int))
        )
        message = "A member that is not known here." if unknown else str(error["msg"])
        errors.append({"at": ".".join(map(str, loc)), "message": message})
    return errors


def framework_refusal(request: Request, refusal: Exception) -> Response:
    if not isinstance(refusal, HTTPException):
        return fault(request, refusal)
    kind = _BY_STATUS.get(refusal.status_code, kinds.MALFORMED)
    if isinstance(refusal, Malformed):
        error = {"at": refusal.at, "message": str(refusal.detail)}
        return problem(kind, str(refusal.detail), {"errors": [error]} if kind is kinds.MALFORMED else None)
    headers = {"Allow": _allowed(request)} if kind is kinds.METHOD else None
    members: dict[str, Any] | None = {"errors": []} if kind is kinds.MALFORMED else None
    return problem(kind, kind.meaning, members, headers)


def _allowed(request: Request) -> str:
    """Every method of an address: the framework names only those of the first route that fits."""
    path = request.url.path.removeprefix(request.scope.get("root_path", ""))
    spec: dict[str, Any] = request.app.openapi()["paths"]
    found = {method.upper() for known in spec if compile_path(known)[0].match(path) for method in spec[known]}
    return ", ".join(sorted(found))


def database_away(request: Request, trouble: Exception) -> Response:
    log.error("database does not answer", path=request.url.path, method=request.method, exc_info=trouble)
    return problem(kinds.AWAY, kinds.AWAY.meaning, headers={"Retry-After": "5"})


def fault(request: Request, trouble: Exception) -> Response:
    log.error("request failed", path=request.url.path, method=request.method, exc_info=trouble)
    return problem(kinds.FAULT, kinds.FAULT.meaning)


def install(api: FastAPI) -> None:
    """Puts the handlers on the application."""
    api.add_exception_handler(TokenWanted, token_wanted)
    api.add_exception_handler(VersionWanted, version_wanted)
    api.add_exception_handler(PlaybookError, mistakes)
    api.add_exception_handler(MusterError, refused)
    api.add_exception_handler(RequestValidationError, unreadable)
    api.add_exception_handler(HTTPException, framework_refusal)
    api.add_exception_handler(PoolTimeout, database_away)
    api.add_exception_handler(OperationalError, database_away)
    api.add_exception_handler(Exception, fault)
