"""The open issues that are somebody's: given to them, taken by them, or fallen to a role of theirs that nobody took."""

from __future__ import annotations

from sqlmodel import Session, col, select

from app.models import Issue, Rollout
from app.rules.issues.law import stored
from app.rules.people.access import Permission, Viewer


def issues_of(session: Session, viewer: Viewer) -> list[Issue]:
    """In running rollouts, not solved; those whose time runs out first before the others. One query."""
    seen = viewer.rollouts()
    statement = (
        select(Issue)
        .join(Rollout, col(Rollout.id) == col(Issue.rollout_id))
        .where(col(Issue.resolved_at).is_(None), col(Issue.closed_at).is_(None), col(Rollout.closed_at).is_(None))
        .order_by(col(Issue.breach_at).is_(None), col(Issue.breach_at), col(Issue.id))
    )
    if not seen.everywhere:
        statement = statement.where(col(Issue.rollout_id).in_(seen.ids))
    return [issue for issue in session.exec(statement) if _is_theirs(issue, viewer)]


def _is_theirs(issue: Issue, viewer: Viewer) -> bool:
    if not viewer.can(Permission.RAISE_ISSUE, rollout=issue.rollout_id, location=issue.location_id):
        return False
    holder = issue.holder_id or issue.acknowledged_by
    if holder is not None:
        return viewer.answers_for(holder)
    rungs = stored(issue.law).rungs
    first = {role for kind, _, *roles in (rungs[0].to if rungs else ()) if kind != "holder" for role in roles}
    return bool(first & viewer.roles(issue.rollout_id, issue.location_id))
