"""The page of one day, and the answer to every form on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session
from starlette.responses import Response

from app.errors import Invalid, Refused, Stale
from app.queries.reconciliations.page import DayPage, day_page
from app.rules.people.access import Permission, Viewer
from app.web.answers import is_fragment, see_other
from app.web.forms import RowId
from app.web.frame import in_rollout, rail
from app.web.lessons.beside import learns
from app.web.reconciliations.shown import shown
from app.web.rhythm.ways import RECONCILIATION
from app.web.setup.locations import Form, Typed, version_of
from app.web.site import Db, Desk, Guard, Now
from app.web.tasks.forms import seen_version
from app.web.templating import html
from app.web.told import NOTHING, Told

router = APIRouter()
Reader = Annotated[Viewer, Depends(Guard(Permission.SEE_PLAN))]
Counter = Annotated[Viewer, Depends(Guard(Permission.RECONCILE))]
Checker = Annotated[Viewer, Depends(Guard(Permission.SIGN_OFF))]
Manager = Annotated[Viewer, Depends(Guard(Permission.STOP_ESCALATION))]


@router.get("/reconciliations/{occasion_id}")
def show(occasion_id: RowId, viewer: Reader, session: Db, now: Now) -> Response:
    page = day_page(session, occasion_id, viewer, now)
    return html("reconciliations/show.html", **whole(page, viewer, NOTHING, now))


def whole(page: DayPage, viewer: Viewer, told: Told, now: datetime) -> dict[str, Any]:
    """Everything the page of a day needs, frame and all."""
    desk, base = Desk(viewer, page.rollout), f"/rollouts/{page.rollout.slug}"
    slug = page.place.slug if page.place else "network"
    name = page.place.name if page.place else "The whole network"
    return {
        **in_rollout(desk, "Rhythm"),
        "weeks": rail(page.rollout, now),
        "crumbs": [(RECONCILIATION, f"{base}/reconciliation"), (name, f"{base}/locations/{slug}/reconciliation")],
        "learns": learns(desk, page.place, f"reconciliation-{page.row.occasion}"),
        **shown(page, told, page.rollout.as_of(now)),
    }


@dataclass(frozen=True)
class DayForm:
    """A form of one day, sent by somebody who may have a part in it; `seen` is the version that it showed."""

    request: Request
    session: Session
    viewer: Viewer
    occasion_id: int
    seen: int
    now: datetime

    def make(self, change: Callable[..., object], told: Told = NOTHING, **given: Any) -> Response:
        """Make one change of the day, with what the form gives for it; a refusal keeps what was typed."""
        try:
            change(self.session, self.occasion_id, **given, by=self.viewer, now=self.now)
        except (Stale, Refused, Invalid) as refusal:
            self.session.rollback()
            return self.answer(replace(told, action=self.request.url.path).refused(refusal))
        self.session.flush()
        return self.answer(NOTHING)

    def make_seen(self, change: Callable[..., object], told: Told, **given: Any) -> Response:
        """The same for a change that somebody else's change outdates."""
        return self.make(change, told, **given, seen=self.seen)

    def make_then(
        self, first: Callable[..., object], then: Callable[..., object], told: Told, **given: Any
    ) -> Response:
        """Make one change, and another one after it. Where that one is refused, the first stands all the same."""
        try:
            first(self.session, self.occasion_id, **given, seen=self.seen, by=self.viewer, now=self.now)
        except (Stale, Refused, Invalid) as refusal:
            self.session.rollback()
            return self.answer(replace(told, action=self.request.url.path).refused(refusal))
        try:
            with self.session.begin_nested():
                then(self.session, self.occasion_id, seen=None, by=self.viewer, now=self.now)
        except (Refused, Invalid) as refusal:
            told = replace(told, typed={}).refused(refusal)
            return self.answer(replace(told, refusal=f"What you counted is kept. {told.refusal}".strip()))
        return self.answer(NOTHING)

    def answer(self, told: Told) -> Response:
        """The changed element for a script, else the page: 409 for a refusal, 422 for a fault of what was typed."""
        if told.status == 200 and not is_fragment(self.request):
            return see_other(f"/reconciliations/{self.occasion_id}")
        page = day_page(self.session, self.occasion_id, self.viewer, self.now)
        values = whole(page, self.viewer, told, self.now)
        if not is_fragment(self.request):
            return html("reconciliations/show.html", told.status, **values)
        headers = {"HX-Retarget": "#day", "HX-Reswap": "morph:outerHTML"}
        return html("reconciliations/_day.html", told.status, headers, **values)


@dataclass(frozen=True)
class CountsForm:
    """The form of the counts: any number of fields, by the ids of the lines."""

    form: DayForm
    typed: Typed

    def text(self, name: str) -> str:
        """The first text of a field; of several chosen one a line."""
        return "\n".join(self.typed.get(name, ())).strip()


def counting(request: Request, typed: Form, occasion_id: RowId, viewer: Counter, session: Db, now: Now) -> CountsForm:
    """The form is read before the transaction: a slow sender must not hold it."""
    return CountsForm(DayForm(request, session, viewer, occasion_id, version_of(typed), now), typed)


Seen = Annotated[int, Depends(seen_version)]


async def handing(request: Request, occasion_id: RowId, seen: Seen, viewer: Counter, session: Db, now: Now) -> DayForm:
    return DayForm(request, session, viewer, occasion_id, seen, now)


async def checking(request: Request, occasion_id: RowId, seen: Seen, viewer: Checker, session: Db, now: Now) -> DayForm:
    return DayForm(request, session, viewer, occasion_id, seen, now)


async def managing(request: Request, occasion_id: RowId, seen: Seen, viewer: Manager, session: Db, now: Now) -> DayForm:
    return DayForm(request, session, viewer, occasion_id, seen, now)


Counting = Annotated[CountsForm, Depends(counting)]
Handing = Annotated[DayForm, Depends(handing)]
Checking = Annotated[DayForm, Depends(checking)]
Managing = Annotated[DayForm, Depends(managing)]
