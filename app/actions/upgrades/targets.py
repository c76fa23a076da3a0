"""Which places may be brought to which version, and the steps that lead there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlmodel import Session, select

from app.errors import Invalid, Refused
from app.models import Location, PlaybookVersion, Rollout
from app.plan.draft.versions import order_of
from app.rules.upgrades.between import Between
from app.stored import playbook_of
from app.stored.timelines import locations_of


@dataclass(frozen=True)
class Target:
    """The version to come, the places that are not on it yet, and the steps from each version that they are on."""

    row: PlaybookVersion
    chosen: Mapping[str, Location | None]
    already: tuple[str, ...]
    between: Mapping[int, Between]
    numbers: Mapping[int, str]


def target_of(session: Session, rollout: Rollout, places: Collection[str], to: int) -> Target:
    inside = {row.slug: row for row in locations_of(session, rollout)}
    unknown = [slug for slug in places if slug and slug not in inside]
    if unknown or not places:
        raise Invalid({"places": "Choose among the places of this rollout."})
    own = session.get_one(PlaybookVersion, rollout.playbook_version_id)
    row = session.get(PlaybookVersion, to)
    if row is None or row.playbook_id != own.playbook_id:
        raise Refused("That is another playbook, not a newer version of this one.")
    known = session.exec(
        select(PlaybookVersion.id, PlaybookVersion.version).where(PlaybookVersion.playbook_id == own.playbook_id)
    ).all()
    numbers = {key or 0: version for key, version in known}
    stand = {slug: version_at(rollout, inside.get(slug)) for slug in sorted(set(places))}
    chosen = {slug: inside.get(slug) for slug, version in stand.items() if version != to}
    _demand_newer(chosen, stand, numbers, row)
    between = {key: _steps(session, numbers, key, to) for key in {stand[slug] for slug in chosen}}
    _demand_waves(chosen, between.values(), row)
    already = tuple(slug for slug in stand if slug not in chosen)
    return Target(row, chosen, already, between, numbers)


def version_at(rollout: Rollout, place: Location | None) -> int:
    return (place and place.playbook_version_id) or rollout.playbook_version_id


def _demand_newer(
    chosen: Mapping[str, Location | None], stand: Mapping[str, int], numbers: Mapping[int, str], to: PlaybookVersion
) -> None:
    for slug, place in chosen.items():
        if order_of(numbers[stand[slug]]) > order_of(to.version):
            name = place.name if place else "The network"
            raise Refused(f"{name} is on version {numbers[stand[slug]]}; nothing goes back to {to.version}.")
        if place is not None and place.planned_at is None:
            raise Refused(f"The plan of {place.name} is still being written.")


def _demand_waves(chosen: Mapping[str, Location | None], steps: Collection[Between], to: PlaybookVersion) -> None:
    waves = next(iter(steps)).new.waves if steps else {}
    lost = [place.name for place in chosen.values() if place and place.wave and place.wave not in waves]
    if lost:
        raise Refused(f"Version {to.version} no longer has the wave of {lost[0]}.", tuple(lost[1:]))


def _steps(session: Session, numbers: Mapping[int, str], first: int, last: int) -> Between:
    """Every version from one to another: an entry may have changed its id more than once."""
    lowest, highest = order_of(numbers[first]), order_of(numbers[last])
    keys = sorted(numbers, key=lambda key: order_of(numbers[key]))
    return Between.of([playbook_of(session, key) for key in keys if lowest <= order_of(numbers[key]) <= highest])
