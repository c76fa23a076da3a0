"""A receiver of web hooks for tests, on a loopback port: it keeps what it takes, and fails as receivers fail."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Receiver:
    """`mode` is ok, hang (never answers), drip (a byte now and then), drop (closes after the body, before the answer),
    elsewhere (a redirect), or the status that it answers. What came whole stands in `heard`, whatever was answered.
    """

    mode: str = "ok"
    port: int = 0
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?a=1"


class _Conversation(BaseHTTPRequestHandler):
    timeout = 5

    def do_POST(self) -> None:
        receiver: Receiver = self.server.receiver  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers["Content-Length"]))
        receiver.heard.append(({name.lower(): value for name, value in self.headers.items()}, body))
        if receiver.mode == "hang":
            receiver.stop.wait(10)
        elif receiver.mode == "drip":
            self._drip(receiver)
        elif receiver.mode != "drop":
            status = {"ok": 204, "elsewhere": 302}.get(receiver.mode) or int(receiver.mode)
            self.send_response(status)
            said = b"ok" if status == 200 else b""
            self.send_header("Content-Length", str(len(said)))
            if status == 302:
                self.send_header("Location", receiver.url)
            self.end_headers()
            self.wfile.write(said)

    def _drip(self, receiver: Receiver) -> None:
        for letter in b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 200:
            if receiver.stop.wait(0.1):
                return
            try:
                self.wfile.write(bytes([letter]))
            except OSError:
                return

    def log_message(self, *_: Any) -> None:
        return


@contextmanager
def receiver(mode: str = "ok", port: int = 0) -> Iterator[Receiver]:
    """A receiver that listens until the block ends."""
    found = Receiver(mode)
    with ThreadingHTTPServer(("127.0.0.1", port), _Conversation) as server:
        server.daemon_threads = True
        server.receiver = found  # type: ignore[attr-defined]
        found.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield found
        finally:
            found.stop.set()
            server.shutdown()
            thread.join(timeout=5)
