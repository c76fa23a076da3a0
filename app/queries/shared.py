"""What locations share: what others let a reader see of their work and figures, and what the reader's own let others
see.

Of another location nothing is fetched but what was agreed to: the states and due days of work, and the figures of
metrics; no text, file or person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.models import Consent, Person, Rollout, Task
from app.plan import Playbook
from app.plan.format.frame import Sharing
from app.plan.format.metrics import Metric
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts, facts_of
from app.queries.shared_figures import figures_at
from app.queries.tasks.standing import Alike, standing
from app.rules.metrics.beside import Figure, differences
from app.rules.people.access import Extent
from app.rules.rollouts.sharing import Covers, Part, metrics, parts, shown_of
from app.rules.tasks.progress import State, Tally, tally


@dataclass(frozen=True)
class SharedPart:
    """One task, group or workstream of another location: how it stands, and the last day on which any of it is due."""

    title: str
    stands: Tally
    due: date | None


@dataclass(frozen=True)
class SharedFigure:
    """A metric of another location. `own`: the same at the reader's own, by the name of the place; `differs`: by that
    name, why the two must not be compared.
    """

    figure: Figure
    own: Mapping[str, Figure]
    differs: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Share:
    """What another location lets the reader see under one entry of the playbook's `sharing`."""

    title: str
    parts: tuple[SharedPart, ...]
    figures: tuple[SharedFigure, ...] = ()


@dataclass(frozen=True)
class Neighbour:
    """Another location that lets the reader see something of it."""

    name: str
    shares: tuple[Share, ...]


def neighbours(session: Session, rollout_id: int, extent: Extent, now: datetime) -> list[Neighbour]:
    """The locations outside of `extent` that share something, in the order of the locations list.

    Whoever sees the whole network sees all of them by that, and has no neighbours.
    """
    rollout = facts_of(session, session.get_one(Rollout, rollout_id))
    others = {place.id: place for place in rollout.locations if place.planned and place.id not in extent}
    agreed = _agreed(session, others)
    if not agreed:
        return []
    open_to_all = Extent(False, frozenset(agreed))
    groups = [one for one in standing(session, rollout, open_to_all, now).groups if one.location_id is not None]
    dues = _dues(session, agreed)
    figures = _figures(session, rollout, agreed, extent)
    found = []
    for key, place in others.items():
        here = [group for group in groups if group.location_id == key]
        shares = _shares(rollout, key, agreed.get(key, {}), _Work(here, dues.get(key, {})), figures)
        found += [Neighbour(place.name, shares)] if shares else []
    return found


Agreed = Mapping[str, Covers]
"""What was agreed to, by the id of the entry of `sharing`."""


def _agreed(session: Session, places: Collection[int]) -> dict[int, dict[str, Covers]]:
    found: dict[int, dict[str, Covers]] = {}
    statement = select(Consent.location_id, Consent.sharing, Consent.covers).where(
        col(Consent.location_id).in_(places), col(Consent.withdrawn_at).is_(None)
    )
    for location, sharing, covers in session.exec(statement):
        found.setdefault(location, {})[sharing] = covers
    return found


def _dues(session: Session, places: Collection[int]) -> dict[int, dict[str, date]]:
    """The last due day of each entry at each location."""
    found: dict[int, dict[str, date]] = {}
    columns = (col(Task.location_id), col(Task.entry))
    statement = select_columns(*columns, func.max(col(Task.due))).where(
        col(Task.location_id).in_(places), col(Task.retired_at).is_(None)
    )
    for location, entry, due in session.execute(statement.group_by(*columns)):
        if due is not None:
            found.setdefault(location, {})[entry] = due
    return found


Figures = Mapping[tuple[int, str], SharedFigure]
"""By location and metric."""


def _figures(session: Session, rollout: RolloutFacts, agreed: Mapping[int, Agreed], extent: Extent) -> Figures:
    """What was agreed to, beside the same metrics at the reader's own places."""
    wanted = {place: _named(rollout, place, found) for place, found in agreed.items()}
    mine = [place for place in rollout.locations if place.planned and place.id in extent]
    named = {id_ for found in wanted.values() for id_ in found}
    found = figures_at(session, rollout, {**wanted, **{place.id: sorted(named) for place in mine}})
    own = {place.name: found[place.id] for place in mine}
    return {
        (place, id_): _beside(figure, {name: here[id_] for name, here in own.items() if id_ in here})
        for place in wanted
        for id_, figure in found[place].items()
    }


