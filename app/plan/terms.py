"""The shared words of the playbook format: closed lists, reserved words and limits (section 6 of the format)."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

FORMAT_VERSION: Final = 1

MAX_BYTES: Final = 512_000
MAX_VALUES: Final = 50_000
MAX_DEPTH: Final = 32
MAX_PROBLEMS: Final = 50
# Every entry is planned once a wave to judge its dates: more than these would take seconds.
MAX_PLANNED: Final = 20_000

TITLE_LIMIT: Final = 200
PROSE_LIMIT: Final = 4_000
ID_LIMIT: Final = 48

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2199

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

# Words of the language and of addresses: an entry that has a date may not be called like one.
RESERVED: Final = frozenset(
    [
        "start",
        "end",
        "week",
        "live",
        "wave",
        "cutover",
        "first",
        "last",
        "opened",
        "t",
        "of",
        "previous",
        "none",
        "all",
        "everyone",
        "undated",
        "network",
        "location",
        "new",
        "edit",
        "export",
    ]
)
# Attributes appear as keys of a condition, where these have a meaning of their own.
RESERVED_FACTS: Final = frozenset({"any", "not", "wave"})


class Scope(StrEnum):
    """How often an entry exists: once, once a wave, or once a location."""

    NETWORK = "network"
    WAVE = "wave"
    LOCATION = "location"


class Access(StrEnum):
    """What a role's holder may do beyond the entries that name the role."""

    DIRECTOR = "director"
    MANAGER = "manager"
    MEMBER = "member"
    EXECUTIVE = "executive"


class Recurring(StrEnum):
    """The kinds of what recurs, each with ids of its own: what is dated besides the entries, and has a row."""

    MEETING = "meeting"
    COVERAGE = "coverage"
    RECONCILIATION = "reconciliation"
    CATCH_UP = "catch-up"


RECURRING: Final = frozenset(Recurring)


class Roll(StrEnum):
    """Where work goes that falls on a closed day."""

    EARLIER = "earlier"
    LATER = "later"
    KEEP = "keep"


class EntryKind(StrEnum):
    """The kinds of dated entries that share one space of ids."""

    TASK = "task"
    GROUP = "group"
    TRAINING = "training"
    GATE = "gate"
    MILESTONE = "milestone"
    FREEZE = "freeze"
    SELECTION = "selection"
    RUNBOOK = "runbook"
