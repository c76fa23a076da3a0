"""The issues of a rollout, soonest breach first, within what the reader may see. The number of queries is fixed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, case, func, or_
from sqlmodel import Session, col, select

from app.models import Issue, IssueStep, Person, Standstill
from app.queries.issues.cases import cases_of
from app.queries.people import ELSEWHERE, Holders, holders
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.rules.issues.filtering import ALL, NETWORK, SOLVED, IssueFilter
from app.rules.issues.ladder import Case, Step
from app.rules.issues.law import Law, rank
from app.rules.issues.recipients import Place, holders_of
from app.rules.issues.standing import Standing, standing
from app.rules.people.access import Extent

HORIZON: Final = timedelta(hours=4)
TOLD: Final = ("told", "vacant")


@dataclass(frozen=True)
class IssueLine:
    """One issue of a list. `rank` is its severity as a number, 1 the gravest; `told` are the rungs of its ladder that
    have been told, of `law.rungs`; `waits_for` what it waits for now.
    """

    id: int
    number: int
    title: str
    rank: int
    place: PlaceFacts | None
    zone: str
    kind: str
    law: Law
    standing: Standing
    holder: tuple[int, str] | None
    told: tuple[int, ...]
    waits_for: str
    opened_at: datetime
    resolved_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True)
class IssueSums:
    """Of what is not solved: how many, how many are out of time, how many will be within `HORIZON` and when the last
    of those is, and the next breach; and how many are solved but not confirmed.
    """

    open: int
    breached: int
    soon: int
    soon_until: datetime | None
    next_at: datetime | None
    unconfirmed: int


@dataclass(frozen=True)
class IssuesPage:
    """One page of the list, of `total` that the filter picks; `sums` are those of everything the reader may see."""

    lines: tuple[IssueLine, ...]
    total: int
    sums: IssueSums


def issues_page(
    session: Session, rollout: RolloutFacts, extent: Extent, wanted: IssueFilter, offset: int, size: int, now: datetime
) -> IssuesPage:
    """The issues that a filter picks."""
    only = [*seen(rollout, extent), *picked(rollout, wanted)]
    total = session.exec(select(func.count()).select_from(Issue).where(*only)).one()
    statement = select(Issue).where(*only).order_by(*_order()).offset(offset).limit(size)
    found = session.exec(statement).all() if total else ()
    return IssuesPage(lines_of(session, rollout, extent, found, now), total, sums_of(session, rollout, extent, now))


def issues_at(
    session: Session, rollout: RolloutFacts, extent: Extent, now: datetime, only: ColumnElement[bool], most: int
) -> tuple[IssueLine, ...]:
    """The first few open issues of some place or task."""
    return _open(session, rollout, extent, now, (only,), _order(), most)


def issues_pressing(
    session: Session, rollout: RolloutFacts, extent: Extent, now: datetime, gravest: str, most: int
) -> tuple[IssueLine, ...]:
    """Open issues past their time, and those of the gravest severity (its id), which come first."""
    grave = col(Issue.severity) == gravest
    only = (col(Issue.rollout_id) == rollout.id, or_(grave, col(Issue.breach_at) <= now))
    return _open(session, rollout, extent, now, only, (case((grave, 0), else_=1), *_order()), most)


def _open(
    session: Session, rollout: RolloutFacts, extent: Extent, now: datetime,
    only: Sequence[ColumnElement[bool]], order: Sequence[Any], most: int,
) -> tuple[IssueLine, ...]:  # fmt: skip
    statement = select(Issue).where(*seen(rollout, extent), col(Issue.resolved_at).is_(None), *only)
    found = session.exec(statement.order_by(*order).limit(most)).all()
    return lines_of(session, rollout, extent, found, now) if found else ()


def seen(rollout: RolloutFacts, extent: Extent) -> Iterator[ColumnElement[bool]]:
    """Of this rollout, and at no location but those that the reader may see."""
    yield col(Issue.rollout_id) == rollout.id
    if not extent.everywhere:
        yield or_(col(Issue.location_id).is_(None), col(Issue.location_id).in_(extent.ids))


def sums_of(session: Session, rollout: RolloutFacts, extent: Extent, now: datetime) -> IssueSums:
    """One query."""
    at, unsolved = col(Issue.breach_at), col(Issue.resolved_at).is_(None)
    ahead = and_(unsolved, at > now)
    soon = and_(ahead, at <= now + HORIZON)
    statement = select(
        _number(unsolved),
        _number(and_(unsolved, at <= now)),
        _number(soon),
        func.max(case((soon, at))),
        func.min(case((ahead, at))),
        _number(~unsolved),
    )  # type: ignore[call-overload]
    row = session.exec(statement.where(*seen(rollout, extent), col(Issue.closed_at).is_(None))).one()
    return IssueSums(row[0] or 0, row[1] or 0, row[2] or 0, row[3], row[4], row[5] or 0)


def _number(only: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.sum(case((only, 1), else_=0))


def _order() -> tuple[Any, ...]:
    """Open ones by their breach, those whose clock stands still last; then solved ones, the newest first."""
    solved = case((col(Issue.resolved_at).is_(None), 0), else_=1)
    return solved, col(Issue.breach_at).asc().nulls_last(), col(Issue.resolved_at).desc(), col(Issue.id)


def picked(rollout: RolloutFacts, wanted: IssueFilter) -> Iterator[ColumnElement[bool]]:
    """What a filter leaves."""
    if wanted.state != ALL:
        yield col(Issue.resolved_at).is_not(None) if wanted.state == SOLVED else col(Issue.resolved_at).is_(None)
    if wanted.location == NETWORK:
        yield col(Issue.location_id).is_(None)
    elif wanted.location:
        places = (*rollout.locations, *rollout.left)
        yield col(Issue.location_id).in_([place.id for place in places if place.slug == wanted.location])
    if wanted.severity:
        yield col(Issue.severity) == wanted.severity
    if wanted.kind:
        yield col(Issue.kind) == wanted.kind
    if wanted.words:
        yield _words(wanted.words)


def _words(words: str) -> ColumnElement[bool]:
    named = select(Person.id).where(col(Person.name).icontains(words, autoescape=True))
    people = (Issue.holder_id, Issue.acknowledged_by, Issue.by_id)
    found = [col(Issue.title).icontains(words, autoescape=True), *(col(one).in_(named) for one in people)]
    number = words.removeprefix("#")
    if number.isascii() and number.isdigit() and len(number) < 10:
        found.append(col(Issue.number) == int(number))
    return or_(*found)


def lines_of(
    session: Session, rollout: RolloutFacts, extent: Extent, issues: Sequence[Issue], now: datetime
) -> tuple[IssueLine, ...]:
    """Stored issues as lines."""
    ids = [issue.id or 0 for issue in issues]
    cases, people = cases_of(session, rollout, issues), holders(session, rollout.id, extent, now, rota=True)
    told: dict[int, list[int]] = {}
    steps = select(IssueStep.issue_id, IssueStep.number).where(
        col(IssueStep.issue_id).in_(ids), IssueStep.kind == Step.RUNG, col(IssueStep.outcome).in_(TOLD)
    )
    for id_, number in session.exec(steps.order_by(col(IssueStep.number))):
        told.setdefault(id_, []).append(number)
    waits = dict(
        session.exec(
            select(Standstill.issue_id, Standstill.waits_for).where(
                col(Standstill.issue_id).in_(ids), col(Standstill.until).is_(None)
            )
        ).all()
    )
    return tuple(
        _line(rollout, issue, cases[issue.id or 0], people, tuple(told.get(issue.id or 0, ())),
              waits.get(issue.id or 0, ""), now)
        for issue in issues
    )  # fmt: skip


def _line(
    rollout: RolloutFacts, issue: Issue, found: Case, people: Holders, told: tuple[int, ...], waits: str, now: datetime
) -> IssueLine:
    place = rollout.location(issue.location_id)
    return IssueLine(
        id=issue.id or 0,
        number=issue.number,
        title=issue.title,
        rank=rank(rollout.playbook, issue.severity),
        place=place,
        zone=place.zone if place else rollout.zone,
        kind=kind_words(rollout, issue.kind),
        law=found.law,
        standing=standing(found, now),
        holder=holder_of(people, issue, found.law),
        told=told,
        waits_for=waits,
        opened_at=issue.opened_at,
        resolved_at=issue.resolved_at,
        closed_at=issue.closed_at,
    )


def kind_words(rollout: RolloutFacts, kind: str) -> str:
    """The title of a kind of trouble; empty for none."""
    known = rollout.playbook.issues.types if rollout.playbook.issues else {}
    return known[kind].title if kind in known else kind


def holder_of(people: Holders, issue: Issue, law: Law) -> tuple[int, str] | None:
    """Whose the issue is now: key and name, of several the first; None where nobody answers for it. Somebody of whom
    the reader may not know has no key.
    """
    place = Place(issue.rollout_id, issue.location_id, issue.holder_id, issue.acknowledged_by)
    found = holders_of(people.staff, place, law.rungs[0].to if law.rungs else [])
    if not found:
        return None
    known = people.known()
    more = f" and {len(found) - 1} more" if len(found) > 1 else ""
    return (found[0], known[found[0]] + more) if found[0] in known else (0, ELSEWHERE)
