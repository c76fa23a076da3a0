"""Promises kept, by location, by wave and by week of the report, each in the order in which it is read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.rules.issues.attainment import Attained, Promised, grouped, monday, weeks


def by_place(rollout: RolloutFacts, found: Sequence[Promised]) -> list[tuple[PlaceFacts | None, Attained]]:
    """Every location, then those that have left and the whole network (None) where they have issues."""
    by = grouped(found, lambda one: one.location)
    shown = [*rollout.locations, *(place for place in rollout.left if place.id in by)]
    rows: list[tuple[PlaceFacts | None, Attained]] = [(place, by.get(place.id, Attained())) for place in shown]
    return [*rows, (None, by[None])] if None in by else rows


def by_wave(rollout: RolloutFacts, found: Sequence[Promised]) -> list[tuple[str, Attained]]:
    """The ids of the playbook's waves that have locations or issues; what is of the whole network has no wave."""
    by = grouped((one for one in found if one.location is not None), lambda one: one.wave)
    shown = {place.wave for place in rollout.locations} | set(by)
    return [(id_, by.get(id_, Attained())) for id_ in rollout.playbook.waves if id_ in shown]


def by_week(rollout: RolloutFacts, found: Sequence[Promised], now: datetime) -> list[tuple[date, Attained]]:
    """The Mondays up to now, the newest first, a week without issues too."""
    by = grouped(found, lambda one: monday(one.opened))
    if not by:
        return []
    shown = weeks(min(by), max(rollout.today(now), *by))
    return [(day, by.get(day, Attained())) for day in reversed(shown)]
