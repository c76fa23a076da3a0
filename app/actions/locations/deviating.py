"""Where a wave takes the playbook as it is (`changes: none`), no location deviates: lessons arrive by a new version."""

from __future__ import annotations

from sqlmodel import Session

from app.errors import Refused
from app.models import Location, Rollout
from app.plan import Playbook
from app.stored import playbook_at


def demand_undeviating(session: Session, rollout: Rollout, location: Location | None, *, instead: str = "") -> None:
    """Raises Refused at a location that may change nothing of its playbook, for directors too.

    Everything that makes a location's plan another than its playbook asks here: a day set by hand, a task added by
    hand, one that does not apply, a cutover of its own. `instead` says what may be done in place of it.
    """
    if location is None or not is_unchanged(playbook_at(session, rollout, location), location.wave):
        return
    wave = playbook_at(session, rollout, location).waves[location.wave]
    say = f"{location.name} takes the playbook as it is: {wave.title} allows no changes of its own."
    raise Refused(f"{say} {instead or 'Lessons arrive by a new version of the playbook.'}")


def is_unchanged(playbook: Playbook, wave: str) -> bool:
    """Whether the locations of a wave may not deviate."""
    found = playbook.waves.get(wave)
    return found is not None and found.changes == "none"
