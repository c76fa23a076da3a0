"""Everybody who listens, and the one loop a process that tells them what changed.

While anybody listens, the loop asks the event table four times a second, in a thread, and holds no session in
between. Each listener hears of what that person may see. Who somebody is, is asked anew every fifteen seconds and
whenever an event speaks of their account: where the answer is another one, the stream ends, and the browser comes
back with the rights of that moment or finds itself signed out.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, TypeVar, TypeVarTuple

import structlog
from anyio import CapacityLimiter, to_thread

from app.actions.people.sign_ins import Recognised, recognise
from app.db import Database
from app.queries.events import News, newest_event, news
from app.queries.inbox import unseen_counts
from app.rules.people.access import Viewer

PAUSE_SECONDS: Final = 0.25
CHECK_SECONDS: Final = 15.0
WAITING_LIMIT: Final = 100
STREAMS_A_PERSON: Final = 20
CATCH_UP_LIMIT: Final = 200
# What a browser that missed something is told: fetch everything anew.
ANEW: Final = "event: anew\ndata: {}\n\n"
INBOX: Final = "event: inbox\ndata: {}\n\n"

Given = TypeVarTuple("Given")
Answer = TypeVar("Answer")

log = structlog.get_logger(__name__)


def as_line(one: News) -> str:
    """One event as the stream carries it: ids and words of ours, never a text that somebody typed."""
    data = {"rollout": one.rollout, "location": one.location_id, "kind": one.kind, "id": one.subject, "verb": one.verb}
    return f"id: {one.id}\nevent: change\ndata: {json.dumps(data)}\n\n"


def rights(viewer: Viewer) -> tuple[object, ...]:
    """What decides what somebody may see: not the name, and not when they last proved who they are."""
    return viewer.grants, viewer.covers


@dataclass(eq=False)
class Listener:
    """One open stream: whose, by which sign-in, and since when by the clock of the site and by that of the loop."""

    viewer: Viewer
    token: str
    at: datetime
    since: float
    checked: float = 0.0
    unseen: int = 0
    lines: asyncio.Queue[str | None] = field(default_factory=lambda: asyncio.Queue(WAITING_LIMIT))

    def now(self, time: float) -> datetime:
        """The moment by the site's clock."""
        return self.at + timedelta(seconds=time - self.since)

    def tell(self, line: str | None) -> None:
        """Put a line into the queue (None ends the stream); whoever is too slow is told to fetch everything."""
        if self.lines.full():
            while not self.lines.empty():
                self.lines.get_nowait()
            line = line and ANEW
        self.lines.put_nowait(line)

    def count(self, unseen: int) -> None:
        """How many lines of the inbox wait now; told where they are more or fewer."""
        if unseen != self.unseen:
            self.unseen = unseen
            self.tell(INBOX)


@dataclass(frozen=True)
class _Look:
    """What is new, who the listeners are whose rights may have changed or were not asked for lately, and how many
    lines wait in whose inbox: of those, and of everybody where anything is new.
    """

    found: list[News]
    recognised: dict[Listener, Recognised | None]
    unseen: dict[int, int]


class Hub:
    """The listeners of one process. Its methods belong to the event loop, `close` may be called from anywhere."""

    def __init__(self, base: Database) -> None:
        self._base = base
        self._listeners: set[Listener] = set()
        self._last = 0
        self._task: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._start = asyncio.Lock()
        # A thread of its own: the loop must not wait behind requests.
        self._thread = CapacityLimiter(1)
        self.closed = False

    def full(self, person: int) -> bool:
        """Whether a person already has as many streams as one may have."""
        return sum(one.viewer.person == person for one in self._listeners) >= STREAMS_A_PERSON

    async def join(self, listener: Listener, after: int | None) -> str:
        """Listen from now on. Gives the first lines: where the stream begins, and what came after the event `after`."""
        async with self._start:
            if self._task is None or self._task.done():
                self._last = await self._in_thread(self._newest)
                self._loop = asyncio.get_running_loop()
                self._task = self._loop.create_task(self._run())
            begins = self._last
            self._listeners.add(listener)
        hello = f"id: {begins}\nevent: hello\ndata: {{}}\n\n"
        if after is None or after >= begins:
            return hello
        missed = await self._in_thread(self._between, after, begins)
        if len(missed) > CATCH_UP_LIMIT:
            return hello + ANEW
        lines = [as_line(one) for one in missed if one.for_person(listener.viewer)]
        # The page may be older than the stream, and with it what its bell counts.
        return "".join([*lines, INBOX if lines else "", hello])

    def leave(self, listener: Listener) -> None:
        self._listeners.discard(listener)

    def close(self) -> None:
        """End every stream and take no more: the server is about to stop."""
        self.closed = True
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._end_all)

    def _end_all(self) -> None:
        for listener in tuple(self._listeners):
            self._end(listener)

    def _end(self, listener: Listener) -> None:
        self.leave(listener)
        listener.tell(None)

    async def _run(self) -> None:
        """Look until nobody listens. A look that fails is logged, and the next one follows."""
        while self._listeners:
            try:
                await self._look()
            except Exception:
                log.exception("looking for news failed")
                await asyncio.sleep(1)
            await asyncio.sleep(PAUSE_SECONDS)

    async def _look(self) -> None:
        time = asyncio.get_running_loop().time()
        everybody = tuple(self._listeners)
        look = await self._in_thread(self._ask, everybody, time)
        for listener, who in look.recognised.items():
            listener.checked = time
            if who is None or rights(who.viewer) != rights(listener.viewer):
                self._end(listener)
        for one in look.found:
            line = as_line(one)
            for listener in self._listeners:
                if one.for_person(listener.viewer):
                    listener.tell(line)
        if look.found:
            self._last = look.found[-1].id
        for listener in self._listeners:
            listener.count(look.unseen.get(listener.viewer.person, listener.unseen))

    def _ask(self, everybody: tuple[Listener, ...], time: float) -> _Look:
        with self._base.reading() as session:
            found = news(session, self._last)
            concerned = {one.subject for one in found if one.kind == "person"}
            asked = [
                listener
                for listener in everybody
                if time - listener.checked >= CHECK_SECONDS or listener.viewer.person in concerned
            ]
            recognised = {one: recognise(session, one.token, now=one.now(time)) for one in asked}
            unseen = {who.viewer.person: who.viewer.unseen for who in recognised.values() if who is not None}
            if found:
                unseen = unseen_counts(session, {one.viewer.person for one in everybody})
            return _Look(found, recognised, unseen)

    def _newest(self) -> int:
        with self._base.reading() as session:
            return newest_event(session)

    def _between(self, after: int, until: int) -> list[News]:
        with self._base.reading() as session:
            return news(session, after, until, CATCH_UP_LIMIT + 1)

    async def _in_thread(self, work: Callable[[*Given], Answer], *given: *Given) -> Answer:
        return await to_thread.run_sync(work, *given, limiter=self._thread)
