"""What stands in the printed pack: a runbook as a live run would be planned now, or a run as its steps are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import Session

from app.errors import Refused
from app.models import Run
from app.plan import Playbook
from app.plan.format.runbooks import Runbook
from app.queries.people import Holders
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.queries.runs.room import Room, room
from app.queries.runs.runbook import runbook_page
from app.rules.people.access import Viewer
from app.rules.runbooks.back_out import BackOut, back_out
from app.rules.runbooks.forecast import forecast
from app.rules.runbooks.graph import Graph
from app.rules.runbooks.plans import RunPlan
from app.rules.runbooks.steps import RunStep


@dataclass(frozen=True)
class PackSheet:
    """A runbook at a place before a run is made of it (`run` None), or a run of it. `begins` is when each step is
    planned to begin, `after_decision` how long after it is decided to go back each step of the way back is; `safe` are
    the figures of the way back before anything is done; `handed` names whoever a step was handed to.
    """

    rollout: RolloutFacts
    place: PlaceFacts | None
    wave: str
    playbook: Playbook
    runbook: Runbook
    plan: RunPlan
    run: Run | None
    dated: int
    steps: tuple[RunStep, ...]
    back: tuple[RunStep, ...]
    begins: Mapping[str, datetime]
    after_decision: Mapping[str, timedelta]
    safe: BackOut | None
    holders: Holders
    handed: Mapping[str, str]

    @property
    def zone(self) -> str:
        return self.place.zone if self.place else self.rollout.zone

    @property
    def location(self) -> int | None:
        return self.place.id if self.place else None


def runbook_pack(session: Session, dated_id: int, viewer: Viewer, now: datetime) -> PackSheet:
    """The pack of a runbook. Raises NotFound, and Refused where it cannot be planned, or has no step there."""
    page = runbook_page(session, dated_id, viewer, now)
    if page.plan is None or not page.plan.steps:
        raise Refused(page.problem or "The playbook names no step of it for this place.")
    plan = page.plan
    return PackSheet(
        rollout=page.rollout, place=page.place, wave=page.dated.wave,
        playbook=page.rollout.book_at(page.dated.location_id), runbook=page.runbook, plan=plan, run=None,
        dated=page.id, steps=plan.steps, back=plan.way_back,
        begins={id_: span.begin for id_, span in plan.planned.spans.items()}, after_decision=_after_decision(plan),
        safe=page.back, holders=page.holders, handed={},
    )  # fmt: skip


def run_pack(session: Session, run_id: int, viewer: Viewer, now: datetime) -> PackSheet:
    """The pack of a run, of one that goes back with what is to be undone. Raises NotFound."""
    page = room(session, run_id, viewer, now)
    found, plan = page.found, page.found.plan
    back = found.returning if found.goes_back else plan.way_back
    return PackSheet(
        rollout=page.rollout, place=page.place, wave=page.run.wave, playbook=found.playbook, runbook=found.runbook,
        plan=plan, run=page.run, dated=page.run.dated_id, steps=plan.steps, back=back, begins=_planned(page),
        after_decision={} if found.goes_back else _after_decision(plan),
        safe=back_out(plan, plan.planned, {}, plan.zero) if plan.steps else None, holders=page.holders,
        handed={id_: page.name(row.holder_id) for id_, row in found.rows.items() if row.holder_id is not None},
    )  # fmt: skip


def _planned(page: Room) -> dict[str, datetime]:
    """As planned now; of the way back only once it is decided: before that its hours mean nothing."""
    goes_back = page.found.goes_back
    return {id_: row.planned_begins for id_, row in page.found.rows.items() if goes_back or not row.back}


def _after_decision(plan: RunPlan) -> dict[str, timedelta]:
    if not plan.way_back:
        return {}
    freed = Graph([replace(step, not_before=None) for step in plan.way_back])
    return {id_: span.begin - plan.zero for id_, span in forecast(freed, {}, zero=plan.zero).spans.items()}
