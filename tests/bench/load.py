"""Clients that keep their connection, as thin as they can be: the server is measured, not they."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

LONGEST_ANSWER = 30.0
APART = 0.01


@dataclass(frozen=True)
class Load:
    """What came of it: answers a second, seconds within which 95 of 100 came, and how many were not as wanted."""

    a_second: float
    p95: float
    failed: int
    bytes: int


def request(method: str, path: str, headers: Sequence[tuple[str, str]] = (), body: bytes = b"") -> bytes:
    """One request of HTTP/1.1 as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Sec-Fetch-Site: same-origin"]
    lines += [f"{name}: {value}" for name, value in headers]
    if body:
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def load(port: int, requests: Sequence[Sequence[bytes]], wanted: int) -> Load:
    """Every client sends its requests one after the other, all clients at once; `wanted` is the right status."""
    seconds: list[float] = []
    found = {"failed": 0, "bytes": 0}
    gate = threading.Barrier(len(requests) + 1)

    def client(own: Sequence[bytes]) -> None:
        with socket.create_connection(("127.0.0.1", port), timeout=LONGEST_ANSWER) as wire:
            wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            gate.wait()
            for one in own:
                begun = time.perf_counter()
                status, size = _ask(wire, one)
                seconds.append(time.perf_counter() - begun)
                found["failed"] += status != wanted
                found["bytes"] = max(found["bytes"], size)

    threads = [threading.Thread(target=client, args=(own,)) for own in requests]
    for thread in threads:
        thread.start()
        time.sleep(APART)  # all at once, one process of several would take them all
    gate.wait()
    begun = time.perf_counter()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - begun
    seconds.sort()
    return Load(len(seconds) / took, seconds[int(len(seconds) * 0.95)], found["failed"], found["bytes"])


def _ask(wire: socket.socket, one: bytes) -> tuple[int, int]:
    """Status and bytes of one answer."""
    wire.sendall(one)
    data = b""
    while b"\r\n\r\n" not in data:
        data += _more(wire)
    head, _, rest = data.partition(b"\r\n\r\n")
    length = next((int(value) for name, value in _headers(head) if name == b"content-length"), 0)
    size = len(rest)
    while size < length:
        size += len(_more(wire))
    return int(head.split(b" ", 2)[1]), len(head) + 4 + size


def _more(wire: socket.socket) -> bytes:
    found = wire.recv(262_144)
    if not found:
        raise ConnectionError("the server closed the connection")
    return found


def _headers(head: bytes) -> Iterator[tuple[bytes, bytes]]:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        yield name.strip().lower(), value.strip()
