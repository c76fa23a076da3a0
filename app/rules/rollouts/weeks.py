"""The week rail: the weeks of a rollout, where it is now, its phases and its openings. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from app.plan import Playbook


@dataclass(frozen=True)
class Week:
    """One segment. `phase` stands on the first week of a phase; `flag` names who opens; `day` is 1 to 7, now only."""

    no: int
    when: Literal["past", "now", "next"]
    begins: date
    phase: str = ""
    flag: str = ""
    day: int = 0


def week_of(day: date, start: date) -> int:
    """The week a day lies in, counted from 1; weeks are seven days from the start. Before the start: 0 or less."""
    return (day - start).days // 7 + 1


def weeks(playbook: Playbook, start: date, openings: Iterable[tuple[str, date]], today: date) -> list[Week]:
    """The rail. `openings` are names of locations and the day of their cutover."""
    phases = phase_weeks(playbook)
    flags = _flags(openings, start, today)
    now = week_of(today, start)
    rail = []
    for no in range(1, playbook.length + 1):
        when: Literal["past", "now", "next"] = "past" if no < now else "now" if no == now else "next"
        begins = start + timedelta(weeks=no - 1)
        day = (today - begins).days + 1 if no == now else 0
        rail.append(Week(no, when, begins, phases.get(no, ""), flags.get(no, ""), day))
    return rail


def phase_weeks(playbook: Playbook) -> dict[int, str]:
    """First week of each phase to its title, for phases that begin in a numbered week; without phases, the waves."""
    named = playbook.phases or playbook.waves
    found: dict[int, str] = {}
    for phase in named.values():
        point = phase.when.begin or phase.when.end
        if point is not None and point.anchor.kind == "week":
            found.setdefault(point.anchor.number, phase.title)
    return found


def _flags(openings: Iterable[tuple[str, date]], start: date, today: date) -> Mapping[int, str]:
    names: dict[int, list[str]] = {}
    live: dict[int, bool] = {}
    for name, day in openings:
        no = week_of(day, start)
        names.setdefault(no, []).append(name)
        live[no] = day <= today
    return {
        no: opening[0] if len(opening) == 1 else f"{len(opening)} {'live' if live[no] else 'open'}"
        for no, opening in names.items()
    }
