"""`rvu / hours * 100`: a metric computed from others, with the usual precedence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.plan.language.compare import NUMBER
from app.plan.language.dates import is_id
from app.plan.problems import Wrong, shown

_NUMBER = re.compile(NUMBER + r"\Z")
_PRECEDENCE = {"+": 1, "-": 1, "*": 2, "/": 2}
_DEEPEST = 32


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula in reverse Polish order: metric ids, figures and the four operators."""

    text: str
    steps: tuple[str | float, ...]

    @property
    def metrics(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(s for s in self.steps if isinstance(s, str) and s not in _PRECEDENCE))

    def value(self, known: Mapping[str, float]) -> float | None:
        """The result; None where a metric is not known or a division by zero has no value."""
        stack: list[float] = []
        for step in self.steps:
            if isinstance(step, float):
                stack.append(step)
            elif step not in _PRECEDENCE:
                if step not in known:
                    return None
                stack.append(known[step])
            else:
                right, left = stack.pop(), stack.pop()
                if step == "/" and right == 0:
                    return None
                stack.append(_apply(step, left, right))
        return stack[0]


def _apply(operator: str, left: float, right: float) -> float:
    match operator:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case _:
            return left / right


def parse_formula(text: str) -> Formula:
    """A formula, blanks around its operators and parentheses. Raises `Wrong` M5."""
    try:
        return Formula(text, tuple(_reverse_polish(text.split(" "))))
    except ValueError:
        raise Wrong(
            "M5", f"not a formula: `{shown(text)}`; metrics and figures with blanks around + - * / ( )"
        ) from None


def _reverse_polish(words: list[str]) -> Iterator[str | float]:
    """Dijkstra's shunting yard; raises ValueError where the words are not a formula."""
    waiting: list[str] = []
    operand_next = True
    for word in words:
        if operand_next and word == "(":
            waiting.append(word)
            if len(waiting) > _DEEPEST:
                raise ValueError
        elif operand_next and (_NUMBER.match(word) or is_id(word)):
            yield float(word) if _NUMBER.match(word) else word
            operand_next = False
        elif not operand_next and word == ")":
            while waiting and waiting[-1] != "(":
                yield waiting.pop()
            if not waiting:
                raise ValueError
            waiting.pop()
        elif not operand_next and word in _PRECEDENCE:
            while waiting and waiting[-1] != "(" and _PRECEDENCE[waiting[-1]] >= _PRECEDENCE[word]:
                yield waiting.pop()
            waiting.append(word)
            operand_next = True
        else:
            raise ValueError
    if operand_next or "(" in waiting:
        raise ValueError
    yield from reversed(waiting)
