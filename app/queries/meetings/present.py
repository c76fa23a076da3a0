"""Who is asked to come to a meeting, and the names that its page needs."""

from __future__ import annotations

from collections.abc import Collection

from sqlmodel import Session

from app.models import MeetingRecord
from app.queries.meetings.scope import Scope
from app.queries.people import Holders, names_of
from app.rules.meetings import people as rule
from app.rules.meetings.agenda import Section


def asked_people(people: Holders, scope: Scope) -> dict[int, str]:
    """Who is asked to come, as far as the reader may know them, by key, as names."""
    occasion = scope.occasion
    places: Collection[int | None] = (occasion.location_id,)
    if occasion.location_id is None and occasion.wave:
        places = tuple(place.id for place in scope.places)
    known = people.known()
    found = rule.invited(people.staff, people.members(), people.rollout, scope.meeting, places)
    return {person: name for person, name in found.items() if person in known}


def names_there(
    session: Session, people: Holders, record: MeetingRecord | None, sections: Collection[Section]
) -> dict[int, str]:
    """The names of those who were there, and of whoever said something: whom the reader knows, and who is known for
    what they did here, though they work elsewhere now.
    """
    wanted = {line.who for one in sections for line in one.lines if line.who is not None}
    if record is not None:
        wanted |= {one for one in (record.held_by, record.called_off_by) if one is not None}
    return names_of(session, wanted, people.known())
