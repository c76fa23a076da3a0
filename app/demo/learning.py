"""What the invented people of the demo have learnt: wins, concerns and lessons, and what became of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from app.actions.lessons.capturing import capture_lesson
from app.actions.lessons.judging import judge_lesson
from app.actions.lessons.proposing import propose_change
from app.actions.meetings.remarks import say_remark
from app.actions.meetings.settling import settle_remark
from app.actions.presence.mentors import pair_locations
from app.demo.scene import Act, Scene, Step
from app.models import Lesson
from app.plan.draft.guided import AddTask
from app.rules.lessons.standing import Outcome
from app.rules.presence.mentors import MENTOR, VISIT

REMARKS: Final = (
    (19, "win", "alder-quay", "Chiara Amato", "First day on the new system without a single paper slip."),
    (12, "win", "fenmoor", "Gordon Pryce", "Waiting time on the phone has halved since everybody books in one system."),
    (
        3,
        "win",
        "kestrel-ridge",
        "Bengt Holm",
        "The front desk has booked its twenty samples with one retry.",
    ),
    (13, "concern", "alder-quay", "Chiara Amato", "Faxed referrals are found late; two patients had to wait."),
    (6, "concern", "fenmoor", "Abena Boateng", "Claims are held where the payer's number is missing."),
    (2, "concern", "lark-hollow", "Finn Abernathy", "Nobody knows yet who stands in for the champion in week 13."),
)
"""Days ago, kind, place, who, and the words."""
SETTLED: Final = (REMARKS[3], 5, "Faxes arrive in a queue of their own since Tuesday, and are read every hour.")
LESSONS: Final = (
    (
        15,
        "alder-quay",
        "Chiara Amato",
        "Label printers must be tested with the labels of each front desk.",
    ),
    (
        9,
        "fenmoor",
        "Abena Boateng",
        "Compare payer numbers with last quarter's claims before billing begins.",
    ),
    (8, "alder-quay", "Priya Raman", "The old viewer was shut down a day early; two reads were delayed."),
    (1, "kestrel-ridge", "Bengt Holm", "Evening staff need their own training hour: the sessions were all by day."),
)
"""Days ago, place, who, and the line."""
CHANGE: Final = AddTask(
    title="Compare payer numbers with last quarter's claims", group="preparation", owner="billing-manager",
    due="cutover - 5d", how="List the payers of last quarter's claims, and check that each has its number in the new "
    "billing system. One missing number held 61 claims at a pilot centre.",
)  # fmt: skip


@dataclass
class Learning:
    """Gives the moments and acts; what was made is remembered from one to the next."""

    scene: Scene
    _made: dict[str, int] = field(default_factory=dict)

    def steps(self) -> Iterator[Step]:
        """In no order; some of them may lie after now."""
        for days, kind, place, who, said in REMARKS:
            yield self._ago(days), self._remarks(kind, place, who, said)
        remark, days, outcome = SETTLED
        yield self._ago(days), self._settles(remark[4], outcome)
        for days, place, who, said in LESSONS:
            yield self._ago(days), self._learns(place, who, said)
        yield self._ago(7), self._judges(LESSONS[0][3], Outcome.NOTED, "")
        yield self._ago(6), self._judges(LESSONS[2][3], Outcome.DISMISSED, "The runbook names the hour; it was a slip.")
        yield self._ago(4), self._proposes
        yield self._ago(16), self._pairs

    def _ago(self, days: int) -> datetime:
        return self.scene.now - timedelta(days=days, minutes=37)

    def _remarks(self, kind: str, place: str, who: str, said: str) -> Act:
        def act(at: datetime) -> None:
            here = self.scene.place(place).id
            made = say_remark(
                self.scene.session, self.scene.id, kind=kind, said=said, location_id=here,
                by=self.scene.viewer(who, at), now=at,
            )  # fmt: skip
            self._made[said] = made.id or 0

        return act

    def _settles(self, said: str, outcome: str) -> Act:
        def act(at: datetime) -> None:
            by = self.scene.viewer("Omar Haddad", at)
            settle_remark(self.scene.session, self._made[said], outcome=outcome, by=by, now=at)

        return act

    def _learns(self, place: str, who: str, said: str) -> Act:
        def act(at: datetime) -> None:
            made = capture_lesson(
                self.scene.session, self.scene.id, said=said, subject="location", subject_id=self.scene.place(place).id,
                by=self.scene.viewer(who, at), now=at,
            )  # fmt: skip
            self._made[said] = made.id or 0

        return act

    def _judges(self, said: str, outcome: Outcome, reason: str) -> Act:
        def act(at: datetime) -> None:
            seen = self.scene.session.get_one(Lesson, self._made[said]).version
            by = self.scene.viewer("Dana Whitfield", at)
            judge_lesson(self.scene.session, self._made[said], outcome=outcome, reason=reason, seen=seen, by=by, now=at)

        return act

    def _proposes(self, at: datetime) -> None:
        lesson = self._made[LESSONS[1][3]]
        by = self.scene.viewer("Dana Whitfield", at)
        propose_change(self.scene.session, lesson, change=CHANGE, seen=None, by=by, now=at)

    def _pairs(self, at: datetime) -> None:
        """Kestrel Ridge learns from Alder Quay: a mentor, and a visit that has taken place."""
        by, day = self.scene.viewer("Dana Whitfield", at), (at + timedelta(days=3)).date()
        learner, teacher = self.scene.place("kestrel-ridge").id or 0, self.scene.place("alder-quay").id or 0
        for kind, person, visit, note in (
            (MENTOR, self.scene.key("Priya Raman"), None, ""), (VISIT, None, day, "Front desk, half a day")
        ):  # fmt: skip
            pair_locations(
                self.scene.session, learner, kind=kind, from_location_id=teacher, person_id=person, day=visit,
                note=note, by=by, now=at,
            )  # fmt: skip
