"""What decides a run, in figures and words: T, the sentence with its colour, and the decision times."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.plan.minutes import NO_TIME
from app.queries.runs.room import Room
from app.rules.clock import count, duration, instant, t_clock, zone_name
from app.rules.rollouts.sentences import Part
from app.rules.runbooks.ledger import OVER, StepState
from app.rules.runbooks.position import NEAR, rule_of
from app.web.runs.standing import Standing
from app.web.runs.words import COLOURS, OUTCOMES, clock_words, numbers_words


def t_of(room: Room) -> dict[str, Any] | None:
    """The T-clock of a run that is not over, as `tclock` takes it."""
    if room.over:
        return None
    run = room.run
    clock = t_clock(run.zero_at, room.now)
    ahead = run.zero_at > room.now
    return {
        "sign": f"T{clock.sign}",
        "days": clock.days or None,
        "clock": clock.clock,
        "to": f"{'to' if ahead else 'since'} {_zero_words(room)}",
        "at": instant(run.zero_at, room.zone, room.now),
        "instant": run.zero_at.isoformat(),
    }


def _zero_words(room: Room) -> str:
    if room.run.straight:
        return "the beginning"
    if room.run.live and room.place is not None and room.run.zero_at == room.place.cutover_at:
        return "the first patient"
    return "T of the plan" if room.run.live else "T of this rehearsal"


def standing(room: Standing) -> dict[str, Any]:
    """The sentence of a run with its colour (mark and word), every reason, what holds besides, and the rule."""
    if room.over:
        status, label = OUTCOMES[room.run.outcome]
        return {"say": _ended(room), "status": status, "label": label, "reasons": [], "note": "", "rule": ""}
    found = room.position
    status, label = COLOURS[found.colour]
    first, rest = found.says
    # The gravest reason is the sentence itself.
    others = [one for one in found.reasons if one != first + rest]
    return {
        "say": [Part(first, status), Part(rest)],
        "status": status,
        "label": label,
        "reasons": others,
        "note": found.note,
        "rule": rule_of(room.found.plan, room.found.goes_back),
    }


def _ended(room: Standing) -> list[Part]:
    """When its last step was over; of one that was not finished, when it was ended."""
    run, finished = room.run, room.run.outcome == "finished"
    at = room.forecast.end if finished else run.ended_at or room.now
    status, label = OUTCOMES[run.outcome]
    said = [Part(label, status), Part(f" {instant(at, room.zone, room.now)}")]
    if finished and run.window_ends is not None:
        left = run.window_ends - at
        if left < NO_TIME:
            return [*said, Part(", "), Part(f"{duration(left)} after", "late"), Part(" the end of the window.")]
        said.append(Part(f", {duration(left)} before the end of the window"))
    return [*said, Part(".")]


def progress_words(room: Standing) -> str:
    """`11 of 26 steps done, 2 running, none blocked. Longest chain: 13, 14, 17, 24.`"""
    running = sum(one.state is StepState.RUNNING for one in room.lines)
    words = f"{room.done} of {count(len(room.lines), 'step')} done"
    if room.over:
        return f"{words}."
    checks = sum(one.state is StepState.CHECK for one in room.lines)
    words += f", {running or 'none'} running" + (f", {checks} to be checked" if checks else "")
    words += f", {room.blocked or 'none'} blocked."
    chain = [one.planned.number for one in room.lines if one.on_chain and one.state not in OVER]
    return f"{words} Longest chain: {numbers_words(chain)}." if chain else words


def decision_times(room: Standing) -> list[dict[str, Any]]:
    """The figures that decide the night, as `decide` takes them; none once the run is over."""
    if room.over:
        return []
    if room.found.goes_back:
        return _while_going_back(room)
    return [_end(room), *_safe(room)]


def _end(room: Standing) -> dict[str, Any]:
    end, run = room.forecast.end, room.run
    item = _figure(room, "Forecast end", end)
    if run.window_ends is None:
        planned = room.found.plan.planned.end
        return {**item, "under": f"planned {clock_words(planned, room.zone, room.now)}"}
    over = end > run.window_ends
    said = f"{duration(end - run.window_ends)} over the window" if over else "Inside the window"
    return {
        **item,
        "status": "blocked" if over else "done",
        "beside": said,
        "under": f"window shuts {clock_words(run.window_ends, room.zone, room.now)}",
    }


def _safe(room: Standing) -> list[dict[str, Any]]:
    back = room.back
    if back is None:
        return []
    if not room.rights.way_back:
        return [{"label": "Last safe decision", "time": "Past", "under": room.position.note}]

    def at(when: datetime) -> str:
        return clock_words(when, room.zone, room.now)

    worst = f"in the worst case back at {at(back.worst)}"
    now = {**_figure(room, "If we back out now", back.if_now), "beside": f"back in {duration(back.minutes)}"}
    if back.done_by is not None and back.if_now > back.done_by:
        now |= {"status": "late", "beside": f"{duration(back.if_now - back.done_by)} too late"}
    if back.last_safe is None or back.safe_for is None:
        return [{**now, "under": worst}]
    past = back.safe_for.total_seconds() < 0
    left = duration(back.safe_for)
    return [
        {
            **_figure(room, "Last safe decision", back.last_safe),
            "beside": f"{left} ago" if past else f"in {left}",
            "under": back.spelled(at),
            "lead": "bad" if back.safe_for < NEAR else "warn",
        },
        {**now, "under": worst},
    ]


def _while_going_back(room: Standing) -> list[dict[str, Any]]:
    run, end = room.run, room.forecast.end
    items = [_figure(room, "Back out ends", end)]
    if run.done_by is not None:
        over = end > run.done_by
        items[0] |= {"status": "blocked" if over else "done", "beside": "Too late" if over else "In time"}
        items.append({**_figure(room, "To be back by", run.done_by), "lead": "bad" if over else "warn"})
    if run.returning_at is not None:
        decided = _figure(room, "Decided to go back", run.returning_at)
        items.append({**decided, "under": room.name(run.returning_by)})
    return items


def _figure(room: Standing, label: str, at: datetime) -> dict[str, Any]:
    return {"label": label, "time": clock_words(at, room.zone, room.now), "instant": at.isoformat()}


def now_words(room: Standing) -> str:
    """`23:47 Mountain`: the clock of the place at this moment."""
    return f"{clock_words(room.now, room.zone, room.now)} {zone_name(room.zone, room.now)}"
