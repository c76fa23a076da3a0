"""A served site, and streams of its `/live` read as a browser reads them."""

from __future__ import annotations

import json
import queue
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

import uvicorn

from app.serving import GRACE_SECONDS, _Server
from tests.web.conftest import Site

KIND = "text/event-stream"


@contextmanager
def served(site: Site) -> Iterator[tuple[str, _Server]]:
    """The site on a free loopback port; its address, and the server."""
    config = uvicorn.Config(
        site.app, host="127.0.0.1", port=0, log_level="error", timeout_graceful_shutdown=GRACE_SECONDS
    )
    server = _Server(config, site.app.state.hub.close)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started and time.monotonic() < until:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}", server
    server.handle_exit(15, None)
    thread.join(timeout=20)
    assert not thread.is_alive()


class Stream:
    """One open stream: `head` is the answer's status line with its headers, `next()` its next event."""

    def __init__(self, address: str, cookie: str, path: str = "/live", accept: str = KIND) -> None:
        where = urlsplit(address)
        self.socket = socket.create_connection((where.hostname or "", where.port or 0), timeout=30)
        lines = [f"GET {path} HTTP/1.1", f"Host: {where.netloc}", f"Accept: {accept}", "HX-Request: true"]
        self.socket.sendall("\r\n".join([*lines, f"Cookie: {cookie}", "", ""]).encode())
        self.raw = b""
        while b"\r\n\r\n" not in self.raw:
            self.raw += self.socket.recv(65536)
        head, self.raw = self.raw.split(b"\r\n\r\n", 1)
        self.head = head.decode().lower()
        self.status = int(self.head.split()[1])
        self.seen = self.raw
        self.ended = False
        self._events: queue.Queue[tuple[str, Any, float]] = queue.Queue()
        if self.status == 200:
            self._thread = threading.Thread(target=self._read, daemon=True)
            self._thread.start()

    def _read(self) -> None:
        body = self.raw
        while True:
            *whole, rest = body.replace(b"\r\n", b"\n").split(b"\n\n")
            for block in whole:
                self._note(block.decode())
            body = rest
            try:
                more = self.socket.recv(65536)
            except OSError:
                more = b""
            self.seen += more
            body += more
            if not more or b"\r\n0\r\n\r\n" in self.seen[-20:] or self.seen.endswith(b"0\r\n\r\n"):
                self.ended = True
                self._events.put(("end", None, time.monotonic()))
                return

    def _note(self, block: str) -> None:
        fields = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
        if "event" in fields:
            self._events.put((fields["event"], json.loads(fields["data"]), time.monotonic()))

    def next(self, timeout: float = 5.0) -> tuple[str, Any]:
        """The next event: its name and its data; `("end", None)` at the end, `("", None)` when there is none."""
        try:
            name, data, self.at = self._events.get(timeout=timeout)
        except queue.Empty:
            return "", None
        return name, data

    def close(self) -> None:
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()


@contextmanager
def listening(address: str, cookie: str, path: str = "/live", accept: str = KIND) -> Iterator[Stream]:
    stream = Stream(address, cookie, path, accept)
    yield stream
    stream.close()


def cookie_of(site: Site, who: str) -> str:
    return f"muster={site.client(who).cookies['muster']}"
