"""An issue is taken from a message: the link shows one question, and only the answer changes anything.

Mail scanners follow links, so that opening one does nothing.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from sqlmodel import Session
from starlette.responses import Response

from app.actions.issues.links import acknowledge_by_link, reader_of
from app.actions.issues.steps import rungs_told
from app.actions.loading import key_of
from app.errors import Forbidden, NotFound, Refused
from app.models import Issue, Person, Rollout
from app.queries.letters import issue_facts
from app.rules.issues.law import stored
from app.rules.issues.standing import may_take
from app.rules.people.access import Viewer
from app.web.frame import bare
from app.web.site import Db, Now, Public
from app.web.templating import html

router = APIRouter()
Anybody = Annotated[Viewer | None, Depends(Public())]
Signed = Annotated[str, Path(max_length=200)]
NONE = "This link opens nothing: it was not copied whole, or the issue can no longer be seen by whom it was for."


@router.get("/acknowledge/{token}")
def ask(who: Anybody, token: Signed, session: Db, now: Now) -> Response:
    return _page(who, token, session, now)


@router.post("/acknowledge/{token}")
def take(who: Anybody, token: Signed, session: Db, now: Now) -> Response:
    try:
        acknowledge_by_link(session, token, now=now)
    except (Forbidden, Refused) as refusal:
        session.rollback()
        said = refusal.reason if isinstance(refusal, Refused) else "You may see this issue, but not take it."
        return _page(who, token, session, now, said)
    except NotFound:
        session.rollback()
    return _page(who, token, session, now)


def _page(who: Viewer | None, token: str, session: Session, now: datetime, said: str = "") -> Response:
    try:
        _, reader, issue = reader_of(session, token, now=now)
    except NotFound:
        return html("issues/taking.html", 404, **bare(who), issue=None, said=NONE, token="")
    except Refused as refusal:
        return html("issues/taking.html", 410, **bare(who), issue=None, said=refusal.reason, token="")
    shown = _shown(session, issue, reader, now)
    return html("issues/taking.html", 409 if said else 200, **bare(who), issue=shown, said=said, token=token)


def _shown(session: Session, issue: Issue, reader: Viewer, now: datetime) -> dict[str, Any]:
    path, facts = issue_facts(session, issue, reader, now)
    taker = session.get(Person, issue.acknowledged_by) if issue.acknowledged_by else None
    return {
        **facts,
        "path": path,
        "reader": reader.name,
        "taker": "" if taker is None else "You" if taker.id == reader.person else taker.name,
        "taken": issue.acknowledged_at is not None,
        "solved": issue.resolved_at is not None,
        "may_take": _may_take(session, issue, reader),
    }


def _may_take(session: Session, issue: Issue, reader: Viewer) -> bool:
    """As the action decides."""
    running = session.get_one(Rollout, issue.rollout_id).state == "running"
    by = reader if running else reader.reading()
    rungs = rungs_told(session, [key_of(issue)]).get(key_of(issue), ())
    told = {person for rung in rungs for person in rung.told}
    return may_take(stored(issue.law), by, issue.rollout_id, issue.location_id, issue.holder_id, told)
