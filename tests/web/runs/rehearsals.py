"""Rehearsals that were walked to their end, on a served site."""

from __future__ import annotations

from typing import Any

from app.actions.runs.ending import end_run
from tests.running import later, rehearse, walk
from tests.web.conftest import Site

SLOW = {"patients": 90.0, "tell": 12.0}
"""Steps that take longer than planned."""


def rehearsed(site: Site, *, begin: float = 0, end: bool = True, **given: Any) -> str:
    """A rehearsal at Alder that was walked to its end; the address of its review."""
    cast = site.cast
    with site.database.writing() as session:
        run = rehearse(session, cast, now=later(begin))
        last = walk(session, cast, run, begin=begin, **given)
        if end:
            end_run(session, run.id or 0, by=cast.viewer(session, "opm", later(last)), now=later(last))
        address = f"/runs/{run.id}/review"
    site.now = later(begin + 600)
    site.sign_everybody_in_anew()
    return address
