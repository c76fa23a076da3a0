"""The week of a rollout: what recurs and is the reader's own, and how each room of the rhythm stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from app.rules.rollouts.sentences import Part
from app.web.answers import see_other
from app.web.frame import as_of, in_rollout, rail
from app.web.held import listed
from app.web.kept import Kept, by_the_minute
from app.web.rhythm.mine import rounds
from app.web.rhythm.sentences import sentences
from app.web.rhythm.ways import OVERVIEW, rhythm_ways
from app.web.site import Db, Desk, Now, Seeing
from app.web.templating import html

router = APIRouter()
GOOD: Final = ("done", "clean", "track", "run")


@router.get("/rollouts/{slug}/rhythm")
@by_the_minute
def show(kept: Kept, desk: Seeing, session: Db, now: Now) -> Response:
    if not desk.rollout.has_plan:
        return see_other(f"/rollouts/{desk.rollout.slug}/progress")
    at = desk.rollout.as_of(now)
    return kept.answer(html("rhythm/show.html", **in_rollout(desk, "Rhythm"), **shown(desk, session, at)))


def shown(desk: Desk, session: Session, now: datetime) -> dict[str, Any]:
    """Everything the template needs: each room opens with the sentence of its own page."""
    rollout = desk.rollout
    mine = rounds(session, desk.viewer, [rollout], now) if rollout.state == "running" else []
    says = dict(sentences(desk, session, desk.extent, now))
    return {
        "weeks": rail(rollout, now),
        "when": as_of(rollout, now),
        "say": _lead(says),
        "subnav": rhythm_ways(desk, OVERVIEW),
        "mine": mine,
        "rooms": [(label, href, says[label]) for label, href, _, _ in rhythm_ways(desk, OVERVIEW) if label in says],
        "upgrades": f"/rollouts/{rollout.slug}/upgrades",
    }


def _lead(says: Mapping[str, Sequence[Any]]) -> list[Part]:
    """Which rooms need somebody: those whose own sentence marks anything but good news."""
    rooms = [label for label, said in says.items() if any(_mark(part) not in ("", *GOOD) for part in said)]
    if not rooms:
        return [Part("The rhythm holds: nothing is missed, late or short.")]
    named = listed(rooms)
    return [Part(named[0] + named[1:].lower(), "risk"), Part(f" {'needs' if len(rooms) == 1 else 'need'} somebody.")]


def _mark(part: Any) -> str:
    found = part.get("status", "") if isinstance(part, dict) else part.status
    return found or ""
