"""One cover, opened by a program."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from app.api.presence.shapes import cover_whole
from app.api.tags import answer
from app.errors import NotFound
from app.models import Occasion, Rollout
from app.queries.presence.rota import Post, Rota, rota
from app.queries.rollouts.facts import RolloutFacts, facts_of
from app.rules.people.access import Permission, Viewer
from app.rules.presence.rights import may_assign


@dataclass(frozen=True)
class Opened:
    """A cover as somebody sees it."""

    viewer: Viewer
    rollout: RolloutFacts
    known: Rota
    post: Post

    @property
    def may_assign(self) -> bool:
        by = self.viewer if self.rollout.state == "running" else self.viewer.reading()
        return may_assign(by, self.rollout.id, self.post.location, self.post.roles)


def opened_cover(session: Session, occasion_id: int, viewer: Viewer) -> Opened:
    """The cover, at a place that the person may see. Raises NotFound."""
    row = session.get(Occasion, occasion_id)
    if row is None or not viewer.can(Permission.SEE_PLAN, rollout=row.rollout_id, location=row.location_id):
        raise NotFound("cover")
    extent = viewer.locations(row.rollout_id)
    rollout = facts_of(session, session.get_one(Rollout, row.rollout_id)).within(extent)
    known = rota(session, rollout, extent, entries=[row.entry])
    post = known.post(occasion_id)
    if post is None:
        raise NotFound("cover")
    return Opened(viewer, rollout, known, post)


def show_cover(request: Request, opened: Opened, *, status: int = 200) -> Response:
    """The cover with its slots and duties."""
    return answer(request, cover_whole(opened.known, opened.post, opened.may_assign), status=status)
