"""What is asked, and stored answers as somebody would type them."""

from __future__ import annotations

from typing import Any, Final

from app.plan.format.answers import RESULTS, Answer

INPUT_TYPES: Final = {"date": "date", "time": "time", "number": "text", "duration": "text", "person": "text"}
_HINTS: Final = {"duration": "Such as 45m or 2h30m.", "person": "A name."}
_YES_NO: Final = (("yes", "Yes"), ("no", "No"))


def sentence_case(text: str) -> str:
    """The first letter large, the others as they are written: `Suburban`, `MRI`."""
    return text[:1].upper() + text[1:]


def options_of(answer: Answer) -> list[dict[str, str]]:
    """What can be chosen; empty where something is typed."""
    if answer.type == "yes-no":
        return [{"value": value, "label": label} for value, label in _YES_NO]
    if answer.type == "result":
        return [{"value": name, "label": name.capitalize()} for name in RESULTS]
    return [{"value": name, "label": sentence_case(name)} for name in answer.options]


def typed_words(answer: Answer, value: Any) -> str:
    """A stored answer as somebody would type it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if answer.type == "choices":
        return "\n".join(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def wanted_words(answer: Answer) -> str | None:
    """What is asked, and what is good enough."""
    good = f"Good enough: {answer.passes.text}{f' {answer.unit}' if answer.unit else ''}." if answer.passes else ""
    return " ".join(word for word in (_HINTS.get(answer.type, ""), good) if word) or None
