"""One meeting, and one remark, from their pages' facts."""

from __future__ import annotations

from typing import Any

from app.api.meetings import shapes
from app.models import MeetingRecord
from app.queries.meetings.lines import MeetingLine
from app.queries.meetings.page import MeetingPage
from app.queries.meetings.remark_lines import RemarkLine
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.rules.meetings.agenda import Line, Section
from app.rules.meetings.states import MeetingState, Slot


def item(rollout: RolloutFacts, line: MeetingLine) -> shapes.MeetingItem:
    """A meeting of a list."""
    return shapes.MeetingItem(
        id=line.id, rollout=rollout.slug, entry=line.entry, title=line.title, location=_slug(line.place),
        wave="" if line.place else line.wave, room=line.room, state=line.state, entered=line.entered,
        **_when(line.slot),
    )  # fmt: skip


def _when(slot: Slot) -> dict[str, Any]:
    return {"day": slot.day, "at": slot.at, "takes": int(slot.takes.total_seconds()) if slot.takes else None}


def _slug(place: PlaceFacts | None) -> str | None:
    return place.slug if place else None


def whole(page: MeetingPage) -> shapes.MeetingWhole:
    """Everything that the page of a meeting shows."""
    record, occasion = page.record, page.occasion
    there = record.attended if record else []
    entered = record is not None and (record.held_at or record.called_off_at) is not None
    return shapes.MeetingWhole(
        id=page.id, rollout=page.rollout.slug, entry=occasion.entry, title=occasion.title, location=_slug(page.place),
        wave="" if occasion.location_id else occasion.wave, room=page.room, state=page.state, **_when(page.slot),
        entered=page.state is MeetingState.MISSED and entered, version=page.version, detail=page.detail,
        may_record=page.may_record, kept=page.kept, agenda=[_part(page, one) for one in page.sections],
        people=[shapes.PersonAsked(id=id_, name=name) for id_, name in page.people.items()],
        attended=[shapes.PersonAsked(id=one, name=page.names[one]) for one in there if one in page.names],
        attended_others=page.hidden,
        actions=[shapes.Agreed(task=one.task, title=one.title, due=one.due, done=one.done) for one in page.actions],
        **_recorded(record, page.detail),
    )  # fmt: skip


def _recorded(record: MeetingRecord | None, detail: bool) -> dict[str, Any]:
    plain = ("held_at", "held_by", "called_off_at", "called_off_by", "missed_at")
    texts = ("notes", "called_off_reason")
    return {name: getattr(record, name, None) for name in plain} | {
        name: getattr(record, name, None) if detail else None for name in texts
    }


def _part(page: MeetingPage, one: Section) -> shapes.AgendaPart:
    return shapes.AgendaPart(
        part=one.part, title=one.title, lines=[_line(page, line) for line in one.lines], more=one.more
    )


def _line(page: MeetingPage, line: Line) -> shapes.AgendaLine:
    return shapes.AgendaLine(
        kind=line.kind, id=line.id or None, location=_slug(page.rollout.location(line.place)), said=line.said,
        text=page.texts.get((line.kind, line.id)) if line.id else line.said,
        by=page.name(line.who) if line.who is not None else None,
    )  # fmt: skip


def remark_item(rollout: RolloutFacts, line: RemarkLine) -> shapes.RemarkItem:
    """A win or a concern."""
    return shapes.RemarkItem(
        id=line.id, rollout=rollout.slug, kind=line.kind, location=_slug(line.place),
        about=line.about.kind if line.about else None, about_id=line.about.id if line.about else None, said=line.said,
        by=line.by, by_name=line.by_name, at=line.at, settled_at=line.settled_at,
        settled_by=line.settled_name or None, outcome=line.outcome, redacted_at=line.redacted_at,
        may_settle=line.may_settle, may_redact=line.may_redact,
    )  # fmt: skip
