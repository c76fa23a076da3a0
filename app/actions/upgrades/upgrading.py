"""Locations, a wave, or the network are brought to a newer version of the playbook, in one step, as it was shown."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session

from app.actions.upgrades.preview import Preview
from app.actions.upgrades.previewing import computed, directed_rollout
from app.actions.upgrades.writing import Writing
from app.errors import Invalid, Stale
from app.rules.people.access import Viewer
from app.rules.upgrades.choosing import Choices, unanswered

FIELD = "choice-"
"""What the field of a choice is called, before the key of its line."""


def upgrade(
    session: Session,
    rollout_id: int,
    *,
    places: Collection[str],
    to: int,
    choices: Choices | None = None,
    shown: str,
    by: Viewer,
    now: datetime,
) -> Preview:
    """Bring places (ids of locations, empty for the network) to the version with the key `to`. Those that are on it
    stay as they are; all of them on it is quiet. Nothing that is done is undone.

    `shown` is the fingerprint of what was shown before. Raises as `preview_upgrade`, Stale when the plan has changed
    since then (or would be another by what was chosen), and Invalid where a conflict is not settled.
    """
    rollout = directed_rollout(session, rollout_id, by)
    chosen = choices or {}
    found = computed(session, rollout, places, to, chosen, by, now)
    if not found.places:
        return found
    faults = unanswered(found.asking, chosen, {place.slug: place.today for place in found.places})
    if faults:  # what cannot be is as good as not said
        said = {key: choice for key, choice in chosen.items() if key not in faults}
        found = computed(session, rollout, places, to, said, by, now)
    if found.fingerprint != shown:
        raise Stale("Somebody", None, "plan changed")
    if faults:
        raise Invalid({f"{FIELD}{key}": fault for key, fault in faults.items()})
    Writing(session, rollout, found, chosen, by, now).write()
    return found
