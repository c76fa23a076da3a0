"""A request read strictly: JSON that leaves nothing open, and no question that the route does not know."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine
from math import isfinite
from typing import Any

from fastapi import Request
from fastapi.dependencies.utils import get_flat_params
from fastapi.params import Form, Query
from fastapi.routing import APIRoute
from starlette.datastructures import Headers
from starlette.responses import Response

from app.api.problems import Malformed

Pairs = list[tuple[str, Any]]
DEEPEST = 64
EXACT = 2**53


def read_json(body: bytes) -> Any:
    """The value. Raises Malformed for what JSON leaves to chance: a member twice, NaN, a number that no machine holds,
    half a surrogate pair, brackets without end.
    """
    try:
        value = json.loads(
            body.decode("utf-8"), object_pairs_hook=_members, parse_constant=_refuse, parse_float=_number
        )
        _demand_shallow(value)
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError):
        raise Malformed("The body is not JSON that can be read in one way only.", "body") from None
    return value


def _demand_shallow(value: Any) -> None:
    level = [value]
    for _ in range(DEEPEST):
        inside = [one.values() if isinstance(one, dict) else one for one in level if isinstance(one, dict | list)]
        level = [each for one in inside for each in one]
    if level:
        raise ValueError("too deep")


def _members(pairs: Pairs) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a member twice")
    return found


def _refuse(name: str) -> Any:
    raise ValueError(name)


def _number(text: str) -> float | int:
    """JSON knows one kind of number: 3.0 is 3."""
    number = float(text)
    if not isfinite(number):
        raise ValueError("too large")
    return int(number) if number.is_integer() and abs(number) < EXACT else number


class StrictRequest(Request):
    """A request whose JSON is read by our own rules."""

    async def json(self) -> Any:
        return read_json(await self.body())


class StrictRoute(APIRoute):
    """A route that refuses what it does not know in the query, and the same name twice."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handler = super().get_route_handler()
        known = {one.alias for one in get_flat_params(self.dependant) if isinstance(one.field_info, Query)}

        async def strict(request: Request) -> Response:
            asked = request.query_params.multi_items()
            names = [name for name, _ in asked]
            if set(names) - known or len(set(names)) != len(names):
                raise Malformed("The query holds a name that is not known here, or one twice.", "query")
            _demand_json(self, request.headers)
            return await handler(StrictRequest(request.scope, request.receive))

        return strict


def _demand_json(route: APIRoute, headers: Headers) -> None:
    """A body that is to be JSON says so."""
    if route.body_field is None or isinstance(route.body_field.field_info, Form):
        return
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Malformed("Send the body as application/json.", "body", status=415)
