"""The page of the API: every operation, shape and kind of refusal, from the API's own description."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.web.prose import prose
from app.web.site import Door
from app.web.templating import html

router = APIRouter()
Description = Mapping[str, Any]
_JSON: Final = "application/json"
_KINDS: Final = {"integer": "number", "boolean": "yes or no", "object": "members"}
_FORMATS: Final = {"date": "day", "date-time": "instant", "binary": "bytes"}


@router.get("/api/v1/")
def show(_door: Annotated[None, Depends(Door())], request: Request) -> Response:
    """For everybody, like the description itself: it says what can be asked, not what anybody has."""
    found: Description = request.app.state.api.openapi()
    return html(
        "reference.html",
        viewer=None,
        title=found["info"]["title"],
        version=found["info"]["version"],
        lead_line=found["info"]["summary"],
        about=prose(found["info"]["description"].partition("\n\n")[2]),
        groups=[_group(found, tag) for tag in found["tags"]],
        shapes=[
            _shape(name, one) for name, one in sorted(found["components"]["schemas"].items()) if "properties" in one
        ],
        problems=[{**one, "meaning": prose(one["meaning"])} for one in found["x-problems"]],
    )


def _group(found: Description, tag: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": f"about-{tag['name']}",
        "title": tag["name"].capitalize(),
        "note": tag["description"],
        "operations": [
            _operation(path, method, one)
            for path, methods in found["paths"].items()
            for method, one in methods.items()
            if tag["name"] in one["tags"]
        ],
    }


def _operation(path: str, method: str, one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "call": f"{method.upper()} {path}",
        "summary": one["summary"],
        "about": prose(one.get("description", "")),
        "asks": [
            (
                each["name"],
                each["in"],
                type_words(each["schema"]),
                prose(each.get("description", "")),
                each.get("required", False),
            )
            for each in one.get("parameters", ())
        ],
        "body": [_body(kind, each) for kind, each in one.get("requestBody", {}).get("content", {}).items()],
        "answers": [_answered(status, each) for status, each in sorted(one["responses"].items())],
    }


def _body(kind: str, content: Mapping[str, Any]) -> str:
    return kind if kind != _JSON else f"{type_words(content['schema'])}, as {kind}"


def _answered(status: str, response: Mapping[str, Any]) -> tuple[str, str]:
    shape = response.get("content", {}).get(_JSON, {}).get("schema")
    return status, type_words(shape) if shape else response["description"]


def _shape(name: str, one: Mapping[str, Any]) -> dict[str, Any]:
    wanted = one.get("required", ())
    return {
        "id": f"shape-{name}",
        "name": name,
        "about": prose(one.get("description", "")),
        "members": [
            (member, type_words(each), prose(each.get("description", "")), member in wanted)
            for member, each in one["properties"].items()
        ],
    }


def type_words(schema: Mapping[str, Any]) -> str:
    """A schema in a few words: `list of TaskItem`, `text or null`."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(type_words(each) for each in schema["anyOf"]))
    if "enum" in schema or "const" in schema:
        return ", ".join(map(str, schema.get("enum", [schema.get("const")])))
    return " or ".join(_typed(schema))


def _typed(schema: Mapping[str, Any]) -> Iterator[str]:
    kinds = schema.get("type", "anything")
    for kind in kinds if isinstance(kinds, list) else [kinds]:
        if kind == "array":
            yield f"list of {type_words(schema.get('items', {}))}"
        elif kind == "string":
            yield _FORMATS.get(schema.get("format", ""), "text")
        else:
            yield _KINDS.get(kind, str(kind))
