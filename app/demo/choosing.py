"""How the invented people choose their pilot: they answer, propose and sign on the day on which it is due."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import select

from app.actions.selection.answering import answer_of_location, answer_of_set
from app.actions.selection.choosing import propose_set, sign_set
from app.demo.answers import good_answer
from app.demo.scene import Act, Scene, Step
from app.models import Location, ScheduledEntry
from app.plan.format.frame import Selection
from app.rules.people.access import Viewer
from app.rules.selection.judging import Part, answer_of, rules_of
from app.stored import playbook_at
from app.stored.selection import StoredSelection, selection_at

NOTE: Final = "Both managers said so in the first week's calls."


@dataclass(frozen=True)
class Choosing:
    """Gives the moments and acts of selections."""

    scene: Scene

    def steps(self) -> Iterator[Step]:
        """In no order; some of them may lie after now."""
        statement = select(ScheduledEntry).where(
            ScheduledEntry.rollout_id == self.scene.id, ScheduledEntry.kind == "selection"
        )
        for row in self.scene.session.exec(statement):
            if row.due is not None:
                at = self.scene.on(None, row.due, 11)
                yield at, self._answers(row)
                yield at + timedelta(hours=1), self._proposes(row)
                yield at + timedelta(hours=4), self._signs(row)

    def _answers(self, row: ScheduledEntry) -> Act:
        """Of the centres that are planned for the wave, and of both together."""

        def act(at: datetime) -> None:
            selection, by = self._selection(row), self._by(self._owner(row), at)
            places = self._planned(selection)
            for part in (Part.EXCLUDE, Part.CRITERIA):
                for rule, text in self._asked(selection, part):
                    for place in places:
                        answer_of_location(
                            self.scene.session, row.id or 0, place, part=part, rule=rule, text=text, note=NOTE,
                            seen=None, by=by, now=at,
                        )  # fmt: skip
            for rule, text in self._asked(selection, Part.TOGETHER):
                answer_of_set(
                    self.scene.session, row.id or 0, locations=places, rule=rule, text=text, seen=None, by=by, now=at
                )

        return act

    def _proposes(self, row: ScheduledEntry) -> Act:
        def act(at: datetime) -> None:
            places = self._planned(self._selection(row))
            propose_set(
                self.scene.session, row.id or 0, locations=places, seen=None, by=self._by(self._owner(row), at), now=at
            )

        return act

    def _signs(self, row: ScheduledEntry) -> Act:
        """Everybody who is asked to."""

        def act(at: datetime) -> None:
            while wanted := self._stored(row).wanted:
                choice = self._stored(row).choice
                by = replace(self._by(wanted[0], at), proven_at=at)
                sign_set(self.scene.session, row.id or 0, number=choice.number if choice else 0, by=by, now=at)

        return act

    def _asked(self, selection: Selection, part: Part) -> Iterator[tuple[str, str]]:
        for id_, rule in rules_of(selection, part).items():
            asked = answer_of(rule)
            if asked is not None:
                yield id_, "no" if part is Part.EXCLUDE else good_answer(asked, id_)

    def _planned(self, selection: Selection) -> list[int]:
        rows = select(Location.id).where(Location.rollout_id == self.scene.id, Location.wave == selection.wave)
        return [id_ or 0 for id_ in self.scene.session.exec(rows)]

    def _stored(self, row: ScheduledEntry) -> StoredSelection:
        return selection_at(self.scene.session, row, playbook_at(self.scene.session, self.scene.rollout))

    def _selection(self, row: ScheduledEntry) -> Selection:
        return playbook_at(self.scene.session, self.scene.rollout).selection[row.entry]

    def _owner(self, row: ScheduledEntry) -> str:
        owner = self._selection(row).owner
        return owner.first if owner else "director"

    def _by(self, role: str, at: datetime) -> Viewer:
        return self.scene.viewer(self.scene.holder(role), at)
