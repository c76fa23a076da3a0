"""Training in words: how somebody stands, what speaks against a session, how a place is doing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from app.queries.training.facts import Days
from app.queries.training.sessions import SessionLine
from app.rules.clock import count, in_days, instant, near_day
from app.rules.training.clashes import Clash
from app.rules.training.demand import Demand
from app.rules.training.standing import Progress, Standing
from app.rules.training.tally import Tally

MARKS: Final = {
    Standing.UNASKED: "todo",
    Standing.MISSED: "missed",
    Standing.RECORDING: "missed",
    Standing.ENROLLED: "wait",
    Standing.ATTENDED: "running",
    Standing.PRACTISING: "running",
    Standing.FAILED: "risk",
    Standing.PASSED: "done",
}
CLASHES: Final = {
    Clash.AFTER_DUE: "It ends after the training is due.",
    Clash.CLOSED_DAY: "The centre is closed that day.",
    Clash.OUTSIDE_HOURS: "It lies outside of the opening hours.",
    Clash.TRAINER_BUSY: "The trainer holds another session at that time.",
    Clash.TRAINER_AWAY: "The trainer is on leave then.",
    Clash.OVERBOOKED: "More people are asked than there are seats.",
}


def progress_words(found: Progress, demand: Demand, zone: str, now: datetime) -> str:
    """`Enrolled, Wed 3 Feb, 10:00 Central`, `Practice 12 of 20`, `Check failed, attempt 2, 79%`."""
    match found.standing:
        case Standing.ENROLLED:
            when = instant(found.seat.starts_at, zone, now) if found.seat else ""
            past = found.seat is not None and found.seat.starts_at <= now
            return f"{'To be noted' if past else 'Enrolled'}, {when}"
        case Standing.PRACTISING:
            return f"Practice {found.practised} of {found.pieces}"
        case Standing.FAILED:
            return f"Check failed, attempt {found.attempts}, {found.score}%"
        case Standing.ATTENDED:
            return "Was there, the check is to come" if demand.pass_mark is not None else "Was there"
        case Standing.PASSED:
            return f"Passed, {found.score}%" if found.score is not None else "Passed"
    return {
        Standing.UNASKED: "Not asked yet",
        Standing.MISSED: "Missed it, waits for the next session",
        Standing.RECORDING: "Owes the recording",
    }[found.standing]


def standing_words(found: Progress, demand: Demand, zone: str, now: datetime) -> tuple[str, str]:
    """The same as a word for its mark, and the rest."""
    word, _, rest = progress_words(found, demand, zone, now).partition(", ")
    return word, rest


def tally_words(found: Tally) -> str:
    """`5 of 12 passed`, and how many would be enough where that is fewer."""
    if not found.wanted:
        return "nobody on the list"
    enough = f", {found.needed} are enough" if found.needed < found.wanted else ""
    return f"{found.passed} of {found.wanted} passed{enough}"


def tally_mark(found: Tally, days: Days, today: date) -> str:
    """A word of `status`."""
    if found.met:
        return "done"
    if found.late:
        return "late"
    if not found.wanted:
        return "unknown"
    near = days.due is not None and (days.due - today).days <= 7
    return "risk" if near else "running" if found.passed else "todo"


TALLY_LABELS: Final = {
    "done": "Done", "late": "Late", "unknown": "Unknown", "risk": "At risk", "running": "Running",
    "todo": "Not started",
}  # fmt: skip


def due_words(days: Days, today: date) -> str:
    """`due in 5 days`, `was due 2 days ago`."""
    if days.due is None:
        return "no date"
    return f"{'was due' if days.due < today else 'due'} {in_days(days.due, today)}"


def catch_up_words(days: Days, today: date) -> str:
    return f"until {near_day(days.catch_up, today)}" if days.catch_up else ""


def named(names: Iterable[str], most: int = 8) -> str:
    """`Ann Abel, Ben Bauer and 3 more`."""
    found = list(names)
    if len(found) > most:
        return f"{', '.join(found[:most])} and {len(found) - most:,} more"
    return " and ".join(filter(None, (", ".join(found[:-1]), found[-1]))) if found else ""


def seats_words(line: SessionLine) -> str:
    """`7 of 12 seats`, `7 enrolled`."""
    if line.row.seats is None:
        return f"{line.enrolled} enrolled"
    return f"{line.enrolled} of {count(line.row.seats, 'seat')}"


def span_words(starts_at: datetime, minutes: int, zone: str, now: datetime) -> str:
    """`Wed 3 Feb, 10:00 Central, 2 h`."""
    hours, rest = divmod(minutes, 60)
    length = " ".join(filter(None, (f"{hours} h" if hours else "", f"{rest} min" if rest else "")))
    return f"{instant(starts_at, zone, now)}, {length}"


def local(at: datetime, zone: str) -> tuple[str, str]:
    """Day and time as the fields of a form hold them, in the zone of the place."""
    there = at.astimezone(ZoneInfo(zone))
    return there.date().isoformat(), f"{there:%H:%M}"


def demand_words(demand: Demand, roles: dict[str, str]) -> str:
    """What passing takes, in one sentence."""
    parts = [f"Being there{' or watching the recording' if demand.recorded else ''}"]
    parts += [f"{piece.wanted} × {piece.title.lower()}" if piece.wanted > 1 else piece.title.lower()
              for piece in demand.practice.values()]  # fmt: skip
    parts += [f"a check of at least {demand.pass_mark:g}%"] if demand.pass_mark is not None else []
    whom = ", ".join(roles.get(role, role) for role in demand.audience)
    return f"{f'For {whom}. ' if whom != demand.title else ''}To pass: {', '.join(parts)}."
