"""What every endpoint asks for: the moment, a session, who is signed in, and the permission that the route names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from sqlmodel import Session

from app.actions.people.sign_ins import note_sign_in, recognise
from app.admission import demand_everywhere, demand_somewhere, enter_rollout, may_everywhere
from app.errors import Forbidden
from app.queries.deliveries import heartbeats
from app.queries.rollouts.facts import RolloutFacts
from app.request import SAFE_METHODS, Open, Place
from app.request import Base as Base
from app.request import Config as Config
from app.request import Now as Now
from app.request import Store as Store
from app.rules.clock import moment, zone_name
from app.rules.heartbeat import has_stopped, is_silent
from app.rules.people.access import Extent, Permission, Viewer, allowed
from app.settings import Settings
from app.web.forms import Slug


def somewhere(viewer: Viewer, permission: Permission) -> bool:
    """Whether the person holds a permission for any network or location, without being named."""
    return any(allowed(permission, grant.holder) for grant in viewer.grants)


class SignInWanted(Exception):
    """Nobody is signed in, and the page is not for everybody."""


def one_session(request: Request, base: Base, _place: Place) -> Iterator[Session]:
    """One request is one transaction; a changing one is committed here, before the answer leaves.

    What a reading request has to note of its sign-in is written after its session is closed: a request never holds
    two connections.
    """
    kind = base.reading if request.method in SAFE_METHODS else base.writing
    with kind() as session:
        yield session
    used: _Use | None = getattr(request.state, "used", None)
    if used is not None:
        with base.writing() as own:
            note_sign_in(own, used.token, now=used.at)


@dataclass(frozen=True)
class _Use:
    token: str
    at: datetime


Db = Annotated[Session, Depends(one_session, scope="function")]


def cookie_name(config: Settings) -> str:
    """The name of the cookie; over https the browser itself then guards its path and host."""
    return "__Host-muster" if config.secure_cookies else "muster"


def token_of(request: Request, config: Settings) -> str | None:
    """The sign-in that a request brings along."""
    return request.cookies.get(cookie_name(config))


async def sign_in_token(request: Request, config: Config) -> str | None:
    return token_of(request, config)


Token = Annotated[str | None, Depends(sign_in_token)]


def visitor(request: Request, session: Db, token: Token, now: Now) -> Viewer | None:
    """Who is signed in, or nobody."""
    recognised = recognise(session, token, now=now) if token else None
    if recognised is None or token is None:
        return None
    # A page that refreshes itself is no sign that somebody is there: left alone, it ends with the idle time.
    polls = request.method in SAFE_METHODS and request.headers.get("hx-request") == "true"
    if recognised.note and not polls:
        _note_use(request, session, token, now)
    return recognised.viewer


def _note_use(request: Request, session: Session, token: str, now: datetime) -> None:
    # A changing request already holds the write lock, which a second session would wait for in vain.
    if request.method in SAFE_METHODS:
        request.state.used = _Use(token, now)
    else:
        note_sign_in(session, token, now=now)


Visitor = Annotated[Viewer | None, Depends(visitor)]


def no_worker(seen: datetime | None, swept: datetime | None, zone: str, now: datetime) -> str:
    """What to say when nobody does the background work, or looks at the clocks of issues; empty while somebody does."""
    said = []
    if has_stopped(swept, now):
        said.append(f"Escalation is not running: nobody has looked at the clocks of issues {_since(swept, zone, now)}.")
    if is_silent(seen, now):
        since = _since(seen, zone, now)
        said.append(f"Reminders and mail are not going out: no worker has looked at what is due {since}.")
    return " ".join(said)


def _since(seen: datetime | None, zone: str, now: datetime) -> str:
    return f"since {moment(seen, zone, now)} {zone_name(zone, seen)}" if seen else "yet"


class Public:
    """The guard of a route that is there for everybody."""

    permission = Open.PUBLIC

    async def __call__(self, who: Visitor) -> Viewer | None:
        return who


class Door:
    """The guard of a public route that opens its own transactions, and so asks the database nothing by itself."""

    permission = Open.PUBLIC

    async def __call__(self) -> None:
        return None


class Guard:
    """The guard of a route for people who are signed in.

    With a permission: those who hold it somewhere, or might by being named on an entry. What the route then touches
    is judged by the query or action that loads it.
    """

    def __init__(self, permission: Permission | Open = Open.SIGNED_IN) -> None:
        self.permission = permission

    async def __call__(self, who: Visitor) -> Viewer:
        return self.admit(who)

    def admit(self, who: Viewer | None) -> Viewer:
        """The person. Raises SignInWanted, and what a guard with a permission of its own raises."""
        if who is None:
            raise SignInWanted
        return who


class ProvingGuard(Guard):
    """The guard of a route that may ask for the password again, and so opens its own transactions: the slow hash
    holds none. The route recognises the person anew inside the transaction of the change.
    """

    def __call__(self, base: Base, token: Token, now: Now) -> Viewer:  # type: ignore[override]
        with base.reading() as session:
            recognised = recognise(session, token, now=now) if token else None
        return self.admit(recognised.viewer if recognised else None)


def recognised(session: Session, token: str | None, now: datetime) -> Viewer:
    """The person of a sign-in with the rights and the proof of this transaction. Raises SignInWanted."""
    found = recognise(session, token, now=now) if token else None
    if found is None:
        raise SignInWanted
    return found.viewer


class EverywhereGuard(Guard):
    """The guard of a route that belongs to no rollout: the permission must be held somewhere."""

    def admit(self, who: Viewer | None) -> Viewer:
        return demand_somewhere(super().admit(who), self.permission)


class AccountGuard(Guard):
    """The guard of a route about accounts: the permission must be the account's own, not that of one rollout."""

    def admit(self, who: Viewer | None) -> Viewer:
        return demand_everywhere(super().admit(who), self.permission)

    def allows(self, viewer: Viewer) -> bool:
        return may_everywhere(viewer, self.permission)


