"""What an upgrade does, in words: each difference once, with the places that it concerns, and all three sides of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from app.actions.upgrades.preview import Preview
from app.plan.change_kinds import ChangeKind
from app.plan.versions import Change
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.rules.clock import count, instant, short_day
from app.rules.schedule.moves import Dates
from app.rules.upgrades.lines import Line, Note, Outcome

MOST_ROWS: Final = 200
LONGEST: Final = 160
FOR_ALL: Final = "For all centres"
_KINDS: Final[Mapping[str, str]] = {
    "task": "",
    "group": "Group",
    "gate": "Gate",
    "training": "Training",
    "milestone": "Milestone",
    "freeze": "Freeze",
    "selection": "Selection",
    "runbook": "Runbook",
    "meeting": "Meeting",
    "reconciliation": "Daily counts",
    "coverage": "On duty",
    "catch-up": "Catching up",
}
_KEYS: Final[Mapping[str, str]] = {
    "sign_off": "signature",
    "where": "for which centres",
    "every": "rhythm",
    "each": "one for each",
    "parent": "group",
    "after": "waits for",
    "done_after": "finishes after",
    "on_fail": "where it fails",
    "on_late": "where it is late",
    "owner": "who does it",
    "verify": "who checks it",
}


@dataclass(frozen=True)
class Words:
    """The places of a rollout by their ids, and the day and moment in which all is told."""

    rollout: RolloutFacts
    now: datetime

    @property
    def today(self) -> date:
        return self.rollout.today(self.now)

    def place(self, slug: str) -> PlaceFacts | None:
        return next((one for one in self.rollout.locations if one.slug == slug), None)

    def name(self, slug: str) -> str:
        found = self.place(slug)
        return found.name if found else FOR_ALL

    def names(self, slugs: Iterable[str]) -> str:
        """`Alder and Birch`, `5 centres`."""
        found = [self.name(slug) for slug in dict.fromkeys(slugs)]
        if len(found) > 4:
            return count(len(found), "place")
        return " and ".join([", ".join(found[:-1]), found[-1]] if len(found) > 1 else found)

    def day(self, dates: Dates | None, slug: str) -> str:
        if dates is None or (dates.due is None and dates.due_at is None):
            return "no date"
        place = self.place(slug)
        if dates.due_at is not None:
            return instant(dates.due_at, place.zone if place else self.rollout.zone, self.now)
        return short_day(dates.due, self.today) if dates.due else "no date"


def shown_outcomes(found: Preview, words: Words) -> dict[str, dict[str, Any]]:
    """Rows for each outcome: what, where, what holds here; between them both versions, or the day of what comes."""
    sides = {Outcome.APPLIED: (1, 2), Outcome.KEPT: (1, 2), Outcome.ADDED: (2,), Outcome.REMOVED: ()}
    tables = {}
    for outcome, shown in sides.items():
        lines = [line for line in found.lines if line.outcome is outcome and not line.asks]
        rows = _grouped(lines, words, shown)
        tables[str(outcome)] = {"rows": rows[:MOST_ROWS], "more": max(len(rows) - MOST_ROWS, 0)}
    return tables


def _grouped(lines: Sequence[Line], words: Words, sides: Sequence[int]) -> list[list[str]]:
    """Lines that say the same of several places as one."""
    alike: dict[tuple[str, ...], list[Line]] = {}
    for line in lines:
        alike.setdefault(_look(line, words), []).append(line)
    return [
        [look[0], words.names(line.location for line in same), *(look[side] for side in sides), look[3]]
        for look, same in alike.items()
    ]


def _look(line: Line, words: Words) -> tuple[str, str, str, str]:
    changes = [change for change in line.changes if change.key]
    was = [f"{key_words(change)}: {short(change.old) or 'nothing'}" for change in changes]
    becomes = [f"{key_words(change)}: {short(change.new) or 'nothing'}" for change in changes]
    if line.moves and line.before is not None:
        was.append(words.day(line.before, line.location))
        becomes.append(words.day(line.after, line.location))
    elif line.outcome is Outcome.ADDED:
        becomes.append(words.day(line.after, line.location))
    return titled(line), "; ".join(was), "; ".join(becomes), _here(line)


def titled(line: Line) -> str:
    kind = _KINDS.get(line.kind, "")
    value = f": {line.value}" if line.value and line.note is not Note.REPLACED and line.kind == "task" else ""
    return f"{kind}: {line.title}{value}" if kind else f"{line.title}{value}"


def key_words(change: Change) -> str:
    return _KEYS.get(change.key, change.key.replace("_", " "))


def short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _here(line: Line) -> str:
    """What the place has made of it, and what becomes of that."""
    held = line.held
    if line.note is Note.GIVEN:
        return "Given by hand: stays with who has it"
    if line.note is Note.ELSEWHERE:
        return "Done; no longer asked for here"
    if line.note is Note.BACK:
        return "What was recorded before counts again"
    if line.note is Note.REPLACED:
        return "Another rhythm from now on" if held is None else "Makes room for the other rhythm"
    if held is None:
        return "Comes anew"
    if line.outcome is Outcome.REMOVED:
        return "Done: stays in history, counts no more" if held.over else "Open: closed, counts no more"
    if held.over:
        stays = "Done" if line.is_task else "Over"
        return f"{stays}: moves on the page only" if line.outcome is Outcome.APPLIED else _stays(line, stays)
    return "Begun: what fits stays" if held.stored.touched and line.has(ChangeKind.DEMAND) else "Open: follows"


def _stays(line: Line, how: str) -> str:
    return f"{how}: stays; may be asked again" if line.again else f"{how}: stays as it is"
