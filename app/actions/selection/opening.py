"""A selection opened for a change: loaded through what the person may see, locked, with what was recorded of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlmodel import Session

from app.actions.events import record, stale
from app.actions.loading import count_version, key_of, load
from app.actions.tasks.opening import demand_open
from app.errors import NotFound
from app.models import Rollout, ScheduledEntry, SelectionRecord
from app.plan import Playbook
from app.plan.format.frame import Selection
from app.rules.people.access import Permission, Viewer
from app.rules.selection.judging import Scored
from app.stored import playbook_at
from app.stored.selection import StoredSelection, selection_at

SUBJECT = "selection"


@dataclass(frozen=True)
class OpenSelection:
    """A selection, locked, as it stands in this transaction."""

    dated: ScheduledEntry
    playbook: Playbook
    rollout: Rollout
    stored: StoredSelection

    @property
    def id(self) -> int:
        return key_of(self.dated)

    @property
    def rollout_id(self) -> int:
        return self.dated.rollout_id

    @property
    def selection(self) -> Selection:
        return self.stored.selection

    @property
    def version(self) -> int:
        """Of what was recorded; 0 for nothing."""
        return self.stored.record.version if self.stored.record else 0

    def candidate(self, location_id: int, by: Viewer) -> Scored:
        """A location that may be chosen, for somebody who may see it. Raises NotFound."""
        found = self.stored.scoring.by_id.get(location_id)
        if found is None or not by.can(Permission.SEE_PLAN, rollout=self.rollout_id, location=location_id):
            raise NotFound("location")
        return found

    def again(self, session: Session) -> OpenSelection:
        """The same with what this transaction has changed."""
        return replace(self, stored=selection_at(session, self.dated, self.playbook))


def open_selection(session: Session, dated_id: int, *, by: Viewer) -> OpenSelection:
    """The selection for somebody who may see it. Raises NotFound, and Refused where nothing is changed any more."""
    dated = load(session, ScheduledEntry, dated_id, "selection")
    if dated.kind != "selection" or not by.can(Permission.SEE_PLAN, rollout=dated.rollout_id):
        raise NotFound("selection")
    rollout = session.get_one(Rollout, dated.rollout_id)
    opened = selection_of(session, dated, rollout)
    demand_open(rollout, None)
    return opened


def selection_of(session: Session, dated: ScheduledEntry, rollout: Rollout) -> OpenSelection:
    """The selection with the playbook of the network. Raises NotFound for one that it has no more."""
    playbook = playbook_at(session, rollout)
    return OpenSelection(dated, playbook, rollout, selection_at(session, dated, playbook))


def demand_version(session: Session, opened: OpenSelection, seen: int | None) -> None:
    """Raises Stale when something was recorded after the form was drawn. `seen` 0: nothing was; None: whatever is."""
    if seen is not None and seen != opened.version:
        raise stale(session, (SUBJECT, opened.id))


def begun(session: Session, opened: OpenSelection) -> SelectionRecord:
    """The record of the selection, made where nothing was recorded yet."""
    if opened.stored.record is not None:
        return opened.stored.record
    row = SelectionRecord(dated_id=opened.id, rollout_id=opened.rollout_id, selection=opened.dated.entry)
    session.add(row)
    session.flush()
    return row


def changed(
    session: Session,
    opened: OpenSelection,
    row: SelectionRecord,
    verb: str,
    *,
    by: Viewer | None,
    now: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Count one more version of the record and record the event; last step of every change. What people typed never
    stands in it.
    """
    count_version(session, row, "selection")
    record(
        session, f"{SUBJECT}.{verb}", (SUBJECT, opened.id), by=by, now=now, rollout_id=opened.rollout_id,
        before=dict(before) if before else None, after=dict(after) if after else None,
    )  # fmt: skip
