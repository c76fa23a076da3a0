"""Messages by the channels that people have added for themselves. One that hangs holds up no mail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlmodel import Session

from app.models import Channel, Delivery
from app.notify import apprise, webhook
from app.notify.call import Call
from app.notify.mail import ServerAway
from app.queries.dropped import NotToSend
from app.rules.deliveries.addresses import is_web_hook
from app.settings import Settings
from app.worker.post import round_of, written_facts


@dataclass(frozen=True)
class Switchboard:
    """Where calls leave the house, and the address of this site for the links in them.

    `send` is the edge: it raises TemporaryFailure or PermanentFailure; tests put a list there.
    """

    send: Callable[[Call], None]
    address: str


def switchboard_of(settings: Settings) -> Switchboard:
    """The switchboard of this installation, with or without a mail server."""
    return Switchboard(partial(hand_over, allowed=settings.webhook_hosts_allowed), settings.address)


def hand_over(call: Call, allowed: frozenset[str]) -> None:
    """A web hook is called by us, everything else by the library."""
    if is_web_hook(call.url):
        webhook.post(call, allowed)
    else:
        apprise.send(call)


def ring(
    session: Session, board: Switchboard, clock: Callable[[], datetime], stopped: Callable[[], bool] = lambda: False
) -> None:
    """Send what is due by channels. A receiver that is away is asked once a look, and keeps no other waiting."""

    away: set[int | None] = set()

    def prepare(row: Delivery, now: datetime) -> Callable[[], None]:
        if row.channel_id in away:
            raise ServerAway("Another message by this channel has just failed.")
        return partial(_send, board, _call(session, row, board, now), row.channel_id, away)

    round_of(session, "app", prepare, clock, stopped, ends_when_away=False)


def _send(board: Switchboard, call: Call, channel_id: int | None, away: set[int | None]) -> None:
    try:
        board.send(call)
    except ServerAway:
        away.add(channel_id)
        raise


def _call(session: Session, row: Delivery, board: Switchboard, now: datetime) -> Call:
    """What is handed over. Raises NotToSend."""
    channel = session.get(Channel, row.channel_id) if row.channel_id else None
    if channel is None or channel.ended_at is not None:
        raise NotToSend("The channel has been ended.")
    _, facts = written_facts(session, row, board.address, now)
    lines = [facts["said"], ", ".join(filter(None, (facts["title"], facts["place"]))), facts["due"], facts["rollout"]]
    return Call(
        id=row.message_id,
        url=channel.url,
        secret=channel.secret,
        kind=row.kind,
        title=facts["subject"],
        text="\n".join(filter(None, lines)),
        link=facts["link"],
        about=(row.subject_kind, row.subject_id),
        at=row.created_at,
    )
