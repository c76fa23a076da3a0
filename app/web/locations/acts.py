"""What happened at a location, as its page tells it: whatever it was about."""

from __future__ import annotations

from typing import Final

from app.web.gates.words import act_words as gate_words
from app.web.issues.history import act_words as issue_words
from app.web.lessons.words import act_words as lesson_words
from app.web.meetings.recorded import act_words as meeting_words
from app.web.productivity.words import act_words as productivity_words
from app.web.reconciliations.history import act_words as day_words
from app.web.runs.told import act_words as run_words
from app.web.tasks.words import act_words as task_words

_ACTS: Final = {
    "baseline.signed": "signed and froze the baseline",
    "baseline.replaced": "replaced the frozen baseline",
    "duty.assigned": "put somebody on duty",
    "duty.substituted": "let somebody take a duty over",
    "duty.called_off": "took somebody off a duty",
    "location.placed": "moved it to another wave",
    "mentorship.arranged": "arranged for somebody to learn from another centre",
    "mentorship.held": "said that a visit took place",
    "mentorship.ended": "ended a mentorship",
    "metric_reading.recorded": "entered a figure",
    "metric_reading.corrected": "corrected a figure",
    "metric_reading.uploaded": "entered figures",
    "metric_reading.withdrawn": "took a figure out",
    "roster.set": "said who works on the day of the go-live",
    "session.planned": "planned a training",
    "session.changed": "changed a training",
    "session.called_off": "called a training off",
    "session.enrolled": "asked people to a training",
    "session.unenrolled": "took somebody off a training",
    "session.invited": "sent the date of a training",
    "session.held": "noted who was at a training",
    "session.corrected": "corrected who was at a training",
    "staff.added": "put somebody on the staff list",
    "staff.changed": "changed the staff list",
    "staff.imported": "brought a staff list",
    "staff.left": "took somebody off the staff list",
    "training.checked": "noted a check",
    "training.practised": "noted practice",
    "training.watched": "noted that a recording was watched",
    "training.paired": "gave somebody a buddy",
    "training.unpaired": "took a buddy away",
    "training.withdrawn": "took a result of a training back",
}


def act_words(verb: str) -> str:
    """An event as a clause: who ... `planned a training`."""
    if verb in _ACTS:
        return _ACTS[verb]
    kind, _, act = verb.partition(".")
    if kind in ("meeting", "remark"):
        return meeting_words(verb)
    words = {
        "gate": gate_words,
        "issue": issue_words,
        "lesson": lesson_words,
        "productivity": productivity_words,
        "reconciliation": day_words,
        "run": run_words,
    }
    return words.get(kind, task_words)(act)
