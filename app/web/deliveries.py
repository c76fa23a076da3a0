"""The mail of a rollout, and of the whole installation: what waits, what was sent, what failed and why."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from sqlmodel import Session
from starlette.responses import Response

from app.actions.deliveries.queue import send_again
from app.errors import Refused
from app.queries.deliveries import DeliveryLine, outbox
from app.rules.clock import count, moment, zone_name
from app.rules.deliveries.mail import KINDS
from app.rules.people.access import Viewer
from app.settings import Settings
from app.web.answers import see_other
from app.web.forms import RowId
from app.web.frame import framed, in_rollout, rail
from app.web.site import AccountKeeping, Config, Db, Desk, Keeping, Now
from app.web.templating import html

router = APIRouter()
PAGE: Final = 25
PageNo = Annotated[int, Query(ge=1, le=10_000)]
STATES = {
    "waiting": ("wait", "Waiting"),
    "sent": ("done", "Sent"),
    "failed": ("blocked", "Not sent"),
    "dropped": ("void", "Not needed"),
}


def shown_delivery(line: DeliveryLine, zone: str, now: datetime) -> dict[str, Any]:
    """One message as the lists show it; times in `zone`."""
    mark, state = STATES[line.state]
    at = line.sent_at or line.created_at
    tries = f"{count(line.tries, 'try', 'tries')} so far. " if line.state == "waiting" and line.tries else ""
    return {
        "id": line.id,
        "to": line.name,
        "person": line.person,
        "address": line.address,
        "kind": KINDS[line.kind].title,
        "mark": mark,
        "state": state,
        "error": f"{tries}{line.error}",
        "when": f"{moment(at, zone, now)} {zone_name(zone, at)}",
        "again": line.resendable,
    }


@router.get("/rollouts/{slug}/mail")
def show(desk: Keeping, session: Db, config: Config, now: Now, page: PageNo = 1) -> Response:
    return _rollout_page(desk, session, config, now, page)


def _rollout_page(
    desk: Desk, session: Session, config: Settings, now: datetime, page: int = 1, refusal: str = ""
) -> Response:
    base = f"/rollouts/{desk.rollout.slug}"
    return html(
        "deliveries/index.html",
        409 if refusal else 200,
        **in_rollout(desk, "People"),
        **_box(session, config, desk.rollout.id, desk.rollout.zone, now, f"{base}/mail", page),
        weeks=rail(desk.rollout, now),
        heading="The mail of this rollout",
        crumbs=[("People", f"{base}/people"), ("Mail", None)],
        refusal=refusal,
    )


def _box(
    session: Session, config: Settings, rollout_id: int | None, zone: str, now: datetime, address: str, page: int
) -> dict[str, Any]:
    found = outbox(session, rollout_id, offset=(page - 1) * PAGE, limit=PAGE)
    counts = {state: found.counts.get(state, 0) for state in STATES}
    return {
        "mails": config.sends_mail,
        "unsent": [shown_delivery(line, zone, now) for line in found.unsent],
        "settled": [shown_delivery(line, zone, now) for line in found.settled] if page == 1 else [],
        "said": _said(counts),
        "pager": _pager(address, counts["waiting"] + counts["failed"], page),
        "address": address,
    }


def _said(counts: dict[str, int]) -> str:
    """`124 waiting, 3 not sent, 12 sent.`, of what there is."""
    named = ((counts["waiting"], "waiting"), (counts["failed"], "not sent"), (counts["sent"], "sent"))
    return f"{', '.join(f'{number:,} {word}' for number, word in named if number)}." if any(counts.values()) else ""


def _pager(address: str, total: int, page: int) -> dict[str, Any]:
    pages, first = max(1, -(-total // PAGE)), (page - 1) * PAGE
    return {
        "page": page,
        "pages": pages,
        "prev_href": f"{address}?page={page - 1}" if page > 1 else None,
        "next_href": f"{address}?page={page + 1}" if page < pages else None,
        "said": f"{first + 1} to {min(first + PAGE, total)} of {total:,}",
    }


@router.post("/rollouts/{slug}/mail/{delivery_id}/again")
def again(desk: Keeping, delivery_id: RowId, session: Db, config: Config, now: Now) -> Response:
    try:
        send_again(session, delivery_id, within=desk.rollout.id, by=desk.viewer, now=now)
    except Refused as refusal:
        session.rollback()
        return _rollout_page(desk, session, config, now, refusal=refusal.reason)
    return see_other(f"/rollouts/{desk.rollout.slug}/mail")


@router.get("/mail")
def show_all(viewer: AccountKeeping, session: Db, config: Config, now: Now, page: PageNo = 1) -> Response:
    return _account_page(viewer, session, config, now, page)


def _account_page(
    viewer: Viewer, session: Session, config: Settings, now: datetime, page: int = 1, refusal: str = ""
) -> Response:
    return html(
        "deliveries/index.html",
        409 if refusal else 200,
        **framed(viewer, "People"),
        **_box(session, config, None, "UTC", now, "/mail", page),
        heading="All mail",
        crumbs=[("Accounts", "/people"), ("Mail", None)],
        refusal=refusal,
    )


@router.post("/mail/{delivery_id}/again")
def again_any(viewer: AccountKeeping, delivery_id: RowId, session: Db, config: Config, now: Now) -> Response:
    try:
        send_again(session, delivery_id, by=viewer, now=now)
    except Refused as refusal:
        session.rollback()
        return _account_page(viewer, session, config, now, refusal=refusal.reason)
    return see_other("/mail")
