"""Proposed changes of the playbook: made for a lesson, written on, made anew, decided."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from app.actions.lessons import deciding, proposing, redacting, revising
from app.api import acts
from app.api.callers import Db
from app.api.describing import changing, reading, versioned
from app.api.fields import Given, Prose, RowId
from app.api.guards import Guard, Reader, Seeing
from app.api.intents import IntentKey
from app.api.issues.change import Written
from app.api.kinds import MISTAKES
from app.api.lessons.shapes import ProposalItem, ProposalWhole, Wanted
from app.api.paging import Page, Paged, page_of
from app.api.playbook_shapes import ChangeItem, Mistake, mistake_facts
from app.api.reading import StrictRoute
from app.api.tags import IfMatch, answer
from app.plan.uploads import judged_after
from app.plan.versions import Change, changes
from app.queries.lessons.proposals import ProposalLine, ProposalPage, proposal_lines, proposal_page
from app.request import Now
from app.rules.lessons.standing import works_in
from app.rules.people.access import Permission, Viewer
from app.rules.playbooks import checked, parsed

router = APIRouter(tags=["lessons"], route_class=StrictRoute)
Proposer = Annotated[Viewer, Depends(Guard(Permission.CHANGE_PLAYBOOK))]


class Decision(Written):
    reason: Prose = Field("", description="Needed to reject it.")


class ProposalRedaction(Given):
    part: Literal["title", "reason"]


@router.get(
    "/rollouts/{slug}/proposals", summary="Proposed changes of the playbook", response_model=Page[ProposalItem],
    responses=reading(),
)  # fmt: skip
def list_proposals(desk: Seeing, page: Paged, session: Db) -> Response:
    found, detail = proposal_lines(session, desk.rollout, desk.viewer), works_in(desk.viewer, desk.rollout.id)

    def item(one: ProposalLine) -> ProposalItem:
        known = {name: getattr(one, name) for name in ProposalItem.model_fields if name not in ("rollout", "title")}
        return ProposalItem(rollout=desk.rollout.slug, title=one.title if detail else None, **known)

    return page_of(page, "proposals", ProposalItem, found, lambda one: one.id, item)


@router.post(
    "/lessons/{lesson_id}/proposals", summary="Propose a change of the playbook", status_code=201,
    response_model=ProposalWhole, responses=changing(MISTAKES),
)  # fmt: skip
def propose(
    request: Request, lesson_id: RowId, given: Wanted, viewer: Proposer, session: Db, now: Now, key: IntentKey = ""
) -> Response:
    """The newest version with one change in it, for a lesson that no proposal carries; in whatever version that is."""
    who: dict[str, Any] = {"token": key, "seen": None, "by": viewer, "now": now}
    if given.do == "text":
        said = given.checked()
        row = proposing.propose_text(session, lesson_id, title=said["title"], text=said["text"], **who)
    else:
        row = proposing.propose_change(session, lesson_id, change=given.change(), **who)
    there = f"/api/v1/proposals/{row.id}"
    return _show(request, session, row.id or 0, viewer, now, status=201, location=there)


@router.get("/proposals/{proposal_id}", summary="One proposal", response_model=ProposalWhole, responses=reading())
def show(request: Request, proposal_id: RowId, viewer: Reader, session: Db, now: Now) -> Response:
    """What it changes, for whom that matters, and the whole new text."""
    return _show(request, session, proposal_id, viewer, now)


class ProposalChange(acts.Change):
    """Somebody is about to change a proposal of which they saw a version."""

    def shown(self, status: int = 200) -> Response:
        return _show(self.request, self.session, self.id, self.viewer, self.now, status=status)

    def present(self) -> tuple[ProposalWhole, int]:
        return _present(self.session, self.id, self.viewer, self.now)


async def act_on(
    request: Request, proposal_id: RowId, seen: IfMatch, viewer: Proposer, session: Db, now: Now
) -> ProposalChange:
    return ProposalChange(request, session, proposal_id, viewer, now, seen.version)


Acting = Annotated[ProposalChange, Depends(act_on)]


@router.post(
    "/proposals/{proposal_id}/changes", summary="One change more in a proposal", response_model=ProposalWhole,
    responses=versioned(MISTAKES),
)  # fmt: skip
def add_change(act: Acting, given: Wanted) -> Response:
    """Or, with `text`, the whole text anew."""
    if given.do == "text":
        return act.make_seen(revising.rewrite_proposal, text=given.checked()["text"])
    return act.make_seen(revising.add_change, change=given.change())


@router.put(
    "/proposals/{proposal_id}/renewal", summary="Write a proposal anew for the newest version",
    response_model=ProposalWhole, responses=versioned(MISTAKES),
)  # fmt: skip
def renew(act: Acting) -> Response:
    """One that is not outdated stays as it is."""
    return act.make_seen(revising.renew_proposal)


@router.put(
    "/proposals/{proposal_id}/acceptance", summary="Accept a proposal as the next version",
    response_model=ProposalWhole, responses=versioned(MISTAKES),
)  # fmt: skip
def accept(act: Acting, given: Decision) -> Response:
    """Every location stays on the version that it has until it is upgraded."""
    return act.make_seen(deciding.accept_proposal, reason=given.checked()["reason"])


@router.put(
    "/proposals/{proposal_id}/rejection", summary="Reject a proposal", response_model=ProposalWhole,
    responses=versioned(),
)  # fmt: skip
def reject(act: Acting, given: Decision) -> Response:
    """Its lessons may be judged anew."""
    return act.make_seen(deciding.reject_proposal, reason=given.checked()["reason"])


@router.put(
    "/proposals/{proposal_id}/redaction", summary="Take a text of a proposal away for good",
    response_model=ProposalWhole, responses=changing(),
)  # fmt: skip
def redact(
    request: Request, proposal_id: RowId, given: ProposalRedaction, viewer: Proposer, session: Db, now: Now
) -> Response:
    """In whatever version it is. What was there is kept nowhere."""
    redacting.redact_proposal(session, proposal_id, part=given.part, by=viewer, now=now)
    return _show(request, session, proposal_id, viewer, now)


def _show(
    request: Request, session: Session, proposal_id: int, viewer: Viewer, now: datetime, *, status: int = 200,
    location: str = "",
) -> Response:  # fmt: skip
    session.flush()
    session.expire_all()
    shown, version = _present(session, proposal_id, viewer, now)
    return answer(request, shown, version=version, status=status, location=location)


def _present(session: Session, proposal_id: int, viewer: Viewer, now: datetime) -> tuple[ProposalWhole, int]:
    page = proposal_page(session, proposal_id, viewer, now)
    return _whole(page), page.proposal.version


def _change(number: int, one: Change) -> ChangeItem:
    return ChangeItem(
        id=number, kind=one.kind, section=one.section, entry=one.entry, key=one.key, old=one.old, new=one.new
    )


def _whole(page: ProposalPage) -> ProposalWhole:
    row, old, new = page.proposal, parsed(page.base.text), parsed(page.proposal.text)
    report = judged_after(old, checked(row.text.encode()))
    return ProposalWhole(
        id=row.id or 0, rollout=page.rollout.slug, number=row.number, title=row.title if page.detail else None,
        outcome=row.outcome, outdated=page.outdated, base=page.base.version, result=page.result, at=row.at,
        decided_at=row.decided_at, version=row.version, by=page.name(row.by_id), decided_by=page.name(row.decided_by),
        reason=row.reason if page.detail else None, lessons=[one.id for one in page.lessons],
        matters=[one.slug for one in page.matters],
        changes=[_change(no, one) for no, one in enumerate(changes(old, new), start=1)],
        problems=[Mistake(**mistake_facts(one)) for one in report.problems], text=row.text, may_decide=page.may_decide,
    )  # fmt: skip
