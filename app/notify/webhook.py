"""A plain web hook: one signed POST of a JSON document, without following redirects, within a few seconds.

Headers: `X-Muster-Delivery` is the id, the same for every try; `X-Muster-Signature` is `sha256=` and the HMAC-SHA256
of the body in hexadecimal digits, keyed with the channel's secret (RFC 2104).
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import socket
import ssl
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from threading import Timer
from typing import Final
from urllib.parse import SplitResult, urlsplit

from app.notify.call import Call
from app.notify.hosts import address_of
from app.notify.mail import PermanentFailure, ServerAway

TIMEOUT_SECONDS: Final = 10.0
LONGEST_SECONDS: Final = 20.0
"""For the whole conversation: a receiver that says one byte at a time keeps nobody waiting."""
TRY_LATER: Final = frozenset({408, 425, 429})


def post(call: Call, allowed: Collection[str] = (), timeout: float = TIMEOUT_SECONDS) -> None:
    """Hand the message to its receiver. Raises PermanentFailure, and ServerAway where a later try may succeed."""
    parts = urlsplit(call.url)
    body = json.dumps(_document(call), ensure_ascii=False).encode()
    status = _answer(parts, body, _headers(call, body), allowed, timeout)
    if 200 <= status < 300:
        return
    if 300 <= status < 400:
        raise PermanentFailure(f"The web hook answers {status}: it leads elsewhere, which is not followed.")
    refusal = ServerAway if status in TRY_LATER or status >= 500 else PermanentFailure
    raise refusal(f"The web hook answers {status}.")


def signature(secret: str, body: bytes) -> str:
    """What the receiver compares with the header `X-Muster-Signature`."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def _document(call: Call) -> dict[str, object]:
    kind, id_ = call.about
    return {
        "id": call.id,
        "kind": call.kind,
        "title": call.title,
        "text": call.text,
        "link": call.link,
        "about": {"kind": kind, "id": id_},
        "at": call.at.isoformat(),
    }


def _headers(call: Call, body: bytes) -> dict[str, str]:
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Muster",
        "X-Muster-Delivery": call.id,
        "X-Muster-Signature": signature(call.secret, body),
    }


def _answer(parts: SplitResult, body: bytes, headers: dict[str, str], allowed: Collection[str], timeout: float) -> int:
    host = parts.hostname or ""
    if parts.scheme != "https" and host not in allowed:
        raise PermanentFailure("A web hook is called over https only.")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = address_of(host, port, allowed)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        with _connected(address, host, port, parts.scheme == "https", timeout) as connection:
            connection.request("POST", path, body, headers)
            return connection.getresponse().status
    except ssl.SSLCertVerificationError as error:
        raise ServerAway(f"The web hook's certificate does not hold: {error.verify_message}") from error
    except TimeoutError as error:
        raise ServerAway("The web hook did not answer in time.") from error
    except (OSError, http.client.HTTPException) as error:
        raise ServerAway(f"The web hook cannot be reached ({type(error).__name__}).") from error


@contextmanager
def _connected(address: str, host: str, port: int, tls: bool, timeout: float) -> Iterator[http.client.HTTPConnection]:
    """A connection to the address that was judged, which answers to the name; cut after LONGEST_SECONDS."""
    line = socket.create_connection((address, port), timeout=timeout)
    end = Timer(min(LONGEST_SECONDS, 2 * timeout), _cut, (line,))
    end.daemon = True
    end.start()
    try:
        if tls:
            line = ssl.create_default_context().wrap_socket(line, server_hostname=host)
            end.args = (line,)
        connection = http.client.HTTPConnection(host, port, timeout=timeout)
        connection.sock = line
        yield connection
    finally:
        end.cancel()
        line.close()


def _cut(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
