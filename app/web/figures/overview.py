"""The figures of a rollout: the baseline of every location, and where what is read once for all stands."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from sqlmodel import Session
from starlette.responses import Response

from app.queries.figures.overview import PLACES, BaselineLine, Baselines, baselines
from app.queries.rollouts.facts import RolloutFacts
from app.rules.clock import count, moment
from app.rules.rollouts.sentences import Part
from app.web.answers import see_other
from app.web.figures.at import Spot
from app.web.figures.upload import upload_address
from app.web.frame import as_of, in_rollout, rail
from app.web.kept import Kept, by_the_minute
from app.web.rhythm.ways import FIGURES, rhythm_ways
from app.web.site import Db, Desk, Now, Seeing
from app.web.templating import html

router = APIRouter()


@router.get("/rollouts/{slug}/figures")
@by_the_minute
def show(kept: Kept, desk: Seeing, session: Db, now: Now, page: Annotated[int, Query(ge=1, le=10_000)] = 1) -> Response:
    if not desk.rollout.has_plan:
        return see_other(f"/rollouts/{desk.rollout.slug}/progress")
    at = desk.rollout.as_of(now)
    found = baselines(session, desk.rollout, desk.extent, page)
    return kept.answer(html("figures/list.html", **in_rollout(desk, "Rhythm"), **shown(desk, found, page, at)))


def shown(desk: Desk, found: Baselines, page: int, now: datetime) -> dict[str, Any]:
    """Everything the template needs."""
    rollout = desk.rollout
    return {
        "weeks": rail(rollout, now),
        "when": as_of(rollout, now),
        "say": baselines_sentence(found),
        "subnav": rhythm_ways(desk, FIGURES),
        "asks": bool(rollout.playbook.figures),
        "upload": upload_address(desk),
        "lines": [_line(desk, one, now) for one in (*found.shared, *found.lines)],
        "pager": _pager(rollout, page, found),
    }


def baselines_sentence(found: Baselines) -> list[Part]:
    """`3 of 4 baselines are signed.`"""
    asked = [line for line in found.lines if line.asked]
    if not asked:
        return [Part("Nothing has to be captured before the go-live.")]
    said = f"{found.signed} of {count(found.total, 'baseline')}"
    status = "done" if found.signed == found.total else ""
    return [Part(said, status), Part(f" {'is' if found.signed == 1 else 'are'} signed and frozen.")]


def place_sentence(session: Session, desk: Desk) -> list[Part]:
    """Of the one location that is left of a rollout: what of its baseline is captured, and whether it is frozen."""
    (line,) = baselines(session, desk.rollout, desk.extent, 1).lines
    if not line.asked:
        return [Part("Nothing has to be captured here before the go-live.")]
    if line.frozen:
        return [Part("The baseline is "), Part("signed and frozen", "done"), Part(".")]
    return [Part(f"{line.captured} of {count(line.asked, 'metric')} of the baseline "),
            Part(f"{'is' if line.captured == 1 else 'are'} captured.")]  # fmt: skip


def _line(desk: Desk, one: BaselineLine, now: datetime) -> dict[str, Any]:
    """One place: what is captured, and when who froze it."""
    spot, frozen = Spot(desk, one.place, one.wave), one.frozen
    zone = one.place.zone if one.place else desk.rollout.zone
    return {
        "name": spot.name,
        "href": spot.address(),
        "metrics": one.metrics,
        "captured": f"{one.captured} of {one.asked}" if one.asked else "",
        "status": "done" if frozen else "ready" if one.captured == one.asked else "open",
        "label": "Signed" if frozen else "Ready to sign" if one.captured == one.asked else "Not complete",
        "signed": f"{frozen.name}, {moment(frozen.at, zone, now)}" if frozen else "",
        "why": frozen.reason if frozen else "",
        "asked": one.asked and not one.wave,
    }


def _pager(rollout: RolloutFacts, page: int, found: Baselines) -> dict[str, Any] | None:
    pages = max(1, -(-found.total // PLACES))
    if pages == 1:
        return None
    base, first = f"/rollouts/{rollout.slug}/figures", (page - 1) * PLACES
    return {
        "page": page,
        "pages": pages,
        "prev_href": f"{base}?page={page - 1}" if page > 1 else None,
        "next_href": f"{base}?page={page + 1}" if page < pages else None,
        "said": f"{first + 1} to {min(first + PLACES, found.total)} of {found.total:,} centres",
    }
