"""Messages leave the house: lease, write, send, mark. While a server is spoken to, no transaction is open.

The round is the same for mail and for the channels of people (`app.worker.channels`); each has a loop of its own.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

import structlog
from sqlmodel import Session

from app.actions.deliveries.outbox import claim_delivery, mark_dropped, mark_refused, mark_sent, put_off
from app.actions.people.viewers import viewer_of
from app.documents.calendar import at_site, calendar_file, method_of
from app.errors import LostClaim, NotFound
from app.models import Delivery
from app.notify.letters import written
from app.notify.mail import PermanentFailure, ServerAway, Smtp, TemporaryFailure, sender_to
from app.notify.message import Message
from app.queries.dropped import NotToSend
from app.queries.letters import Letter, letter
from app.queries.training.letters import staff_letter
from app.rules.deliveries.mail import KINDS, outdated
from app.settings import Settings

MOST_A_LOOK = 100

Prepare = Callable[[Delivery, datetime], Callable[[], None]]

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Office:
    """Where mail is handed over, and the address of this site for the links in it.

    `send` is the edge of the house: it raises TemporaryFailure or PermanentFailure; tests put a list there.
    """

    send: Callable[[Message], None]
    address: str


def office_of(settings: Settings) -> Office | None:
    """The office of this installation; None where no mail server is named."""
    if not settings.sends_mail:
        return None
    smtp = Smtp(
        host=settings.smtp_host,
        port=settings.smtp_port_used,
        sender=settings.smtp_sender,
        user=settings.smtp_user,
        password=settings.smtp_password.get_secret_value(),
        security=settings.smtp_security,
    )
    return Office(sender_to(smtp), settings.address)


def deliver(
    session: Session, office: Office, clock: Callable[[], datetime], stopped: Callable[[], bool] = lambda: False
) -> bool:
    """Mail what is due, at most MOST_A_LOOK messages. False when the mail server was away and the rest waits."""

    def prepare(row: Delivery, now: datetime) -> Callable[[], None]:
        return partial(office.send, _message(session, row, office, now))

    return round_of(session, "mail", prepare, clock, stopped, ends_when_away=True)


def round_of(
    session: Session,
    channel: str,
    prepare: Prepare,
    clock: Callable[[], datetime],
    stopped: Callable[[], bool],
    *,
    ends_when_away: bool,
) -> bool:
    """Send what is due by a channel. `prepare` reads what a message says now and returns what sends it.

    With `ends_when_away` the rest waits when the server is away, and the answer is False.
    """
    for _ in range(MOST_A_LOOK):
        row = None if stopped() else claim_delivery(session, channel=channel, now=clock())
        session.commit()
        if row is None:
            break
        session.expunge(row)
        try:
            away = _try(session, row, prepare, clock)
            session.commit()
        except LostClaim:
            session.rollback()
            log.warning("another worker has taken the message", delivery=row.id)
            continue
        if away and ends_when_away:
            return False
    return True


def _try(session: Session, row: Delivery, prepare: Prepare, clock: Callable[[], datetime]) -> bool:
    """One try at one message, and its mark. Returns whether the server was away. Raises LostClaim."""
    try:
        send = prepare(row, clock())
        session.commit()
        if row.claimed_until is None or clock() >= row.claimed_until:
            raise LostClaim
        send()
    except LostClaim:
        raise
    except NotToSend as why:
        mark_dropped(session, row, str(why))
    except PermanentFailure as why:
        mark_refused(session, row, str(why))
    except TemporaryFailure as why:
        away = isinstance(why, ServerAway)
        log.warning("the message was not sent", delivery=row.id, tries=row.attempts, reason=str(why))
        put_off(session, row, str(why), jitter=random.random(), server_away=away, now=clock())  # noqa: S311
        return away
    except Exception as error:  # one bad message must not stop the others
        session.rollback()
        log.exception("the message could not be written", delivery=row.id)
        reason = f"This message could not be written ({type(error).__name__})."
        put_off(session, row, reason, jitter=random.random(), now=clock())  # noqa: S311
    else:
        mark_sent(session, row, now=clock())
    return False


def _message(session: Session, row: Delivery, office: Office, now: datetime) -> Message:
    """The mail that is handed over. Raises NotToSend."""
    found, facts = written_facts(session, row, office.address, now)
    kind = KINDS[row.kind]
    text, html = written(kind.template, facts)
    plain = Message(row.message_id, row.address, found.name, facts["subject"], text, html, row.created_at)
    if found.entry is None:
        return plain
    entry = at_site(found.entry, office.address)
    return replace(plain, calendar=calendar_file([entry], method_of(entry)), method=method_of(entry))


def _own_letter(session: Session, row: Delivery, now: datetime) -> Letter:
    """What a message says to somebody with an account. Raises NotToSend."""
    try:
        viewer = viewer_of(session, row.person_id, now=now)
    except NotFound:
        raise NotToSend("The account is out of use.") from None
    return letter(session, row, viewer, now)


def written_facts(session: Session, row: Delivery, address: str, now: datetime) -> tuple[Letter, dict[str, Any]]:
    """What a message says to its reader now: its letter, and the facts with the whole addresses of links in them.

    Raises NotToSend.
    """
    if row.next_at and outdated(row.kind, row.created_at, row.next_at, now):
        raise NotToSend("It waited for days without a mail server and says nothing new.")
    kind = KINDS[row.kind]
    found = staff_letter(session, row, now) if kind.outside else _own_letter(session, row, now)
    facts = {**found.facts, "name": found.name, "link": f"{address}{found.path}", "site": address}
    facts["take"] = f"{address}{found.take}" if found.take else ""
    facts |= {"said": kind.says.format_map(facts), "subject": kind.subject.format_map(facts)}
    return found, facts
