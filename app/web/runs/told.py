"""Somebody was quicker with a step: what they did beside what was meant, and the form once more."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from app.queries.runs.room import Room
from app.rules.clock import moment
from app.web.told import Told

OF_A_RUN: Final = " of a run"
_VERBS: Final = {
    "made": "made a run of a runbook",
    "started": f"began a step{OF_A_RUN}",
    "finished": f"finished a step{OF_A_RUN}",
    "verified": f"checked a step{OF_A_RUN}",
    "returned": f"sent back a step{OF_A_RUN}",
    "skipped": f"left out a step{OF_A_RUN}",
    "reopened": f"took up again a step{OF_A_RUN}",
    "blocked": f"blocked a step{OF_A_RUN}",
    "unblocked": f"went on with a step{OF_A_RUN}",
    "round": f"did one more round of a step{OF_A_RUN}",
    "handed": f"handed over a step{OF_A_RUN}",
    "corrected": f"set right an hour{OF_A_RUN}",
    "retimed": "moved T of a run",
    "broadcast": f"came to a message{OF_A_RUN}",
    "noted": f"wrote a note in the log{OF_A_RUN}",
    "returning": "decided that a run goes back",
    "ended": "ended a run",
    "file_attached": f"attached a proof to a step{OF_A_RUN}",
    "file_removed": f"took a proof off a step{OF_A_RUN}",
}


def act_words(act: str) -> str:
    """A past participle of an event of a run as a clause: who ... `began a step of a run`."""
    return _VERBS.get(act, "changed a run")


def conflict(room: Room, told: Told, step: str, now: datetime) -> dict[str, Any] | None:
    """Who was quicker with a step, and the form once more with the step as it stands now."""
    if told.stale is None:
        return None
    when = moment(told.stale.when, room.zone, now).removeprefix("today ") if told.stale.when else "the same moment"
    line = room.line(step)
    change = {
        "label": line.planned.title if line else told.label,
        "theirs": f"{told.stale.who} {act_words(told.stale.what).removesuffix(OF_A_RUN)}",
        "yours": told.yours or "nothing",
    }
    fields = [("version", str(line.last if line else 0)), *told.sent]
    return {"who": told.stale.who, "when": when, "changes": [change], "mine": {"action": told.action, "fields": fields}}
