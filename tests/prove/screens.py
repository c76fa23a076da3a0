"""Screens as a browser follows: a stream that comes back from the last event it heard of, and the page fetched anew."""

from __future__ import annotations

import asyncio
import random
import re
import time
from contextlib import suppress
from dataclasses import dataclass, field

SHOWS = re.compile(rb"(\d+) of \d+ steps done, (none|\d+) running")
GATHER, JITTER, AGAIN = 0.08, 0.22, 0.1
"""As long as the script of the pages gathers changes, and waits until it comes back (seconds)."""


@dataclass
class Screen:
    """One screen: `told` and `shown` are when it was told of each event, and when so many changes stood on its page."""

    port: int
    page: str
    stream: str
    cookie: str = ""
    last: int = 0
    told: list[tuple[int, float]] = field(default_factory=list)
    shown: list[tuple[int, float]] = field(default_factory=list)
    connected: int = 0
    anew: int = 0
    _due: asyncio.Event = field(default_factory=asyncio.Event)
    _etag: str = ""

    async def follow(self) -> None:
        """Until cancelled."""
        await asyncio.gather(self._listen(), self._look())

    async def _listen(self) -> None:
        while True:
            with suppress(OSError, asyncio.IncompleteReadError):
                await self._hear()
            await asyncio.sleep(AGAIN * (0.5 + random.random()))

    async def _hear(self) -> None:
        after = f"?after={self.last}" if self.last else ""
        reader, writer = await self._open(f"{self.stream}{after}", "Accept: text/event-stream")
        try:
            if not (await reader.readline()).startswith(b"HTTP/1.1 200"):
                return
            self.connected += 1
            fields: dict[str, str] = {}
            while line := await reader.readline():
                name, colon, value = line.decode().strip().partition(": ")
                if colon:
                    fields[name] = value
                elif not name and fields:
                    self._take(fields)
                    fields = {}
        finally:
            writer.close()

    def _take(self, fields: dict[str, str]) -> None:
        if "id" in fields:
            self.last = int(fields["id"])
        if fields.get("event") == "change":
            self.told.append((self.last, time.monotonic()))
        self.anew += fields.get("event") == "anew"
        if fields.get("event") in ("change", "anew", "hello"):
            self._due.set()

    async def _look(self) -> None:
        """The page is fetched anew after a burst of changes, on one connection as long as it holds."""
        while True:
            await self._due.wait()
            await asyncio.sleep(GATHER + JITTER * random.random())
            self._due.clear()
            try:
                await self._fetch()
            except (OSError, asyncio.IncompleteReadError, ValueError):
                self._due.set()
                await asyncio.sleep(AGAIN)

    async def _fetch(self) -> None:
        same = f"If-None-Match: {self._etag}" if self._etag else "X-First: yes"
        reader, writer = await self._open(self.page, "HX-Request: true", "HX-Boosted: true", same, "Connection: close")
        try:
            answer = await reader.read()
        finally:
            writer.close()
        head, _, body = answer.partition(b"\r\n\r\n")
        if b" 304 " in head[:20]:
            return
        found = SHOWS.search(body)
        if b" 200 " not in head[:20] or found is None:
            raise ValueError("the page did not come")
        tag = re.search(rb"etag: (\S+)", head, re.IGNORECASE)
        self._etag = tag[1].decode() if tag else ""
        running = 0 if found[2] == b"none" else int(found[2])
        self.shown.append((2 * int(found[1]) + running, time.monotonic()))

    async def _open(self, path: str, *headers: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        cookie = [f"Cookie: {self.cookie}"] if self.cookie else []
        lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", *headers, *cookie, "", ""]
        writer.write("\r\n".join(lines).encode())
        return reader, writer
