"""What figures that somebody gives would do: which are new, which correct another one, and which cannot be taken."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from app.actions.loading import load
from app.errors import NotFound, Refused
from app.models import Location, MetricReading, Rollout
from app.plan.format.metrics import Metric
from app.plan.terms import Scope
from app.rules.metrics.access import may_enter
from app.rules.metrics.judging import fault_of_days, fault_of_sign, fault_of_size, fault_of_value, shared
from app.rules.people.access import Permission, Viewer
from app.stored import playbooks_in
from app.stored.metrics import Place, place_at, readings_of, signed_at, signed_value

Outcome = Literal["new", "corrected", "same", "faulty"]
MOST_READINGS = 100_000


@dataclass(frozen=True)
class Given:
    """One figure as it was given: where (the id of a location, or of a wave, or neither), of which metric, over which
    days. `reason` says why it corrects another one; `basis` the facts that must agree before it is compared; `sign` is
    the % or $ that it was written with.
    """

    metric: str
    first: date
    last: date
    value: Decimal
    location: str = ""
    wave: str = ""
    size: Decimal | None = None
    note: str = ""
    reason: str = ""
    basis: Mapping[str, Any] = field(default_factory=dict)
    sign: str = ""


@dataclass(frozen=True)
class Planned:
    """What one of them would do; `before` is the signed baseline. `faults` by the name of the field: location, metric,
    first, value, size, reason.
    """

    given: Given
    outcome: Outcome
    faults: Mapping[str, str]
    place: Place | None = None
    metric: Metric | None = None
    stands: MetricReading | None = None
    before: Decimal | None = None


@dataclass(frozen=True)
class Plan:
    """All of them, in their order. `fingerprint` changes with anything that it was made from."""

    rollout: Rollout
    rows: tuple[Planned, ...]
    fingerprint: str

    def of(self, outcome: Outcome) -> tuple[Planned, ...]:
        return tuple(row for row in self.rows if row.outcome == outcome)


def planned_readings(
    session: Session, rollout_id: int, given: Sequence[Given], *, reason: str = "", by: Viewer, now: datetime
) -> Plan:
    """Only reads. `reason` is that of every correction that brings none of its own. The number of queries does not grow
    with the figures.

    Raises NotFound for a rollout that the person does not see, and Refused where nothing is changed any more.
    """
    rollout = load(session, Rollout, rollout_id, "rollout")
    if not by.can(Permission.SEE_PLAN, rollout=rollout_id):
        raise NotFound("rollout")
    if rollout.state != "running":
        raise Refused("This rollout is not running: no figures are taken.")
    if len(given) > MOST_READINGS:
        raise Refused(f"At most {MOST_READINGS:,} figures at once; these are {len(given):,}.")
    judged = _Judge(session, rollout, given, reason, by, now)
    rows = tuple(judged.row(one) for one in given)
    stands = [(row.given, row.stands.id if row.stands else 0) for row in rows]
    return Plan(rollout, rows, sha256(repr(stands).encode()).hexdigest())


class _Judge:
    """Everything that the figures are judged by, read once."""

    def __init__(
        self, session: Session, rollout: Rollout, given: Sequence[Given], reason: str, by: Viewer, now: datetime
    ) -> None:
        self._rollout, self._by, self._now, self._reason = rollout, by, now, reason
        self._books = playbooks_in(session, rollout)
        slugs = {one.location for one in given if one.location}
        found = session.exec(
            select(Location).where(
                Location.rollout_id == rollout.id, col(Location.slug).in_(slugs), col(Location.dropped_at).is_(None)
            )
        )
        self._locations = {row.slug: row for row in found}
        places = {self._key(one): self._place(one) for one in given}
        known = [place for place in places.values() if place]
        self._standing = _by_place(readings_of(session, rollout.id or 0, known))
        self._signed = signed_at(session, rollout.id or 0, [place.key[0] for place in known])
        self._taken: dict[tuple[str, str, str], list[tuple[date, date]]] = defaultdict(list)

    def _key(self, given: Given) -> tuple[str, str]:
        return given.location, given.wave

    def _place(self, given: Given) -> Place | None:
        """None for one that is not there, and for one that the person does not see."""
        location = self._locations.get(given.location)
        if given.location and (location is None or not self._sees(location.id)):
            return None
        if given.wave and given.wave not in self._books[self._rollout.playbook_version_id].waves:
            return None
        return place_at(self._rollout, location, given.wave)

    def _sees(self, location: int | None) -> bool:
        return self._by.can(Permission.SEE_PLAN, rollout=self._rollout.id, location=location)

    def row(self, given: Given) -> Planned:
        place = self._place(given)
        if place is None:
            return Planned(given, "faulty", {"location": "There is no such place in this rollout."})
        metric = self._books[place.version_id].figures.get(given.metric)
        if metric is None or metric.scope is not place.scope:
            return Planned(given, "faulty", {"metric": _unknown(metric)}, place)
        faults = self._faults(given, place, metric)
        mine = self._standing.get((*place.key, metric.id), [])
        stands = next((row for row in mine if (row.first, row.last) == (given.first, given.last)), None)
        if (
            stands is not None
            and not faults
            and not _same(stands, given, metric)
            and not (given.reason or self._reason)
        ):
            faults["reason"] = f"{stands.value:f} stands there. Say why this figure takes its place."
        outcome: Outcome = (
            "faulty" if faults
            else "new" if stands is None
            else "same" if _same(stands, given, metric)
            else "corrected"
        )  # fmt: skip
        return Planned(given, outcome, faults, place, metric, stands, self._before(place, metric))

    def _faults(self, given: Given, place: Place, metric: Metric) -> dict[str, str]:
        location = place.location
        if not may_enter(self._by, metric, {"rollout": self._rollout.id, "location": location and location.id}):
            return {"metric": f"You may see {metric.title}, but its figures are not yours to enter."}
        if metric.formula is not None:
            return {"metric": f"{metric.title} is computed: {metric.formula.text}. Enter what it is computed from."}
        days = (given.first, given.last)
        before = self._before(place, metric)
        zone = location.zone if location else self._books[place.version_id].calendar.zone
        today = self._now.astimezone(ZoneInfo(zone)).date()
        found = {
            "first": fault_of_days(*days, today) or self._fault_beside(place, metric, days),
            "value": fault_of_sign(given.sign, metric.unit)
            or ("" if metric.on_fail else fault_of_value(metric, given.value, before)),
            "size": fault_of_size(given.size),
        }
        return {name: fault for name, fault in found.items() if fault}

    def _before(self, place: Place, metric: Metric) -> Decimal | None:
        return signed_value(self._signed.get(place.key[0]), metric)

    def _fault_beside(self, place: Place, metric: Metric, days: tuple[date, date]) -> str:
        """Some of the days are read already, by another stretch of days, stored or given before this one."""
        key = (*place.key, metric.id)
        own = (str(place.key[0]), place.key[1], metric.id)
        known = [(row.first, row.last) for row in self._standing.get(key, []) if row.definition == metric.definition]
        other = next((one for one in (*known, *self._taken[own]) if shared(one, days)), None)
        if other is not None:
            return f"Some of these days are read already, as {other[0]} to {other[1]}. Correct that figure instead."
        if days in self._taken[own]:
            return "These days are given twice."
        self._taken[own].append(days)
        return ""


def _by_place(rows: Iterable[MetricReading]) -> dict[tuple[int | None, str, str], list[MetricReading]]:
    found: dict[tuple[int | None, str, str], list[MetricReading]] = defaultdict(list)
    for row in rows:
        found[row.location_id, row.wave, row.metric].append(row)
    return found


def _unknown(metric: Metric | None) -> str:
    if metric is None:
        return "The playbook has no such metric."
    where = {Scope.NETWORK: "once for the network", Scope.WAVE: "for each wave", Scope.LOCATION: "for each location"}
    return f"{metric.title} is read {where[metric.scope or Scope.LOCATION]}."


def _same(row: MetricReading, given: Given, metric: Metric) -> bool:
    return (row.value, row.size, row.definition) == (given.value, given.size, metric.definition)
