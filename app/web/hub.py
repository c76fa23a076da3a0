"""Everybody who listens, and the one loop a process that tells them what changed.

While anybody listens, the loop asks the event table four times a second, in a thread, and holds no session in
between. Each listener hears of what that person may see. Who somebody is, is asked anew every fifteen seconds and
whenever an event speaks of their account: where the answer is another one, the stream ends, and the browser comes
back with the rights of that moment or finds itself signed out. A screen that a link opened hears of its run alone, and
is asked whether the link still opens anything.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final, TypeVar, TypeVarTuple

import structlog
from anyio import CapacityLimiter, to_thread

from app.actions.people.sign_ins import Recognised, recognise
from app.db import Database
from app.queries.events import News, newest_event, news
from app.queries.inbox import unseen_counts
from app.queries.runs.links import links_that_open
from app.rules.people.access import Viewer
from app.web.listening import ANEW as ANEW
from app.web.listening import INBOX, Screen, Stream
from app.web.listening import WAITING_LIMIT as WAITING_LIMIT
from app.web.listening import Listener as Listener

PAUSE_SECONDS: Final = 0.25
CHECK_SECONDS: Final = 15.0
CHECKS_A_LOOK: Final = 25
"""As many people are asked for at a time; the others wait for the next look, and the news for none of them."""
STREAMS_A_PERSON: Final = 20
STREAMS_A_LINK: Final = 300
CATCH_UP_LIMIT: Final = 200

Given = TypeVarTuple("Given")
Answer = TypeVar("Answer")

log = structlog.get_logger(__name__)


def rights(viewer: Viewer) -> tuple[object, ...]:
    """What decides what somebody may see: not the name, and not when they last proved who they are."""
    return viewer.grants, viewer.covers


@dataclass(frozen=True)
class _Look:
    """What is new, whose right to listen was asked for and who of them has none any more, and how many lines wait in
    whose inbox: of those asked, and of everybody where anything is new.
    """

    found: list[News]
    asked: Collection[Stream]
    over: Collection[Stream]
    unseen: dict[int, int]


def _of(one: Stream, person: int) -> bool:
    return isinstance(one, Listener) and one.viewer.person == person


def _same(one: Listener, who: Recognised | None) -> bool:
    return who is not None and rights(who.viewer) == rights(one.viewer)


def _due(everybody: Collection[Stream], found: Collection[News], time: float) -> list[Stream]:
    """Who is to be asked for: whom the news may concern, and of those not asked for lately so many, the longest ago
    first, and every screen, for whom one query does.
    """
    concerned = [one for one in everybody if any(one.concerns(event) for event in found)]
    late = [one for one in everybody if time - one.checked >= CHECK_SECONDS and one not in concerned]
    people = sorted((one for one in late if isinstance(one, Listener)), key=lambda one: one.checked)
    return [*concerned, *people[:CHECKS_A_LOOK], *(one for one in late if isinstance(one, Screen))]


class Hub:
    """The listeners of one process. Its methods belong to the event loop, `close` may be called from anywhere."""

    def __init__(self, base: Database) -> None:
        self._base = base
        self._listeners: set[Stream] = set()
        self._last = 0
        self._task: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._start = asyncio.Lock()
        # A thread of its own: the loop must not wait behind requests.
        self._thread = CapacityLimiter(1)
        self.closed = False

    def full(self, person: int) -> bool:
        """Whether a person already has as many streams as one may have."""
        return sum(_of(one, person) for one in self._listeners) >= STREAMS_A_PERSON

    def crowded(self, link: int) -> bool:
        """Whether a link to a wall already has as many screens as one may have."""
        return sum(isinstance(one, Screen) and one.link == link for one in self._listeners) >= STREAMS_A_LINK

    async def join(self, listener: Stream, after: int | None) -> str:
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
        lines = [line for one in missed if (line := listener.line(one))]
        # The page may be older than the stream, and with it what its bell counts.
        bell = INBOX if lines and isinstance(listener, Listener) else ""
        return "".join([*lines, bell, hello])

    def leave(self, listener: Stream) -> None:
        self._listeners.discard(listener)

    def close(self) -> None:
        """End every stream and take no more: the server is about to stop."""
        self.closed = True
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._end_all)

    def _end_all(self) -> None:
        for listener in tuple(self._listeners):
            self._end(listener)

    def _end(self, listener: Stream) -> None:
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
        for listener in look.asked:
            listener.checked = time
        for listener in look.over:
            self._end(listener)
        for one in look.found:
            for listener in self._listeners:
                if line := listener.line(one):
                    listener.tell(line)
        if look.found:
            self._last = look.found[-1].id
        for listener in self._listeners:
            if isinstance(listener, Listener):
                listener.count(look.unseen.get(listener.viewer.person, listener.unseen))

    def _ask(self, everybody: tuple[Stream, ...], time: float) -> _Look:
        with self._base.reading() as session:
            found = news(session, self._last)
            asked = _due(everybody, found, time)
            people = [one for one in asked if isinstance(one, Listener)]
            recognised = {one: recognise(session, one.token, now=one.now(time)) for one in people}
            over: list[Stream] = [one for one, who in recognised.items() if not _same(one, who)]
            screens = [one for one in asked if isinstance(one, Screen)]
            open_ = links_that_open(session, {one.link for one in screens})
            over += [one for one in screens if one.link not in open_]
            unseen = {who.viewer.person: who.viewer.unseen for who in recognised.values() if who is not None}
            if found:
                unseen = unseen_counts(session, {one.viewer.person for one in everybody if isinstance(one, Listener)})
            return _Look(found, asked, over, unseen)

    def _newest(self) -> int:
        with self._base.reading() as session:
            return newest_event(session)

    def _between(self, after: int, until: int) -> list[News]:
        with self._base.reading() as session:
            return news(session, after, until, CATCH_UP_LIMIT + 1)

    async def _in_thread(self, work: Callable[[*Given], Answer], *given: *Given) -> Answer:
        return await to_thread.run_sync(work, *given, limiter=self._thread)
