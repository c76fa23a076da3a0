"""Pure ASGI middlewares that stand before every page: refusal of foreign requests, limits of size, headers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.request import SAFE_METHODS

PAGE_LIMIT: Final = 1_000_000
# A playbook may hold 512 kB; pasted into a form every one of its bytes can take three, and every line end six.
PLAYBOOK_LIMIT: Final = 4 * 512_000
# A staff list may hold 4 MB; as a field of a form every one of its bytes can take three.
STAFF_LIMIT: Final = 3 * 4_000_000 + 10_000
# A year of procedures, a line each, and the relative values of twenty thousand codes.
PROCEDURES_LIMIT: Final = 100_000_000
VALUES_LIMIT: Final = 20_000_000
FORM_OVERHEAD: Final = 10_000

CONTENT_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS: Final = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}


class CrossSiteRefusal:
    """Refuses a changing request that another site's page sent.

    A browser says where a request comes from (Sec-Fetch-Site, or Origin); a request that says neither is no browser's,
    and nothing here takes one of those by its cookie. What lies under `without_cookies` knows callers by a token that
    no browser sends by itself.
    """

    def __init__(self, app: ASGIApp, without_cookies: str) -> None:
        self.app = app
        self.without_cookies = without_cookies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in SAFE_METHODS or self._may(scope):
            return await self.app(scope, receive, send)
        refusal = PlainTextResponse("This request came from another site, so nothing was done.", status_code=403)
        return await refusal(scope, receive, send)

    def _may(self, scope: Scope) -> bool:
        return scope["path"].startswith(f"{self.without_cookies}/") or own_site(Headers(scope=scope))


def own_site(headers: Headers) -> bool:
    """True when the headers prove that a page of this very site sent the request."""
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:
        return site in ("same-origin", "none")
    try:
        return origin is not None and urlsplit(origin).netloc == headers.get("host")
    except ValueError:  # no address at all, such as `http://[bad`
        return False


class BodyLimit:
    """Limits a request's body while it is read: by the first pair of path ending and bytes that fits, else a page's.

    The limit is raised where the body is read, so the application answers it as a page or a problem document. The
    framework's own middleware would put a plain text of its own in the place of that answer.
    """

    def __init__(self, app: ASGIApp, larger: Sequence[tuple[str, int]] = ()) -> None:
        self.app = app
        self.larger = larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        path = scope["path"].rstrip("/")
        limit = next((limit for ending, limit in self.larger if path.endswith(ending)), PAGE_LIMIT)
        stated = Headers(scope=scope).get("content-length", "")
        read = int(stated) if stated.isdecimal() and len(stated) < 20 and int(stated) > limit else 0

        async def limited() -> Message:
            nonlocal read
            message = await receive() if read <= limit else {}
            read += len(message.get("body", b""))
            if read > limit:
                raise HTTPException(413)
            return message

        return await self.app(scope, limited, send)


class SafeHeaders:
    """Puts the safe headers on every answer; what does not say how long it may be kept may not be kept."""

    def __init__(self, app: ASGIApp, https: bool = False) -> None:
        self.app = app
        self.headers = dict(HEADERS)
        if https:
            self.headers["Strict-Transport-Security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        return await self.app(scope, receive, with_headers)
