"""Long lists, a page at a time: each page names the next one, and what is added meanwhile moves nothing."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Generic, TypeVar
from urllib.parse import urlencode

from fastapi import Depends, Query, Request
from pydantic import Field
from starlette.responses import Response

from app.api.fields import Shown, Whole
from app.api.tags import answer
from app.errors import Invalid

MOST: Final = 200
USUAL: Final = 50
_CURSOR: Final = re.compile(r"([a-z-]+):([0-9]{1,19})")

Item = TypeVar("Item", bound=Shown)
Line = TypeVar("Line")


class Page(Shown, Generic[Item]):
    """One page of a list in a fixed order."""

    items: list[Item]
    next: str | None = Field(description="The address of the next page; null on the last one.")


@dataclass(frozen=True)
class Asked:
    """Which page: at most `limit` items, after the cursor."""

    request: Request
    cursor: str
    limit: int

    def after(self, kind: str) -> int:
        """The key after which this list goes on; 0 from the start. Raises Invalid for a cursor of no such list."""
        if not self.cursor:
            return 0
        padding = "=" * (-len(self.cursor) % 4)
        try:
            text = base64.urlsafe_b64decode(self.cursor + padding).decode("ascii")
        except ValueError:
            text = ""
        found = _CURSOR.fullmatch(text)
        if found is None or found[1] != kind or int(found[2]) >= 2**62:
            raise Invalid({"cursor": "This is no cursor of this list. Begin without one."})
        return int(found[2])

    def address(self, kind: str, key: int) -> str:
        """The address of the page after a key."""
        text = base64.urlsafe_b64encode(f"{kind}:{key}".encode()).decode().rstrip("=")
        kept = [(name, value) for name, value in self.request.query_params.multi_items() if name != "cursor"]
        return f"{self.request.url.path}?{urlencode([*kept, ('cursor', text)])}"


async def asked(
    request: Request,
    cursor: Annotated[
        str, Query(max_length=80, pattern=r"^[A-Za-z0-9_-]*$", description="From `next` of the page before.")
    ] = "",
    limit: Annotated[int, Field(ge=1, le=MOST), Whole, Query(description="The most items of a page.")] = USUAL,
) -> Asked:
    return Asked(request, cursor, limit)


Paged = Annotated[Asked, Depends(asked)]


def page_of(
    page: Asked,
    kind: str,
    shape: type[Item],
    found: Sequence[Line],
    key: Callable[[Line], int],
    show: Callable[[Line], Item],
) -> Response:
    """The page of a list that was read whole: `found` in any order, shown in that of its keys."""
    after = page.after(kind)
    rest = [one for one in sorted(found, key=key) if key(one) > after]
    return cut_page(page, kind, shape, rest, key, show)


def cut_page(
    page: Asked,
    kind: str,
    shape: type[Item],
    found: Sequence[Line],
    key: Callable[[Line], int],
    show: Callable[[Line], Item],
) -> Response:
    """The page of a list that was read from the cursor on, one item more than fits where there are more."""
    shown = found[: page.limit]
    last = key(shown[-1]) if len(found) > page.limit else None
    return linked(page, kind, shape, [show(one) for one in shown], last)


def linked(page: Asked, kind: str, shape: type[Item], items: list[Item], last: int | None) -> Response:
    """A page and the way to the next one, in the body and as a Link header (RFC 8288)."""
    address = page.address(kind, last) if last is not None else None
    headers = {"Link": f'<{address}>; rel="next"'} if address else None
    return answer(page.request, Page[shape](items=items, next=address), headers=headers)  # type: ignore[valid-type]
