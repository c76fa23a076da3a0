"""The facts of the pages the long way: every task fetched as a row and judged by the pure rules, one by one.

The pages let the database count; these functions say what the counts must be.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from app.models import Issue, SameIssue, Task
from app.plan.facts import Facts, holds
from app.plan.format.gates import Test
from app.plan.format.tasks import Task as Entry
from app.queries.gates.dates import GateDate
from app.queries.people import holders
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.queries.tasks.rows import TaskRow, stored_rows
from app.rules.people.access import Extent, Viewer
from app.rules.rollouts.burn import BurnUp, Work, burn_up, week_ends
from app.rules.rollouts.criteria import (
    Behind,
    Found,
    either,
    of_answer,
    of_gate,
    of_inflow,
    of_issues,
    of_tasks,
    of_unowned,
)
from app.rules.rollouts.readiness import Bar, BarState, GateDay, Measure, Roll, Stand, call, next_gate, stand
from app.rules.tasks.filtering import PlanFilter, in_state
from app.rules.tasks.progress import Health, State, Tally, state, tally
from tests.queries.held import Told, told


@dataclass(frozen=True)
class Reported:
    """An issue: who took it or was given it, if anybody."""

    severity: str
    opened_at: datetime
    solved: bool
    location: int | None
    people: tuple[int | None, ...]


@dataclass
class Oracle:
    """One rollout at one moment, seen by somebody."""

    session: Session
    rollout: RolloutFacts
    extent: Extent
    now: datetime

    def __post_init__(self) -> None:
        self.people = holders(self.session, self.rollout.id, self.extent, self.now)
        self.rows = list(self._rows())
        alone = {row.id: self._state(row, ()) for row in self.rows}
        self.states = {row.id: self._state(row, self._before(row, alone)) for row in self.rows}
        self.told = self._told()

    def _told(self) -> dict[int, Told]:
        """What was recorded of gates, by their keys in the schedule."""
        return told(self.session, self.now)

    def _rows(self) -> Iterator[TaskRow]:
        """What is in the plan of places that the reader may see; nothing is late where work stands still."""
        inside = {place.id: place for place in self.rollout.locations if place.planned and place.id in self.extent}
        late = dict(self.session.exec(select(Task.id, Task.late_at)).all())
        for row in stored_rows(self.session, col(Task.rollout_id) == self.rollout.id):
            if row.location_id is None or row.location_id in inside:
                yield row._replace(late_at=None if self.stands_still(row) else late[row.id])

    def stands_still(self, row: TaskRow) -> bool:
        place = self.rollout.location(row.location_id)
        return place is not None and place.paused != ""

    def today(self, row: TaskRow) -> date:
        place = self.rollout.location(row.location_id)
        return place.today(self.now) if place else self.rollout.today(self.now)

    def _state(self, row: TaskRow, before: tuple[State, ...]) -> State:
        return state(replace(row.facts, before=before), today=self.today(row), now=self.now)

    def _before(self, row: TaskRow, alone: dict[int, State]) -> tuple[State, ...]:
        """A place's own record first, then its wave's, then the network's; from above, everything inside."""
        found: list[State] = []
        for entry in self.rollout.playbook.predecessors.get(row.entry, ()):
            records = [other for other in self.rows if other.entry == entry]
            found += [alone[other.id] for other in self._nearest(row, records)]
        return tuple(found)

    def _nearest(self, row: TaskRow, records: list[TaskRow]) -> list[TaskRow]:
        place = self.rollout.location(row.location_id)
        network = [one for one in records if one.location_id is None and not one.wave]
        if place:
            own = [one for one in records if one.location_id == place.id]
            return own or [one for one in records if one.location_id is None and one.wave == place.wave] or network
        if row.wave:
            return [one for one in records if self._around(one) == row.wave] or network
        return records

    def _around(self, row: TaskRow) -> str:
        place = self.rollout.location(row.location_id)
        return place.wave if place else row.wave

    # --- the board ---------------------------------------------------------------------------------------------

    def at(self, location: int | None) -> list[TaskRow]:
        return [row for row in self.rows if row.location_id == location]

    def cells(self, location: int | None, streams: list[str]) -> tuple[Tally | None, ...]:
        health = self.rollout.playbook.health
        limits = Health(health.amber, health.red) if health else None
        found: list[Tally | None] = []
        for stream in streams:
            rows = [row for row in self.at(location) if row.workstream == stream]
            due = sum(row.late_at is not None and row.late_at <= self.now for row in rows)
            found.append(tally([self.states[row.id] for row in rows], limits, due) if rows else None)
        return tuple(found)

    def streams(self) -> list[str]:
        used = {row.workstream for row in self.rows}
        return [*(id_ for id_ in self.rollout.playbook.workstreams if id_ in used), *([""] if "" in used else [])]

    def stand(self, place: PlaceFacts, roll: Roll | None) -> Stand:
        return stand(roll, [self.states[row.id] for row in self.at(place.id)], place.cutover_at, self.now)

    def burn(self) -> BurnUp:
        start, length = self.rollout.start or date.max, self.rollout.playbook.length
        there = self.now.astimezone(ZoneInfo(self.rollout.zone))
        done = [row.completed_at for row in self.rows if row.completed_at and self.states[row.id] is State.DONE]
        weeks = Counter(bisect_right(week_ends(start, length, there), at) for at in done)
        return burn_up(Work(Counter(row.due for row in self.rows), weeks), start, length, there)

    # --- the gates ---------------------------------------------------------------------------------------------

    def roll(self, place: PlaceFacts, dates: list[GateDate]) -> Roll | None:
        opening = place.cutover.date() if place.cutover and place.cutover > self.now else None
        meant = {at.gate: at for at in dates if at.meant_for(place)}
        decided = [gate for gate, at in meant.items() if self._of(at).goes]
        days = (GateDay(at.gate, at.due) for at in meant.values())
        coming = next_gate(days, place.today(self.now), opening, decided)
        if coming is None:
            return None
        gate, held = self.rollout.playbook.gates[coming.gate], self._of(meant[coming.gate])
        stated = Facts(place.wave, place.attributes)
        measures = []
        for id_, criterion in gate.criteria.items():
            if holds(criterion.where, stated) is False:
                continue
            tests = {f"{id_}.{n + 1}": test for n, test in enumerate(criterion.any)} or {id_: criterion}
            found = either([self._measured(test, name, place, held, meant) for name, test in tests.items()])
            measures.append(Measure(id_, criterion.title, criterion.critical, found, waived=id_ in held.waived))
        return call(coming.gate, gate.title, coming.due, measures, today=place.today(self.now))

    def _of(self, at: GateDate) -> Told:
        return self.told.get(at.id, Told())

    def _measured(self, test: Test, name: str, place: PlaceFacts, held: Told, meant: dict[str, GateDate]) -> Found:
        if test.source == "answer" and test.answer is not None:
            return of_answer(test.answer, held.answers.get(name))
        if test.source == "gate":
            return self._decided(self._of(meant[test.gate]))
        return self._found(test, place)

    def _decided(self, earlier: Told) -> Found:
        words = {"go": "go", "go-with-conditions": "go, with conditions", "no-go": "no-go", "deferred": "deferred"}
        said = "closed: a condition expired" if earlier.fell else words.get(earlier.outcome, "not decided yet")
        return of_gate(earlier.goes if earlier.outcome else None, said, fallen=earlier.fell)

    def _found(self, test: Test, place: PlaceFacts) -> Found:
        if test.source == "issues":
            return self._issues(test, place)
        assert test.source == "tasks", "the figures are compared for tasks, issues, answers and gates"
        return of_tasks(self._behind([row for row in self.meant(place) if row.entry in self._names(test)]), test.passes)

    def _issues(self, test: Test, place: PlaceFacts) -> Found:
        asked = [one for one in self.issues_at(place) if one.severity in test.issues]
        if test.over is not None:
            days = [one.opened_at.astimezone(ZoneInfo(place.zone)).date() for one in asked]
            counted = [place.today(self.now) - timedelta(days=back) for back in range(test.over.amount + 1)]
            return of_inflow(max(days.count(day) for day in counted), test.over.amount, test.passes)
        left = [one for one in asked if not one.solved]
        if test.counts == "unowned":
            return of_unowned(sum(not self._has(one) for one in left), test.passes)
        return of_issues(len(left), test.passes)

    def _has(self, one: Reported) -> bool:
        """Somebody who sees its place took it or was given it."""
        return any(self.people.staff.sees(person, one.location) for person in one.people if person is not None)

    def issues_at(self, place: PlaceFacts) -> list[Reported]:
        """What was ever reported there, there too, or for the whole network."""
        too = {row.issue_id for row in self.session.exec(select(SameIssue)) if row.location_id == place.id}
        return [
            Reported(one.severity, one.opened_at, one.resolved_at is not None, one.location_id,
                     (one.holder_id, one.acknowledged_by))
            for one in self.session.exec(select(Issue).where(Issue.rollout_id == self.rollout.id))
            if one.location_id in (place.id, None) or one.id in too
        ]  # fmt: skip

    def _behind(self, rows: list[TaskRow]) -> Behind:
        states = [self.states[row.id] for row in rows]
        fails = [row.judged == "fail" and self.states[row.id] is not State.DONE for row in rows]
        return Behind(Counter(states), sum(fails), tuple(dict.fromkeys(row.entry for row in rows)))

    def _names(self, test: Test) -> set[str]:
        inside = self.rollout.playbook.inside
        return {leaf for name in test.names for leaf in inside.get(name, ())}

    def meant(self, place: PlaceFacts) -> list[TaskRow]:
        return [
            row for row in self.rows if row.location_id == place.id
            or (row.location_id is None and row.wave in ("", place.wave))
        ]  # fmt: skip

    def behind(self, place: PlaceFacts, bar: Bar) -> list[TaskRow]:
        return [row for row in self.meant(place) if row.entry in bar.entries]

    def open_roles(self, place: PlaceFacts, bar: Bar) -> list[str]:
        rows = [row for row in self.behind(place, bar) if self.states[row.id] is not State.DONE]
        return sorted({row.owner_role for row in rows})

    # --- what needs somebody, and the plan -----------------------------------------------------------------------

    def pressing(self, viewer: Viewer, rolls: dict[int, Roll | None]) -> list[int]:
        vetoed = {
            row.id for place in self.rollout.locations
            for bar in getattr(rolls[place.id], "bars", ()) if bar.state is BarState.VETO
            for row in self.behind(place, bar)
        }  # fmt: skip
        found = [row for row in self.rows if self._presses(row, viewer, row.id in vetoed)]
        return [row.id for row in sorted(found, key=lambda r: (r.id not in vetoed, r.due or date.max, r.id))]

    def _presses(self, row: TaskRow, viewer: Viewer, vetoes: bool) -> bool:
        if self.stands_still(row):
            return False
        mine = self._mine(row, viewer)
        if self.states[row.id] in (State.LATE, State.BLOCKED):
            return row.critical or vetoes or mine
        soon = row.due is not None and row.due <= self.today(row) + timedelta(days=2)
        return mine and soon and self.states[row.id] in (State.TODO, State.TRACK, State.RISK)

    def _mine(self, row: TaskRow, viewer: Viewer) -> bool:
        if viewer.answers_for(row.assigned_to):
            return True
        if row.assigned_to is not None and self.people.staff.assignee(row.assigned_to, row.location_id):
            return False
        return bool(viewer.roles(self.rollout.id, row.location_id) & set(self.owners(row)))

    def owners(self, row: TaskRow) -> tuple[str, ...]:
        entry = self.rollout.playbook.entries[row.entry]
        return entry.owner.roles if isinstance(entry, Entry) and entry.owner else ()

    def owned_by(self, row: TaskRow) -> set[int]:
        """Whose it is, as everybody is told."""
        staff = self.people.staff
        return {one.person for one in staff.owners(self.rollout.id, self.owners(row), row.location_id, row.assigned_to)}

    def _open(self, row: TaskRow) -> bool:
        finished, found = row.completed_at is not None, self.states[row.id]
        return found is State.RISK if finished else found is not State.DONE

    def _due_within(self, row: TaskRow, days: int) -> bool:
        return row.due is not None and row.due <= self.today(row) + timedelta(days=days)

    def _finished_today(self, row: TaskRow) -> bool:
        place, at = self.rollout.location(row.location_id), row.completed_at or row.skipped_at
        zone = ZoneInfo(place.zone if place else self.rollout.zone)
        return at is not None and at.astimezone(zone).date() == self.today(row)

    def day(self, viewer: Viewer) -> dict[str, set[int]]:
        """Ids by the list of the day that they stand in."""
        mine = [row for row in self.rows if self._mine(row, viewer) and not self.stands_still(row)]
        still, over = [row for row in mine if self._open(row)], [row for row in mine if not self._open(row)]
        due = {row.id for row in still if self.states[row.id] is State.LATE or self._due_within(row, 0)}
        soon = {row.id for row in still if self.states[row.id] is State.BLOCKED or self._due_within(row, 7)}
        return {
            "due": due,
            "soon": soon - due,
            "done": {row.id for row in over if self._finished_today(row)},
            "handed_in": {row.id for row in over if self.states[row.id] is State.WAITING},
        }

    def awaited(self, viewer: Viewer) -> set[int]:
        """Ids of others' open work that the reader's work of these days waits for."""
        day, before = self.day(viewer), self.rollout.playbook.predecessors
        near = [row for row in self.rows if row.id in day["due"] | day["soon"]]
        wanted = {(entry, row.location_id) for row in near for entry in before.get(row.entry, ())}
        entries = {entry for entry, _ in wanted}
        return {
            row.id for row in self.rows
            if ((row.entry, row.location_id) in wanted or (row.location_id is None and row.entry in entries))
            and self.states[row.id] is not State.DONE and not self._mine(row, viewer)
        }  # fmt: skip

    def unowned(self) -> Counter[tuple[int | None, str]]:
        rows = [row for row in self.rows if self.states[row.id] is not State.DONE and not self.owned_by(row)]
        return Counter((row.location_id, row.owner_role) for row in rows)

    def plan(self, wanted: PlanFilter, viewer: Viewer) -> list[int]:
        found = [row for row in self.rows if self._matches(row, wanted) and self._is_whose(row, wanted, viewer)]
        return [row.id for row in sorted(found, key=lambda row: (row.due is None, row.due or date.max))]

    def _matches(self, row: TaskRow, wanted: PlanFilter) -> bool:
        place = self.rollout.location(row.location_id)
        begins = (self.rollout.start or date.max) + timedelta(weeks=wanted.week - 1) if wanted.week else date.min
        return (
            wanted.location in ("", place.slug if place else "shared")
            and wanted.workstream in ("", row.workstream or "none")
            and in_state(self.states[row.id], wanted.state)
            and (not wanted.week or (row.due is not None and begins <= row.due < begins + timedelta(weeks=1)))
            and wanted.wave in ("", self._around(row))
            and wanted.phase in ("", row.phase or "none")
            and (not wanted.role or wanted.role in self.owners(row))
            and (not wanted.since or (row.due is not None and row.due >= wanted.since))
            and (not wanted.until or (row.due is not None and row.due <= wanted.until))
            and (not wanted.critical or row.critical)
            and wanted.words.casefold() in row.title.casefold()
        )

    def _is_whose(self, row: TaskRow, wanted: PlanFilter, viewer: Viewer) -> bool:
        if wanted.person == "me":
            return self._mine(row, viewer)
        if wanted.person == "unowned":
            return not self.owned_by(row)
        return not wanted.person or (wanted.person.isdigit() and int(wanted.person) in self.owned_by(row))
