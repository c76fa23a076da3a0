"""Presence as the API shows it."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import Field

from app.api.fields import Shown
from app.queries.presence.covered import of_post
from app.queries.presence.mentors import MentorLine
from app.queries.presence.mine import MyDuty
from app.queries.presence.now import DutyLine
from app.queries.presence.rota import Post, Rota
from app.queries.presence.troubles import DoubleLine, GapLine, Troubles
from app.rules.presence.attendance import Held


class CoverItem(Shown):
    """One cover of the playbook at one place, for its present stretch."""

    id: int
    entry: str
    title: str
    location: str | None = Field(description="Null for a wave or the whole network.")
    wave: str
    begins: date | None
    due: date | None
    people: int = Field(description="So many are wanted at once.")
    on_call: bool = Field(description="The whole day is asked for.")
    percent: int | None = Field(description="How much of it is filled, rounded down; null where nobody is wanted.")


class DutyItem(Shown):
    """Somebody is on duty. `instead_of` is whom they stand in for."""

    id: int
    cover: int
    person: int
    name: str
    begins: datetime
    ends: datetime
    instead_of: int | None


class SlotItem(Shown):
    """So many people are wanted from one instant to another."""

    turn: str = Field(description="What is given to somebody at once.")
    day: date
    begins: datetime
    ends: datetime
    people: int


class CoverWhole(CoverItem):
    """A cover with everything in it."""

    how: str
    owners: list[str] = Field(description="The roles that take turns.")
    may_assign: bool = Field(description="You say who is on duty.")
    slots: list[SlotItem]
    duties: list[DutyItem]


class Span(Shown):
    begins: datetime
    ends: datetime


class GapItem(Shown):
    """Somebody is missing in one turn. `absent` are the people on leave then, `free` whom one could ask."""

    cover: int
    turn: str
    missing: int
    spans: list[Span]
    absent: list[str]
    free: list[int]


class DoubleItem(Shown):
    """Somebody is on duty twice; a cover that you may not see is null."""

    name: str
    kind: str = Field(description="two_places, two_duties or on_call_too.")
    first: int | None
    second: int | None
    spans: list[Span]


class TroublesShown(Shown):
    """What is wrong in the coming fourteen days, and duties on days that their cover has left (by cover)."""

    gaps: list[GapItem]
    doubles: list[DoubleItem]
    outside: dict[int, list[Span]]


class PresentItem(Shown):
    """Somebody is on duty now."""

    cover: int
    title: str
    location: str | None
    person: int
    name: str
    until: datetime
    instead_of: str


class MyDutyItem(Shown):
    """One of your duties."""

    id: int
    title: str
    place: str
    begins: datetime
    ends: datetime
    on_call: bool
    instead_of: str


class PairItem(Shown):
    """A mentor or a visit: `location` learns from `live`."""

    id: int
    kind: str
    location: str
    live: str
    person: str
    day: date | None
    note: str
    held_at: datetime | None


def cover_facts(known: Rota, post: Post) -> dict[str, object]:
    """What both shapes of a cover hold."""
    cover = post.cover
    return {
        "id": post.occasion, "entry": post.entry, "title": post.title, "wave": post.wave,
        "location": post.place.slug if post.place else None, "begins": cover.begins, "due": cover.due,
        "people": cover.people, "on_call": cover.on_call, "percent": of_post(known, post).shown,
    }  # fmt: skip


def cover_item(known: Rota, post: Post) -> CoverItem:
    return CoverItem.model_validate(cover_facts(known, post))


def cover_whole(known: Rota, post: Post, may_assign: bool) -> CoverWhole:
    """A cover with its slots and duties."""
    slots = [
        SlotItem(turn=one.turn, day=one.day, begins=one.from_at, ends=one.until_at, people=one.people)
        for one in post.slots
    ]
    more = {
        "how": post.cover.asked.how, "owners": list(post.roles), "may_assign": may_assign, "slots": slots,
        "duties": [duty_item(known, one) for one in known.duties(post)],
    }  # fmt: skip
    return CoverWhole.model_validate(cover_facts(known, post) | more)


def duty_item(known: Rota, one: Held) -> DutyItem:
    return DutyItem(
        id=one.id, cover=one.occasion, person=one.person, name=known.names[one.person], begins=one.from_at,
        ends=one.until_at, instead_of=one.instead_of,
    )  # fmt: skip


def troubles_shown(found: Troubles) -> TroublesShown:
    return TroublesShown(
        gaps=[_gap(one) for one in found.gaps],
        doubles=[_double(one) for one in found.doubles],
        outside={one.post.occasion: [Span(begins=at, ends=end) for at, end in one.spans] for one in found.outside},
    )


def _gap(one: GapLine) -> GapItem:
    return GapItem(
        cover=one.post.occasion, turn=one.turn, missing=one.missing,
        spans=[Span(begins=at, ends=end) for at, end in one.spans],
        absent=[name for name, _, _ in one.absent], free=[hand.person for hand in one.free],
    )  # fmt: skip


def _double(one: DoubleLine) -> DoubleItem:
    return DoubleItem(
        name=one.name, kind=one.kind.name.lower(), first=one.first.occasion if one.first else None,
        second=one.second.occasion if one.second else None,
        spans=[Span(begins=at, ends=end) for at, end in one.spans],
    )  # fmt: skip


def present_item(one: DutyLine) -> PresentItem:
    return PresentItem(
        cover=one.post.occasion, title=one.post.title, location=one.post.place.slug if one.post.place else None,
        person=one.person, name=one.name, until=one.until_at, instead_of=one.for_name,
    )  # fmt: skip


def my_duty(one: MyDuty) -> MyDutyItem:
    return MyDutyItem(
        id=one.id, title=one.title, place=one.place, begins=one.from_at, ends=one.until_at, on_call=one.on_call,
        instead_of=one.for_name,
    )  # fmt: skip


def pair_item(one: MentorLine) -> PairItem:
    return PairItem(
        id=one.id, kind=one.kind, location=one.learns, live=one.live, person=one.person, day=one.day, note=one.note,
        held_at=one.held_at,
    )  # fmt: skip
