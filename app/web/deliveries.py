"""The mail of a rollout, and of the whole installation: what waits, what was sent, what failed and why."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter
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
from app.web.frame import framed, in_rollout
from app.web.site import AccountKeeping, Config, Db, Desk, Keeping, Now
from app.web.templating import html

router = APIRouter()
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
def show(desk: Keeping, session: Db, config: Config, now: Now) -> Response:
    return _rollout_page(desk, session, config, now, "", 200)


def _rollout_page(desk: Desk, session: Session, config: Settings, now: datetime, refusal: str, status: int) -> Response:
    return html(
        "deliveries/index.html",
        status,
        **in_rollout(desk, "People"),
        **_box(session, config, desk.rollout.id, desk.rollout.zone, now),
        heading=f"The mail of {desk.rollout.title}",
        address=f"/rollouts/{desk.rollout.slug}/mail",
        refusal=refusal,
    )


def _box(session: Session, config: Settings, rollout_id: int | None, zone: str, now: datetime) -> dict[str, Any]:
    found = outbox(session, rollout_id)
    return {
        "mails": config.sends_mail,
        "unsent": [shown_delivery(line, zone, now) for line in found.unsent],
        "settled": [shown_delivery(line, zone, now) for line in found.settled],
        "counts": {state: found.counts.get(state, 0) for state in STATES},
    }


@router.post("/rollouts/{slug}/mail/{delivery_id}/again")
def again(desk: Keeping, delivery_id: RowId, session: Db, config: Config, now: Now) -> Response:
    try:
        send_again(session, delivery_id, within=desk.rollout.id, by=desk.viewer, now=now)
    except Refused as refusal:
        session.rollback()
        return _rollout_page(desk, session, config, now, refusal.reason, 409)
    return see_other(f"/rollouts/{desk.rollout.slug}/mail")


@router.get("/mail")
def show_all(viewer: AccountKeeping, session: Db, config: Config, now: Now) -> Response:
    return _account_page(viewer, session, config, now, "", 200)


def _account_page(
    viewer: Viewer, session: Session, config: Settings, now: datetime, refusal: str, status: int
) -> Response:
    return html(
        "deliveries/index.html",
        status,
        **framed(viewer, "People"),
        **_box(session, config, None, "UTC", now),
        heading="All mail",
        address="/mail",
        refusal=refusal,
    )


@router.post("/mail/{delivery_id}/again")
def again_any(viewer: AccountKeeping, delivery_id: RowId, session: Db, config: Config, now: Now) -> Response:
    try:
        send_again(session, delivery_id, by=viewer, now=now)
    except Refused as refusal:
        session.rollback()
        return _account_page(viewer, session, config, now, refusal.reason, 409)
    return see_other("/mail")
