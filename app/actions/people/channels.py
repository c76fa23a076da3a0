"""The channels that somebody adds to be reached by, and what comes by which way."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from sqlmodel import Session, col, func, select

from app.actions import texts
from app.actions.deliveries.telling import Telling, tell_by_channel
from app.actions.events import record
from app.actions.loading import key_of, load
from app.errors import Invalid, NotFound, ProofWanted, Refused
from app.models import Channel, Person
from app.notify import apprise
from app.notify.hosts import PRIVATE, may_be_open
from app.rules.deliveries.mail import TOLD
from app.rules.people.access import Viewer
from app.rules.signoffs import is_fresh

MOST: Final = 10
NAME_LIMIT: Final = 60
URL_LIMIT: Final = 1_000
WEB_HOOK: Final = "webhook"
USUAL: Final = tuple(kind for kind in TOLD if kind.startswith("issue_"))
"""What comes by a new channel until something else is chosen."""


def add_channel(
    session: Session, *, service: str, name: str, url: str, allowed: Collection[str] = (), by: Viewer, now: datetime
) -> Channel:
    """A new channel of one's own: `service` is slack, teams, sms or webhook. `allowed` are the hosts in a private
    network that a web hook may call. Raises Invalid, and Refused for too many.
    """
    name = texts.one_line("name", name, NAME_LIMIT)
    address = _address(service, texts.one_line("url", url, URL_LIMIT), allowed)
    if not is_fresh(by.proven_at, now):
        raise ProofWanted("a channel")
    load(session, Person, by.person, "person")
    alive = select(func.count()).where(Channel.person_id == by.person, col(Channel.ended_at).is_(None))
    if session.exec(alive).one() >= MOST:
        raise Refused(f"You have {MOST} channels already. End one first.")
    secret = secrets.token_urlsafe(32) if service == WEB_HOOK else ""
    row = Channel(person_id=by.person, name=name, url=address, secret=secret, kinds=list(USUAL), made_at=now)
    session.add(row)
    session.flush()
    # The address is a secret, and an event is for ever.
    facts = {"channel": key_of(row), "name": name, "service": service}
    record(session, "person.channel_added", ("person", by.person), by=by, now=now, after=facts)
    return row


def _address(service: str, typed: str, allowed: Collection[str]) -> str:
    if service == WEB_HOOK:
        return _web_hook(typed, allowed)
    if service not in apprise.SERVICES:
        raise Invalid({"service": "Choose one of these."})
    try:
        return apprise.address_at(service, typed)
    except apprise.UnknownAddress:
        said = "This is no address of that service. Copy it whole from where the service shows it."
        raise Invalid({"url": said}) from None


def _web_hook(typed: str, allowed: Collection[str]) -> str:
    try:
        parts = urlsplit(typed)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise Invalid({"url": "Write a web address, such as https://example.org/hooks/muster."}) from None
    if host not in allowed:
        if parts.scheme != "https" or not host or parts.username or port == 0:
            raise Invalid({"url": "Write a web address that begins with https, without an account in it."})
        if not may_be_open(host):
            raise Invalid({"url": PRIVATE})
    if parts.scheme not in ("https", "http") or not typed.isascii():
        raise Invalid({"url": "Write a web address in plain letters that begins with https."})
    return typed


def try_channel(session: Session, channel_id: int, *, by: Viewer, now: datetime) -> None:
    """Send a test by one's own channel; once a minute, asked more often is quiet. Raises NotFound."""
    row = _own(session, channel_id, by)
    key = f"{channel_id}-{now:%Y%m%d%H%M}"
    telling = Telling(key, "channel_test", by.person, ("channel", channel_id), data={"by": by.name})
    tell_by_channel(session, telling, row, now=now)


def end_channel(session: Session, channel_id: int, *, by: Viewer, now: datetime) -> None:
    """Nothing goes by this channel any more, and its address is forgotten. Raises NotFound."""
    row = _own(session, channel_id, by)
    row.ended_at, row.url, row.secret = now, "", ""
    session.add(row)
    facts = {"channel": channel_id, "name": row.name}
    record(session, "person.channel_ended", ("person", by.person), by=by, now=now, before=facts)


def choose_ways(
    session: Session, *, mailed: Collection[str], by_channel: Mapping[int, Collection[str]], by: Viewer, now: datetime
) -> None:
    """What comes by mail and by each of one's own channels; a kind that is not named does not come that way.

    The same again is quiet. Raises Invalid for a kind that nobody chooses, and NotFound for a channel of others.
    """
    chosen = {kind for kinds in (mailed, *by_channel.values()) for kind in kinds}
    if not chosen <= set(TOLD):
        raise Invalid({"ways": "Choose among what is shown."})
    person = load(session, Person, by.person, "person")
    changed = False
    unmailed = [kind for kind in TOLD if kind not in mailed]
    if person.unmailed != unmailed:
        person.unmailed, changed = unmailed, True
        session.add(person)
    for channel_id, kinds in by_channel.items():
        row, wanted = _own(session, channel_id, by), [kind for kind in TOLD if kind in kinds]
        if row.kinds != wanted:
            row.kinds, changed = wanted, True
            session.add(row)
    if changed:
        record(session, "person.ways_chosen", ("person", by.person), by=by, now=now)


def _own(session: Session, channel_id: int, by: Viewer) -> Channel:
    row = load(session, Channel, channel_id, "channel")
    if row.person_id != by.person or row.ended_at is not None:
        raise NotFound("channel")
    return row
