"""Two counts of the same thing, or an answer: how far apart they are, and whether that is near enough. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Any, Final

from app.plan.format.rhythm import ReconciliationLine
from app.plan.language.compare import Tolerance
from app.rules.tasks.answers import AnswerError, judge, parse

_COUNT: Final = re.compile(r"-?[0-9]{1,15}([.,][0-9]{1,15})?")
_HUNDRED: Final = Decimal(100)
# Two counts of 30 digits each, and their share: nothing is rounded.
_DIGITS: Final = 64


@dataclass(frozen=True)
class Given:
    """What somebody says of one line: the counts of both sources, or an answer; and why they differ."""

    line: str
    left: Decimal | None = None
    right: Decimal | None = None
    answer: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Variance:
    """How far two counts are apart. `amount` is the second less the first; `percent` is that of the first count (None
    where the first is 0 and the second is not); `allowed` is what the tolerance allows, in units of the line.
    """

    amount: Decimal
    percent: Decimal | None
    allowed: Decimal

    @property
    def within(self) -> bool:
        return abs(self.amount) <= self.allowed


def variance(tolerance: Tolerance, left: Decimal, right: Decimal) -> Variance:
    """The difference of the second source from the first, exactly.

    `2 or 1 %` allows the wider of the two: 2, or one percent of the count of the first source. That count is what
    ought to be found again in the second, so it is the one that a share is of (section 3 of the playbook format,
    which leaves it open).
    """
    with localcontext() as context:
        context.prec = _DIGITS
        amount = right - left
        share = abs(left) * _exact(tolerance.percent or 0.0) / _HUNDRED
        percent = amount * _HUNDRED / abs(left) if left else (None if amount else Decimal(0))
        return Variance(amount, percent, max(_exact(tolerance.absolute), share))


def _exact(number: float) -> Decimal:
    """The figure as it is written in the playbook: 0.1 is a tenth."""
    return Decimal(repr(number))


def count_of(text: str) -> Decimal:
    """A count as typed: `412`, `1204.50`, `1204,50`. Raises `AnswerError`."""
    text = text.strip()
    if not _COUNT.fullmatch(text):
        raise AnswerError("Give a figure, as 412 or 1204.50, without separators between thousands.")
    return Decimal(text.replace(",", "."))


def answer_of(line: ReconciliationLine, text: str) -> Any:
    """The answer to a line that asks a question, as JSON keeps it. A table is told in words. Raises `AnswerError`."""
    asked = line.answer
    if asked is None:
        raise AnswerError("Two counts are compared here.")
    if asked.type != "table":
        return parse(asked, text)
    text = text.strip()
    if not text:
        raise AnswerError("Nothing was given.")
    return text


def within(line: ReconciliationLine, left: Decimal | None, right: Decimal | None, answer: Any) -> bool:
    """Whether a line is as it should be; an answer of which that cannot be said is not."""
    if line.answer is not None:
        return judge(line.answer, answer) == "pass"
    return left is not None and right is not None and variance(line.tolerance, left, right).within


def typed_in_words(line: ReconciliationLine) -> bool:
    """Whether its answer is text of somebody's own, which may have to be taken away."""
    return line.answer is not None and line.answer.type in ("text", "person", "table")
