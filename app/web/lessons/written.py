"""A proposal in the editor: the whole text, written freely, checked as one types."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from app.actions.lessons.proposing import propose_text
from app.actions.lessons.revising import rewrite_proposal
from app.db import Database
from app.errors import Invalid, Refused, Stale
from app.models import Proposal
from app.plan import PlaybookError
from app.plan.draft.versions import next_minor, with_version
from app.plan.terms import MAX_BYTES
from app.rules.clock import moment
from app.rules.playbooks import checked
from app.web.answers import see_other
from app.web.forms import LARGEST_ID, RowId
from app.web.frame import in_rollout, rail
from app.web.issues.identifiers import warned
from app.web.lessons import words
from app.web.lessons.guided import Target, Told, for_lesson, for_proposal
from app.web.playbooks.editor import Draft, Judged, Said, checked_words
from app.web.playbooks.forms import Form, Keeper, Typed
from app.web.playbooks.pages import ListKeeper
from app.web.site import Base, Db, Now
from app.web.templating import html

router = APIRouter()


@router.get("/lessons/{lesson_id}/text")
def begin(lesson_id: RowId, viewer: ListKeeper, session: Db, now: Now) -> Response:
    """The newest version under the next number, to be written on."""
    target, _ = for_lesson(session, lesson_id, viewer, now)
    version = next_minor(target.playbook.version)
    return _page(target, with_version(target.text, version), "", Told(), None, now, 200)


@router.post("/lessons/{lesson_id}/text")
def write(form: Form, lesson_id: RowId, viewer: Keeper, base: Base, now: Now) -> Response:
    """The text is kept as a proposal for the lesson."""

    def target(session: Session) -> Target:
        return for_lesson(session, lesson_id, viewer, now)[0]

    def act(session: Session) -> Proposal:
        title, token = form.fields.get("title", ""), form.fields.get("token", "")
        return propose_text(
            session, lesson_id, title=title, text=form.text, token=token, seen=_seen(form), by=viewer, now=now
        )

    return _keep(base, form, target, act, now)


@router.get("/proposals/{proposal_id}/text")
def begin_more(proposal_id: RowId, viewer: ListKeeper, session: Db, now: Now) -> Response:
    target = for_proposal(session, proposal_id, viewer, now)
    return _page(target, target.text, target.about, Told(), None, now, 200)


@router.post("/proposals/{proposal_id}/text")
def write_more(form: Form, proposal_id: RowId, viewer: Keeper, base: Base, now: Now) -> Response:
    """The text takes the place of the proposal's."""

    def target(session: Session) -> Target:
        return for_proposal(session, proposal_id, viewer, now)

    def act(session: Session) -> Proposal:
        return rewrite_proposal(session, proposal_id, text=form.text, seen=_seen(form), by=viewer, now=now)

    return _keep(base, form, target, act, now)


def _seen(form: Typed) -> int:
    return min(form.number("version", 0), LARGEST_ID)


def _keep(
    base: Database, form: Typed, target: Callable[[Session], Target], act: Callable[[Session], Proposal], now: datetime
) -> Response:
    """The text kept; refused, everything stays on the page as it was typed."""
    with base.reading() as session:
        found = target(session)
    title, report = form.fields.get("title", found.about), None
    if warning := warned({"title": title}, form.fields.get("no_patient", "")):
        return _page(found, form.text, title, Told(warning=warning), None, now, 422)
    checked(form.text.encode("utf-8", "replace"))  # before the transaction, which it would hold up
    try:
        with base.writing() as session:
            return see_other(f"/proposals/{act(session).id}")
    except PlaybookError as mistake:
        told, report = Told(refusal="It has mistakes."), mistake.report
    except Invalid as fault:
        told = Told(errors=fault.fields)
    except Stale as stale:
        when = moment(stale.when, found.desk.rollout.zone, now) if stale.when else ""
        told = Told(refusal=f"{stale.who} {words.act_words(stale.what)} in the meantime, {when}.")
    except Refused as refusal:
        told = Told(refusal=refusal.reason)
    judged = Judged(report) if report else None
    return _page(found, form.text, title, told, judged, now, 409 if told.refusal and not report else 422)


def _page(
    target: Target, text: str, title: str, told: Told, judged: Judged | None, now: datetime, status: int
) -> Response:
    desk, draft = target.desk, Draft(text)
    return html(
        "lessons/write.html",
        status,
        **in_rollout(desk, "Rhythm"),
        weeks=rail(desk.rollout, now),
        crumbs=[("Lessons", f"/rollouts/{desk.rollout.slug}/lessons"), target.back, ("The text of the playbook", None)],
        target=target,
        draft=draft,
        name=title,
        naming=target.address.startswith("/lessons/"),
        told=told,
        limit=MAX_BYTES // 1000,
        listing=True,
        token=secrets.token_urlsafe(12),
        **checked_words(draft, judged, Said()),
    )
