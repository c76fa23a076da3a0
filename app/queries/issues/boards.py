"""What the boards of issues count: the top ten, promises kept, causes. Only what the reader may see; the number of
queries of each is fixed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import case
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, func, select

from app.models import Issue, Resolution, SameIssue
from app.queries.issues.cases import cases_of
from app.queries.issues.list import IssueLine, lines_of, seen
from app.queries.rollouts.facts import RolloutFacts
from app.rules.issues.alike import Titled, groups, shared_words
from app.rules.issues.attainment import Promised
from app.rules.issues.top_ten import Weighed, top
from app.rules.people.access import Extent, Permission, Viewer

NAMED: Final = (col(Issue.id), col(Issue.number), col(Issue.title), col(Issue.location_id))
COMPARED: Final = 500
"""The newest open issues that are compared with each other; those said by a person to be the same always are."""


def top_ten(session: Session, rollout: RolloutFacts, extent: Extent, now: datetime) -> tuple[IssueLine, ...]:
    """The open issues to be talked about today, the first one first."""
    statement = select(Issue).where(*seen(rollout, extent), col(Issue.resolved_at).is_(None))
    found = {issue.id or 0: issue for issue in session.exec(statement)}
    cases = cases_of(session, rollout, list(found.values()))
    weighed = [
        Weighed(id_, one.severity, one.opened_at, cases[id_].used(now), cases[id_].law.resolve)
        for id_, one in found.items()
    ]
    severities = list(rollout.playbook.issues.severities) if rollout.playbook.issues else []
    chosen = [found[one.id] for one in top(weighed, severities)]
    return lines_of(session, rollout, extent, chosen, now)


def promised(session: Session, rollout: RolloutFacts, extent: Extent, now: datetime) -> list[Promised]:
    """Every issue by what was promised, and what became of it; days are those of its place."""
    issues = session.exec(select(Issue).where(*seen(rollout, extent)).order_by(col(Issue.number))).all()
    cases, found = cases_of(session, rollout, issues), []
    for issue in issues:
        place, case_ = rollout.location(issue.location_id), cases[issue.id or 0]
        found.append(
            Promised(
                id=issue.id or 0,
                number=issue.number,
                location=issue.location_id,
                wave=place.wave if place else "",
                opened=place.today(issue.opened_at) if place else rollout.today(issue.opened_at),
                used=case_.used(now),
                allowed=case_.law.resolve,
                solved=issue.resolved_at is not None,
            )
        )
    return found


@dataclass(frozen=True)
class Alike:
    """An issue as a line: `location` None is the whole network."""

    id: int
    number: int
    title: str
    location: int | None


@dataclass(frozen=True)
class Causes:
    """`heat` counts all issues and those of them that are open, by kind and location. `words` stand in several causes,
    each with the numbers of its issues. `same` are groups of issues at several locations; `elsewhere` are locations at
    which somebody has found an issue too.
    """

    heat: dict[tuple[str, int | None], tuple[int, int]]
    words: tuple[tuple[str, tuple[Alike, ...]], ...]
    same: tuple[tuple[Alike, ...], ...]
    elsewhere: tuple[tuple[Alike, tuple[int, ...]], ...]


def causes(session: Session, rollout: RolloutFacts, viewer: Viewer) -> Causes:
    """What goes wrong where, why, and where else. Four queries."""
    extent = viewer.locations(rollout.id)
    return Causes(
        heat=_heat(session, rollout, extent),
        words=_words(session, rollout, extent, viewer),
        same=_same(session, rollout, extent),
        elsewhere=_elsewhere(session, rollout, extent),
    )


def _heat(session: Session, rollout: RolloutFacts, extent: Extent) -> dict[tuple[str, int | None], tuple[int, int]]:
    unsolved = func.sum(case((col(Issue.resolved_at).is_(None), 1), else_=0))
    kind_at = (col(Issue.kind), col(Issue.location_id))
    statement = select_columns(*kind_at, func.count(), unsolved).where(*seen(rollout, extent))
    rows = session.execute(statement.group_by(*kind_at))
    return {(kind, location): (total, int(still)) for kind, location, total, still in rows}


def _words(
    session: Session, rollout: RolloutFacts, extent: Extent, viewer: Viewer
) -> tuple[tuple[str, tuple[Alike, ...]], ...]:
    """The words of the causes that the reader may read."""
    statement = (
        select_columns(*NAMED, col(Resolution.cause))
        .join(Resolution, col(Resolution.issue_id) == col(Issue.id))
        .where(*seen(rollout, extent), col(Resolution.reopened_at).is_(None))
        .order_by(col(Issue.number))
    )
    readable: dict[int | None, bool] = {}
    issues, texts = {}, {}
    for id_, number, title, location, cause in session.execute(statement):
        if location not in readable:
            place = {"rollout": rollout.id, "location": location}
            both = (Permission.SEE_DETAIL, Permission.RAISE_ISSUE)
            readable[location] = any(viewer.can(one, **place) for one in both)
        if readable[location]:
            issues[id_], texts[id_] = Alike(id_, number, title, location), cause
    return tuple((word, tuple(issues[id_] for id_ in ids)) for word, ids in shared_words(texts))


def _same(session: Session, rollout: RolloutFacts, extent: Extent) -> tuple[tuple[Alike, ...], ...]:
    statement = (
        select_columns(*NAMED, col(Issue.kind))
        .where(*seen(rollout, extent), col(Issue.resolved_at).is_(None))
        .order_by(col(Issue.id).desc())
        .limit(COMPARED)
    )
    rows = {row[0]: row for row in session.execute(statement)}
    found = groups([Titled(id_, row[2], row[4], row[3]) for id_, row in sorted(rows.items())])
    return tuple(tuple(Alike(*rows[one.id][:4]) for one in group) for group in found)


def _elsewhere(session: Session, rollout: RolloutFacts, extent: Extent) -> tuple[tuple[Alike, tuple[int, ...]], ...]:
    statement = (
        select_columns(*NAMED, col(SameIssue.location_id))
        .join(SameIssue, col(SameIssue.issue_id) == col(Issue.id))
        .where(*seen(rollout, extent), col(Issue.resolved_at).is_(None))
        .order_by(col(Issue.number), col(SameIssue.id))
    )
    found: dict[Alike, list[int]] = {}
    for *issue, place in session.execute(statement):
        if place in extent:
            found.setdefault(Alike(*issue), []).append(place)
    return tuple((one, tuple(places)) for one, places in found.items())
