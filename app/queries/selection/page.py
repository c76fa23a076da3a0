"""One selection whole: every candidate scored, the set, who signed it, and what the reader may do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session, col, select

from app.errors import NotFound
from app.models import (
    Rollout,
    ScheduledEntry,
    SelectionAnswer,
    SelectionChoice,
    SelectionSignature,
    SelectionWaiver,
)
from app.plan.format.frame import Selection, Wave
from app.queries.events import HistoryLine, history
from app.queries.people import Holders, Naming, holders, names_of
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts, facts_of
from app.rules.people.access import Extent, Permission, Viewer
from app.rules.selection.access import may_answer, may_propose, may_read, may_sign, may_waive, roles_of
from app.rules.selection.choosing import Scoring
from app.rules.selection.judging import Scored
from app.rules.selection.placing import Placing, placing
from app.stored.selection import StoredSelection, selection_at

SUBJECT = "selection"
"""What its events speak of, by the key of the selection in the schedule."""


@dataclass(frozen=True)
class Rights:
    """What the reader may do with the selection as it stands. `own`: the reader proposed the set, and so does not sign
    it.
    """

    answer: bool = False
    propose: bool = False
    waive: bool = False
    sign: bool = False
    place: bool = False
    own: bool = False


@dataclass(frozen=True)
class SelectionPage(Naming):
    """Everything the page of a selection shows. `candidates` are those that the reader may see, `hidden` how many there
    are besides; of the locations in `readable` the reader may read what people wrote, of the set where `detail` says
    so. `fallen` are signatures that fell with the set before this one.
    """

    reader: int
    proven_at: datetime | None
    rollout: RolloutFacts
    dated: ScheduledEntry
    stored: StoredSelection
    candidates: tuple[Scored, ...]
    hidden: int
    withdrawn: tuple[SelectionWaiver, ...]
    fallen: tuple[SelectionSignature, ...]
    placing: Placing | None
    rights: Rights
    readable: frozenset[int]
    detail: bool
    holders: Holders
    names: Mapping[int, str]
    history: tuple[HistoryLine, ...] = field(default_factory=tuple)

    @property
    def id(self) -> int:
        return self.dated.id or 0

    @property
    def version(self) -> int:
        """Of what was recorded; 0 for nothing."""
        return self.stored.record.version if self.stored.record else 0

    @property
    def scoring(self) -> Scoring:
        return self.stored.scoring

    @property
    def selection(self) -> Selection:
        return self.stored.selection

    @property
    def wave(self) -> Wave:
        return self.scoring.wave

    @property
    def choice(self) -> SelectionChoice | None:
        return self.stored.choice

    @property
    def zone(self) -> str:
        return self.rollout.zone

    @property
    def shown(self) -> tuple[Scored, ...]:
        """The set that the page speaks of: the proposed one, else the best, as far as the reader may see it."""
        ids = self.set_ids
        return tuple(one for one in self.candidates if one.id in ids)

    @property
    def set_ids(self) -> Sequence[int]:
        """The whole set that the page speaks of."""
        return self.choice.locations if self.choice else [one.id for one in self.scoring.best]

    def candidate(self, slug: str) -> Scored:
        """A location that may be chosen. Raises NotFound, also for one that the reader may not see."""
        found = next((one for one in self.candidates if one.candidate.slug == slug), None)
        if found is None:
            raise NotFound("location")
        return found

    def place(self, location: int) -> PlaceFacts | None:
        return self.rollout.location(location)

    def answers(self, location: int | None) -> list[SelectionAnswer]:
        """The answers about a location, or (none) about the set that the page speaks of."""
        key = " ".join(map(str, sorted(self.set_ids)))
        return [
            one
            for one in self.stored.answers
            if one.location_id == location and (location is not None or one.chosen == key)
        ]


def seen_selection(session: Session, dated_id: int, viewer: Viewer) -> ScheduledEntry:
    """The selection in the schedule. Raises NotFound for none, and for one of a rollout that the person may not see."""
    row = session.get(ScheduledEntry, dated_id) if 0 < dated_id < 2**31 else None
    if row is None or row.kind != "selection" or not viewer.can(Permission.SEE_PLAN, rollout=row.rollout_id):
        raise NotFound("selection")
    return row


def selection_page(session: Session, dated_id: int, viewer: Viewer, now: datetime) -> SelectionPage:
    """The page of a selection. The number of queries is fixed. Raises NotFound."""
    dated = seen_selection(session, dated_id, viewer)
    whole, extent = facts_of(session, session.get_one(Rollout, dated.rollout_id)), viewer.locations(dated.rollout_id)
    at = whole.as_of(now)
    stored = selection_at(session, dated, whole.playbook)
    candidates = tuple(one for one in stored.scoring.candidates if one.id in extent)
    withdrawn, fallen = _withdrawn(session, stored, extent), _fallen(session, stored)
    people = holders(session, whole.id, extent, at)
    involved = [one.by_id for rows in (stored.answers, stored.waivers, withdrawn) for one in rows]
    involved += [one.withdrawn_by or 0 for one in withdrawn]
    hand = viewer if whole.state == "running" else viewer.reading()
    return SelectionPage(
        reader=viewer.person,
        proven_at=viewer.proven_at,
        rollout=whole.within(extent),
        dated=dated,
        stored=stored,
        candidates=candidates,
        hidden=len(stored.scoring.candidates) - len(candidates),
        withdrawn=withdrawn,
        fallen=fallen,
        placing=_placing(stored, whole),
        rights=_rights(hand, stored, whole.id),
        readable=frozenset(one.id for one in candidates if may_read(viewer, stored.selection, whole.id, one.id)),
        detail=may_read(viewer, stored.selection, whole.id, None),
        holders=people,
        names=names_of(session, involved, people.known()),
        history=tuple(history(session, SUBJECT, dated_id)),
    )


def _withdrawn(session: Session, stored: StoredSelection, extent: Extent) -> tuple[SelectionWaiver, ...]:
    """The waivers that were taken back, of locations that the reader may see."""
    statement = select(SelectionWaiver).where(
        SelectionWaiver.record_id == (stored.record.id if stored.record else 0),
        col(SelectionWaiver.withdrawn_at).is_not(None),
    )
    found = session.exec(statement.order_by(col(SelectionWaiver.id)))
    return tuple(one for one in found if one.location_id in extent)


def _fallen(session: Session, stored: StoredSelection) -> tuple[SelectionSignature, ...]:
    """The signatures that fell with the set before the one that stands, as long as that has none."""
    if stored.choice is None or stored.signatures:
        return ()
    before = select(SelectionChoice.id).where(
        SelectionChoice.record_id == stored.choice.record_id, SelectionChoice.number == stored.choice.number - 1
    )
    statement = select(SelectionSignature).where(
        col(SelectionSignature.choice_id).in_(before), col(SelectionSignature.voided_at).is_not(None)
    )
    return tuple(session.exec(statement.order_by(col(SelectionSignature.id))))


def _placing(stored: StoredSelection, whole: RolloutFacts) -> Placing | None:
    """Who is to move between the waves; None as long as no set is chosen."""
    if stored.choice is None or not stored.settled:
        return None
    return placing(stored.scoring, stored.choice.locations, whole.playbook.waves)


def _rights(hand: Viewer, stored: StoredSelection, rollout: int) -> Rights:
    selection, choice = stored.selection, stored.choice
    own = choice is not None and choice.proposed_by == hand.person
    signed = any(one.by_id == hand.person for one in stored.signatures)
    signs = choice is not None and bool(stored.wanted) and may_sign(hand, rollout, stored.wanted) and not signed
    return Rights(
        answer=may_answer(hand, selection, rollout),
        propose=may_propose(hand, selection, rollout),
        waive=may_waive(hand, selection, rollout),
        sign=signs and not own,
        place=hand.can(Permission.DIRECT, rollout=rollout),
        own=signs and own,
    )


def wanted_roles(page: SelectionPage) -> tuple[str, ...]:
    """Whose signature is wanted next; before a set is proposed, everybody's who signs."""
    return page.stored.wanted or roles_of(page.selection.sign_off)
