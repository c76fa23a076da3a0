"""A mail server for tests, on a loopback port: it keeps what it takes, and fails in the ways that servers fail."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class Sink:
    """`mode` is ok, hang (greets never), refuse (550 to the address), defer (451), sender (550 to ours), data (554 to
    the text), drop (closes after the text, before saying whether it took it) or farewell (closes after taking it).
    """

    mode: str = "ok"
    port: int = 0
    taken: list[EmailMessage] = field(default_factory=list)
    envelopes: list[tuple[str, str]] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)


class _Conversation(socketserver.StreamRequestHandler):
    timeout = 5

    def handle(self) -> None:
        sink: Sink = self.server.sink  # type: ignore[attr-defined]
        if sink.mode == "hang":
            sink.stop.wait(10)
            return
        self._say("220 sink.test")
        sender = recipient = ""
        while line := self.rfile.readline(2_000).decode("utf-8", "replace").strip():
            verb = line[:4].upper()
            if verb == "MAIL":
                sender = line
                self._say("550 not from you" if sink.mode == "sender" else "250 ok")
            elif verb == "RCPT":
                recipient = line
                self._say({"refuse": "550 no such mailbox", "defer": "451 later, please"}.get(sink.mode, "250 ok"))
            elif verb == "DATA":
                self._say("354 go on")
                body = self._text()
                if sink.mode == "drop":
                    return
                if sink.mode == "data":
                    self._say("554 we do not like this")
                    continue
                sink.taken.append(message_from_bytes(body, policy=policy.default))  # type: ignore[arg-type]
                sink.envelopes.append((sender, recipient))
                self._say("250 taken")
                if sink.mode == "farewell":
                    return
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 sink.test")

    def _text(self) -> bytes:
        lines = []
        while (line := self.rfile.readline(2_000)) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        return b"".join(lines)

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def sink(mode: str = "ok") -> Iterator[Sink]:
    """A server that runs until the block ends."""
    found = Sink(mode)
    with _Server(("127.0.0.1", 0), _Conversation) as server:
        server.sink = found  # type: ignore[attr-defined]
        found.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield found
        finally:
            found.stop.set()
            server.shutdown()
            thread.join(timeout=5)
