"""The gates of a rollout as rows: one for the network, one for each wave that has gates of its own, one a location."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.queries.gates.list import GateLine
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.rules.clock import instant, short_day
from app.rules.gates.voting import OUTCOME_WORDS, Outcome
from app.rules.rollouts.readiness import GateDay, next_gate
from app.web.gates.words import OUTCOME_MARKS


@dataclass(frozen=True)
class Row:
    """The gates of a location, or (without one) of a wave or the network; `next` is the one it comes to."""

    place: PlaceFacts | None
    wave: str
    lines: tuple[GateLine, ...]
    next: GateLine | None


def rows_of(rollout: RolloutFacts, lines: Sequence[GateLine], now: datetime) -> list[Row]:
    """A row for whatever has a gate; those of a wave stand before its locations."""
    found: list[tuple[PlaceFacts | None, str, list[GateLine]]] = [
        (None, wave, [one for one in lines if one.place is None and one.at.wave == wave])
        for wave in ("", *_waves(rollout))
    ]
    at: dict[int, list[GateLine]] = {}
    for one in lines:
        if one.place is not None:
            at.setdefault(one.place.id, []).append(one)
    found += [(place, place.wave, at.get(place.id, [])) for place in rollout.locations]
    return [Row(place, wave, tuple(mine), _next(rollout, place, mine, now)) for place, wave, mine in found if mine]


def _waves(rollout: RolloutFacts) -> list[str]:
    """Those of the playbook in their order, then any other that a location names."""
    named = (place.wave for place in rollout.locations)
    return [wave for wave in dict.fromkeys([*rollout.playbook.waves, *named]) if wave]


def _next(rollout: RolloutFacts, place: PlaceFacts | None, lines: Sequence[GateLine], now: datetime) -> GateLine | None:
    """The gate with an open vote, else the one that the readiness of the place is about; None where all are settled."""
    if voting := next((one for one in lines if one.held.opened_at), None):
        return voting
    opening = place.cutover.date() if place and place.cutover and place.cutover > now else None
    days = [GateDay(str(one.at.id), one.at.due, fallen=one.held.fallen) for one in lines]
    settled = {str(one.at.id) for one in lines if one.settled}
    found = next_gate(days, today_at(rollout, place, now), opening, settled)
    return next((one for one in lines if found and str(one.at.id) == found.gate), None)


def today_at(rollout: RolloutFacts, place: PlaceFacts | None, now: datetime) -> date:
    return place.today(now) if place else rollout.today(now)


def where_of(rollout: RolloutFacts, one: GateLine) -> str:
    """Where it is held, in words."""
    wave = rollout.playbook.waves.get(one.at.wave)
    return one.place.name if one.place else wave.title if wave else "the whole network"


def groups_of(rollout: RolloutFacts, rows: Sequence[Row], now: datetime) -> list[dict[str, Any]]:
    """The network first, then the waves; in each its rows by the day of the gate that comes."""
    titles = {id_: wave.title for id_, wave in rollout.playbook.waves.items()}
    groups = []
    for wave in ("", *_waves(rollout)):
        mine = sorted((row for row in rows if row.wave == wave), key=_order)
        if mine:
            title = titles.get(wave, wave) or "The whole network"
            shown = [_row(rollout, row, now) for row in mine]
            groups.append({"id": f"wave-{wave or 'network'}", "title": title, "rows": shown})
    return groups


def _order(row: Row) -> tuple[bool, bool, date]:
    due = row.next.at.due if row.next else None
    return row.place is not None, due is None, due or date.max


def _row(rollout: RolloutFacts, row: Row, now: datetime) -> dict[str, Any]:
    place = row.place
    return {
        "id": f"gates-{place.slug if place else row.wave or 'network'}",
        "name": place.name if place else "All centres of the wave" if row.wave else "All centres",
        "href": f"/rollouts/{rollout.slug}/locations/{place.slug}" if place else None,
        "next": _shown(rollout, row.next, now) if row.next else None,
        "all": [_shown(rollout, one, now) for one in row.lines],
    }


def _shown(rollout: RolloutFacts, one: GateLine, now: datetime) -> dict[str, Any]:
    today, zone = today_at(rollout, one.place, now), one.place.zone if one.place else rollout.zone
    status, label = state_of(one, today, zone)
    day = instant(one.at.due_at, zone, now) if one.at.due_at else short_day(one.at.due, today) if one.at.due else ""
    return {
        "title": one.gate.title,
        "href": f"/gates/{one.at.id}",
        "when": day or "no date",
        "status": status,
        "label": label,
        "vetoes": f"{one.vetoes} {'veto' if one.vetoes == 1 else 'vetoes'}" if one.vetoes else "",
        "need": "Your vote is wanted" if one.vote_wanted else "Yours to decide" if one.asked else "",
    }


def state_of(one: GateLine, today: date, zone: str) -> tuple[str, str]:
    """The mark and the words of a gate as it stands."""
    held = one.held
    if held.opened_at:
        return "running", f"Vote open, {one.cast} of {one.seats}"
    if held.fallen:
        return "notready", "Closed again"
    if held.outcome is not None:
        until = one.until.astimezone(ZoneInfo(zone)).date() if one.until else None
        more = f" until {short_day(until, today)}" if until and held.outcome is Outcome.CONDITIONS else ""
        return OUTCOME_MARKS[held.outcome], f"{OUTCOME_WORDS[held.outcome]}{more}"
    past = one.at.due is not None and one.at.due < today
    return ("late", "Not decided") if past else ("todo", "Not held yet")
