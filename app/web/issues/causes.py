"""What goes wrong where, the words that causes share, and the same problem at several locations."""

from __future__ import annotations

from math import ceil
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from app.queries.issues.boards import Alike, Causes, causes
from app.queries.rollouts.facts import RolloutFacts
from app.rules.clock import count
from app.rules.rollouts.sentences import Part
from app.web.issues.boards import frame
from app.web.kept import Kept, by_the_minute
from app.web.site import Db, Now, Seeing
from app.web.templating import html

router = APIRouter()
LEVELS = 3


@router.get("/rollouts/{slug}/issues/causes")
@by_the_minute
def show(kept: Kept, desk: Seeing, session: Db, now: Now) -> Response:
    now, rollout = desk.rollout.as_of(now), desk.rollout
    found = causes(session, rollout, desk.viewer)
    kinds = _kinds(rollout, found)
    page = html(
        "issues/causes.html",
        **frame(desk, "Causes", now),
        say=_say(rollout, found, kinds),
        kinds=[title for _, title in kinds],
        rows=_heat(rollout, found, kinds),
        words=[{"word": word, "issues": [_link(rollout, one) for one in issues]} for word, issues in found.words],
        same=[[_link(rollout, one) for one in group] for group in found.same],
        elsewhere=[
            {"issue": _link(rollout, one), "places": [_place(rollout, place) for place in places]}
            for one, places in found.elsewhere
        ],
    )
    return kept.answer(page)


def _kinds(rollout: RolloutFacts, found: Causes) -> list[tuple[str, str]]:
    """The kinds that occur, in the order of the playbook."""
    known = rollout.playbook.issues.types if rollout.playbook.issues else {}
    seen = {kind for kind, _ in found.heat}
    kinds = [(id_, one.title or id_) for id_, one in known.items() if id_ in seen]
    kinds += [(kind, kind) for kind in sorted(seen - set(known) - {""})]
    return [*kinds, *([("", "Not said")] if "" in seen else [])]


def _heat(rollout: RolloutFacts, found: Causes, kinds: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """A row for each location that has any; the darkest cells are those with the most issues."""
    most = max((total for total, _ in found.heat.values()), default=0)
    places = [(place.id, place.name, place.slug) for place in (*rollout.locations, *rollout.left)]
    rows = []
    for id_, name, slug in [*places, (None, "The whole network", "network")]:
        cells = [_cell(rollout, found.heat.get((kind, id_)), most, kind, slug, f"{title}, {name}")
                 for kind, title in kinds]  # fmt: skip
        if any(cells):
            rows.append({"name": name, "cells": cells})
    return rows


def _cell(
    rollout: RolloutFacts, found: tuple[int, int] | None, most: int, kind: str, slug: str, where: str
) -> dict[str, Any] | None:
    if found is None:
        return None
    total, still = found
    query = urlencode({"location": slug, "state": "all", **({"kind": kind} if kind else {})})
    return {
        "number": total,
        "level": ceil(LEVELS * total / most) if total > 1 else 1,
        "said": f"{where}: {count(total, 'issue')}, {still} open",
        "open": still,
        "href": f"/rollouts/{rollout.slug}/issues?{query}",
    }


def _link(rollout: RolloutFacts, one: Alike) -> dict[str, str]:
    where = _place(rollout, one.location)
    return {"number": f"#{one.number}", "title": one.title, "place": where, "href": f"/issues/{one.id}"}


def _place(rollout: RolloutFacts, location: int | None) -> str:
    place = rollout.location(location) if location is not None else None
    return place.name if place else "The whole network"


def _say(rollout: RolloutFacts, found: Causes, kinds: list[tuple[str, str]]) -> list[Part]:
    """The cell with the most, as a sentence."""
    if not found.heat:
        return [Part("Nothing has been reported yet.")]
    titles, everything = dict(kinds), sum(total for total, _ in found.heat.values())
    (kind, location), (total, _) = max(found.heat.items(), key=lambda one: (one[1][0], one[1][1]))
    what = titles[kind] if kind else "No kind said"
    if everything == 1:
        return [Part(f"One issue so far: {what}, at {_place(rollout, location)}.")]
    return [Part("Most often: "), Part(what), Part(f" at {_place(rollout, location)}, {total} of {everything}.")]
