"""What all runs of a runbook measured, as the review shows it: what may be proposed, and what was."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.models import Proposal
from app.queries.runs.review import Drift, ReviewPage
from app.rules.clock import count, duration, moment
from app.rules.runbooks.measured import RULE
from app.stored.measured import minutes_in
from app.web.lessons.words import PROPOSALS


def measuring(page: ReviewPage, now: datetime) -> dict[str, Any] | None:
    """Figures and proposals; None for whoever does not see the whole network, and before the run is over."""
    found = page.measuring
    if found is None:
        return None
    zone = page.room.rollout.zone
    ticked = [one for one in found.drifts if one.proposal is None]
    known = [one for one in found.drifts if one.proposal is not None]
    return {
        "note": f"in {count(found.runs, 'run')}, {count(found.steps, 'step')}",
        "rule": RULE,
        "options": [_option(one) for one in ticked],
        "known": [_known(one) for one in known],
        "may": found.may_propose,
        "runs": found.runs,
        "proposals": [
            _proposal(one, version, page.room.run.runbook, found.titles, zone, now) for one, version in found.proposals
        ],
    }


def _option(one: Drift) -> dict[str, str]:
    """For `choices`: what is proposed, and how it was measured."""
    found = one.found
    return {
        "value": f"{found.step}:{found.minutes}",
        "label": f"{found.title}: {duration(found.proposed)} in place of {_plan(one)}",
        "hint": measured_words(one),
    }


def _plan(one: Drift) -> str:
    return duration(one.found.planned) if one.found.planned else "no minutes"


def measured_words(one: Drift) -> str:
    """`Measured 3 times: the middle is 71 min, the shortest 65 min, the longest 82 min.`"""
    found = one.found
    if found.n == 1:
        return f"Measured once: {duration(found.median)}."
    times = f"the shortest {duration(found.lowest)}, the longest {duration(found.highest)}"
    return f"Measured {count(found.n, 'time')}: the middle is {duration(found.median)}, {times}."


def _known(one: Drift) -> dict[str, Any]:
    """A step whose minutes were proposed before, for `listing`."""
    row = one.proposal
    end = "" if row is None else f"{'rejected in' if row.outcome else 'waits in'} proposal {row.number}"
    return {
        "text": f"{one.found.title}: {duration(one.found.proposed)} in place of {_plan(one)}",
        "href": f"/proposals/{row.id}" if row else "",
        "end": end,
    }


def _proposal(row: Proposal, version: str, runbook: str, titles: bool, zone: str, now: datetime) -> dict[str, Any]:
    """A proposal for `listing`."""
    mark, word = PROPOSALS[row.outcome]
    steps = sum(edit.entry == runbook for edit in minutes_in(row))
    return {
        "text": f"{row.number}. {row.title}" if titles else f"Proposal {row.number}",
        "href": f"/proposals/{row.id}",
        "end": f"{count(steps, 'step')} · {f'version {version} · ' if version else ''}"
        f"{moment(row.decided_at or row.at, zone, now)}",
        "status": mark,
        "status_label": word,
    }
