"""A selection as it was stored and as the rules see it. Both sides read it so."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from sqlmodel import Session, col, select

from app.errors import NotFound
from app.models import (
    ScheduledEntry,
    SelectionAnswer,
    SelectionChoice,
    SelectionRecord,
    SelectionSignature,
    SelectionWaiver,
)
from app.plan import Playbook
from app.plan.format.frame import Selection
from app.rules.selection.choosing import Scoring
from app.rules.selection.contents import changed_since
from app.rules.selection.faults import Fault, faults_of
from app.rules.signoffs import Change, open_roles
from app.stored.scoring import scoring_at


@dataclass(frozen=True)
class StoredSelection:
    """A selection with everything that counts of it: answers and waivers that stand, the set that was proposed last,
    and its signatures. `record` is None as long as nothing was recorded.
    """

    record: SelectionRecord | None
    scoring: Scoring
    answers: tuple[SelectionAnswer, ...]
    waivers: tuple[SelectionWaiver, ...]
    choice: SelectionChoice | None
    signatures: tuple[SelectionSignature, ...]

    @property
    def selection(self) -> Selection:
        return self.scoring.selection

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """What is not as it was frozen: of the whole scoring, or, once somebody signed, of what is signed."""
        if self.choice is None:
            return ()
        signed = bool(self.signatures) or self.choice.settled_at is not None
        return changed_since(self.choice.content, self.scoring, self.choice.locations, signed=signed)

    @property
    def settled(self) -> bool:
        """Whether the set is chosen: everybody has signed who must, and what was signed is still so."""
        return self.choice is not None and self.choice.settled_at is not None and not self.changes

    @cached_property
    def faults(self) -> tuple[Fault, ...]:
        """What is wrong with the set that was proposed."""
        return faults_of(self.scoring, self.choice.locations) if self.choice else ()

    @property
    def wanted(self) -> tuple[str, ...]:
        """The roles of which somebody is still to sign."""
        who = self.selection.sign_off
        return open_roles(who, [one.role for one in self.signatures]) if who and self.choice else ()


def selection_at(session: Session, dated: ScheduledEntry, playbook: Playbook) -> StoredSelection:
    """A selection by its row in the schedule. The number of queries is fixed. Raises NotFound for one that the playbook
    has no more.
    """
    selection = playbook.selection.get(dated.entry)
    if selection is None:
        raise NotFound("selection")
    record = session.exec(
        select(SelectionRecord).where(SelectionRecord.dated_id == dated.id).execution_options(populate_existing=True)
    ).first()
    answers, waivers = _answers(session, record), _waivers(session, record)
    choice = _choice(session, record)
    return StoredSelection(
        record, scoring_at(session, dated.rollout_id, playbook, selection, answers, waivers), answers, waivers, choice,
        _signatures(session, choice),
    )  # fmt: skip


def _answers(session: Session, record: SelectionRecord | None) -> tuple[SelectionAnswer, ...]:
    statement = select(SelectionAnswer).where(
        SelectionAnswer.record_id == (record.id if record else 0), col(SelectionAnswer.replaced_at).is_(None)
    )
    return tuple(session.exec(statement.order_by(col(SelectionAnswer.id))))


def _waivers(session: Session, record: SelectionRecord | None) -> tuple[SelectionWaiver, ...]:
    statement = select(SelectionWaiver).where(
        SelectionWaiver.record_id == (record.id if record else 0), col(SelectionWaiver.withdrawn_at).is_(None)
    )
    return tuple(session.exec(statement.order_by(col(SelectionWaiver.id))))


def _choice(session: Session, record: SelectionRecord | None) -> SelectionChoice | None:
    statement = select(SelectionChoice).where(
        SelectionChoice.record_id == (record.id if record else 0), col(SelectionChoice.replaced_at).is_(None)
    )
    return session.exec(statement).first()


def _signatures(session: Session, choice: SelectionChoice | None) -> tuple[SelectionSignature, ...]:
    statement = select(SelectionSignature).where(
        SelectionSignature.choice_id == (choice.id if choice else 0), col(SelectionSignature.voided_at).is_(None)
    )
    return tuple(session.exec(statement.order_by(col(SelectionSignature.id))))
