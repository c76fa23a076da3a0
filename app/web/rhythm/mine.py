"""What recurs and is the reader's own today: days to count or check, meetings, sessions, duties. For a list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlmodel import Session

from app.queries.meetings.mine import MyMeeting, meetings_of
from app.queries.presence.mine import MyDuty, duties_of
from app.queries.reconciliations.mine import MyDay, days_of
from app.queries.rollouts.facts import RolloutFacts
from app.queries.training.mine import sessions_of
from app.queries.training.my_recordings import MyRecording
from app.queries.training.my_sessions import MySession
from app.rules.clock import near_day, short_day
from app.rules.meetings.states import MeetingState
from app.rules.people.access import Viewer
from app.rules.reconciliations.days import DayState

Line = tuple[datetime, dict[str, Any]]
ACTS: Final = {"count": "Count", "review": "Check the count"}
PARTS: Final = {"hold": "You hold", "close": "Who was there?", "attend": "You are asked to"}
MEETING_MARKS: Final = {MeetingState.HELD: "done", MeetingState.MISSED: "missed", MeetingState.NOW: "running"}


def rounds(session: Session, viewer: Viewer, rollouts: Sequence[RolloutFacts], now: datetime) -> list[dict[str, Any]]:
    """Lines for `listing`, in the order of their hours; those of the rollouts that are given, and duties of all."""
    ids = {rollout.id for rollout in rollouts}
    lines = [_day(one, now) for one in days_of(session, viewer, now, rollouts)] if rollouts else []
    lines += [_meeting(one, now) for one in meetings_of(session, viewer, now) if one.rollout in ids]
    lines += [_duty(one, now) for one in duties_of(session, viewer, now)]
    training = sessions_of(session, viewer, now)
    lines += [_session(one, now) for one in training.sessions]
    lines += [_recording(one, now) for one in training.recordings]
    return [line for _, line in sorted(lines, key=lambda line: line[0])]


def _day(one: MyDay, now: datetime) -> Line:
    zone = one.place.zone if one.place else one.rollout.zone
    there = now.astimezone(ZoneInfo(zone))
    day = "" if one.row.day == there.date() else f" of {short_day(one.row.day, there.date())}"
    late = one.state is DayState.MISSED
    by = f"by {one.due.astimezone(ZoneInfo(zone)):%H:%M}" if one.due and not day else "today"
    end = "missed" if late else "counted, waits for you" if one.act == "review" else by
    text = _at(f"{ACTS[one.act]}{day}: {one.title}", one.place.name if one.place else "")
    return one.due or now, {
        "text": text, "href": one.address, "end": end, "status": "missed" if late else "wait",
        "status_label": "Missed" if late else "Waits",
    }  # fmt: skip


def _meeting(one: MyMeeting, now: datetime) -> Line:
    at = one.slot.at
    when = f"{at.astimezone(ZoneInfo(one.slot.zone)):%H:%M}" if at else "today"
    mark = MEETING_MARKS.get(one.state)
    text = _at(f"You lead: {one.title}" if one.leads else one.title, one.place)
    found = {"text": text, "href": one.address, "end": ", ".join(word for word in (when, one.room) if word)}
    return at or now, {**found, "status": mark, "status_label": one.state.value.capitalize()} if mark else found


def _duty(one: MyDuty, now: datetime) -> Line:
    zone = ZoneInfo(one.zone)
    begins, ends, today = one.from_at.astimezone(zone), one.until_at.astimezone(zone), now.astimezone(zone).date()
    day = "" if begins.date() == today or begins <= now else f"{near_day(begins.date(), today)} "
    last = "" if ends.date() == begins.date() else f"{near_day(ends.date(), today)} "
    instead = f", for {one.for_name}" if one.for_name else ""
    word = "On call" if one.on_call else "On duty"
    end = f"until {last}{ends:%H:%M}" if begins <= now else f"{day}{begins:%H:%M} to {last}{ends:%H:%M}"
    return one.from_at, {"text": _at(f"{word}: {one.title}{instead}", one.place), "href": one.path, "end": end}


def _session(one: MySession, now: datetime) -> Line:
    at, today = one.starts_at.astimezone(ZoneInfo(one.zone)), now.astimezone(ZoneInfo(one.zone)).date()
    words = [f"{near_day(at.date(), today)} {at:%H:%M}", one.room]
    found = {"text": _at(f"{PARTS[one.part]}: {one.title}", one.place), "href": one.href,
             "end": ", ".join(word for word in words if word)}  # fmt: skip
    mark = {"status": "waiting", "status_label": "Waits"} if one.part == "close" else {}
    return one.starts_at, {**found, **mark}


def _recording(one: MyRecording, now: datetime) -> Line:
    until = f"until {short_day(one.until, now.date())}" if one.until else "no day stated"
    return now, {"text": _at(f"Watch the recording: {one.title}", one.place), "href": one.href, "end": until}


def _at(text: str, place: str) -> str:
    return f"{text}, {place}" if place else text
