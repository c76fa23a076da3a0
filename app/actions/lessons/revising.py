"""A proposal is written until it is decided: one change more, the whole text, or once more for the newest version."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from app.actions.lessons.drafts import demand_newest, renewed, sound, with_change, with_edit
from app.actions.lessons.opening import changed, demand_undecided, demand_version, newest_of, open_proposal
from app.actions.loading import key_of
from app.models import Proposal
from app.plan.draft.guided import Change, kept
from app.rules.people.access import Viewer


def add_change(
    session: Session, proposal_id: int, *, change: Change, seen: int | None, by: Viewer, now: datetime
) -> Proposal:
    """One change more in a proposal. Raises NotFound, Forbidden, Stale, Refused, Invalid and PlaybookError."""
    opened = open_proposal(session, proposal_id, by=by)
    proposal = opened.proposal
    if proposal.edits and dict(proposal.edits[-1]) == kept(change):
        return proposal  # the same form came twice
    demand_version(session, proposal, seen)
    demand_undecided(opened)
    demand_newest(session, opened)
    proposal.text = sound(opened.base, with_change(proposal.text, change))
    proposal.edits = with_edit(proposal.edits, change)
    changed(session, opened, "changed", by=by, now=now, after={"do": kept(change)["do"]})
    return proposal


def rewrite_proposal(
    session: Session, proposal_id: int, *, text: str, seen: int | None, by: Viewer, now: datetime
) -> Proposal:
    """The whole text of a proposal, as somebody has written it. The same again is quiet. Raises as `add_change`."""
    opened = open_proposal(session, proposal_id, by=by)
    proposal = opened.proposal
    if proposal.text == text:
        return proposal
    demand_version(session, proposal, seen)
    demand_undecided(opened)
    demand_newest(session, opened)
    proposal.text = sound(opened.base, text)
    proposal.edits = with_edit(proposal.edits, None)
    changed(session, opened, "changed", by=by, now=now, after={"do": "text"})
    return proposal


def renew_proposal(session: Session, proposal_id: int, *, seen: int | None, by: Viewer, now: datetime) -> Proposal:
    """An outdated proposal once more, for the newest version. One that is not outdated stays as it is: quiet.

    Raises NotFound, Forbidden, Stale, PlaybookError, and Refused where the two cannot be brought together.
    """
    opened = open_proposal(session, proposal_id, by=by)
    proposal = opened.proposal
    demand_undecided(opened)
    if newest_of(session, opened.rollout).id == proposal.base_id:
        return proposal
    demand_version(session, proposal, seen)
    newest, proposal.text = renewed(session, opened, opened.rollout)
    before, proposal.base_id = opened.base.version, key_of(newest)
    changed(session, opened, "renewed", by=by, now=now, after={"from": before, "to": newest.version})
    return proposal
