"""What the form that reports an issue offers: places, kinds, and for each severity what would be promised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.models import Task
from app.plan.places import Spot
from app.plan.terms import Scope
from app.queries.issues.cases import calendar_at
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.rules.issues.law import NoLaw, law_of
from app.rules.issues.running import Clock, reaches
from app.rules.people.access import Permission, Viewer
from app.rules.schedule.schedule import read_place, timeline_of
from app.stored import playbook_of


@dataclass(frozen=True)
class Promise:
    """A severity as it may be chosen. `solved_by` is when its time would run out, were it reported now (None: the
    playbook sets no time for it here); `respond` and `resolve` are lengths in seconds.
    """

    id: str
    title: str
    rank: int
    solved_by: datetime | None
    respond: int | None = None
    business: bool = False


def promises(
    session: Session, rollout: RolloutFacts, place: PlaceFacts | None, kind: str, now: datetime
) -> tuple[Promise, ...]:
    """Every severity of the playbook, the gravest first; none where the playbook says nothing about issues."""
    playbook = playbook_of(session, (place and place.playbook_version_id) or rollout.playbook_version_id)
    if playbook.issues is None or rollout.start is None:
        return ()
    timeline = timeline_of(
        playbook, rollout.start, [read_place(one.stated) for one in ((place,) if place else rollout.locations)]
    )
    spot = Spot(Scope.LOCATION, place.wave, place.slug) if place else Spot(Scope.NETWORK)
    calendar, found = calendar_at(rollout, place), []
    for number, (id_, severity) in enumerate(playbook.issues.severities.items(), start=1):
        title = severity.title or id_
        try:
            law = law_of(playbook, id_, kind if kind in playbook.issues.types else "", timeline, spot, now)
        except NoLaw:
            found.append(Promise(id_, title, number, None))
            continue
        by = reaches(Clock(law.business, calendar), now, (), law.resolve)
        found.append(Promise(id_, title, number, by, law.respond, law.business))
    return tuple(found)


def places_to_report(rollout: RolloutFacts, viewer: Viewer) -> tuple[PlaceFacts, ...]:
    """Where the reader may report something."""
    return tuple(
        place
        for place in rollout.locations
        if viewer.can(Permission.RAISE_ISSUE, rollout=rollout.id, location=place.id)
    )


def task_to_link(session: Session, rollout: RolloutFacts, task_id: int | None, viewer: Viewer) -> Task | None:
    """The task from whose page somebody reports; None for none, and for one that the reader may not see."""
    task = session.get(Task, task_id) if task_id else None
    if task is None or task.rollout_id != rollout.id:
        return None
    return task if viewer.can(Permission.SEE_PLAN, rollout=rollout.id, location=task.location_id) else None
