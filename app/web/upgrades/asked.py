"""What an upgrade asks before it is done, and its exceptions place by place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.actions.upgrades.preview import PlaceUpgrade, Preview
from app.plan.change_kinds import ChangeKind
from app.rules.upgrades.lines import OURS, Line, Note, Outcome
from app.web.upgrades.words import Words, key_words, short, titled


def shown_conflicts(
    found: Preview, choices: Mapping[str, str], errors: Mapping[str, str], words: Words
) -> list[dict[str, Any]]:
    """What was moved by hand and moves in the newer version too: both days, and the choice between them."""
    asked = [line for line in found.asking if line.outcome is Outcome.CONFLICT]
    return [
        {
            "name": f"choice-{line.key}",
            "title": f"{titled(line)}, {words.name(line.location)}",
            "options": [
                {"value": OURS, "label": f"Keep ours: {words.day(line.before, line.location)}", "hint": "set by hand"},
                {
                    "value": "new",
                    "label": f"Take the new one: {words.day(line.after, line.location)}",
                    "hint": f"as version {found.to_version} says",
                },
            ],
            "hint": _besides(line),
            "value": choices.get(line.key, OURS),
            "error": errors.get(f"choice-{line.key}"),
        }
        for line in asked
    ]


def _besides(line: Line) -> str | None:
    """What else the newer version changes of it, whatever is chosen."""
    others = [change for change in line.changes if change.kind is not ChangeKind.DATE]
    said = [
        f"{key_words(change)}: {short(change.old) or 'nothing'} becomes {short(change.new) or 'nothing'}"
        for change in others
    ]
    return f"Either way {'; '.join(said)}." if said else None


def shown_late(
    found: Preview, choices: Mapping[str, str], errors: Mapping[str, str], words: Words
) -> list[dict[str, Any]]:
    """What comes when its day has passed: on which day is it due?"""
    return [
        {
            "name": f"choice-{line.key}",
            "title": f"{titled(line)}, {words.name(line.location)}",
            "hint": "The day of the playbook has passed.",
            "value": choices.get(line.key, ""),
            "error": errors.get(f"choice-{line.key}"),
        }
        for line in found.asking
        if line.asks_due
    ]


def place_rows(found: Preview, words: Words) -> list[list[str]]:
    """Place by place: from which version, and what becomes of its rows; those with something of their own first."""
    rows = sorted(found.places, key=lambda one: (not exceptions(one), one.slug != "", words.name(one.slug)))
    return [[words.name(one.slug), one.from_version, _counted(one), exceptions(one) or "none"] for one in rows]


def _counted(place: PlaceUpgrade) -> str:
    said = {Outcome.APPLIED: "follow", Outcome.KEPT: "stay", Outcome.ADDED: "come", Outcome.REMOVED: "go"}
    parts = [(sum(line.outcome is outcome for line in place.lines), word) for outcome, word in said.items()]
    return ", ".join(f"{number} {word}" for number, word in parts if number) or "nothing changes"


def exceptions(place: PlaceUpgrade) -> str:
    """What is not simply as the newer version says: conflicts, days to name, done work of which more is asked."""
    named = (
        (sum(line.outcome is Outcome.CONFLICT for line in place.lines), "conflict"),
        (sum(line.asks_due for line in place.lines), "day to name"),
        (sum(line.again for line in place.lines), "done, asked otherwise now"),
        (sum(line.note is Note.GIVEN for line in place.lines), "given by hand"),
    )
    return ", ".join(f"{number} {_plural(word, number)}" for number, word in named if number)


def _plural(word: str, number: int) -> str:
    return {"conflict": "conflicts", "day to name": "days to name"}.get(word, word) if number != 1 else word
