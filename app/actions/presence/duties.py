"""People are put on duty, taken off, and replaced."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session, select

from app.actions import texts
from app.actions.events import record
from app.actions.loading import LARGEST_KEY, key_of, load
from app.actions.people.viewers import staff_of
from app.actions.presence.covers import OpenCover, crew_of, held_by, held_of, open_cover, standing_of
from app.actions.presence.telling import tell_duties
from app.errors import Invalid, NotFound, Refused, Stale
from app.models import Duty, Person
from app.rules.clock import short_day
from app.rules.people.access import Viewer
from app.rules.presence.attendance import Held, attendance, covered, outside
from app.rules.presence.crew import Crew
from app.rules.presence.doubles import Overlap, worst
from app.rules.presence.slots import Slot


@dataclass(frozen=True)
class Turn:
    """One turn of a cover for one person, as a proposal names it."""

    occasion: int
    turn: str
    person: int


def assign_duty(
    session: Session,
    occasion_id: int,
    *,
    person_id: int,
    turn: str,
    day: date | None = None,
    by: Viewer,
    now: datetime,
) -> list[Duty]:
    """Put somebody on duty for a turn of a cover, or for one day of it: for every part of it that is not over, has a
    free place and that they can do. Theirs already is quiet.

    Raises NotFound, Forbidden, Invalid for somebody who does not see the place, Stale where somebody else was given
    the last free place, and Refused where the person is on leave or at another place all the time.
    """
    cover = open_cover(session, occasion_id, by=by)
    asked = [slot for slot in cover.slots if slot.turn == turn and day in (None, slot.day) and slot.until_at > now]
    if not asked:
        raise Refused("This turn is over, or its dates have moved. Look at the rota again.")
    person = _able(session, cover, person_id, now)
    return _assign(session, cover, asked, person, by, now)


def accept_turns(session: Session, turns: Sequence[Turn], *, by: Viewer, now: datetime) -> int:
    """Put everybody of a proposal on duty, all or (where one cannot any more) none. Returns how many duties that made.

    Raises what `assign_duty` raises.
    """
    ordered = sorted(enumerate(turns), key=lambda one: (one[1].occasion, one[0]))  # locked in one order
    return sum(
        len(assign_duty(session, one.occasion, person_id=one.person, turn=one.turn, by=by, now=now))
        for _, one in ordered
    )


def call_off_duties(session: Session, duty_ids: Sequence[int], *, reason: str, by: Viewer, now: datetime) -> list[Duty]:
    """Take people off duties of one cover, and say why; they are told. Called off already is quiet. Returns those that
    were called off now.

    Raises NotFound, Forbidden, Invalid, and Refused for a duty that is over.
    """
    rows, cover = _open_duties(session, duty_ids, by)
    standing = [row for row in rows if row.ended_at is None]
    for row in standing:
        _demand_running(row, now)
    if standing:
        _end(session, cover, standing, texts.prose("reason", reason), by, now)
    return standing


def call_off_outside(session: Session, occasion_id: int, *, reason: str, by: Viewer, now: datetime) -> int:
    """Take everybody off duty whose day the cover has left, since its dates moved; what is over stays. Returns how many
    duties these were. Raises NotFound, Forbidden and Invalid.
    """
    cover = open_cover(session, occasion_id, by=by)
    rows = {key_of(row): row for row in standing_of(session, cover) if row.until_at > now}
    left = outside([held_of(row) for row in rows.values()], {cover.id: cover.slots})
    if left:
        _end(session, cover, [rows[one.id] for one in left], texts.prose("reason", reason), by, now)
    return len(left)


def substitute(session: Session, duty_ids: Sequence[int], *, person_id: int, by: Viewer, now: datetime) -> list[Duty]:
    """Somebody takes over duties of one cover in place of those who have them: the absent and the new one are told.
    Theirs already is quiet.

    Raises NotFound, Forbidden, Invalid for somebody who does not see the place or cannot, and Refused for duties that
    are over or were called off.
    """
    chosen, cover = _open_duties(session, duty_ids, by)
    rows = [one for one in chosen if one.person_id != person_id]
    for one in rows:
        _demand_running(one, now)
        if one.ended_at is not None:
            raise Refused("This duty was called off. Put somebody on duty instead.")
    person = _able(session, cover, person_id, now)
    crew, mine = _plans(session, cover, person, [(one.from_at, one.until_at) for one in rows], now)
    found = [_in_place(session, cover, one, person, crew, mine, by, now) for one in rows]
    if found:
        _end(session, cover, rows, f"{person.name} stands in.", by, now, verb="substituted")
        tell_duties(session, cover.at, found, by=by, now=now)
    return found


def _in_place(
    session: Session,
    cover: OpenCover,
    row: Duty,
    person: Person,
    crew: Crew,
    mine: list[Held],
    by: Viewer,
    now: datetime,
) -> Duty:
    fault = _hindrance(cover, replace(held_of(row), id=0, person=key_of(person)), person, crew, mine)
    if fault or any(one.occasion == cover.id and one.from_at == row.from_at for one in mine):
        raise Invalid({"person": fault or f"{person.name} is on duty here already."})
    slot = Slot(row.day, row.from_at, row.until_at, 1, "")
    return _put(session, cover, slot, person, crew, by, now, instead_of=row.person_id)


def _open_duties(session: Session, duty_ids: Sequence[int], by: Viewer) -> tuple[list[Duty], OpenCover]:
    """Duties of one cover, which is locked first, as by everybody. Raises Invalid for none, NotFound, Forbidden."""
    if not duty_ids:
        raise Invalid({"duty": "Choose which days."})
    found = session.get(Duty, duty_ids[0]) if 0 < duty_ids[0] <= LARGEST_KEY else None
    if found is None:
        raise NotFound("duty")
    cover = open_cover(session, found.occasion_id, by=by)
    rows = [load(session, Duty, one, "duty") for one in sorted(set(duty_ids))]
    if any(row.occasion_id != cover.id for row in rows):
        raise NotFound("duty")
    return rows, cover


def _demand_running(row: Duty, now: datetime) -> None:
    if row.until_at <= now:
        raise Refused("This duty is over.")


def _able(session: Session, cover: OpenCover, person_id: int, now: datetime) -> Person:
    """Somebody who sees the place; locked, so that nobody is put in two places at once. Raises Invalid."""
    row = cover.at.occasion
    try:
        person = load(session, Person, person_id, "person")
    except NotFound:
        raise Invalid({"person": "Choose somebody of this rollout."}) from None
    sees = staff_of(session, row.rollout_id, now=now).sees(person_id, row.location_id)
    if person.deactivated_at is not None or not sees:
        raise Invalid({"person": "Choose somebody of this rollout who sees the place."})
    return person


def _plans(
    session: Session, cover: OpenCover, person: Person, spans: Sequence[tuple[datetime, datetime]], now: datetime
) -> tuple[Crew, list[Held]]:
    crew = crew_of(session, cover.at.occasion.rollout_id, now)
    if not spans:
        return crew, []
    begins, ends = min(one for one, _ in spans), max(one for _, one in spans)
    return crew, held_by(session, [key_of(person)], begins, ends)[key_of(person)]


def _assign(
    session: Session, cover: OpenCover, asked: Sequence[Slot], person: Person, by: Viewer, now: datetime
) -> list[Duty]:
    crew, mine = _plans(session, cover, person, [(slot.from_at, slot.until_at) for slot in asked], now)
    rows = standing_of(session, cover)
    theirs = {one.from_at for one in mine if one.occasion == cover.id}
    wanted = [slot for slot in asked if slot.from_at not in theirs]
    there = attendance([held_of(row) for row in rows], crew)
    free = [slot for slot in wanted if (share := covered([slot], there)).filled < share.wanted]
    if wanted and not free:
        raise _taken(session, rows, wanted[0])
    hindered = {slot: _hindrance(cover, _blank(cover, slot, person), person, crew, mine) for slot in free}
    put = [slot for slot in free if not hindered[slot]]
    if free and not put:
        raise Refused(hindered[free[0]])
    found = [_put(session, cover, slot, person, crew, by, now) for slot in put]
    if found:
        tell_duties(session, cover.at, found, by=by, now=now)
        _record(session, cover, "assigned", found, by, now)
    return found


def _blank(cover: OpenCover, slot: Slot, person: Person) -> Held:
    row = cover.at.occasion
    return Held(
        0, cover.id, row.entry, row.location_id, key_of(person), slot.from_at, slot.until_at, cover.cover.on_call
    )


def _hindrance(cover: OpenCover, duty: Held, person: Person, crew: Crew, mine: Sequence[Held]) -> str:
    """Why somebody cannot be there then; empty where they can."""
    day = short_day(cover.cover.calendar.local_day(duty.from_at), cover.cover.calendar.local_day(duty.from_at))
    if crew.away(duty.person, duty.from_at, duty.until_at) is not None:
        return f"{person.name} is on leave on {day}."
    kind, _ = worst(duty, [one for one in mine if one.occasion != cover.id])
    return f"{person.name} is on duty at another place on {day}." if kind is Overlap.TWO_PLACES else ""


def _taken(session: Session, rows: Sequence[Duty], slot: Slot) -> Stale:
    """Somebody was quicker: who gave the last free place to whom."""
    last = max((row for row in rows if row.from_at < slot.until_at and slot.from_at < row.until_at), key=key_of)
    names = dict(session.exec(select(Person.id, Person.name).where(Person.id.in_([last.by_id, last.person_id]))).all())  # type: ignore[union-attr]
    return Stale(names[last.by_id], last.at, f"put {names[last.person_id]} on duty")


def _put(
    session: Session,
    cover: OpenCover,
    slot: Slot,
    person: Person,
    crew: Crew,
    by: Viewer,
    now: datetime,
    instead_of: int | None = None,
) -> Duty:
    occasion = cover.at.occasion
    hand = next((one for one in crew.hands(cover.roles, occasion.location_id) if one.person == person.id), None)
    row = Duty(
        occasion_id=cover.id,
        rollout_id=occasion.rollout_id,
        location_id=occasion.location_id,
        entry=occasion.entry,
        person_id=key_of(person),
        role=hand.role if hand else "",
        day=slot.day,
        from_at=slot.from_at,
        until_at=slot.until_at,
        on_call=cover.cover.on_call,
        instead_of=instead_of,
        by_id=by.person,
        at=now,
    )
    session.add(row)
    session.flush()
    return row


def _end(
    session: Session,
    cover: OpenCover,
    rows: Sequence[Duty],
    reason: str,
    by: Viewer,
    now: datetime,
    verb: str = "called_off",
) -> None:
    for row in rows:
        row.ended_at, row.ended_by, row.ended_reason = now, by.person, reason
        session.add(row)
    session.flush()
    tell_duties(session, cover.at, rows, by=by, now=now, off=True)
    _record(session, cover, verb, rows, by, now)


def _record(session: Session, cover: OpenCover, verb: str, rows: Sequence[Duty], by: Viewer, now: datetime) -> None:
    """One event for all that was changed at once; why stands on the duties."""
    occasion = cover.at.occasion
    facts = {
        "duties": [key_of(row) for row in rows],
        "people": sorted({row.person_id for row in rows}),
        "from": min(row.from_at for row in rows).isoformat(),
        "until": max(row.until_at for row in rows).isoformat(),
    }
    record(
        session, f"duty.{verb}", ("occasion", cover.id), by=by, now=now, rollout_id=occasion.rollout_id,
        location_id=occasion.location_id, after=facts,
    )  # fmt: skip
