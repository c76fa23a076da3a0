"""The cast with training in its playbook, a staff at both sites, and short words for what is done with them.

Alder has three at the desk (Ann and Ben early, Cora late), two in billing (Dev and Eli); Birch has Finn at the desk.
The IT lead owns the training of the desk, the operations manager that of billing; CTO and IT lead are buddies.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlmodel import col, select

from app.actions.training.enrolling import enrol
from app.actions.training.sessions import plan_session
from app.actions.training.sitting import Sitting
from app.actions.training.staff import Entry, add_staff
from app.db import Database
from app.models import Event, Rollout, StaffMember, TrainingSession
from app.queries.rollouts.facts import facts_of
from app.queries.training.facts import training_facts
from app.rules.training.standing import Progress
from tests import cast as casting
from tests.cast import NOW, PLAYBOOK, Cast

ROLES = """\
      champion: Site champion
      desk: {title: Front desk, staff: true}
      billing: {title: Billing staff, staff: true}
      helper: {title: Super-user, staff: true}
"""
TRAINING = """\
training:
  before:
    title: Before the cutover
    due: cutover - 3d 17:00
    recorded: true
    catch_up: cutover + 4d
    training:
      desk-basics:
        title: Front desk basics
        for: [desk, helper]
        owner: it-lead
        takes: 2h
        pass_mark: 80 %
        seats: 2
        checklist: {bookings: {title: Sample bookings, answer: {type: number, pass: at least 3}}}
      billing-basics:
        title: Billing basics
        for: billing
        owner: ops-manager
        recorded: false
        takes: 3h
        share: 50 %
        buddy: {role: cto, when: live week 1}
coverage:
  super-users:
    title: Super-users beside the desk
    owner: helper
    when: live week 1
    ratio: 1 per 2
    for: desk
    trained: true
"""
TEXT = PLAYBOOK.replace("      champion: Site champion\n", ROLES) + TRAINING
SESSION = datetime(2027, 2, 3, 16, 0, tzinfo=UTC)
"""Wednesday before the cutover, ten in the morning at Alder."""
LATER = datetime(2027, 2, 4, 16, 0, tzinfo=UTC)
AFTER = datetime(2027, 2, 3, 19, 0, tzinfo=UTC)
STAFF = (
    ("alder", "1", "Ann Abel", "desk", "ann@example.org", "early"),
    ("alder", "2", "Ben Bauer", "desk", "ben@example.org", "early"),
    ("alder", "3", "Cora Cho", "desk", "", "late"),
    ("alder", "4", "Dev Das", "billing", "dev@example.org", "early"),
    ("alder", "5", "Eli Ek", "billing", "", "early"),
    ("birch", "1", "Finn Fox", "desk", "finn@example.org", "early"),
)


@dataclass
class School:
    """`act(change, *given, who="itl")` makes one change in a transaction of its own; `ids["Ann"]` is a key of staff."""

    db: Database
    cast: Cast
    ids: dict[str, int] = field(default_factory=dict)

    def act(self, change: Callable[..., Any], *given: Any, who: str = "dir", at: datetime = NOW, **named: Any) -> Any:
        with self.db.writing() as session:
            made = change(session, *given, **named, by=self.cast.viewer(session, who, at), now=at)
            session.flush()
            if hasattr(made, "id"):
                session.refresh(made)
                session.expunge(made)
            return made

    def session(self, entry: str = "desk-basics", *, at: datetime = SESSION, site: str = "alder", **said: Any) -> int:
        """A session, planned by the director; its key."""
        sitting = Sitting(at, **said)
        return self.act(plan_session, self.cast.locations[site], entry, sitting).id or 0

    def enrol(self, session_id: int, *names: str, **named: Any) -> Any:
        return self.act(enrol, session_id, [self.ids[name] for name in names], **named)

    def version(self, session_id: int) -> int:
        with self.db.reading() as session:
            return session.get_one(TrainingSession, session_id).version

    def progress(self, name: str, entry: str = "desk-basics") -> Progress:
        """How somebody stands."""
        with self.db.reading() as session:
            rollout = facts_of(session, session.get_one(Rollout, self.cast.rollout))
            facts = training_facts(session, rollout, rollout.locations)
            found = next(
                (place, one) for place in rollout.locations for one in facts.staff.get(place.id, ())
                if one.id == self.ids[name]
            )  # fmt: skip
            demand = next(one for one in facts.demands(found[0]) if one.entry == entry)
            return facts.progress(found[1], demand)

    def verbs(self, *of: str) -> list[str]:
        """What the events of these kinds of subjects say, oldest first."""
        with self.db.reading() as session:
            rows = session.exec(select(Event.verb).where(col(Event.subject_kind).in_(of)).order_by(col(Event.id)))
            return list(rows)


def school(db: Database, text: str = TEXT) -> School:
    """Everybody in a running rollout, with their staff."""
    found = School(db, casting.running(db, text))
    for place, number, name, role, email, shift in STAFF:
        row: StaffMember = found.act(add_staff, found.cast.locations[place], Entry(number, name, role, email, shift))
        found.ids[name.split()[0]] = row.id or 0
    return found
