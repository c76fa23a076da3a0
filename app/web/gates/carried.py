"""What a go carries: conditions and waivers with their state and end, and the forms that ask, decide and close them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from app.models import GateCondition
from app.plan.calendars import PlaceCalendar
from app.plan.sites import network_calendar
from app.queries.gates.page import GatePage
from app.queries.rollouts.heard import calendar_of
from app.rules.clock import moment, short_day
from app.rules.gates.conditions import STATE_WORDS, ConditionState, allowed, latest_end, limit_words
from app.rules.gates.packs import Standing
from app.rules.signoffs import is_fresh
from app.web.gates.words import CONDITION_MARKS, criterion_title
from app.web.told import Told

_ORDER: Final = (
    ConditionState.ASKED, ConditionState.EXPIRED, ConditionState.ACCEPTED, ConditionState.MET, ConditionState.REFUSED,
)  # fmt: skip
_AT: Final = "18:00"


def carried(page: GatePage, told: Told, now: datetime) -> dict[str, Any]:
    """The section on conditions and waivers."""
    rows = sorted(page.conditions, key=lambda one: _ORDER.index(one[1]))
    return {
        "items": [_shown(page, row, state, told, now) for row, state in rows],
        "known": allowed(page.gate) is not None,
        "limits": f"{limit_words(page.gate)}.".removeprefix("."),
        "ask": _ask(page, told, now) if page.rights.ask and allowed(page.gate) is not None else None,
    }


def _shown(page: GatePage, row: GateCondition, state: ConditionState, told: Told, now: datetime) -> dict[str, Any]:
    kind = "Waiver" if row.criterion else "Condition"
    of, reads = criterion_title(page, row.criterion), page.reads(row)
    return {
        "id": row.id,
        "kind": kind,
        "state": state.value,
        "status": CONDITION_MARKS[state],
        "label": _label(kind, state),
        "ends": _ends(page, row, state, now),
        "of": of,
        "what": row.what if reads else "What it says is read by those who vote, decide and work there.",
        "instead": row.instead if reads else "",
        "risk": row.risk if reads else "",
        "said": _said(page, row, now),
        "why": (row.refusal or row.met_how) if reads else "",
        "may_decide": page.rights.decide and _open_to_decide(page, row, state),
        "acceptable": state is ConditionState.ASKED and row.expires_at > now,
        "accept": f"Accept until {short_day(_local(page, row.expires_at).date(), _today(page, now))}",
        "may_meet": state is ConditionState.ACCEPTED and (page.rights.prepare or _own(page, row)),
        "forms": {name: f"{name}-{row.id}" for name in ("accept", "refuse", "meet")},
        "password": not is_fresh(page.proven_at, now),
    }


def _open_to_decide(page: GatePage, row: GateCondition, state: ConditionState) -> bool:
    """What expired bars a new decision until it is taken back, unless it stays with a go that fell."""
    expired = state is ConditionState.EXPIRED and row.id not in page.kept
    return expired or state in (ConditionState.ASKED, ConditionState.ACCEPTED)


def _own(page: GatePage, row: GateCondition) -> bool:
    """Its owner may say that it is met, where anything may be changed here at all."""
    place = page.evidence.place
    return row.owner_id == page.reader and page.rollout.state == "running" and not (place and place.left_at)


def _label(kind: str, state: ConditionState) -> str:
    return kind if state is ConditionState.ACCEPTED else f"{kind} {STATE_WORDS[state].lower()}"


def _ends(page: GatePage, row: GateCondition, state: ConditionState, now: datetime) -> str:
    """`ends Sat 28 Nov 18:00`, in the zone of the place."""
    at = _local(page, row.expires_at)
    verb = "ended" if state is ConditionState.EXPIRED or row.expires_at <= now else "ends"
    return f"{verb} {short_day(at.date(), _today(page, now))} {at:%H:%M}"


def _said(page: GatePage, row: GateCondition, now: datetime) -> str:
    """Who answers for it, who asked, and what became of it."""
    acts = [
        (row.asked_by, row.asked_at, "asked for"),
        (row.accepted_by, row.accepted_at, "accepted"),
        (row.refused_by, row.refused_at, "refused"),
        (row.met_by, row.met_at, "met"),
    ]
    told = [f"{word} by {page.name(who)}, {moment(at, page.zone, now)}" for who, at, word in acts if at is not None]
    over = [f"expired {moment(row.expired_at, page.zone, now)}"] if row.expired_at else []
    return f"{page.name(row.owner_id)} answers for it; {'; '.join([*told, *over])}."


def _local(page: GatePage, at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(page.zone))


def _today(page: GatePage, now: datetime) -> Any:
    return _local(page, now).date()


def _ask(page: GatePage, told: Told, now: datetime) -> dict[str, Any]:
    """The form that asks for a condition or a waiver."""
    unmet = [line for line in page.evidence.pack.lines if line.stands in (Standing.UNMET, Standing.UNKNOWN)]
    names = ("criterion", "what", "instead", "risk", "owner", "day", "time")
    latest = latest_end(page.gate, now, _calendar(page))
    return {
        "criteria": [{"value": line.id, "label": f"Waive: {line.criterion.title}"} for line in unmet],
        "owners": [{"value": id_, "label": name} for id_, name in page.people.items()],
        "values": {name: told.value("ask", name, _AT if name == "time" else "") for name in names},
        "errors": {name: told.fault("ask", name) for name in (*names, "expires")},
        "latest": _latest_words(page, latest, now),
        "first": _today(page, now).isoformat(),
        "last": _last_day(page, latest).isoformat() if latest else None,
        "open": told.form == "ask",
    }


def _calendar(page: GatePage) -> PlaceCalendar:
    place, rollout = page.evidence.place, page.evidence.rollout
    if place is not None:
        return calendar_of(rollout, place)
    if rollout.start is None:
        raise ValueError("a gate is dated from the start day of its rollout")
    return network_calendar(page.evidence.playbook, rollout.start)


def _last_day(page: GatePage, latest: datetime) -> Any:
    """The last day on which something may still hold: the end of a day is midnight of the next."""
    return _local(page, latest - timedelta(minutes=1)).date()


def _latest_words(page: GatePage, latest: datetime | None, now: datetime) -> str:
    if latest is None:
        return ""
    at = _local(page, latest)
    day = short_day(_last_day(page, latest), _today(page, now))
    until = f"to the end of {day}" if f"{at:%H:%M}" == "00:00" else f"until {day}, {at:%H:%M}"
    return f"One that is asked for now may last {until}."
