"""What an upgrade would do: to every row of the chosen places, and to the dates elsewhere. Only reads."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlmodel import Session

from app.actions.loading import key_of, load
from app.actions.schedule.moves import holders_of
from app.actions.schedule.planning import Change
from app.actions.schedule.replanning import compare_places, cutovers_moved
from app.actions.tasks.opening import demand_open
from app.actions.upgrades.planned import Planned
from app.actions.upgrades.preview import NETWORK, Preview
from app.actions.upgrades.targets import target_of
from app.errors import Forbidden, NotFound
from app.models import Rollout
from app.plan.places import Spot
from app.plan.terms import Scope
from app.rules.people.access import Permission, Viewer
from app.rules.schedule.moves import Replan, brought_up
from app.rules.schedule.schedule import Plan
from app.rules.upgrades.choosing import Choices, day_of, takes_new
from app.rules.upgrades.lines import CUTOVER, Line, Outcome
from app.stored.timelines import locations_of

MOST_WARNINGS = 20


def preview_upgrade(
    session: Session,
    rollout_id: int,
    *,
    places: Collection[str],
    to: int,
    choices: Choices | None = None,
    by: Viewer,
    now: datetime,
) -> Preview:
    """What becomes of each row when places (ids of locations, empty for the network) are brought to the version with
    the key `to`. `choices` as they were made so far. Only reads.

    Raises NotFound, Forbidden, Refused where nothing is changed, for a lower version or another playbook, and Invalid
    for field `places`.
    """
    rollout = directed_rollout(session, rollout_id, by)
    return computed(session, rollout, places, to, choices or {}, by, now)


def directed_rollout(session: Session, rollout_id: int, by: Viewer) -> Rollout:
    """A running rollout, locked, for whoever directs it."""
    rollout = load(session, Rollout, rollout_id, "rollout")
    if rollout_id not in by.rollouts():
        raise NotFound("rollout")
    if not by.can(Permission.DIRECT, rollout=rollout_id):
        raise Forbidden
    demand_open(rollout, None)
    return rollout


def computed(
    session: Session, rollout: Rollout, places: Collection[str], to: int, choices: Choices, by: Viewer, now: datetime
) -> Preview:
    target = target_of(session, rollout, places, to)
    number = target.row.version
    if not target.chosen:
        return Preview(to, number, (), target.already)
    found = Planned(session, rollout, target, now)
    lines = found.compared(found.change)
    asked = {slug: tuple(line for line in of if line.asks) for slug, of in lines.items()}
    change = _chosen(found, asked, choices)
    if change != found.change:
        lines = {slug: _asking(of, asked[slug]) for slug, of in found.compared(change).items()}
    after = found.plan(change)
    of_places = tuple(found.place(slug, lines[slug]) for slug in target.chosen)
    touched = {line.held.stored.row for place in of_places for line in place.lines if line.held and line.is_task}
    cutovers = cutovers_moved(found.before, after)
    return Preview(
        to, number, of_places, target.already, _elsewhere(found, change, after), cutovers, found.fixed,
        tuple(one.message for one in brought_up(found.before.problems, after.problems))[:MOST_WARNINGS],
        holders_of(session, rollout, touched, by, [slug for slug, _, _ in cutovers]),
    )  # fmt: skip


def _chosen(found: Planned, asked: Mapping[str, Sequence[Line]], choices: Choices) -> Change:
    """The change with what was chosen: dates by hand that are given up, days named for what comes late."""
    pins, cutovers = dict(found.change.pins), dict(found.change.cutovers)
    for slug, lines in asked.items():
        for line in lines:
            if line.entry == CUTOVER:
                cutovers |= {slug: None} if takes_new(line, choices) else {}
            elif not line.value:
                pins |= _pin(found, slug, line, choices)
    return replace(found.change, pins=pins, cutovers=cutovers)


def _pin(
    found: Planned, slug: str, line: Line, choices: Choices
) -> Mapping[tuple[str, Spot], tuple[date | None, date] | None]:
    place = found.target.chosen[slug]
    network = Spot(Scope.WAVE, line.wave) if line.wave else Spot(Scope.NETWORK)
    spot = Spot(Scope.LOCATION, place.wave, slug) if place else network
    day = day_of(choices.get(line.key, "")) if line.asks_due else None
    if day is not None:
        return {(line.entry, spot): (None, day)}
    return {(line.entry, spot): None} if line.outcome is Outcome.CONFLICT and takes_new(line, choices) else {}


def _asking(lines: Sequence[Line], asked: Sequence[Line]) -> tuple[Line, ...]:
    """The lines under some choices: what was asked for stays asked for, though a choice answers it."""
    late = {line.key for line in asked if line.asks_due}
    return tuple(replace(line, asks_due=line.asks_due or line.key in late) for line in lines)


def _elsewhere(found: Planned, change: Change, after: Plan) -> Replan:
    """What moves at the places that are not brought to the version: only what was set by hand, or a cutover, reaches
    them.
    """
    plain = Change(versions=change.versions)
    chosen = found.target.chosen
    rest: dict[str, int | None] = {} if NETWORK in chosen else {NETWORK: None}
    if change != plain or cutovers_moved(found.before, after):
        others = locations_of(found.session, found.rollout)
        rest |= {row.slug: key_of(row) for row in others if row.slug not in chosen and row.planned_at is not None}
    return compare_places(found.session, found.rollout, found.before, after, rest, found.now)
