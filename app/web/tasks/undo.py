"""What was just done, and its way back: beside the answer for a script, on the next page without one."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final

from fastapi import Depends, Request
from starlette.responses import Response

COOKIE: Final = "muster-did"
SECONDS: Final = 8
_PATH: Final = re.compile(r"/(tasks|comments|evidence)/[0-9]{1,10}(/[a-z0-9.-]+)+")
_BACK: Final = {
    "completion": ("Done.", "reopening"),
    "setting-aside": ("Set aside.", "reopening"),
    "block": ("Marked blocked.", "unblocking"),
    "unblocking": ("It can go on.", "block/again"),
    "tick": ("Ticked.", "untick"),
    "untick": ("Not ticked after all.", "tick"),
    "removal": ("Taken away.", "restoring"),
    # A signature is taken back with a reason, on the page of its task.
    "signature": ("Signed.", ""),
    "verification": ("Checked.", ""),
}


def undo_of(path: str, version: int) -> dict[str, Any] | None:
    """What was done at an address, in words, and the address that takes it back if one does; None for any other.

    `version` is that of the task after the change, so that an undo never undoes what somebody else did since.
    """
    before, _, act = path.rpartition("/")
    if act not in _BACK or not _PATH.fullmatch(path):
        return None
    text, back = _BACK[act]
    return {"text": text, "undo": {"action": f"{before}/{back}?version={version}", "label": "Undo"} if back else None}


def remember(answer: Response, request: Request, version: int) -> Response:
    """Let the next page say what was done, for as long as a toast stands."""
    path = request.url.path
    if undo_of(path, version):
        secure = request.app.state.settings.secure_cookies
        answer.set_cookie(
            COOKIE, f"{path}@{version}", max_age=SECONDS, path="/", secure=secure, httponly=True, samesite="lax"
        )
    return answer


async def flash(request: Request) -> dict[str, Any] | None:
    """What the form before this page did."""
    path, _, version = request.cookies.get(COOKIE, "").partition("@")
    return undo_of(path, int(version)) if version.isascii() and version.isdigit() else None


Flash = Annotated[dict[str, Any] | None, Depends(flash)]
