"""What Muster puts before the people of a meeting: the points of the playbook, and what has come up since. Pure.

A section holds lines. A line names a thing by its key and says in words of ours how it stood; what people have typed is
not part of it, so that an agenda that was kept can neither show nor keep a text that was taken away since.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

from app.plan.format.rhythm import Meeting

MOST: Final = 40
"""Lines of one section; of more, the first ones and that there are more."""


class Part(StrEnum):
    """The sections in their order."""

    POINTS = "points"
    WINS = "wins"
    CONCERNS = "concerns"
    ISSUES = "issues"
    ACTIONS = "actions"
    TROUBLE = "trouble"


TITLES: Final = {
    Part.POINTS: "On the agenda",
    Part.WINS: "Wins",
    Part.CONCERNS: "Concerns",
    Part.ISSUES: "Issues to talk about",
    Part.ACTIONS: "Agreed before, still open",
    Part.TROUBLE: "Late or blocked",
}


@dataclass(frozen=True)
class Line:
    """`kind` and `id` name a remark, an issue or a task; a point of the playbook, and a win that was found in the
    figures, have words of their own (`said`) and no id.

    `place` is where it is (None: the whole network), `who` the key of whoever said it, `said` how it stands.
    """

    kind: str
    said: str
    id: int = 0
    place: int | None = None
    who: int | None = None


@dataclass(frozen=True)
class Section:
    part: Part
    lines: tuple[Line, ...]
    more: bool = False

    @property
    def title(self) -> str:
        return TITLES[self.part]


def points_of(meeting: Meeting | None) -> tuple[Line, ...]:
    """The playbook's own points: one a title, or one a line of its prose."""
    asked: Iterable[str] = meeting.agenda if meeting else ()
    said = asked.splitlines() if isinstance(asked, str) else asked
    return tuple(Line("point", text) for one in said if (text := one.strip(" \t-*")))


def agenda(found: Mapping[Part, Sequence[Line]]) -> tuple[Section, ...]:
    """The sections in order; wins and concerns are asked for even where there are none."""
    sections = (Section(part, tuple(found.get(part, ())[:MOST]), len(found.get(part, ())) > MOST) for part in Part)
    return tuple(one for one in sections if one.lines or one.part in (Part.WINS, Part.CONCERNS))


def frozen(sections: Iterable[Section]) -> list[dict[str, Any]]:
    """An agenda as it is kept with the record of a meeting."""
    return [
        {"part": one.part.value, "lines": [asdict(line) for line in one.lines], "more": one.more} for one in sections
    ]


def thawed(kept: Iterable[Mapping[str, Any]]) -> tuple[Section, ...]:
    """What `frozen` has kept."""
    return tuple(Section(Part(one["part"]), tuple(Line(**line) for line in one["lines"]), one["more"]) for one in kept)


def readable(sections: Iterable[Section], places: Collection[int], everywhere: bool) -> tuple[Section, ...]:
    """Only what lies where somebody may look: of other locations not even a number is left."""
    return tuple(
        Section(one.part, tuple(line for line in one.lines if line.place is None or everywhere or line.place in places),
                one.more and everywhere)
        for one in sections
    )  # fmt: skip


def prepares(day: date, openings: Iterable[date | None]) -> bool:
    """Whether a meeting of that day still prepares an opening: one of its locations opens then or later, or has no day
    yet. Only such a meeting is told what is late or blocked.
    """
    return any(opening is None or opening >= day for opening in openings)


def minutes_each(sections: Sequence[Section], takes: timedelta | None) -> int:
    """How many minutes there are for each section that has anything to say; 0 where nothing says how long it takes, or
    there is less than one.
    """
    spoken = sum(bool(one.lines) for one in sections)
    return int(takes.total_seconds()) // 60 // spoken if takes and spoken else 0
