"""Links to the wall of a run: those of one run as whoever leads it sees them, and the run behind one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from app.errors import Forbidden, NotFound
from app.models import Person, Rollout, Run, RunLink
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts, facts_of
from app.queries.runs.room import seen_run
from app.rules.people.access import Viewer
from app.rules.runbooks.access import may_lead
from app.stored import playbook_of


@dataclass(frozen=True)
class LinkLine:
    """One link; its text is nowhere."""

    id: int
    title: str
    who: str
    at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class LinksPage:
    """The links of a run. `title` is that of its runbook."""

    run: Run
    rollout: RolloutFacts
    place: PlaceFacts | None
    title: str
    links: list[LinkLine]


def links_page(session: Session, run_id: int, viewer: Viewer) -> LinksPage:
    """For whoever leads the run. Raises NotFound, and Forbidden."""
    run = seen_run(session, run_id, viewer)
    facts = facts_of(session, session.get_one(Rollout, run.rollout_id)).within(viewer.locations(run.rollout_id))
    runbook = playbook_of(session, run.playbook_version_id).runbooks[run.runbook]
    if not may_lead(viewer, runbook, {"rollout": run.rollout_id, "location": run.location_id}):
        raise Forbidden("Only whoever leads the run sees its links.")
    return LinksPage(run, facts, facts.location(run.location_id), runbook.title, _links(session, run_id))


def _links(session: Session, run_id: int) -> list[LinkLine]:
    """Those that open the wall, then those that have ended; of each the newest first."""
    found = session.exec(
        select(RunLink, Person.name)
        .join(Person, col(Person.id) == col(RunLink.by_id))
        .where(RunLink.run_id == run_id)
        .order_by(col(RunLink.revoked_at).is_not(None), col(RunLink.id).desc())
    )
    return [LinkLine(row.id or 0, row.title, name, row.at, row.revoked_at) for row, name in found]


def run_behind(session: Session, token_hash: str) -> tuple[int, Run]:
    """The key of the link with this hash, and the run whose wall it opens. Raises NotFound for none, and for one that
    has ended. One query.
    """
    statement = select(RunLink.id, Run).join(Run, col(Run.id) == col(RunLink.run_id))
    found = session.exec(statement.where(RunLink.token_hash == token_hash, col(RunLink.revoked_at).is_(None))).first()
    if found is None:
        raise NotFound("wall")
    return found[0] or 0, found[1]


def links_that_open(session: Session, ids: Collection[int]) -> frozenset[int]:
    """Those among the links that have not ended. One query; none for no links."""
    if not ids:
        return frozenset()
    standing = select(RunLink.id).where(col(RunLink.id).in_(ids), col(RunLink.revoked_at).is_(None))
    return frozenset(id_ or 0 for id_ in session.exec(standing))
