"""Which selections are still to be made."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import Session, col, select

from app.models import ScheduledEntry
from app.plan.format.when import Link
from app.queries.rollouts.facts import RolloutFacts
from app.stored.selection import selection_at


def unchosen(session: Session, rollout: RolloutFacts, links: Iterable[Link]) -> frozenset[str]:
    """Of the selections that links name those whose set is not signed, or no longer what was signed. A fixed number of
    queries for each, none where no selection is named.
    """
    named = {link.entry for link in links} & rollout.playbook.selection.keys()
    if not named:
        return frozenset()
    rows = session.exec(
        select(ScheduledEntry).where(
            ScheduledEntry.rollout_id == rollout.id,
            ScheduledEntry.kind == "selection",
            col(ScheduledEntry.entry).in_(named),
        )
    )
    return frozenset(row.entry for row in rows.all() if not selection_at(session, row, rollout.playbook).settled)
