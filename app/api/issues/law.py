"""The law of an issue as the API shows it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from app.api.issues.said import LawLine, RungLine, ToLine
from app.rules.clock import duration
from app.rules.issues.law import Law, RungLaw


def law_line(law: Law) -> LawLine:
    return LawLine(
        says=_says(law), title=law.title, clock=_clock(law.business), respond=law.respond, update=law.update,
        resolve=law.resolve, period=law.period, until=date.fromisoformat(law.until) if law.until else None,
        quiet=not law.loud, pausable=law.pausable, pause=None if law.pause is None else list(law.pause),
        confirm=list(law.confirm), again_after=law.again_after, ladder=[_rung(one) for one in law.rungs],
    )  # fmt: skip


def to_lines(to: Sequence[Sequence[str]]) -> list[ToLine]:
    return [ToLine(kind=kind, name=name, roles=roles) for kind, name, *roles in to]


def _rung(one: RungLaw) -> RungLine:
    clock = "own" if one.own else _clock(one.open_hours)
    return RungLine(to=to_lines(one.to), said=one.said, after=one.seconds, clock=clock, unless=one.unless)


def _clock(business: bool) -> str:
    return "business" if business else "elapsed"


def _says(law: Law) -> str:
    """`Solved within 24 h 00 on the wall clock, nights included; so until 2027-03-15.`"""
    clock = "of opening hours" if law.business else "on the wall clock, nights included"
    until = f"; so until {law.until}" if law.until else ""
    return f"Solved within {duration(timedelta(seconds=law.resolve))} {clock}{until}."
