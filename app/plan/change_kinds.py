"""What a changed key asks of a rollout that is under way, in the kinds of section 6 of the format."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class ChangeKind(StrEnum):
    """What a change asks of a rollout that is under way."""

    WORDING = "wording"
    DEMAND = "demand"
    DATE = "date"
    PLACE = "place"
    WHO = "who"
    ADDED = "added"
    REMOVED = "removed"


_KINDS: Mapping[ChangeKind, frozenset[str]] = {
    ChangeKind.WORDING: frozenset(
        [
            "title",
            "summary",
            "sources",
            "how",
            "why",
            "links",
            "inputs",
            "outputs",
            "topics",
            "agenda",
            "prompt",
            "text",
            "note",
            "place",
            "source",
            "how_in_rehearsal",
            "workaround",
        ]
    ),
    ChangeKind.DATE: frozenset(
        [
            "due",
            "when",
            "every",
            "phase",
            "length",
            "cutover",
            "buffer",
            "zero",
            "at",
            "takes",
            "begin",
            "window",
            "rehearse",
            "start",
            "calendar",
            "catch_up",
            "stated",
            "wait",
            "wait_until",
            "at_most",
            "repeat",
            "undo_within",
            "back_out_takes",
            "rounds",
            "roll",
            "grace",
            "exclude",
            "baseline",
            "target",
            "done_by",
            "margin",
            "hours",
            "days",
            "rotate",
            "after",
            "done_after",
            "ask_until",
        ]
    ),
    ChangeKind.PLACE: frozenset(["parent", "workstream", "position", "scope", "section"]),
    ChangeKind.WHO: frozenset(
        [
            "owner",
            "who",
            "decide",
            "votes",
            "for",
            "consent",
            "backup",
            "access",
            "staff",
            "fte",
            "on_call",
            "people",
            "ratio",
            "to",
            "buddy",
            "pause",
            "confirm",
        ]
    ),
}


def kind_of(key: str) -> ChangeKind:
    """Which kind of change a key's is; what is no wording, date, place or person is a demand."""
    return next((kind for kind, keys in _KINDS.items() if key in keys), ChangeKind.DEMAND)