def _beside(figure: Figure, own: Mapping[str, Figure]) -> SharedFigure:
    return SharedFigure(figure, own, {name: why for name, one in own.items() if (why := differences(figure, one))})


def _named(rollout: RolloutFacts, place: int, agreed: Agreed) -> list[str]:
    """The metrics that were agreed to at a place, each once."""
    book = rollout.book_at(place)
    named = (one.id for sharing, covers in _entries(rollout, place, agreed) for one in metrics(book, sharing, covers))
    return list(dict.fromkeys(named))


def _entries(rollout: RolloutFacts, place: int, agreed: Agreed) -> list[tuple[Sharing, Covers]]:
    """The entries of the place's playbook that were agreed to there."""
    return [(one, agreed[id_]) for id_, one in (rollout.book_at(place).sharing or {}).items() if id_ in agreed]


@dataclass(frozen=True)
class _Work:
    """The tasks of one place: groups of those that stand alike, and the last due day of each entry."""

    groups: Iterable[Alike]
    dues: Mapping[str, date]


def _shares(rollout: RolloutFacts, place: int, agreed: Agreed, work: _Work, figures: Figures) -> tuple[Share, ...]:
    states: dict[str, Counter[State]] = {}
    for group in work.groups:
        for entry in group.entries:
            states.setdefault(entry, Counter())[group.state] += 1
    book, found = rollout.book_at(place), []
    for sharing, covers in _entries(rollout, place, agreed):
        shown = tuple(one for part in parts(book, sharing, covers) if (one := _part(part, states, work.dues)))
        read = tuple(figures[place, one.id] for one in metrics(book, sharing, covers))
        found += [Share(sharing.title, shown, read)] if shown or read else []
    return tuple(found)


def _part(part: Part, states: Mapping[str, Counter[State]], dues: Mapping[str, date]) -> SharedPart | None:
    """None where there is no such work at the location."""
    counted = sum((states[entry] for entry in part.entries if entry in states), Counter[State]())
    if not counted:
        return None
    return SharedPart(part.title, tally(counted), max((dues[one] for one in part.entries if one in dues), default=None))


@dataclass(frozen=True)
class Offer:
    """What one location may let the others see, in words: the `work`, and the `figures` with their units.

    `by` agreed to it at `at` (both None: nobody has); `unseen` is what the playbook names by now and they did not.
    """

    place: PlaceFacts
    id: str
    title: str
    role: str
    work: tuple[str, ...]
    figures: tuple[str, ...]
    shown: str
    by: str | None
    at: datetime | None
    unseen: tuple[str, ...] = ()


def offers(session: Session, rollout: RolloutFacts) -> list[Offer]:
    """What the locations that the reader may see share, or might, by the version of the playbook that holds there."""
    given = _given(session, [place.id for place in rollout.locations])
    return [
        _offer(rollout.book_at(place.id), place, id_, sharing, given.get((place.id, id_)))
        for place in rollout.locations
        for id_, sharing in (rollout.book_at(place.id).sharing or {}).items()
        if _says(rollout.book_at(place.id), sharing)
    ]


Given = tuple[Consent, str]
"""An agreement that stands, and the name of whoever gave it."""


def _given(session: Session, places: Collection[int]) -> dict[tuple[int, str], Given]:
    statement = (
        select(Consent, Person.name)
        .join(Person, col(Person.id) == col(Consent.by_id))
        .where(col(Consent.location_id).in_(places), col(Consent.withdrawn_at).is_(None))
    )
    return {(row.location_id, row.sharing): (row, name) for row, name in session.exec(statement)}


def _offer(book: Playbook, place: PlaceFacts, id_: str, sharing: Sharing, given: Given | None) -> Offer:
    work = tuple(part.title for part in parts(book, sharing))
    figures = tuple(_figure_words(one) for one in metrics(book, sharing))
    offer = Offer(place, id_, sharing.title, sharing.consent, work, figures, shown_of(sharing), None, None)
    if given is None:
        return offer
    row, name = given
    seen = _says(book, sharing, row.covers)
    unseen = tuple(one for one in _says(book, sharing) if one not in seen)
    return replace(offer, by=name, at=row.at, unseen=unseen)


def _says(book: Playbook, sharing: Sharing, covers: Covers | None = None) -> list[str]:
    work = [part.title for part in parts(book, sharing, covers)]
    return [*work, *(_figure_words(one) for one in metrics(book, sharing, covers))]


def _figure_words(metric: Metric) -> str:
    return f"{metric.title} ({metric.unit})" if metric.unit else metric.title
