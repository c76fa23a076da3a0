"""What was frozen of a selection, for whoever may read all of it."""

from __future__ import annotations

from sqlmodel import Session

from app.errors import Forbidden, NotFound
from app.models import Rollout, SelectionChoice
from app.queries.selection.page import seen_selection
from app.rules.people.access import Viewer
from app.rules.selection.access import may_read
from app.stored import playbook_at
from app.stored.selection import selection_at


def choice_content(session: Session, dated_id: int, choice_id: int, viewer: Viewer) -> SelectionChoice:
    """A set as it was frozen, for whoever sees all locations and may read the selection. Raises NotFound, Forbidden."""
    dated = seen_selection(session, dated_id, viewer)
    stored = selection_at(session, dated, playbook_at(session, session.get_one(Rollout, dated.rollout_id)))
    everywhere = viewer.locations(dated.rollout_id).everywhere
    if not everywhere or not may_read(viewer, stored.selection, dated.rollout_id, None):
        raise Forbidden("You may see this selection, but not read all that was frozen.")
    found = session.get(SelectionChoice, choice_id)
    if found is None or stored.record is None or found.record_id != stored.record.id:
        raise NotFound("set")
    return found
