"""The review of a run as values for its template: what was planned, what it was like, what was written down."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.queries.runs.review import ReviewPage
from app.rules.clock import duration, instant, moment
from app.rules.runbooks.reviewed import review_sentence
from app.web.runs import review_lines as lines
from app.web.runs.proposed import measuring
from app.web.runs.words import OUTCOMES, kind_words, where_words


def shown(page: ReviewPage, now: datetime) -> dict[str, Any]:
    """Everything of the run itself, and what all runs measured."""
    room, found = page.room, page.review
    run, top = room.run, max((lines.reach(line) for line in found.every), default=lines.MINUTE)
    kind, where = kind_words(run), where_words(room.rollout, room.place, run.wave)
    ways = (
        ("forward", "Planned against real", found.lines),
        ("way-back", "The way back, planned against real", found.back),
    )
    return {
        "run": {"id": room.id, "title": room.found.runbook.title, "over": room.over, "detail": room.detail},
        "when": f"{room.found.runbook.title} · {where} · {kind}",
        "say": review_sentence(run.live, run.outcome, found),
        "facts": _facts(page, now),
        "reasons": [one for one in (run.returning_reason, run.outcome_reason) if one] if room.detail else [],
        "ways": [
            {"id": id_, "title": title, "rows": [lines.row(room, one, top) for one in way]}
            for id_, title, way in ways
            if way
        ],
        "blocked": [lines.blocked(room, one) for one in found.held_up],
        "waits": [lines.waited(room, one) for one in found.waits],
        "skipped": [lines.skipped(room, one) for one in found.skipped],
        "entered": [*lines.entered(room, now)],
        "measuring": measuring(page, now),
    }


def _facts(page: ReviewPage, now: datetime) -> list[tuple[str, str]]:
    """Label and value: when it was planned to end, when it did, who ended it."""
    room, found = page.room, page.review
    run = room.run

    def at(when: datetime | None) -> str:
        return instant(when, room.zone, now) if when else ""

    label = "To be back by" if room.found.goes_back else "End of the window"
    by = f"{OUTCOMES[run.outcome][1]}, by {room.name(run.ended_by)}" if run.outcome else ""
    back = f"{room.name(run.returning_by)}, {moment(run.returning_at, room.zone, now)}" if run.returning_at else ""
    facts = [
        ("T", at(run.zero_at)),
        ("Planned end", at(found.planned_end)),
        ("Last step over", at(found.ended)),
        ("Decided to go back", back),
        (label, at(found.limit)),
        ("Ended", f"{by}, {moment(run.ended_at, room.zone, now)}" if run.ended_at else ""),
        ("Blocked in all", duration(found.blocked) if found.held_up else "nothing"),
    ]
    return [(name, value) for name, value in facts if value]
