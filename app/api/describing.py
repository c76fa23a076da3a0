"""How operations describe themselves: their answers, their problems, and what holds for all of them."""

from __future__ import annotations

from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from app.api import kinds
from app.api.kinds import Kind
from app.api.problems import MEDIA_TYPE

Responses = dict[int | str, dict[str, Any]]

ALWAYS: Final = (kinds.MALFORMED, kinds.THROTTLED, kinds.FAULT, kinds.AWAY)
_BEARER: Final = (kinds.TOKEN_WANTED, kinds.FORBIDDEN, kinds.NOT_FOUND, kinds.INVALID)
_CHANGE: Final = (kinds.READS_ONLY, kinds.REFUSED, kinds.TOO_LARGE, kinds.MEDIA_TYPE)
_VERSIONED: Final = (kinds.STALE, kinds.VERSION_WANTED)

TAG_HEADER: Final = {
    "ETag": {"description": "The version: send it as `If-Match` with a change.", "schema": {"type": "string"}}
}
_TEXT: Final = {"type": "string"}
PROBLEM: Final[dict[str, Any]] = {
    "type": "object",
    "description": "A refusal (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "description": "Leads to what this kind means."},
        "title": _TEXT,
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What happened, for a person."},
        "errors": {
            "type": "array",
            "description": "Which values cannot be taken, and why; what was sent is never repeated.",
            "items": {
                "type": "object",
                "required": ["at", "message"],
                "properties": {"at": _TEXT, "message": _TEXT},
            },
        },
        "missing": {"type": "array", "description": "What is still wanted, one line each.", "items": _TEXT},
        "who": {"type": "string", "description": "Who was quicker."},
        "when": {"type": ["string", "null"], "format": "date-time", "description": "When that was, in UTC."},
        "what": {"type": "string", "description": "What it was, as a past participle."},
        "etag": {"type": ["string", "null"], "description": "The version that is there now."},
        "ids": {
            "type": "array",
            "description": "Of several things those that were changed meanwhile.",
            "items": {"type": "integer"},
        },
        "stands": {"type": "string", "description": "The version of a playbook that is in the way."},
        "offer": {"type": "string", "description": "The next version that is free."},
        "mistakes": {
            "type": "array",
            "description": "What is wrong with a playbook.",
            "items": {"$ref": "#/components/schemas/Mistake"},
        },
    },
}


def reading(*more: Kind) -> Responses:
    """The problems of an operation that reads."""
    return _documented((*ALWAYS, *_BEARER, *more)) | {304: {"description": "You have this version already."}}


def changing(*more: Kind) -> Responses:
    """The problems of an operation that makes something."""
    return _documented((*ALWAYS, *_BEARER, *_CHANGE, *more))


def versioned(*more: Kind) -> Responses:
    """The problems of an operation that changes something, and so asks for the version that was seen."""
    return _documented((*ALWAYS, *_BEARER, *_CHANGE, *_VERSIONED, *more))


def _documented(found: tuple[Kind, ...]) -> Responses:
    by_status: dict[int, list[Kind]] = {}
    for kind in found:
        by_status.setdefault(kind.status, []).append(kind)
    return {status: _response(kinds_) for status, kinds_ in sorted(by_status.items())}


def _response(found: list[Kind]) -> dict[str, Any]:
    examples = {
        kind.name: {
            "summary": kind.title,
            "value": {"type": kind.type, "title": kind.title, "status": kind.status, "detail": kind.meaning},
        }
        for kind in found
    }
    content = {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": examples}
    return {"description": "; ".join(kind.title for kind in found), "content": {MEDIA_TYPE: content}}


def description_of(api: FastAPI, address: str) -> dict[str, Any]:
    """The whole description (OpenAPI 3.1), made once."""
    if api.openapi_schema is None:
        found = get_openapi(
            title=api.title,
            version=api.version,
            summary=api.summary,
            description=api.description,
            routes=api.routes,
            tags=api.openapi_tags,
            servers=[{"url": address}],
        )
        schemas = found.setdefault("components", {}).setdefault("schemas", {})
        schemas["Problem"] = PROBLEM
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        found["x-problems"] = [vars(kind) for kind in kinds.KINDS]
        for operations in found["paths"].values():
            for operation in operations.values():
                _complete(operation)
        api.openapi_schema = found
    return api.openapi_schema


def _complete(operation: dict[str, Any]) -> None:
    """What the framework does not know of: versions that must be named, tags of answers, validation of our own."""
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "header" and parameter["name"] == "if-match":
            parameter["name"], parameter["required"] = "If-Match", True
            parameter["schema"] = {"type": "string", **_first(parameter["schema"])}
    responses = operation["responses"]
    if "HTTPValidationError" in str(responses.get("422", "")):
        responses.pop("422")
    for status, response in responses.items():
        if status in ("200", "201", "202") and "application/json" in response.get("content", {}):
            response.setdefault("headers", TAG_HEADER)


def _first(schema: dict[str, Any]) -> dict[str, Any]:
    """A type that may be null, without the null."""
    found: dict[str, Any] = next(one for one in schema.get("anyOf", [schema]) if one.get("type") == "string")
    return {name: value for name, value in found.items() if name != "title"}
