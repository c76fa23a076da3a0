"""Which place of a rollout is on which version of the playbook, and what could be done again under a newer one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_
from sqlmodel import Session, col, select

from app.models import Completion, Person, PlaybookVersion, Skip, Task, Upgrade
from app.plan.change_kinds import ChangeKind
from app.plan.draft.versions import order_of
from app.plan.versions import changes
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.queries.upgrades.deviations import Deviation, deviations
from app.rules.people.access import Extent


@dataclass(frozen=True)
class Version:
    """A stored version of the playbook of a rollout."""

    id: int
    version: str


@dataclass(frozen=True)
class Step:
    """A place was brought to a version: by whom, when, and how many rows were applied, kept and so on."""

    to: str
    by: str
    at: datetime
    summary: dict[str, int]


@dataclass(frozen=True)
class PlaceVersion:
    """One place (None: the network), its version, whether there is a newer one, and the step that brought it there.

    `unchanging`: its wave takes the playbook as it is.
    """

    place: PlaceFacts | None
    version: Version
    behind: bool
    last: Step | None
    deviations: tuple[Deviation, ...] = ()
    unchanging: bool = False


@dataclass(frozen=True)
class Versions:
    """A rollout by its versions: the newest that is here, those above the lowest in use, the network and its places."""

    newest: Version
    newer: tuple[Version, ...]
    network: PlaceVersion
    places: tuple[PlaceVersion, ...]


def versions_of(session: Session, rollout: RolloutFacts, extent: Extent) -> Versions:
    """How the network, and each location within `extent`, stands. The number of queries does not grow."""
    known = _known(session, rollout)
    steps = _steps(session, rollout)
    found = deviations(session, rollout)
    newest = known[-1]

    def at(place: PlaceFacts | None) -> PlaceVersion:
        book = rollout.book_at(place.id if place else None)
        here = next(one for one in known if one.version == book.version)
        wave = book.waves.get(place.wave) if place else None
        return PlaceVersion(
            place, here, here != newest, steps.get(place.id if place else None),
            tuple(found.get(place.id, ())) if place else (), wave is not None and wave.changes == "none",
        )  # fmt: skip

    places = tuple(at(place) for place in rollout.locations if place.id in extent)
    network = at(None)
    lowest = min(order_of(one.version.version) for one in (network, *places))
    newer = tuple(one for one in known if order_of(one.version) > lowest)
    return Versions(newest, newer, network, places)


def _known(session: Session, rollout: RolloutFacts) -> list[Version]:
    """Every version of the playbook that is here, the lowest first."""
    rows = session.exec(
        select(PlaybookVersion.id, PlaybookVersion.version).where(PlaybookVersion.playbook_id == rollout.playbook.id)
    ).all()
    return sorted((Version(key or 0, number) for key, number in rows), key=lambda one: order_of(one.version))


def _steps(session: Session, rollout: RolloutFacts) -> dict[int | None, Step]:
    """The last upgrade of each place."""
    rows = session.exec(
        select(Upgrade, Person.name, PlaybookVersion.version)
        .join(Person, col(Person.id) == col(Upgrade.by_id))
        .join(PlaybookVersion, col(PlaybookVersion.id) == col(Upgrade.to_id))
        .where(Upgrade.rollout_id == rollout.id)
        .order_by(col(Upgrade.id))
    )
    return {row.location_id: Step(version, name, row.at, row.summary) for row, name, version in rows}


@dataclass(frozen=True)
class Askable:
    """Work that was done under an older version, of which the newer one asks something else."""

    task: int
    row_version: int
    title: str
    place: PlaceFacts | None
    under: str
    keys: tuple[str, ...]


def askable(session: Session, rollout: RolloutFacts, extent: Extent) -> list[Askable]:
    """What may be asked again, in the order of the playbook. One query."""
    done = or_(
        col(Task.id).in_(select(Completion.task_id)),
        col(Task.id).in_(select(Skip.task_id)),
    )
    statement = select(Task).where(
        Task.rollout_id == rollout.id, col(Task.playbook_version_id).is_not(None), col(Task.retired_at).is_(None), done
    )
    demands: dict[tuple[str, str], dict[str, tuple[str, ...]]] = {}
    found = []
    for task in session.exec(statement.order_by(col(Task.position), col(Task.id))):
        place = rollout.location(task.location_id)
        if task.location_id is not None and (place is None or place.id not in extent or place.left_at is not None):
            continue
        old, new = rollout.book_of(task), rollout.book_at(task.location_id)
        pair = old.version, new.version
        if pair not in demands:
            demands[pair] = {}
            for change in changes(old, new):
                if change.kind is ChangeKind.DEMAND and change.section == "tasks":
                    demands[pair][change.entry] = (*demands[pair].get(change.entry, ()), change.key)
        keys = demands[pair].get(task.entry, ())
        if keys:
            found.append(Askable(task.id or 0, task.version, task.title, place, old.version, keys))
    return found
