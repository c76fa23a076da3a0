"""Somebody changes a rollout of which they saw a version: the one shape of every such operation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Request
from sqlmodel import Session
from starlette.responses import Response

from app.api.callers import Db
from app.api.guards import Desk, Directing
from app.api.problems import StaleThing
from app.api.rollouts.shapes import rollout_whole
from app.api.tags import IfMatch, answer, tag_of, text_of
from app.errors import Stale
from app.models import Rollout
from app.queries.rollouts.facts import facts_of
from app.request import Now


@dataclass(frozen=True)
class Draft:
    """Somebody is about to change a rollout of which they saw a version."""

    request: Request
    session: Session
    desk: Desk
    seen: int
    now: datetime

    def make(self, change: Callable[..., object], *values: Any, **given: Any) -> Response:
        rollout, by = self.desk.rollout, self.desk.viewer
        try:
            change(self.session, rollout.id, *values, **given, seen=self.seen, by=by, now=self.now)
        except Stale as refusal:
            self.session.rollback()
            shown = rollout_whole(self._present())
            raise StaleThing(refusal, tag_of(text_of(shown), shown.version)) from refusal
        self.session.flush()
        self.session.expire_all()
        shown = rollout_whole(self._present())
        return answer(self.request, shown, version=shown.version)

    def _present(self) -> Any:
        found = facts_of(self.session, self.session.get_one(Rollout, self.desk.rollout.id))
        return found.within(self.desk.extent)


def draft_of(request: Request, seen: IfMatch, desk: Directing, session: Db, now: Now) -> Draft:
    return Draft(request, session, desk, seen.version, now)


Drafting = Annotated[Draft, Depends(draft_of)]
