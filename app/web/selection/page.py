"""The page of one selection, the page of one candidate, and the answer to every form on them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions.selection.choosing import Signed
from app.db import Database
from app.errors import Invalid, Refused, Stale
from app.queries.selection.content import choice_content
from app.queries.selection.page import SelectionPage, selection_page
from app.rules.people.access import Permission, Viewer
from app.web.answers import is_fragment, see_other
from app.web.forms import RowId
from app.web.frame import in_rollout, rail
from app.web.proof import fault_of_proof, proven
from app.web.selection.candidate import shown_candidate
from app.web.selection.shown import shown
from app.web.site import Base, Db, Desk, Guard, Now, ProvingGuard, Token, recognised
from app.web.templating import html
from app.web.told import NOTHING, Told

router = APIRouter()
PlaceSlug = Annotated[str, Path(max_length=100)]
Reader = Annotated[Viewer, Depends(Guard(Permission.SEE_PLAN))]
Detailed = Annotated[Viewer, Depends(Guard(Permission.SEE_DETAIL))]
Prover = Annotated[Viewer, Depends(ProvingGuard(Permission.SIGN_OFF))]
CHANGED = "Nothing was signed: the scoring has changed since this was drawn. Read what is so now, then sign."


@router.get("/selections/{selection_id}")
def show(
    selection_id: RowId, viewer: Reader, session: Db, now: Now, page: Annotated[int, Query(ge=1, le=10_000)] = 1
) -> Response:
    found = selection_page(session, selection_id, viewer, now)
    return html("selection/show.html", **whole(found, viewer, NOTHING, now, page))


@router.get("/selections/{selection_id}/candidates/{location}")
def show_candidate(selection_id: RowId, location: PlaceSlug, viewer: Reader, session: Db, now: Now) -> Response:
    page = selection_page(session, selection_id, viewer, now)
    return html("selection/candidate.html", **whole_candidate(page, location, viewer, NOTHING, now))


@router.get("/selections/{selection_id}/choices/{choice_id}/content")
def content(selection_id: RowId, choice_id: RowId, viewer: Detailed, session: Db) -> Response:
    """The very bytes that were hashed, so that anybody may hash them again."""
    found = choice_content(session, selection_id, choice_id, viewer)
    headers = {
        "Content-Disposition": f'attachment; filename="selection-{choice_id}.json"',
        "X-Content-SHA256": found.sha256,
    }
    return Response(found.content, media_type="application/json", headers=headers)


def whole(page: SelectionPage, viewer: Viewer, told: Told, now: datetime, number: int = 1) -> dict[str, Any]:
    """Everything the page of a selection needs, frame and all."""
    return {
        **framed(page, viewer, now),
        "crumbs": [("Gates", f"/rollouts/{page.rollout.slug}/gates"), (page.selection.title, None)],
        **shown(page, told, page.rollout.as_of(now), number),
    }


def whole_candidate(page: SelectionPage, slug: str, viewer: Viewer, told: Told, now: datetime) -> dict[str, Any]:
    """Everything the page of a candidate needs. Raises NotFound."""
    one = page.candidate(slug)
    return {
        **framed(page, viewer, now),
        "crumbs": [
            ("Gates", f"/rollouts/{page.rollout.slug}/gates"),
            (page.selection.title, f"/selections/{page.id}"),
            (one.name, None),
        ],
        **shown_candidate(page, one, told, page.rollout.as_of(now)),
    }


def framed(page: SelectionPage, viewer: Viewer, now: datetime) -> dict[str, Any]:
    desk = Desk(viewer, page.rollout)
    return {**in_rollout(desk, "Gates"), "weeks": rail(page.rollout, now)}


@dataclass(frozen=True)
class SelectionForm:
    """A form of one selection (or, with a slug, of one of its candidates), sent by somebody who may have a part."""

    request: Request
    session: Session
    viewer: Viewer
    selection_id: int
    slug: str
    now: datetime

    def page(self) -> SelectionPage:
        return selection_page(self.session, self.selection_id, self.viewer, self.now)

    def location(self, slug: str = "") -> int:
        """The key of a candidate. Raises NotFound, also for one that the sender may not see."""
        return self.page().candidate(slug or self.slug).id

    def make(self, change: Callable[..., object], told: Told, *where: Any, **given: Any) -> Response:
        """Make one change of the selection; a refusal keeps what was typed.

        Where the scoring had changed nothing was signed but it was frozen anew, which is kept: the answer says so.
        """
        try:
            done = change(self.session, self.selection_id, *where, **given, by=self.viewer, now=self.now)
        except (Stale, Refused, Invalid) as refusal:
            self.session.rollback()
            return self.answer(replace(told, action=self.request.url.path).refused(refusal))
        self.session.flush()
        undone = isinstance(done, Signed) and done.choice is None
        return self.answer(replace(told, refusal=CHANGED) if undone else NOTHING)

    def answer(self, told: Told) -> Response:
        """The changed element for a script, else the page: 409 for a refusal, 422 for a fault of what was typed."""
        address = f"/selections/{self.selection_id}" + (f"/candidates/{self.slug}" if self.slug else "")
        if told.status == 200 and not is_fragment(self.request):
            return see_other(address)
        page, name = self.page(), "candidate" if self.slug else "selection"
        values = (
            whole_candidate(page, self.slug, self.viewer, told, self.now)
            if self.slug
            else whole(page, self.viewer, told, self.now)
        )
        if not is_fragment(self.request):
            return html(f"selection/{'candidate' if self.slug else 'show'}.html", told.status, **values)
        swap = {"HX-Retarget": f"#{name}", "HX-Reswap": "morph:outerHTML"}
        return html(f"selection/_{name}.html", told.status, swap, **values)


@dataclass(frozen=True)
class ProvingForm:
    """A form that is its sender's alone. Three steps where a password is given, so that its slow hash holds no
    transaction.
    """

    request: Request
    base: Database
    viewer: Viewer
    token: str
    selection_id: int
    slug: str
    now: datetime

    def make(self, change: Callable[..., object], told: Told, password: str, undone: str, **given: Any) -> Response:
        """Prove who sends it, then make one change (of the candidate that the form is of). A proof that is wanted or
        wrong is a fault of the field `password`.
        """
        fault = fault_of_proof(self.request, self.base, self.viewer, self.token, password, self.now, undone=undone)
        with self.base.writing() as session:
            by = recognised(session, self.token, self.now)
            form = SelectionForm(self.request, session, by, self.selection_id, self.slug, self.now)
            where = [form.location()] if self.slug else []
            return form.make(proven(change, fault), told, *where, **given)

    def warned(self, told: Told) -> Response:
        """The page once more with what looks like a patient's; nothing was changed."""
        with self.base.reading() as session:
            by = recognised(session, self.token, self.now)
            return SelectionForm(self.request, session, by, self.selection_id, self.slug, self.now).answer(told)


def proving(request: Request, selection_id: RowId, viewer: Prover, base: Base, token: Token, now: Now) -> ProvingForm:
    return ProvingForm(request, base, viewer, token or "", selection_id, "", now)


def proving_there(
    request: Request, selection_id: RowId, location: PlaceSlug, viewer: Prover, base: Base, token: Token, now: Now
) -> ProvingForm:
    return ProvingForm(request, base, viewer, token or "", selection_id, location, now)


Proving = Annotated[ProvingForm, Depends(proving)]
ProvingThere = Annotated[ProvingForm, Depends(proving_there)]
