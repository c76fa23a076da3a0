"""One time of a meeting whole: its agenda, who is asked to come, what was recorded, and what the reader may do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session
from sqlmodel import select as select_rows

from app.models import MeetingRecord, Occasion, Remark
from app.plan.format.rhythm import Meeting
from app.queries.events import HistoryLine, history
from app.queries.meetings.agenda import agenda_of
from app.queries.meetings.around import ActionLine, actions_of, beside
from app.queries.meetings.lines import slot_of
from app.queries.meetings.present import asked_people, names_there
from app.queries.meetings.scope import Scope
from app.queries.meetings.seen import rollout_of_meeting, seen_meeting
from app.queries.meetings.texts import Texts, typed
from app.queries.people import Naming, holders
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.queries.tasks.offered import Choice, owner_choices
from app.rules.meetings import people as rule
from app.rules.meetings.agenda import Section, readable, thawed
from app.rules.meetings.remarks import may_read
from app.rules.meetings.states import NOTHING, MeetingState, Recorded, Slot, state_of
from app.rules.people.access import Permission, Viewer

Choices = tuple[list[Choice], list[Choice]]


@dataclass(frozen=True)
class MeetingPage(Naming):
    """Everything the page of a meeting shows. `detail`: the reader may read what is noted; `may_record`: hold it, call
    it off, agree on something; `people` are those asked to come whom the reader may know, by key, and `names` everybody
    whom the page names. `owners` are roles and people that something can be given to.
    """

    reader: int
    rollout: RolloutFacts
    place: PlaceFacts | None
    occasion: Occasion
    meeting: Meeting | None
    slot: Slot
    room: str
    state: MeetingState
    record: MeetingRecord | None
    detail: bool
    may_record: bool
    may_say: bool
    sections: tuple[Section, ...]
    texts: Texts
    people: Mapping[int, str]
    names: Mapping[int, str]
    actions: tuple[ActionLine, ...]
    earlier: int | None
    later: int | None
    owners: Choices
    history: tuple[HistoryLine, ...]

    @property
    def id(self) -> int:
        return self.occasion.id or 0

    @property
    def version(self) -> int:
        """Of what was recorded; 0 for nothing."""
        return self.record.version if self.record else 0

    @property
    def kept(self) -> bool:
        """Whether the agenda is the one that was put before the people then."""
        return self.record is not None and self.record.held_at is not None

    @property
    def hidden(self) -> int:
        """How many were there of whom the reader may not know."""
        return sum(one not in self.names for one in (self.record.attended if self.record else ()))


def meeting_page(session: Session, occasion_id: int, viewer: Viewer, now: datetime) -> MeetingPage:
    """The page of a meeting. Raises NotFound."""
    occasion = seen_meeting(session, occasion_id, viewer)
    extent = viewer.locations(occasion.rollout_id)
    rollout = rollout_of_meeting(session, occasion, viewer)
    now, place = rollout.as_of(now), rollout.location(occasion.location_id)
    book = rollout.book_at(occasion.location_id)
    meeting = book.meetings.get(occasion.entry)
    record = session.exec(select_rows(MeetingRecord).where(MeetingRecord.occasion_id == occasion_id)).first()
    slot, room = slot_of(rollout, occasion.location_id, occasion.entry, occasion.due or now.date(), occasion.due_at,
                         occasion.late_at)  # fmt: skip
    here: dict[str, Any] = {"rollout": rollout.id, "location": occasion.location_id}
    hand = viewer if rollout.state == "running" and not (place and place.left_at) else viewer.reading()
    detail = viewer.can(Permission.SEE_DETAIL, **here, named=rule.reading_roles(meeting, book))
    may_record = hand.can(Permission.CHECK_OFF, **here, named=rule.leading_roles(meeting))
    scope = Scope(rollout, occasion, meeting, now)
    sections = _sections(session, scope, record, extent.everywhere)
    people = holders(session, rollout.id, extent, now)
    return MeetingPage(
        reader=viewer.person, rollout=rollout, place=place, occasion=occasion, meeting=meeting, slot=slot, room=room,
        state=state_of(slot, _recorded(record), now), record=record, detail=detail, may_record=may_record,
        may_say=hand.can(Permission.RAISE_ISSUE, **here), sections=sections,
        texts=typed(session, sections, lambda one: _reads(viewer, one, detail)),
        people=asked_people(people, scope), names=names_there(session, people, record, sections),
        actions=actions_of(session, record), earlier=beside(session, occasion, later=False),
        later=beside(session, occasion, later=True),
        owners=owner_choices(session, rollout, occasion.location_id) if may_record else ([], []),
        history=tuple(history(session, "meeting", occasion_id)) if detail else (),
    )  # fmt: skip


def _recorded(record: MeetingRecord | None) -> Recorded:
    if record is None:
        return NOTHING
    return Recorded(record.held_at is not None, record.called_off_at is not None, record.missed_at is not None)


def _sections(session: Session, scope: Scope, record: MeetingRecord | None, everywhere: bool) -> tuple[Section, ...]:
    """The agenda as it was kept, else as things stand now."""
    if record is not None and record.held_at is not None:
        places = {place.id for place in (*scope.rollout.locations, *scope.rollout.left)}
        return readable(thawed(record.agenda), places, everywhere)
    return agenda_of(session, scope)


def _reads(viewer: Viewer, remark: Remark, detail: bool) -> bool:
    """Those who come to a meeting read what it talks about of the whole network; what is of a location only who works
    there.
    """
    named = detail and remark.location_id is None
    return named or may_read(viewer, remark.rollout_id, remark.location_id, remark.by_id)
