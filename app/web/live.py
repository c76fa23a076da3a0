"""One stream of what changed for every browser. It says which thing and where; pages fetch what they show anew."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response, StreamingResponse

from app.rules.people.access import Viewer
from app.web.hub import Hub
from app.web.listening import Listener, Stream
from app.web.site import Guard, Now, Token

router = APIRouter()
KIND: Final = "text/event-stream"
ALIVE_SECONDS: Final = 15.0
LARGEST_EVENT: Final = 2**53
After = Annotated[int | None, Query(ge=0, le=LARGEST_EVENT)]


async def hub(request: Request) -> Hub:
    found: Hub = request.app.state.hub
    return found


@router.get("/live")
async def live(
    request: Request,
    viewer: Annotated[Viewer, Depends(Guard())],
    token: Token,
    hub: Annotated[Hub, Depends(hub)],
    now: Now,
    after: After = None,
) -> Response:
    """The stream of one browser; `after` is the last event that it heard of.

    Nothing of the request's session is left when the first line is sent: it is closed before the answer begins.
    """
    refusal = refused(request, hub, full=hub.full(viewer.person))
    if refusal is not None:
        return refusal
    time = asyncio.get_running_loop().time()
    return streamed(hub, Listener(viewer, token or "", now, time, unseen=viewer.unseen), after)


def refused(request: Request, hub: Hub, *, full: bool) -> Response | None:
    """What is answered where no stream is given; nothing where one is."""
    if KIND not in request.headers.get("accept", ""):
        return Response("This address is a stream of events.\n", 406, media_type="text/plain")
    if hub.closed:
        return Response(status_code=503, headers={"Retry-After": "5"})
    return Response(status_code=429, headers={"Retry-After": "60"}) if full else None


def streamed(hub: Hub, listener: Stream, after: int | None) -> Response:
    """The stream of one listener."""
    headers = {"X-Accel-Buffering": "no", "Cache-Control": "no-store"}
    return StreamingResponse(lines(hub, listener, after), media_type=KIND, headers=headers)


async def lines(hub: Hub, listener: Stream, after: int | None) -> AsyncIterator[str]:
    """What one listener is sent: lines as they come, and a sign of life while nothing does."""
    try:
        yield await hub.join(listener, after)
        while True:
            try:
                async with asyncio.timeout(ALIVE_SECONDS):
                    line = await listener.lines.get()
            except TimeoutError:
                line = ": alive\n\n"
            if line is None:
                return
            yield line
    finally:
        hub.leave(listener)
