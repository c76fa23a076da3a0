"""Groups hand down: what stands nearer wins, `where` and `after` add up, a sequence chains its entries."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from app.plan.format.conditions import ALWAYS, Condition, both
from app.plan.format.when import Link

Items = Mapping[str, Any]


def hand_down(
    items: Items,
    names: tuple[str, ...],
    given: Mapping[str, Any],
    *,
    where: Condition = ALWAYS,
    after: tuple[Link, ...] = (),
    parent: str = "",
    chained: bool = False,
) -> dict[str, Any]:
    """The same entries with `names` filled from `given` where they say nothing themselves.

    `given` maps handed-down names to values; `chained` makes each entry wait for the one before it.
    """
    found: dict[str, Any] = {}
    previous = ""
    for name, item in items.items():
        waits = after + ((Link(previous),) if chained and previous else ())
        found[name] = _filled(item, names, given, where, waits, parent)
        previous = name
    return found


def _filled(
    item: Any, names: tuple[str, ...], given: Mapping[str, Any], where: Condition, after: tuple[Link, ...], parent: str
) -> Any:
    own = {n: getattr(item, n) for n in names if hasattr(item, n)}
    values = {n: given.get(n) if v is None else v for n, v in own.items()}
    changes: dict[str, Any] = {**values, "parent": parent, "title": item.title or item.id}
    if hasattr(item, "where"):
        changes["where"] = where = both(where, item.where)
    if hasattr(item, "after"):
        changes["after"] = after = after + item.after
    if hasattr(item, "items"):
        below = {**given, **{n: v for n, v in values.items() if v is not None}}
        sequence = getattr(item, "order", "") == "sequence"
        changes["items"] = hand_down(
            item.items or {}, names, below, where=where, after=after, parent=item.id, chained=sequence
        )
    return dataclasses.replace(item, **changes)


def leaves(items: Items | None) -> Iterator[Any]:
    """The single entries inside, in file order."""
    for item in (items or {}).values():
        if hasattr(item, "items"):
            yield from leaves(item.items)
        else:
            yield item


def everything(items: Items | None) -> Iterator[Any]:
    """Groups and single entries, in file order, a group before what it holds."""
    for item in (items or {}).values():
        yield item
        if hasattr(item, "items"):
            yield from everything(item.items)