@dataclass(frozen=True)
class Desk:
    """Somebody before one rollout. `alarm` is what whoever directs it must know about the installation."""

    viewer: Viewer
    rollout: RolloutFacts
    alarm: str = ""

    def can(self, permission: Permission, location: int | None = None) -> bool:
        return self.viewer.can(permission, rollout=self.rollout.id, location=location)

    def can_somewhere(self, permission: Permission) -> bool:
        """Whether the person holds the permission for the network or for any location."""
        extent = self.viewer.locations(self.rollout.id, permission)
        return extent.everywhere or bool(extent.ids)

    @property
    def extent(self) -> Extent:
        """The locations whose plan the person may see."""
        return self.viewer.locations(self.rollout.id)


class RolloutGuard(Guard):
    """The guard of a route of one rollout, named by `slug`: not seen is not found, seen but not allowed is refused.

    Not `whole`: of a network that somebody sees as such, no location is read.
    """

    def __init__(self, permission: Permission | Open = Open.SIGNED_IN, *, whole: bool = True) -> None:
        super().__init__(permission)
        self.whole = whole

    def __call__(self, who: Visitor, slug: Slug, session: Db, now: Now) -> Desk:  # type: ignore[override]
        viewer = self.admit(who)
        facts = enter_rollout(session, viewer, slug, self.permission, whole=self.whole)
        directs = viewer.can(Permission.DIRECT, rollout=facts.id)
        alarm = no_worker(*heartbeats(session), facts.zone, now) if directs else ""
        return Desk(viewer, facts, alarm)


class AllowingGuard(RolloutGuard):
    """The guard of a route of one rollout for those who may do something in it: `allows` says of a desk whether (by
    default: the permission, at one location at least), `refusal` what whoever may not is told.
    """

    def __init__(self, permission: Permission, refusal: str, allows: Callable[[Desk], bool] | None = None) -> None:
        super().__init__(permission)
        self._refusal = refusal
        self._allows = allows or (lambda desk: desk.can_somewhere(permission))

    def __call__(self, who: Visitor, slug: Slug, session: Db, now: Now) -> Desk:  # type: ignore[override]
        return self.demand(RolloutGuard(Permission.SEE_PLAN)(who, slug, session, now))

    def demand(self, desk: Desk) -> Desk:
        """Raises Forbidden."""
        if not self._allows(desk):
            raise Forbidden(self._refusal)
        return desk


Own = Annotated[Viewer, Depends(Guard())]
Seeing = Annotated[Desk, Depends(RolloutGuard(Permission.SEE_PLAN))]
Overseeing = Annotated[Desk, Depends(RolloutGuard(Permission.SEE_PLAN, whole=False))]
Directing = Annotated[Desk, Depends(RolloutGuard(Permission.DIRECT))]
Keeping = Annotated[Desk, Depends(RolloutGuard(Permission.MANAGE_PEOPLE))]
AccountKeeping = Annotated[Viewer, Depends(AccountGuard(Permission.MANAGE_PEOPLE))]
