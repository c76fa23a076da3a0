"""Mail: what waits, was sent or failed, tried again, and what one wants sent."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Request
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from app.actions.deliveries.digests import choose_mail
from app.actions.deliveries.queue import send_again
from app.api.callers import Db
from app.api.describing import reading, versioned
from app.api.fields import LARGEST_ID, Given, Line, RowId, Shown
from app.api.guards import AccountKeeping, Keeping, Owner
from app.api.paging import Asked, Page, Paged, cut_page, page_of
from app.api.reading import StrictRoute
from app.api.tags import IfMatch, Seen, answer
from app.models import Person
from app.queries.deliveries import DeliveryLine, message, messages_after, sent_to
from app.request import Now
from app.rules.people.access import Viewer

router = APIRouter(tags=["people"], route_class=StrictRoute)


class MailItem(Shown):
    """A message to somebody, without its text."""

    id: int
    kind: str = Field(description="invitation, mention, assignment, digest and so on.")
    person: int
    name: str
    address: str
    state: str = Field(description="waiting, sent, failed or dropped (no longer needed).")
    tries: int
    error: str = Field(description="Why the last try failed.")
    created_at: datetime
    sent_at: datetime | None
    next_at: datetime | None = Field(description="When it is tried next.")
    resendable: bool = Field(description="It can be tried again at once; a link that failed is made anew instead.")


class MailWish(Given):
    mail: Line = Field(description="all, digest (the daily digest only) or none, besides what concerns the account.")


class MailWished(Shown):
    """What one wants sent, besides what concerns the account."""

    mail: str


def _item(line: DeliveryLine) -> MailItem:
    return MailItem(**vars(line), resendable=line.resendable)


def _page(session: Session, page: Asked, rollout_id: int | None) -> Response:
    after = page.after("mail")
    found = messages_after(session, rollout_id, after, page.limit + 1) if after <= LARGEST_ID else ()
    return cut_page(page, "mail", MailItem, found, lambda one: one.id, _item)


def _again(
    request: Request, session: Session, delivery_id: int, within: int | None, seen: Seen, by: Viewer, now: Now
) -> Response:
    present = message(session, delivery_id, within)
    if present.state in ("waiting", "failed"):
        seen.demand(session, _item(present), ("delivery", delivery_id))
    send_again(session, delivery_id, within=within, by=by, now=now)
    session.flush()
    return answer(request, _item(message(session, delivery_id, within)))


@router.get("/rollouts/{slug}/mail", summary="Its mail", response_model=Page[MailItem], responses=reading())
def list_here(desk: Keeping, page: Paged, session: Db) -> Response:
    """Every message that has to do with the rollout."""
    return _page(session, page, desk.rollout.id)


@router.get(
    "/rollouts/{slug}/mail/{delivery_id}", summary="One message of a rollout", response_model=MailItem,
    responses=reading(),
)  # fmt: skip
def show_here(request: Request, desk: Keeping, delivery_id: RowId, session: Db) -> Response:
    return answer(request, _item(message(session, delivery_id, desk.rollout.id)))


@router.put(
    "/rollouts/{slug}/mail/{delivery_id}/again", summary="Try a message of a rollout again", response_model=MailItem,
    responses=versioned(),
)  # fmt: skip
def again_here(request: Request, desk: Keeping, delivery_id: RowId, seen: IfMatch, session: Db, now: Now) -> Response:
    """At once. Sent, or no longer needed, already is quiet."""
    return _again(request, session, delivery_id, desk.rollout.id, seen, desk.viewer, now)


@router.get("/mail", summary="All mail", response_model=Page[MailItem], responses=reading())
def list_all(viewer: AccountKeeping, page: Paged, session: Db) -> Response:
    """Of the whole installation."""
    return _page(session, page, None)


@router.get("/mail/{delivery_id}", summary="One message", response_model=MailItem, responses=reading())
def show(request: Request, viewer: AccountKeeping, delivery_id: RowId, session: Db) -> Response:
    return answer(request, _item(message(session, delivery_id, None)))


@router.put("/mail/{delivery_id}/again", summary="Try a message again", response_model=MailItem, responses=versioned())
def again(
    request: Request, viewer: AccountKeeping, delivery_id: RowId, seen: IfMatch, session: Db, now: Now
) -> Response:
    """At once. Sent, or no longer needed, already is quiet."""
    return _again(request, session, delivery_id, None, seen, viewer, now)


@router.get("/me/messages", summary="What was sent to you", response_model=Page[MailItem], responses=reading())
def list_own(viewer: Owner, page: Paged, session: Db) -> Response:
    """The newest twenty messages to you, whatever became of them."""
    return page_of(page, "messages", MailItem, sent_to(session, viewer.person), lambda one: one.id, _item)


@router.get("/me/mail", summary="What you want sent", response_model=MailWished, responses=reading())
def wish(request: Request, viewer: Owner, session: Db) -> Response:
    return answer(request, _wished(session, viewer))


@router.put("/me/mail", summary="Say what you want sent", response_model=MailWished, responses=versioned())
def choose(request: Request, given: MailWish, viewer: Owner, seen: IfMatch, session: Db, now: Now) -> Response:
    """The same again is quiet."""
    present = _wished(session, viewer)
    if present.mail != given.mail:
        seen.demand(session, present, ("person", viewer.person))
    choose_mail(session, wish=given.mail, by=viewer)
    session.expire_all()
    return answer(request, _wished(session, viewer))


def _wished(session: Session, viewer: Viewer) -> MailWished:
    return MailWished(mail=session.get_one(Person, viewer.person).mail)
