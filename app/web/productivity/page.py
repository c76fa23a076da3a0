"""The page of one period, and the answer to every form on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from sqlmodel import Session
from starlette.responses import Response

from app.errors import Forbidden, Invalid, NotFound, Refused, Stale
from app.queries.productivity.page import PeriodPage, period_page
from app.rules.people.access import Permission, Viewer
from app.rules.productivity.figures import METRICS
from app.web.answers import see_other
from app.web.forms import RowId
from app.web.frame import in_rollout, rail
from app.web.productivity.shown import shown_period
from app.web.productivity.words import index_words, period_words, stale_words, typed
from app.web.rhythm.ways import PRODUCTIVITY, rhythm_ways
from app.web.rollouts.cutovers import PlaceSlug
from app.web.site import Db, Desk, Guard, Now, Seeing
from app.web.tasks.forms import Seen
from app.web.templating import html
from app.web.told import NOTHING, Told

router = APIRouter()
Enterer = Annotated[Viewer, Depends(Guard(Permission.ENTER_FIGURES))]
Taken = Annotated[str, Query(pattern="^(yes)?$")]


@router.get("/rollouts/{slug}/locations/{location}/productivity/{period_id}")
def show(desk: Seeing, location: PlaceSlug, period_id: RowId, session: Db, now: Now, taken: Taken = "") -> Response:
    page = period_page(session, period_id, desk.viewer)
    if page.rollout.id != desk.rollout.id or page.facts.place.slug != location:
        raise NotFound("period")
    return drawn(page, desk.viewer, now, taken=bool(taken))


def entered(page: PeriodPage) -> PeriodPage:
    """The same for who may change it. Raises Forbidden."""
    if not page.enters:
        raise Forbidden("You may see this period, but not change it.")
    return page


def room_of(page: PeriodPage) -> str:
    return f"/rollouts/{page.rollout.slug}/productivity"


def address_of(page: PeriodPage) -> str:
    return f"/rollouts/{page.rollout.slug}/locations/{page.facts.place.slug}/productivity/{page.facts.id}"


def title_of(page: PeriodPage) -> str:
    return f"{page.facts.place.name}, {period_words(page.row.first, page.row.last)}"


def framed_period(page: PeriodPage, viewer: Viewer, now: datetime, last: str = "") -> dict[str, Any]:
    """The frame of every page of a period; `last` is what it is called if it is not the period's own."""
    desk = Desk(viewer, page.rollout)
    own = (title_of(page), address_of(page) if last else None)
    return {
        **in_rollout(desk, "Rhythm"),
        "weeks": rail(page.rollout, now),
        "crumbs": [(PRODUCTIVITY, room_of(page)), own, *([(last, None)] if last else [])],
        "subnav": rhythm_ways(desk, PRODUCTIVITY),
        "title": title_of(page),
        "address": address_of(page),
        "act": f"/productivity/{page.facts.id}",
        "version": page.row.version,
    }


def drawn(page: PeriodPage, viewer: Viewer, now: datetime, told: Told = NOTHING, *, taken: bool = False) -> Response:
    """The page, with what is said of a form that was sent from it; `taken`: its figures were taken over just now."""
    found, book = page.facts.figures.indices.productivity, page.rollout.book_at(page.facts.place.id)
    return html(
        "productivity/period.html",
        told.status,
        **framed_period(page, viewer, now),
        **shown_period(page),
        say=f"{index_words('productivity', found)} work RVU an available hour." if found else "Not all figures yet.",
        files=[(one.id, f"{one.year}: {one.file_name}") for one in _files(page)],
        values_id=page.row.values_id or "",
        full_time_typed=typed(page.row.full_time),
        enters=page.enters,
        asks=[one.title for id_, one in book.figures.items() if id_ in METRICS],
        figures_href=f"/rollouts/{page.rollout.slug}/locations/{page.facts.place.slug}/figures",
        taken=taken,
        told=told,
    )


def _files(page: PeriodPage) -> list[Any]:
    """Those that may be chosen, and the one that is, though it is offered no more."""
    found = list(page.files)
    if page.facts.values is not None and page.facts.values.id not in {one.id for one in found}:
        found.append(page.facts.values)
    return found


@dataclass(frozen=True)
class PeriodForm:
    """A form of one period, sent by somebody who may enter its figures; `seen` is the version that it showed."""

    session: Session
    viewer: Viewer
    period_id: int
    seen: int
    now: datetime

    def make(self, act: Callable[[], object], told: Told = NOTHING, *, to: str = "") -> Response:
        """Make a change and go on to the page (or to `to`); a refusal keeps what was typed."""
        try:
            act()
            self.session.flush()
        except (Stale, Refused, Invalid) as refusal:
            self.session.rollback()
            return self.answer(replace(told.refused(refusal), stale=None, refusal=_why(refusal)))
        return see_other(to or address_of(self.page()))

    def page(self) -> PeriodPage:
        return period_page(self.session, self.period_id, self.viewer)

    def answer(self, told: Told) -> Response:
        return drawn(self.page(), self.viewer, self.now, told)


def _why(refusal: Stale | Refused | Invalid) -> str:
    """A refusal of the whole change; that of a field stands beside it."""
    if isinstance(refusal, Invalid):
        return ""
    return refusal.reason if isinstance(refusal, Refused) else f"{stale_words(refusal)} Look at what it says now."


def period_form(period_id: RowId, seen: Seen, viewer: Enterer, session: Db, now: Now) -> PeriodForm:
    return PeriodForm(session, viewer, period_id, seen, now)


Changing = Annotated[PeriodForm, Depends(period_form)]
