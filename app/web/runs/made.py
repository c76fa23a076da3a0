"""The runs of a runbook so far, and the forms that make another one, as values for the template of its page."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from app.models import Run
from app.queries.runs.runbook import RunbookPage
from app.rules.clock import count, moment
from app.web.runs.words import COLOURS, OUTCOMES, kind_words
from app.web.told import Told

_KINDS: Final = {"done": "run", "risk": "warn", "blocked": "bad"}
WAYS: Final = (
    {"value": "straight", "label": "Straight through", "hint": "It begins now and waits for no hour."},
    {"value": "hours", "label": "At the hours of the plan", "hint": "It has a T of its own."},
)
SENT: Final = {
    "on": "To whom the playbook names",
    "test": "To the team, marked as a test",
    "off": "Nothing is sent",
}


def open_run(page: RunbookPage) -> dict[str, Any] | None:
    """The run that is on now, with how it stands."""
    run = page.open
    found = page.positions.get(run.id or 0) if run else None
    if run is None or found is None:
        return None
    return {"title": kind_words(run), "says": "".join(found.says), "href": f"/runs/{run.id}",
            "kind": _KINDS[COLOURS[found.colour][0]]}  # fmt: skip


def run_line(page: RunbookPage, run: Run, now: datetime) -> dict[str, Any]:
    """A run as a line of a listing."""
    blocked = f", {count(page.blocked[run.id or 0], 'step')} blocked" if page.blocked.get(run.id or 0) else ""
    if run.ended_at is None:
        status, label = "running", "Running"
        end = f"since {moment(run.made_at, page.zone, now)}{blocked}"
    else:
        status, label = OUTCOMES[run.outcome]
        end = f"{moment(run.ended_at, page.zone, now)}{blocked}"
    return {"text": kind_words(run), "href": f"/runs/{run.id}", "end": end, "status": status, "status_label": label}


def making_forms(page: RunbookPage, told: Told) -> dict[str, Any]:
    """The two forms for whoever leads it."""
    return {
        "waits": list(page.waits),
        "how": told.value("rehearse", "how", "straight"),
        "day": told.value("rehearse", "day"),
        "time": told.value("rehearse", "time"),
        "when_error": told.fault("rehearse", "zero"),
        "broadcasts": told.value("rehearse", "broadcasts", "off"),
        "broadcasts_error": told.fault("rehearse", "broadcasts"),
        "live_broadcasts": told.value("live", "broadcasts"),
        "live_error": told.fault("live", "broadcasts"),
        "ways": list(WAYS),
        "sent": [(value, SENT[value]) for value in ("off", "test")],
        "sent_live": [{"value": value, "label": label} for value, label in SENT.items()],
    }
