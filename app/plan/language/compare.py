"""`at least 100`, `40 .. 50`, `is not neither`, `1 % or 2`: how a figure or an option is judged."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from app.plan.problems import Wrong, shown

Operator = Literal["at least", "at most", "over", "under", "is", "is not", "between"]

NUMBER = r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?"
_VALUE = re.compile(rf"({NUMBER})( %)?( of baseline)?\Z")
_TOLERANCE = re.compile(rf"({NUMBER})( %)?(?: or ({NUMBER}) %)?\Z")
_CHANGE = re.compile(rf"({NUMBER})(?: %)? \.\. ({NUMBER})( %)?\Z")
_RATIO = re.compile(r"([0-9]{1,4}) per ([0-9]{1,4})\Z")
_COUNT = re.compile(r"([0-9]{1,6})(?:( \.\.)(?: ([0-9]{1,6}))?)?\Z")
_PERCENT = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,4})?) %\Z")
_OPERATORS: tuple[Operator, ...] = ("at least", "at most", "over", "under", "is not", "is")


@dataclass(frozen=True, slots=True)
class Value:
    """A figure (with `percent`, or measured against the baseline) or the id of an option in `option`."""

    number: float | None = None
    percent: bool = False
    of_baseline: bool = False
    option: str = ""

    def __str__(self) -> str:
        if self.number is None:
            return self.option
        return f"{self.number:g}{' %' if self.percent else ''}{' of baseline' if self.of_baseline else ''}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A test of a value. `upper` is given for `between` only; both ends are included."""

    text: str
    operator: Operator
    value: Value
    upper: Value | None = None


@dataclass(frozen=True, slots=True)
class Tolerance:
    """An allowed difference: absolute, in percent of what the first source counted, or the wider of both."""

    text: str
    absolute: float = 0.0
    percent: float | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """How many: `least` to `most`, both included; no `most` means any number from `least`."""

    text: str
    least: int
    most: int | None


def parse_value(text: str) -> Value:
    """A figure, or an option as written. Raises `ValueError` for an empty text."""
    if found := _VALUE.match(text):
        return Value(float(found[1]), bool(found[2]), bool(found[3]))
    if not text.strip() or text != text.strip():
        raise ValueError(text)
    return Value(option=text)


def parse_comparison(text: str, rule: str = "A2") -> Comparison:
    """A comparison; a bare literal means `is`. Raises `Wrong` with the given rule."""
    try:
        for operator in _OPERATORS:
            if text.startswith(operator + " "):
                value = parse_value(text[len(operator) + 1 :])
                if value.number is None and operator not in ("is", "is not"):
                    raise ValueError
                return Comparison(text, operator, value)
        if " .. " in text:
            return _between(text)
        return Comparison(text, "is", parse_value(text))
    except ValueError:
        say = "write `at least 100`, `at most 5 %`, `40 .. 50` or `is not neither`"
        raise Wrong(rule, f"not a comparison: `{shown(text)}`; {say}") from None


def _between(text: str) -> Comparison:
    first, _, last = text.partition(" .. ")
    lower, upper = parse_value(first), parse_value(last)
    if lower.number is None or upper.number is None or lower.number > upper.number:
        raise ValueError
    return Comparison(text, "between", lower, upper)


def parse_tolerance(text: str) -> Tolerance:
    """`0`, `1 %`, `2 or 1 %` (the wider of the two). Raises `Wrong` X1."""
    found = _TOLERANCE.match(text)
    if not found or text.startswith("-") or (found[2] and found[3]):
        raise Wrong("X1", f"not a tolerance: `{shown(text)}`; write 0, 1 % or `2 or 1 %`")
    if found[2]:
        return Tolerance(text, percent=float(found[1]))
    return Tolerance(text, float(found[1]), float(found[3]) if found[3] else None)


def parse_change(text: str) -> tuple[float, float, bool]:
    """`-40 % .. -30 %` as (lower, upper, percent). Raises `Wrong` F14."""
    found = _CHANGE.match(text)
    if not found or float(found[1]) > float(found[2]) or (" %" in text) != bool(found[3]):
        raise Wrong("F14", f"not a change: `{shown(text)}`; write the smaller figure first, `-40 % .. -30 %`")
    return float(found[1]), float(found[2]), bool(found[3])


def parse_ratio(text: str) -> tuple[int, int]:
    """`1 per 8` as (1, 8). Raises `Wrong` F14."""
    found = _RATIO.match(text)
    if not found or not int(found[1]) or not int(found[2]):
        raise Wrong("F14", f"not a ratio: `{shown(text)}`; write `1 per 8`")
    return int(found[1]), int(found[2])


def parse_count(text: str) -> Count:
    """`2`, `1 ..`, `1 .. 3`. Raises `Wrong` F14."""
    found = _COUNT.match(text)
    least = int(found[1]) if found else 0
    most = None if found is None else least if not found[2] else int(found[3]) if found[3] else None
    if found is None or (most is not None and (most < least or most == 0)):
        raise Wrong("F14", f"not a count: `{shown(text)}`; write 2, `1 ..` or `1 .. 3`")
    return Count(text, least, most)


def parse_percent(text: str) -> float:
    """`95 %` as 95.0, at most 100. Raises `Wrong` F14."""
    found = _PERCENT.match(text)
    if not found or float(found[1]) > 100:
        raise Wrong("F14", f"not a share: `{shown(text)}`; write 95 %")
    return float(found[1])
