"""Turns: of those who ask for one thing at the same moment the first makes it, the others wait until it answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager

from starlette.types import Message, Send


class Turns:
    """Who makes what now, in one event loop; those of another loop do not wait for each other."""

    def __init__(self) -> None:
        self._busy: dict[tuple[asyncio.AbstractEventLoop, Hashable], asyncio.Event] = {}

    async def wait(self, what: Hashable) -> bool:
        """Wait until whoever makes it now answers; False where nobody does."""
        busy = self._busy.get((asyncio.get_running_loop(), what))
        if busy is None:
            return False
        await busy.wait()
        return True

    @contextmanager
    def turn(self, what: Hashable) -> Iterator[Callable[[Send], Send]]:
        """Make it, while the others wait; they wait no longer than until the sender that is wrapped begins to send."""
        key, mine = (asyncio.get_running_loop(), what), asyncio.Event()
        self._busy[key] = mine

        def end() -> None:
            mine.set()
            if self._busy.get(key) is mine:
                del self._busy[key]

        def ending(send: Send) -> Send:
            async def sent(message: Message) -> None:
                end()
                await send(message)

            return sent

        try:
            yield ending
        finally:
            end()
