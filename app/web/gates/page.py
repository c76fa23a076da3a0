"""The page of one gate, and the answer to every form on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions.gates.deciding import Decided
from app.actions.gates.voting import Cast
from app.db import Database
from app.errors import Invalid, Refused, Stale
from app.queries.gates.page import GatePage, gate_page, whole_evidence
from app.rules.gates.packs import Pack
from app.rules.people.access import Permission, Viewer
from app.web.answers import is_fragment, see_other
from app.web.forms import RowId
from app.web.frame import in_rollout, rail
from app.web.gates.shown import shown
from app.web.proof import fault_of_proof, proven
from app.web.site import Base, Db, Desk, Guard, Now, ProvingGuard, Token, recognised
from app.web.tasks.forms import seen_version
from app.web.templating import html
from app.web.told import NOTHING, Told

router = APIRouter()
Reader = Annotated[Viewer, Depends(Guard(Permission.SEE_PLAN))]
Voter = Annotated[Viewer, Depends(Guard(Permission.VOTE))]
Prover = Annotated[Viewer, Depends(ProvingGuard(Permission.VOTE))]
CHANGED = "Nothing was recorded: the evidence has changed since it was frozen. Read what is so now, then say it again."


@router.get("/gates/{gate_id}")
def show(gate_id: RowId, viewer: Reader, session: Db, now: Now) -> Response:
    page = gate_page(session, gate_id, viewer, now)
    return html("gates/show.html", **whole(page, viewer, NOTHING, now))


def whole(page: GatePage, viewer: Viewer, told: Told, now: datetime) -> dict[str, Any]:
    """Everything the page of a gate needs, frame and all."""
    desk, base = Desk(viewer, page.rollout), f"/rollouts/{page.rollout.slug}"
    place = page.rollout.location(page.dated.location_id)
    where = f"{base}/locations/{place.slug}" if place else None
    return {
        **in_rollout(desk, "Gates"),
        "weeks": rail(page.rollout, now),
        "crumbs": [("Gates", f"{base}/gates"), (page.evidence.where, where), (page.gate.title, None)],
        **shown(page, told, page.rollout.as_of(now)),
    }


@dataclass(frozen=True)
class GateForm:
    """A form of one gate, sent by somebody who may have a part in it; `seen` is the version that it showed."""

    request: Request
    session: Session
    viewer: Viewer
    gate_id: int
    seen: int
    now: datetime

    def measure(self) -> Pack:
        """The evidence as it stands, inside the transaction of the change."""
        return whole_evidence(self.session, self.gate_id, self.viewer, self.now).pack

    def waits(self) -> tuple[str, ...]:
        return whole_evidence(self.session, self.gate_id, self.viewer, self.now).waits

    def make(self, change: Callable[..., object], told: Told = NOTHING, *where: Any, **given: Any) -> Response:
        """Make one change of the gate (or of what `where` names on it); a refusal keeps what was typed.

        Where the evidence had changed nothing was done but to freeze it anew, which is kept: the answer says so.
        """
        try:
            done = change(self.session, self.gate_id, *where, **given, by=self.viewer, now=self.now)
        except (Stale, Refused, Invalid) as refusal:
            self.session.rollback()
            return self.answer(replace(told, action=self.request.url.path).refused(refusal))
        self.session.flush()
        undone = (isinstance(done, Cast) and done.vote is None) or (isinstance(done, Decided) and done.decision is None)
        return self.answer(replace(told, refusal=CHANGED) if undone else NOTHING)

    def answer(self, told: Told) -> Response:
        """The changed element for a script, else the page: 409 for a refusal, 422 for a fault of what was typed."""
        if told.status == 200 and not is_fragment(self.request):
            return see_other(f"/gates/{self.gate_id}")
        return self.again(told)

    def again(self, told: Told) -> Response:
        """The page or the element once more, with what was typed."""
        page = gate_page(self.session, self.gate_id, self.viewer, self.now)
        values = whole(page, self.viewer, told, self.now)
        if not is_fragment(self.request):
            return html("gates/show.html", told.status, **values)
        swap = {"HX-Retarget": "#gate", "HX-Reswap": "morph:outerHTML"}
        return html("gates/_gate.html", told.status, swap, **values)


@dataclass(frozen=True)
class ProvingForm:
    """A form that is its sender's alone. Three steps where a password is given, so that its slow hash holds no
    transaction.
    """

    request: Request
    base: Database
    viewer: Viewer
    token: str
    gate_id: int
    now: datetime

    def make(
        self, change: Callable[[GateForm], Callable[..., object]], told: Told, password: str, *where: Any, **given: Any
    ) -> Response:
        """Prove who sends it, then make one change; `change` is asked for it once the form is inside its transaction.

        A proof that is wanted or wrong is a fault of the field `password`.
        """
        undone = "Nothing was recorded."
        fault = fault_of_proof(self.request, self.base, self.viewer, self.token, password, self.now, undone=undone)
        with self.base.writing() as session:
            by = recognised(session, self.token, self.now)
            form = GateForm(self.request, session, by, self.gate_id, 0, self.now)
            return form.make(proven(lambda *at, **rest: change(form)(*at, **rest), fault), told, *where, **given)

    def warned(self, told: Told) -> Response:
        """The page once more with what looks like a patient's; nothing was changed."""
        with self.base.reading() as session:
            by = recognised(session, self.token, self.now)
            return GateForm(self.request, session, by, self.gate_id, 0, self.now).answer(told)


async def sending(
    request: Request,
    gate_id: RowId,
    seen: Annotated[int, Depends(seen_version)],
    viewer: Voter,
    session: Db,
    now: Now,
) -> GateForm:
    return GateForm(request, session, viewer, gate_id, seen, now)


def proving(request: Request, gate_id: RowId, viewer: Prover, base: Base, token: Token, now: Now) -> ProvingForm:
    return ProvingForm(request, base, viewer, token or "", gate_id, now)


Sending = Annotated[GateForm, Depends(sending)]
Proving = Annotated[ProvingForm, Depends(proving)]
