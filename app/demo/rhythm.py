"""The invented rhythm of the demo: days reconciled, meetings held, people on duty, and what went wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from sqlmodel import col, select

from app.actions.issues.solving import confirm_issue, resolve_issue
from app.actions.meetings.holding import hold_meeting
from app.actions.meetings.missing import miss_meeting
from app.actions.occasions.missing import claim_occasion
from app.actions.presence.duties import Turn, accept_turns
from app.actions.reconciliations.counting import enter_counts
from app.actions.reconciliations.handing import hand_in
from app.actions.reconciliations.missing import miss_day
from app.actions.reconciliations.reviewing import review_day
from app.demo.scene import Act, Scene, Step, chance
from app.models import Issue, Location, Occasion, Reconciliation, ReconciliationCount
from app.plan.format.rhythm import Reconciliation as Asked
from app.plan.terms import Recurring
from app.queries.meetings.agenda import whole_agenda
from app.queries.presence.proposal import proposal
from app.queries.presence.rota import rota
from app.queries.rollouts.facts import facts_of
from app.rules.reconciliations.judging import Given
from app.stored import playbook_at

MISSED_DAY: Final = ("alder-quay", "daily", 6)
VARIANCE: Final = ("fenmoor", "daily", 8)
"""Place, entry, and which day of it."""
VARIANCE_REASON: Final = "The clearing house took the last batch after midnight; it is in tomorrow's count."
MISSED_MEETINGS: Final = frozenset({("fenmoor", "champion-call", 4), ("", "steering", 3)})
NOTES: Final[Mapping[str, tuple[str, ...]]] = {
    "all-hands": (
        "Welcome to the rollout. Questions go to the champions first.",
        "Both pilot centres have their hardware. Parallel scheduling begins next week.",
        "Pilot goes live on Monday. Thank you to the front desks for the extra hours.",
        "Both pilot centres are live. Fax referrals are the loudest concern.",
        "Alder Quay closed a whole week of days without a variance.",
    ),
    "steering": ("Dates hold. No decision needed.", "Pilot readiness accepted; go-live stays on the Monday."),
}


@dataclass(frozen=True)
class Rhythm:
    """Gives the moments and acts of what recurs."""

    scene: Scene

    def steps(self) -> Iterator[Step]:
        """In no order; none of them lies after now."""
        places = {row.id: row for row in self.scene.session.exec(select(Location))}
        statement = select(Occasion).where(Occasion.rollout_id == self.scene.id, col(Occasion.due_at) <= self.scene.now)
        counted: dict[tuple[str, str], int] = {}
        for row in self.scene.session.exec(statement.order_by(col(Occasion.due_at), col(Occasion.id))):
            place = places.get(row.location_id) if row.location_id else None
            key = (place.slug if place else "", row.entry)
            counted[key] = counted.get(key, 0) + 1
            if row.kind == Recurring.RECONCILIATION:
                yield from self._day(row, place, counted[key])
            elif row.kind == Recurring.MEETING:
                yield from self._meeting(row, place, counted[key])
        yield from self._duties()

    # --- days ------------------------------------------------------------------------------------------------

    def _day(self, row: Occasion, place: Location | None, number: int) -> Iterator[Step]:
        asked = playbook_at(self.scene.session, self.scene.rollout, place).reconciliation[row.entry]
        slug = place.slug if place else ""
        if row.due_at is None or asked.owner is None or asked.verify is None:
            return
        if (slug, row.entry, number) == MISSED_DAY:
            yield from self._misses(row, slug)
            return
        counter = self.scene.holder(asked.owner.first, slug)
        yield row.due_at - timedelta(minutes=12), self._counts(row, asked, (slug, row.entry, number), counter)
        checked = row.due_at + timedelta(hours=1, minutes=chance(row.id) // 2)
        if checked <= self.scene.now:
            yield checked, self._reviews(row, self.scene.holder(asked.verify.first, slug))
        if (slug, row.entry, number) == VARIANCE and row.due_at + timedelta(hours=4) <= self.scene.now:
            yield row.due_at + timedelta(hours=4), self._explains(row)

    def _counts(self, row: Occasion, asked: Asked, which: tuple[str, str, int], who: str) -> Act:
        def act(at: datetime) -> None:
            by, lines = self.scene.viewer(who, at), [*self._lines(row, asked, which)]
            enter_counts(self.scene.session, row.id or 0, lines, seen=None, by=by, now=at)
            hand_in(self.scene.session, row.id or 0, seen=None, by=by, now=at)

        return act

    def _lines(self, row: Occasion, asked: Asked, which: tuple[str, str, int]) -> Iterator[Given]:
        for number, (line, wanted) in enumerate(asked.lines.items()):
            if not wanted.compare:
                yield Given(line, answer="pass")
                continue
            count = Decimal(40 + chance(row.id, line))
            apart = which == VARIANCE and number == 0
            yield Given(line, count, count - 6 if apart else count, reason=VARIANCE_REASON if apart else "")

    def _reviews(self, row: Occasion, who: str) -> Act:
        by = self.scene.viewer
        return lambda at: review_day(self.scene.session, row.id or 0, seen=None, by=by(who, at), now=at)

    def _misses(self, row: Occasion, slug: str) -> Iterator[Step]:
        if row.late_at is None or row.late_at > self.scene.now:
            return

        def act(at: datetime) -> None:
            claimed = claim_occasion(self.scene.session, row.id or 0, now=at)
            if claimed is not None:
                miss_day(self.scene.session, claimed, now=at)

        yield row.late_at, act
        morning = row.late_at + timedelta(hours=13)
        if morning <= self.scene.now:
            cause, fix = "The champion was ill, and nobody stood in.", "Counted the next morning: everything agreed."
            yield morning, self._solves(row, slug, cause, fix)

    def _explains(self, row: Occasion) -> Act:
        return self._solves(row, VARIANCE[0], "The last batch of claims crosses midnight.", VARIANCE_REASON)

    def _solves(self, row: Occasion, slug: str, cause: str, fix: str) -> Act:
        """The issue that the day opened is solved, and confirmed by the champion."""

        def act(at: datetime) -> None:
            session = self.scene.session
            record = session.exec(select(Reconciliation).where(Reconciliation.occasion_id == row.id)).one()
            counts = select(ReconciliationCount.issue_id).where(ReconciliationCount.reconciliation_id == record.id)
            issue = session.get_one(Issue, record.issue_id or next(one for one in session.exec(counts) if one))
            manager, champion = (self.scene.viewer(self.scene.holder(role, slug), at)
                                 for role in ("practice-manager", "champion"))  # fmt: skip
            key, seen = issue.id or 0, issue.version
            resolve_issue(session, key, cause=cause, fix=fix, seen=seen, by=manager, now=at)
            confirm_issue(session, key, by=champion, now=at)

        return act

    # --- meetings --------------------------------------------------------------------------------------------

    def _meeting(self, row: Occasion, place: Location | None, number: int) -> Iterator[Step]:
        slug = place.slug if place else ""
        meeting = playbook_at(self.scene.session, self.scene.rollout, place).meetings[row.entry]
        if row.due_at is None or row.late_at is None or meeting.owner is None:
            return
        if (slug, row.entry, number) in MISSED_MEETINGS:
            if row.late_at <= self.scene.now:
                yield row.late_at, self._skips(row)
            return
        if row.due_at + timedelta(minutes=15) > self.scene.now:
            return
        notes = NOTES.get(row.entry, ())
        said = notes[number // 2 % len(notes)] if notes and number % 2 else ""
        yield row.due_at + timedelta(minutes=15), self._holds(row, self.scene.holder(meeting.owner.first, slug), said)

    def _holds(self, row: Occasion, who: str, notes: str) -> Act:
        def act(at: datetime) -> None:
            by = self.scene.viewer(who, at)
            agenda = whole_agenda(self.scene.session, row, at)
            hold_meeting(
                self.scene.session, row.id or 0, attended=[by.person], notes=notes, agenda=agenda, seen=None, by=by,
                now=at,
            )  # fmt: skip

        return act

    def _skips(self, row: Occasion) -> Act:
        def act(at: datetime) -> None:
            claimed = claim_occasion(self.scene.session, row.id or 0, now=at)
            if claimed is not None:
                miss_meeting(self.scene.session, claimed, now=at)

        return act

    # --- duties ----------------------------------------------------------------------------------------------

    def _duties(self) -> Iterator[Step]:
        """Before the pilot goes live its rota is proposed and accepted; the next go-live has no helper yet."""
        yield self.scene.before_go_live(self.scene.place("alder-quay"), 10, 11), self._fills

    def _fills(self, at: datetime) -> None:
        session, by = self.scene.session, self.scene.viewer("Dana Whitfield", at)
        facts = facts_of(session, self.scene.rollout)
        known = rota(session, facts, by.locations(self.scene.id), since=at)
        lines = proposal(known, lambda post: post.place is None or post.place.wave == "pilot", at).lines
        accept_turns(session, [Turn(one.post.occasion, one.turn, one.hand.person) for one in lines], by=by, now=at)
