"""Somebody changes a rollout of which they saw a version, or makes one: the one shape of every such operation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions.people.viewers import viewer_of
from app.admission import enter_rollout
from app.api.callers import Db
from app.api.guards import Desk, Directing
from app.api.rollouts.shapes import RolloutWhole, rollout_whole
from app.api.tags import IfMatch, answer, versioned_step
from app.models import Rollout
from app.queries.rollouts.facts import facts_of
from app.request import Now
from app.rules.people.access import Permission, Viewer


@dataclass(frozen=True)
class Draft:
    """Somebody is about to change a rollout of which they saw a version."""

    request: Request
    session: Session
    desk: Desk
    seen: int
    now: datetime

    def make(self, change: Callable[..., object], *values: Any, **given: Any) -> Response:
        """Make it, and show the rollout as it is then. Raises what the change raises, a stale one with the version."""
        rollout, by = self.desk.rollout.id, self.desk.viewer
        versioned_step(
            self.session,
            lambda: change(self.session, rollout, *values, **given, seen=self.seen, by=by, now=self.now),
            self._present,
        )
        self.session.flush()
        self.session.expire_all()
        shown, version = self._present()
        return answer(self.request, shown, version=version)

    def _present(self) -> tuple[RolloutWhole, int]:
        found = facts_of(self.session, self.session.get_one(Rollout, self.desk.rollout.id))
        return rollout_whole(found.within(self.desk.extent), self.desk.viewer), found.version


async def draft_of(request: Request, seen: IfMatch, desk: Directing, session: Db, now: Now) -> Draft:
    return Draft(request, session, desk, seen.version, now)


Drafting = Annotated[Draft, Depends(draft_of)]


def new_rollout(request: Request, session: Session, row: Rollout, viewer: Viewer, now: datetime) -> Response:
    """A rollout that was just made, or by the same request before: what of it the caller may see at this moment.

    Raises NotFound.
    """
    session.flush()
    by = viewer_of(session, viewer.person, now=now)  # the roles in a new one came with it
    shown = rollout_whole(enter_rollout(session, by, row.slug, Permission.SEE_PLAN), by)
    return answer(request, shown, version=row.version, status=201, location=f"/api/v1/rollouts/{row.slug}")
