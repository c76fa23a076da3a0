"""A rehearsal of both locations that is over, with a canary in all that was said in it; its review and its pack."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from sqlmodel import Session, col, select

from app.actions.runs.ending import correct_entry, end_run
from app.actions.runs.making import make_run
from app.actions.runs.stepping import note_on, skip_step, start_step
from app.models import Run
from tests.cast import NOW
from tests.house.policy import AT, PROPOSE, Address, Rule
from tests.running import RUNBOOK, runbook_id
from tests.web.conftest import Site

NIGHT: Final = RUNBOOK.replace("it-lead", "ops-manager")
"""A runbook whose texts are for those who do work there, as all others are."""


def review_at(site: Site, session: Session, place: str, canary: str) -> None:
    """A step begun, its hour corrected; one left out, a line in the log, and an end before its time."""
    by = site.cast.viewer(session, "opm")
    made = make_run(session, runbook_id(session, site.cast, place), by=by, now=NOW)
    run, then = made.id or 0, NOW + timedelta(minutes=2)
    entry = start_step(session, run, "freeze", seen=None, by=by, now=then)
    hour = entry.id if entry and entry.id else 0
    correct_entry(session, run, hour, happened=NOW, why=f"{canary} why of an hour", by=by, now=then)
    skip_step(session, run, "tell", reason=f"{canary} reason of a step", seen=None, by=by, now=then)
    note_on(session, run, text=f"{canary} line of the log", by=by, now=then)
    end_run(session, run, reason=f"{canary} reason of the end", by=by, now=then)


def review_addresses(site: Site) -> dict[str, list[Address]]:
    """Whoever sees the place reads the review and prints the pack; minutes are proposed as lessons are carried."""
    runs = _over(site)
    with site.database.reading() as session:
        books = {at: runbook_id(session, site.cast, at) for at in AT}
    return {
        "/runs/{run_id}/review": [Address(f"/runs/{runs[at]}/review", AT[at]) for at in AT],
        "/runs/{run_id}/review/proposal": [Address(f"/runs/{runs[at]}/review/proposal", PROPOSE[at]) for at in AT],
        "/runs/{run_id}/pack.pdf": [Address(f"/runs/{runs[at]}/pack.pdf", AT[at]) for at in AT],
        "/runbooks/{dated_id}/pack.pdf": [Address(f"/runbooks/{books[at]}/pack.pdf", AT[at]) for at in AT],
    }


def review_asks(site: Site) -> dict[str, list[tuple[str, Rule, Any]]]:
    """For every operation of reviews: path, rule and body."""
    path, runs = "/runs/{run_id}/review", _over(site)
    return {
        f"GET {path}": [(f"/runs/{runs[at]}/review", AT[at], None) for at in AT],
        f"POST {path}/proposals": [(f"/runs/{runs[at]}/review/proposals", PROPOSE[at], {"drifts": []}) for at in AT],
    }


def _over(site: Site) -> dict[str, int]:
    """The run of each location that is over."""
    with site.database.reading() as session:
        rows = select(Run.location_id, Run.id).where(col(Run.ended_at).is_not(None))
        found = dict(session.exec(rows).all())
    return {at: found[site.cast.locations[at]] or 0 for at in AT}
