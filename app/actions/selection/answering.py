"""Exclusions and criteria that people answer, of one location or of a set. Nothing is overwritten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from app.actions import texts
from app.actions.events import stale
from app.actions.loading import key_of
from app.actions.selection.freezing import settle_changes
from app.actions.selection.opening import SUBJECT, OpenSelection, begun, changed, demand_version, open_selection
from app.actions.tasks.answers import refusing
from app.errors import Forbidden, Invalid, NotFound
from app.models import SelectionAnswer
from app.rules.people.access import Viewer
from app.rules.selection.access import may_answer
from app.rules.selection.choosing import set_key
from app.rules.selection.judging import Part, answer_of, rules_of
from app.rules.tasks.answers import parse


def answer_of_location(
    session: Session,
    dated_id: int,
    location_id: int,
    *,
    part: str,
    rule: str,
    text: str,
    note: str = "",
    seen: int | None,
    version: int | None = None,
    by: Viewer,
    now: datetime,
) -> SelectionAnswer:
    """Answer an exclusion or a criterion of one location, with a note. The same again is quiet; another answer takes
    its place.

    `seen` is the key of the answer that the form showed (0: none; None: whichever), `version` the one of the selection
    (None: whichever). Raises NotFound, Forbidden, Stale, Refused, and Invalid for field `answer` or `note`.
    """
    opened = open_selection(session, dated_id, by=by)
    if part not in (Part.EXCLUDE, Part.CRITERIA):
        raise NotFound("criterion")
    opened.candidate(location_id, by)
    _demand_right(opened, by)
    return _answer(session, opened, (location_id, ""), Part(part), rule, text, note, (seen, version), by, now)


def answer_of_set(
    session: Session,
    dated_id: int,
    *,
    locations: Sequence[int],
    rule: str,
    text: str,
    note: str = "",
    seen: int | None,
    version: int | None = None,
    by: Viewer,
    now: datetime,
) -> SelectionAnswer:
    """Answer what is asked of a set: the answer is about these locations together, and about no other set. Raises as
    `answer_of_location`, and Invalid for field `answer` for an empty set.
    """
    opened = open_selection(session, dated_id, by=by)
    for one in locations:
        opened.candidate(one, by)
    _demand_right(opened, by)
    if not locations:
        raise Invalid({"answer": "Choose the set first."})
    place = (None, set_key(set(locations)))
    return _answer(session, opened, place, Part.TOGETHER, rule, text, note, (seen, version), by, now)


def _demand_right(opened: OpenSelection, by: Viewer) -> None:
    if not may_answer(by, opened.selection, opened.rollout_id):
        raise Forbidden("You may see this selection, but it is not yours to answer.")


Place = tuple[int | None, str]
"""A location, or none and the key of a set."""


def _answer(
    session: Session,
    opened: OpenSelection,
    place: Place,
    part: Part,
    rule: str,
    text: str,
    note: str,
    shown: tuple[int | None, int | None],
    by: Viewer,
    now: datetime,
) -> SelectionAnswer:
    value, said = _value(opened, part, rule, text, note)
    present = _standing(opened, place, part, rule)
    if present is not None and (present.value, present.note) == (value, said):
        return present
    seen, version = shown
    demand_version(session, opened, version)
    if seen is not None and seen != (key_of(present) if present else 0):
        raise stale(session, (SUBJECT, opened.id))
    row = begun(session, opened)
    if present is not None:
        present.replaced_at = now
        session.add(present)
        session.flush()
    location, chosen = place
    made = SelectionAnswer(
        record_id=key_of(row), location_id=location, chosen=chosen, part=part.value, criterion=rule, value=value,
        note=said, by_id=by.person, at=now,
    )  # fmt: skip
    session.add(made)
    session.flush()
    after = {"part": part.value, "rule": rule, "location": location, "answer": key_of(made)}
    changed(session, opened, row, "answered", by=by, now=now, after=after)
    settle_changes(session, opened, by=by, now=now)
    return made


def _value(opened: OpenSelection, part: Part, rule: str, text: str, note: str) -> tuple[Any, str]:
    found = rules_of(opened.selection, part).get(rule)
    if found is None:
        raise NotFound("criterion")
    asked = answer_of(found)
    if asked is None:
        raise Invalid({"answer": "Nobody answers this: it follows from what is stated of the centre."})
    with refusing():
        value = parse(asked, text)
    return value, texts.prose("note", note, required=False)


def _standing(opened: OpenSelection, place: Place, part: Part, rule: str) -> SelectionAnswer | None:
    """The answer that counts."""
    wanted = (*place, part.value, rule)
    return next(
        (one for one in opened.stored.answers if (one.location_id, one.chosen, one.part, one.criterion) == wanted), None
    )
