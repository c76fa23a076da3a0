"""Links to the wall of a run, for screens where nobody signs in: made and ended by whoever leads. The text of a link is
shown once; only its SHA-256 is kept.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlmodel import Session, col, func, select

from app.actions import texts
from app.actions.events import record
from app.actions.intents import once
from app.actions.loading import key_of, load
from app.actions.people.secrets import new_token
from app.actions.runs.opening import demand_lead, open_run
from app.errors import Forbidden, NotFound, Refused
from app.models import Run, RunLink
from app.rules.people.access import Permission, Viewer
from app.rules.runbooks.access import may_lead
from app.stored.runs import stored_run

TITLE_LIMIT: Final = 60
MOST: Final = 20


def make_link(
    session: Session, run_id: int, *, title: str, intent: str = "", by: Viewer, now: datetime
) -> tuple[RunLink, str | None]:
    """A new link, and its text. No text where the same form (`intent`) came before: it is shown once.

    Raises NotFound, Forbidden for whoever does not lead the run, Invalid, and Refused for a run that is over or has too
    many.
    """
    opened = open_run(session, run_id, by=by)
    demand_lead(opened, by)
    title = texts.one_line("title", title, TITLE_LIMIT)
    text, hashed = new_token()

    def make() -> RunLink:
        _demand_room(session, run_id)
        row = RunLink(run_id=run_id, token_hash=hashed, title=title, by_id=by.person, at=now)
        session.add(row)
        session.flush()
        _record(session, "link_made", opened.run, row, by, now)
        return row

    row = once(session, intent, RunLink, make, asked={"run": run_id, "title": title}, by=by, now=now)
    return row, text if row.token_hash == hashed else None


def _demand_room(session: Session, run_id: int) -> None:
    standing = select(func.count()).where(RunLink.run_id == run_id, col(RunLink.revoked_at).is_(None))
    if session.exec(standing).one() >= MOST:
        raise Refused(f"This wall has {MOST} links already. End one first.")


def end_link(session: Session, run_id: int, link_id: int, *, by: Viewer, now: datetime) -> RunLink:
    """Let a link open nothing any more, whatever became of the run. Ended already is quiet. Raises NotFound, and
    Forbidden for whoever does not lead the run.
    """
    run = load(session, Run, run_id, "run")
    place: dict[str, Any] = {"rollout": run.rollout_id, "location": run.location_id}
    if not by.can(Permission.SEE_PLAN, **place):
        raise NotFound("run")
    if not may_lead(by, stored_run(session, run).runbook, place):
        raise Forbidden("Only whoever leads the run does this.")
    row = load(session, RunLink, link_id, "link")
    if row.run_id != run_id:
        raise NotFound("link")
    if row.revoked_at is None:
        row.revoked_at, row.revoked_by = now, by.person
        session.add(row)
        _record(session, "link_ended", run, row, by, now)
    return row


def _record(session: Session, verb: str, run: Run, row: RunLink, by: Viewer, now: datetime) -> None:
    record(
        session, f"run.{verb}", ("run", key_of(run)), by=by, now=now, rollout_id=run.rollout_id,
        location_id=run.location_id, after={"link": key_of(row)},
    )  # fmt: skip
