"""What can be done with a step in one press."""

from __future__ import annotations

from app.queries.runs.room import StepLine
from app.rules.runbooks.ledger import StepState


def act_of(one: StepLine) -> dict[str, str] | None:
    """The one thing that can be done with a step in one press (`act`), or on its own page (`act` empty)."""
    can = one.doing
    if can.unblock:
        return {"act": "unblocking", "label": "It goes on"}
    if can.verify:
        return {"act": "verification", "label": "It is right"}
    if can.finish and one.state is StepState.RUNNING:
        return {"act": "completion", "label": "Done"} if _plain(one) else {"act": "", "label": "Finish it"}
    if can.start and not one.waits:
        return {"act": "start", "label": "Start"}
    return None


def _plain(one: StepLine) -> bool:
    """Whether it is done by saying so: no answer, checklist, proof or round is asked for."""
    asked = one.planned.asked
    needed = asked.evidence or asked.repeat or asked.checklist
    return asked.answer.type == "tick" and not needed
