"""The invented nights of the demo: rehearsals before each go-live, and the two that were lived through."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlmodel import col, select

from app.actions.runs.blocking import block_step, unblock_step
from app.actions.runs.ending import end_run
from app.actions.runs.files import attach_step_file
from app.actions.runs.finishing import finish_step, verify_step
from app.actions.runs.making import make_run
from app.actions.runs.stepping import start_step
from app.demo.answers import good_answer, good_rows, note, picture
from app.demo.scene import Act, Scene, Step, chance
from app.models import Location, Run, ScheduledEntry
from app.plan.facts import Facts
from app.plan.minutes import NO_TIME
from app.plan.places import Spot
from app.plan.terms import Scope
from app.queries.gates.held import held_gates
from app.rules.people.access import Viewer
from app.rules.runbooks.acts import lines
from app.rules.runbooks.forecast import forecast
from app.rules.runbooks.graph import Graph
from app.rules.runbooks.plans import RunPlan, plan_run
from app.rules.runbooks.steps import RunStep
from app.rules.tasks.tables import row_titles
from app.storage import EvidenceStore
from app.stored import playbook_at
from app.stored.timelines import timeline_now

RUNBOOK: Final = "cutover-run"
REHEARSED: Final = ("alder-quay", "fenmoor", "kestrel-ridge")
BLOCKED: Final = {("kestrel-ridge", False): "compare-counts", ("fenmoor", True): "last-count"}
"""Where a step was held up: at a place, in a rehearsal (False) or live, and in which step."""
WHY_BLOCKED: Final = "The counts of open orders differ by eleven. The extract is drawn once more."
HELD_UP: Final = timedelta(minutes=25)
MORE_SLOWLY: Final = {"compare-counts": 70, "read-bookings": 45}
"""Steps that took more minutes than planned, every time."""
COUNTED_AT: Final = "close-of-day"
COUNTED: Final = timedelta(hours=12, minutes=25)
"""After T the day of counts is closed, in the evening; what comes after it waits."""
MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True)
class Nights:
    """Gives the moments and acts of runs."""

    scene: Scene
    store: EvidenceStore

    def steps(self) -> Iterator[Step]:
        """In no order; some of them may lie after now."""
        places = {row.id: row for row in self.scene.session.exec(select(Location))}
        statement = select(ScheduledEntry).where(
            ScheduledEntry.rollout_id == self.scene.id, ScheduledEntry.entry == RUNBOOK
        )
        for row in self.scene.session.exec(statement.order_by(col(ScheduledEntry.id))):
            place = places.get(row.location_id) if row.location_id else None
            if place is None or place.cutover_at is None or place.slug not in REHEARSED:
                continue
            yield from self._run(row, place, self.scene.before_go_live(place, 6, 8), live=False)
            if place.cutover_at <= self.scene.now:
                yield from self._run(row, place, place.cutover_at, live=True)

    def _run(self, row: ScheduledEntry, place: Location, zero: datetime, *, live: bool) -> Iterator[Step]:
        """All of a run, at the minutes of its plan; what takes longer moves what comes after."""
        plan = self._lived(self._plan(place, zero, live=live), place)
        spans = forecast(Graph(plan.steps), {}, zero=plan.zero).spans
        yield min(span.begin for span in spans.values()) - 10 * MINUTE, self._makes(row, place, zero, live=live)
        for step in plan.steps:
            span, checked = spans[step.id], step.asked.checked_by is not None
            yield span.begin, self._starts(row, place, step, live=live)
            if self._held_up(step, place, live=live):
                yield span.begin + 5 * MINUTE, self._blocks(row, place, step, live=live)
                yield span.begin + 5 * MINUTE + HELD_UP, self._goes_on(row, place, step, live=live)
            yield span.end - (MINUTE if checked else NO_TIME), self._finishes(row, place, step, live=live)
            if checked:
                yield span.end, self._verifies(row, place, step, live=live)
        yield max(span.end for span in spans.values()) + 5 * MINUTE, self._ends(row, place)

    def _held_up(self, step: RunStep, place: Location, *, live: bool) -> bool:
        return BLOCKED.get((place.slug, live)) == step.id

    def _lived(self, plan: RunPlan, place: Location) -> RunPlan:
        """The run with the minutes that its steps really took."""

        def lived(step: RunStep) -> RunStep:
            share = 80 + chance(step.id, place.slug, plan.live) // 6
            takes = MORE_SLOWLY.get(step.id, 0) * MINUTE or step.takes * share / 100
            held = HELD_UP if self._held_up(step, place, live=plan.live) else NO_TIME
            late = plan.zero + COUNTED if plan.live and step.id == COUNTED_AT else step.not_before
            return replace(step, takes=takes + held, not_before=late)

        return replace(plan, steps=tuple(lived(step) for step in plan.steps))

    def _plan(self, place: Location, zero: datetime, *, live: bool) -> RunPlan:
        playbook = playbook_at(self.scene.session, self.scene.rollout, place)
        timeline = timeline_now(self.scene.session, self.scene.rollout)
        spot = Spot(Scope.LOCATION, place.wave, place.slug)
        facts = Facts(place.wave, place.attributes)
        return plan_run(
            playbook.runbooks[RUNBOOK], facts, zero=zero, live=live, straight=not live, spot=spot, timeline=timeline
        )

    # --- what they do -----------------------------------------------------------------------------------------

    def _makes(self, row: ScheduledEntry, place: Location, zero: datetime, *, live: bool) -> Act:
        def act(at: datetime) -> None:
            if live and not self._may_open(row, place, at):
                return
            make_run(
                self.scene.session, row.id or 0, live=live, straight=not live, zero=None if live else zero,
                broadcasts="on" if live else "off", by=self._by("ops-manager", place, at), now=at,
            )  # fmt: skip

        return act

    def _may_open(self, row: ScheduledEntry, place: Location, at: datetime) -> bool:
        """Whether the go stands."""
        statement = select(ScheduledEntry.id).where(
            ScheduledEntry.location_id == place.id, ScheduledEntry.entry == "go-no-go"
        )
        gate = self.scene.session.exec(statement).one()
        held = held_gates(self.scene.session, self.scene.id, at).get(gate or 0)
        return held is not None and bool(held.goes_on)

    def _starts(self, row: ScheduledEntry, place: Location, step: RunStep, *, live: bool) -> Act:
        return lambda at: self._with(
            row, place, live, lambda run: start_step(self.scene.session, run, step.id, **self._does(step, place, at))
        )

    def _blocks(self, row: ScheduledEntry, place: Location, step: RunStep, *, live: bool) -> Act:
        given: dict[str, Any] = {"reason": WHY_BLOCKED, "severity": "normal"}
        return lambda at: self._with(
            row, place, live,
            lambda run: block_step(
                self.scene.session, run, step.id, until=at + 2 * HELD_UP, **given, **self._does(step, place, at)
            ),
        )  # fmt: skip

    def _goes_on(self, row: ScheduledEntry, place: Location, step: RunStep, *, live: bool) -> Act:
        return lambda at: self._with(
            row, place, live, lambda run: unblock_step(self.scene.session, run, step.id, **self._does(step, place, at))
        )

    def _finishes(self, row: ScheduledEntry, place: Location, step: RunStep, *, live: bool) -> Act:
        def finish(run: int, at: datetime) -> None:
            self._attaches(run, step, place, at)
            asked = step.asked.answer
            rows = good_rows(asked, row_titles(asked, place.attributes), step.id) if asked.type == "table" else None
            finish_step(
                self.scene.session, run, step.id, answer="" if rows else good_answer(asked, step.id), rows=rows,
                ticked=[path for path, _ in lines(step.asked.checklist)], **self._does(step, place, at),
            )  # fmt: skip

        return lambda at: self._with(row, place, live, lambda run: finish(run, at))

    def _attaches(self, run: int, step: RunStep, place: Location, at: datetime) -> None:
        does = self._does(step, place, at)
        for piece in step.asked.evidence:
            photo = piece.type == "photo"
            content = picture(chance(step.id)) if photo else note(piece.title or step.title, place.name)
            name = f"{step.id}.{'png' if photo else 'txt'}"
            stored = self.store.keep(io.BytesIO(content), name)
            attach_step_file(self.scene.session, run, step.id, stored=stored, file_name=name, by=does["by"], now=at)

    def _verifies(self, row: ScheduledEntry, place: Location, step: RunStep, *, live: bool) -> Act:
        role = step.asked.checked_by.first if step.asked.checked_by else ""
        return lambda at: self._with(
            row, place, live,
            lambda run: verify_step(self.scene.session, run, step.id, seen=None, by=self._by(role, place, at), now=at),
        )  # fmt: skip

    def _ends(self, row: ScheduledEntry, place: Location) -> Act:
        return lambda at: self._with(
            row, place, None,
            lambda run: end_run(self.scene.session, run, by=self._by("ops-manager", place, at), now=at),
        )  # fmt: skip

    def _with(self, row: ScheduledEntry, place: Location, live: bool | None, act: Any) -> None:
        """Do it in the run that is not over; nothing where there is none."""
        statement = select(Run).where(Run.dated_id == row.id, col(Run.ended_at).is_(None))
        run = self.scene.session.exec(statement).first()
        if run is not None and live in (None, run.live):
            act(run.id or 0)

    def _does(self, step: RunStep, place: Location, at: datetime) -> dict[str, Any]:
        role = step.asked.owner.first if step.asked.owner else "ops-manager"
        return {"seen": None, "by": self._by(role, place, at), "now": at}

    def _by(self, role: str, place: Location, at: datetime) -> Viewer:
        return self.scene.viewer(self.scene.holder(role, place.slug), at)
