"""An upgrade is written: versions, rows, dates, and the row that says who brought what from where to where."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import delete
from sqlmodel import Session, col, select

from app.actions.loading import count_version, key_of
from app.actions.metrics.points import points_anew
from app.actions.metrics.restanding import restand_moved
from app.actions.schedule.replanning import write
from app.actions.tasks.blocks import tell_who_waits
from app.actions.upgrades.bringing import bring
from app.actions.upgrades.noting import Noting, summary
from app.actions.upgrades.preview import PlaceUpgrade, Preview
from app.actions.upgrades.rewriting import at_place, keep_under, rename, reorder, retire, rows_by_id
from app.models import Location, Occasion, Pin, Rollout, ScheduledEntry, Task, Upgrade
from app.rules.people.access import Viewer
from app.rules.schedule.moves import WHY_ALONE, Replan, Rows, Shift, dates_of, joined, on_another_day
from app.rules.upgrades.choosing import Choices, day_of, takes_new
from app.rules.upgrades.lines import CUTOVER, Line, Note, Outcome
from app.stored import playbook_of


class Writing:
    """The writing of one upgrade."""

    def __init__(
        self, session: Session, rollout: Rollout, found: Preview, choices: Choices, by: Viewer, now: datetime
    ) -> None:
        self.session, self.rollout, self.found, self.choices = session, rollout, found, choices
        self.by, self.now = by, now
        self._noting = Noting(session, rollout, found, by, now)

    def write(self) -> None:
        upgrades = {place.slug: self._note(place) for place in self.found.places}
        for place in self.found.places:
            self._place(place)
        self.session.flush()
        reason = f"Version {self.found.to_version} of the playbook."
        moved = joined([self.found.elsewhere, *(self._moves(place) for place in self.found.places)])
        moved = replace(moved, cutovers=self.found.cutovers)
        write(self.session, self.rollout, moved, by=self.by, now=self.now, reason=reason)
        restand_moved(self.session, self.rollout, [place.key for place in self.found.places if place.key is not None])
        if any(place.key is None for place in self.found.places):
            points_anew(self.session, self.rollout)
        for place in self.found.places:
            came = self._came(place)
            self._days(place, came, upgrades[place.slug])
            self._noting.tell(place, {line.held.stored.row for line in _open(place) if line.held} | set(came.values()))
            self._noting.record(place)

    def _note(self, place: PlaceUpgrade) -> Upgrade:
        """The row that says who brought what from where to where, and the place on its new version."""
        chosen = {line.key: self.choices[line.key] for line in place.lines if line.asks}
        row = Upgrade(
            rollout_id=key_of(self.rollout), location_id=place.key, from_id=place.from_id, to_id=self.found.to_id,
            choices=chosen, summary=self._summary(place), by_id=self.by.person, at=self.now,
        )  # fmt: skip
        self.session.add(row)
        if place.key is None:
            self.rollout.playbook_version_id = self.found.to_id
            count_version(self.session, self.rollout)
        else:
            location = self.session.get_one(Location, place.key)
            location.playbook_version_id = self.found.to_id
            self._cutover(place, location)
            self.session.add(location)
        self.session.flush()
        return row

    def _summary(self, place: PlaceUpgrade) -> dict[str, int]:
        stays = {"cutover_stays": 1} if place.slug in self.found.kept_cutovers else {}
        return {**summary(place.lines), **stays}

    def _cutover(self, place: PlaceUpgrade, location: Location) -> None:
        """A cutover that has happened stays; one of its own may have been given up for that of the wave."""
        if place.slug in self.found.kept_cutovers:
            location.cutover = self.found.kept_cutovers[place.slug]
        if any(line.entry == CUTOVER and takes_new(line, self.choices) for line in place.lines):
            location.cutover = None

    def _place(self, place: PlaceUpgrade) -> None:
        keep_under(self.session, place)
        rename(self.session, self.rollout, place)
        retired = retire(self.session, place, self.now)
        reorder(self.session, self.rollout, place)
        self.session.expire_all()
        self._bring(place)
        self._retitle(place)
        self._unpin(place)
        rows = rows_by_id(self.session, [line.held.stored.row for line in retired if line.held])
        for line in retired:
            if line.held and not line.held.over:
                tell_who_waits(self.session, rows[line.held.stored.row], by=self.by, now=self.now)
        self._noting.tasks("retired", place, retired)

    def _bring(self, place: PlaceUpgrade) -> None:
        """Open tasks get what the newer version says of them."""
        changed = [line for line in place.lines if line.is_task and line.held and not line.held.over and line.changes]
        changed = [line for line in changed if line.outcome is not Outcome.REMOVED and line.note is not Note.REPLACED]
        back = [line for line in place.lines if line.note is Note.BACK]
        rows = rows_by_id(self.session, {line.held.stored.row for line in (*changed, *back) if line.held})
        location = self.session.get_one(Location, place.key) if place.key is not None else None
        for line in dict.fromkeys((*back, *changed)):
            if line.held is None:
                continue
            task, old = rows[line.held.stored.row], place.between.old
            task.retired_at = None
            if not line.held.over:
                if line.note is Note.BACK and task.playbook_version_id is not None:
                    old = playbook_of(self.session, task.playbook_version_id)
                elif task.entry != line.held.stored.key[1]:
                    task.known_as = line.held.stored.key[1]
                brought = bring(self.session, task, old, place.between.new, location)
                task.unclear = line.item.unclear if line.item else task.unclear
                said = {"keys": sorted({change.key for change in line.changes}), **brought.said}
            else:
                said = {}
            count_version(self.session, task)
            self._noting.task("restored" if line.note is Note.BACK else "upgraded", place, key_of(task), said)

    def _retitle(self, place: PlaceUpgrade) -> None:
        """What is no task, and not over, is called as in the newer version."""
        for line in place.lines:
            if line.is_task or line.held is None or line.held.over or line.item is None:
                continue
            model = Occasion if line.held.stored.rows is Rows.OCCASION else ScheduledEntry
            row = self.session.get_one(model, line.held.stored.row)
            row.title = line.item.title
            if isinstance(row, ScheduledEntry):
                row.unclear = line.item.unclear
            self.session.add(row)

    def _unpin(self, place: PlaceUpgrade) -> None:
        given_up = [line for line in place.lines if line.outcome is Outcome.CONFLICT and takes_new(line, self.choices)]
        ids = [line.held.stored.row for line in given_up if line.held]
        if ids:
            self.session.execute(delete(Pin).where(col(Pin.task_id).in_(ids)))

    def _moves(self, place: PlaceUpgrade) -> Replan:
        """What gets other dates, what comes and what goes at one place."""
        shifts, gone, new = [], [], []
        for line in place.lines:
            held, item = line.held, line.item
            if held is None and item is not None:
                new.append(item)
            elif held is not None and item is not None and self._shifts(line):
                shifts.append(Shift(held.stored, item))
            elif held is not None and _goes(line):
                gone.append(held.stored)
        return Replan(tuple(shifts), tuple(gone), tuple(new))

    def _shifts(self, line: Line) -> bool:
        held, item = line.held, line.item
        if held is None or item is None or held.over or dates_of(item) == held.stored.dates:
            return False
        if line.outcome is Outcome.CONFLICT:
            return takes_new(line, self.choices)
        return not held.stored.fixed

    def _came(self, place: PlaceUpgrade) -> dict[str, int]:
        """The tasks that came, by the keys of their lines."""
        lines = {(line.entry, line.wave, line.value): line for line in place.lines if line.outcome is Outcome.ADDED}
        if not lines:
            return {}
        there = (*at_place(Task, self.rollout, place), col(Task.entry).in_({entry for entry, _, _ in lines}))
        found = {(row.entry, row.wave, row.value): key_of(row) for row in self.session.exec(select(Task).where(*there))}
        return {line.key: found[key] for key, line in lines.items() if key in found}

    def _days(self, place: PlaceUpgrade, came: dict[str, int], under: Upgrade) -> None:
        """What came when its day had passed is due on the day that was named."""
        rows = rows_by_id(self.session, came.values())
        for line in place.lines:
            day = day_of(self.choices.get(line.key, "")) if line.asks_due else None
            task = rows.get(came.get(line.key, 0))
            if day is None or task is None:
                continue
            reason = f"Its day had passed when version {self.found.to_version} brought it."
            self.session.add(
                Pin(
                    task_id=key_of(task), begins=None, due=day, reason=reason, by_id=self.by.person, at=self.now,
                    upgrade_id=key_of(under),
                )
            )  # fmt: skip
            if task.due != day:
                zone = ZoneInfo(self._zone(place))
                task.due, task.begins = day, min(task.begins, day) if task.begins else None
                task.due_at, task.late_at = on_another_day(day, task.due_at, zone)
                task.why = WHY_ALONE
                self.session.add(task)
        self.session.flush()

    def _zone(self, place: PlaceUpgrade) -> str:
        if place.key is None:
            return place.between.new.calendar.zone
        return self.session.get_one(Location, place.key).zone


def _goes(line: Line) -> bool:
    """Nothing was ever recorded of it: what recurs at other times now, a date that is no longer one."""
    if line.held is None or line.item is not None or line.held.over or line.held.stored.touched:
        return False
    return line.note is Note.REPLACED or (line.outcome is Outcome.REMOVED and not line.is_task)


def _open(place: PlaceUpgrade) -> list[Line]:
    """The lines of tasks that are still to be done, and change."""
    return [line for line in place.lines if line.is_task and line.held and not line.held.over]
