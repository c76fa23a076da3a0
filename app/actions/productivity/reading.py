"""A file is read by a rule, and what the rule refuses is told beside the field `file`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, BinaryIO, TypeVar

from app.actions.tables import table_rows
from app.errors import Invalid
from app.rules.productivity.relative_values import RowFault

Read = TypeVar("Read")


def read_by(rule: Callable[[Iterator[list[str]]], Read], file: BinaryIO) -> Read:
    """What a rule makes of the rows of a file. Raises Invalid for `file`."""
    try:
        return rule(table_rows(file))
    except ValueError as fault:
        raise Invalid({"file": f"This file cannot be taken: {fault}."}) from fault


def faults_as_kept(faults: Iterable[RowFault]) -> list[list[Any]]:
    return [[one.row, one.said] for one in faults]


def faults_as_told(faults: Sequence[RowFault], faulty: int) -> Invalid:
    """The refusal of a whole file: the first rows that are wrong, and how many there are."""
    said = " ".join(f"Row {one.row}: {one.said}." if one.row else f"{one.said}." for one in faults)
    more = f" And {faulty - len(faults):,} more." if faulty > len(faults) else ""
    return Invalid({"file": f"Nothing was taken. {said}{more}"})
