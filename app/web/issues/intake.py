"""The help desk's public form behind a location's link: it creates an issue and shows only its number."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form, Path, Request
from starlette.responses import Response

from app.actions.issues.intakes import report_by_link
from app.errors import Invalid, Refused, Throttled
from app.queries.issues.help_desks import Door, door
from app.rules.clock import instant
from app.rules.people.access import Viewer
from app.web.forms import Line, Prose
from app.web.issues.identifiers import Confirmed, warned
from app.web.people.sign_in import shown_errors, summary
from app.web.site import Db, Now, Public
from app.web.templating import html

router = APIRouter()
Anybody = Annotated[Viewer | None, Depends(Public())]
LinkToken = Annotated[str, Path(max_length=100)]
FormMark = Annotated[str, Form(max_length=64)]
FIELDS: Final = ("title", "details", "kind", "name", "reach")
LABELS: Final = {"title": "What is wrong?", "details": "What happened, and where", "name": "Who are you?",
                 "reach": "How do we reach you?"}  # fmt: skip


@router.get("/help/{token}")
def ask(token: LinkToken, session: Db, _who: Anybody) -> Response:
    return _form(token, door(session, token), dict.fromkeys(FIELDS, ""), secrets.token_urlsafe(12))


def _form(
    token: str, found: Door, values: dict[str, str], mark: str, status: int = 200, *,
    errors: dict[str, str] | None = None, warnings: list[dict[str, Any]] | None = None, refusal: str = "",
    wait: int = 0,
) -> Response:  # fmt: skip
    return html(
        "issues/help.html",
        status,
        {"Retry-After": str(wait)} if wait else None,
        viewer=None,
        action=f"/help/{token}",
        location=found.location,
        kinds=found.kinds,
        values=values,
        mark=mark,
        errors=shown_errors(errors or {}, FIELDS),
        summary=summary(errors or {}),
        warnings=warnings or [],
        labels=LABELS,
        refusal=refusal,
    )


@router.post("/help/{token}")
def report(
    request: Request, token: LinkToken, session: Db, now: Now, _who: Anybody, title: Line = "", details: Prose = "",
    kind: Line = "", name: Line = "", reach: Line = "", mark: FormMark = "", confirmed: Confirmed = "",
) -> Response:  # fmt: skip
    """What looks like a patient's identifier is shown first, and stored only once somebody says that it is none."""
    found = door(session, token)
    values = {"title": title, "details": details, "kind": kind, "name": name, "reach": reach}
    mark = mark or secrets.token_urlsafe(12)
    if warnings := warned({field: values[field] for field in ("title", "details", "name")}, confirmed):
        return _form(token, found, values, mark, 422, warnings=warnings)
    address = request.client.host if request.client else ""
    try:
        issue = report_by_link(session, token, **values, form=mark, address=address, now=now)
    except Invalid as fault:
        session.rollback()
        return _form(token, found, values, mark, 422, errors=fault.fields)
    except Throttled as refusal:
        session.rollback()
        words = f"Too many reports came from here. Try again after {instant(refusal.until, found.zone, now)}, or call."
        return _form(token, found, values, mark, 429, refusal=words, wait=refusal.seconds)
    except Refused as refusal:
        session.rollback()
        return _form(token, found, values, mark, 409, refusal=refusal.reason)
    return _thanks(token, found, issue.number, issue.breach_at, now)


def _thanks(token: str, found: Door, number: int, promised: datetime | None, now: datetime) -> Response:
    by = instant(promised, found.zone, now) if promised else ""
    return html(
        "issues/helped.html", viewer=None, location=found.location, number=number, promised=by, again=f"/help/{token}"
    )
