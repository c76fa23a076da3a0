"""Presence at one location: what the page of the location says of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from app.queries.presence.mentors import MentorLine, mentorships
from app.queries.presence.now import DutyLine, today_of
from app.queries.presence.rota import Post, rota
from app.queries.presence.troubles import GapLine, troubles
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.rules.people.access import Extent, Viewer
from app.rules.presence.attendance import Covered, covered


@dataclass(frozen=True)
class CoverLine:
    """One cover of the location, and how much of its stretch is filled."""

    post: Post
    filled: Covered


@dataclass(frozen=True)
class PlacePresence:
    """`today` are those on duty now or later today at the location and for the network, `gaps` those of the location
    in the coming fourteen days.
    """

    today: tuple[DutyLine, ...]
    covers: tuple[CoverLine, ...]
    gaps: tuple[GapLine, ...]
    mentors: tuple[MentorLine, ...]


def presence_at(
    session: Session, rollout: RolloutFacts, place: PlaceFacts, viewer: Viewer, now: datetime
) -> PlacePresence:
    """Presence at one location. A fixed number of queries."""
    here = Extent(False, frozenset({place.id}))
    known = rota(session, rollout, here)
    known = replace(known, posts=tuple(post for post in known.posts if post.wave in ("", place.wave)))
    own = replace(known, posts=tuple(post for post in known.posts if post.location == place.id))
    return PlacePresence(
        today=tuple(today_of(known, now)),
        covers=tuple(
            CoverLine(post, covered(post.slots, known.present(post), known.counts(post))) for post in own.posts
        ),
        gaps=troubles(own, now).gaps,
        mentors=tuple(mentorships(session, rollout, here, viewer, place.id)),
    )
