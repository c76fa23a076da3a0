"""Broadcasts of a run: off, to the team as a test, or to whom the playbook names. Only a live run reaches others."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from app.actions.runs.opening import OpenRun, enter
from app.actions.runs.telling import tell_audience, tell_team
from app.models import RunStep
from app.rules.people.access import Viewer
from app.rules.runbooks.ledger import Act
from app.rules.runbooks.steps import RunStep as Planned


def send_broadcast(
    session: Session, opened: OpenRun, row: RunStep, planned: Planned, *, by: Viewer, now: datetime
) -> None:
    """Send what a step broadcasts, and enter to how many; off: enter that nothing was sent."""
    broadcast = planned.asked.broadcast
    if broadcast is None or broadcast.to is None:
        return
    mode = opened.run.broadcasts
    entry = enter(session, opened, Act.BROADCAST, row, by=by, now=now, value={"sent": mode})
    if mode == "test":
        tell_team(session, opened, "run_broadcast", text=f"Test: {broadcast.text}", by=by, now=now)
    if mode == "on" and opened.run.live:
        roles = () if broadcast.to.everyone else broadcast.to.roles
        told = tell_audience(session, opened, entry, roles, text=broadcast.text, by=by, now=now)
        entry.value = {"sent": mode, "told": told}
        session.add(entry)
        session.flush()
