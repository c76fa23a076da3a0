"""The scoring of a selection from its rows: what is stated of every location, and what was answered and waived."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from app.models import Answer, Location, SelectionAnswer, SelectionWaiver, Task
from app.plan import Playbook
from app.plan.facts import Facts
from app.plan.format.frame import Selection
from app.rules.selection.choosing import Scoring, scoring_of
from app.rules.selection.judging import Candidate, Part, Titles, rules_of


def scoring_at(
    session: Session,
    rollout_id: int,
    playbook: Playbook,
    selection: Selection,
    answers: Sequence[SelectionAnswer],
    waivers: Sequence[SelectionWaiver],
) -> Scoring:
    """Every location that has not left, judged. Two queries at most."""
    places = session.exec(
        select(Location)
        .where(Location.rollout_id == rollout_id, col(Location.dropped_at).is_(None))
        .order_by(col(Location.position), col(Location.id))
    ).all()
    known, given, waived = _known_answers(session, rollout_id, playbook, selection), _given(answers), _waived(waivers)
    return scoring_of(
        selection,
        playbook.waves[selection.wave],
        {"id": playbook.id, "version": playbook.version},
        [_candidate(one, given, waived, known) for one in places],
        titles=_titles(playbook),
        answers=_of_sets(answers),
        days=dict(_days(places, selection.wave)),
        proofs=_proofs(places, answers, waivers),
        set_proofs=_set_proofs(answers),
    )


def _candidate(
    place: Location,
    given: Mapping[int | None, Mapping[tuple[Part, str], Any]],
    waived: Mapping[int, Collection[str]],
    known: Mapping[int | None, Mapping[str, Any]],
) -> Candidate:
    key = place.id or 0
    facts = Facts(place.wave, place.attributes, {**known.get(None, {}), **known.get(key, {})})
    return Candidate(key, place.slug, place.name, facts, given.get(key, {}), waived.get(key, ()))


def _given(answers: Sequence[SelectionAnswer]) -> dict[int | None, dict[tuple[Part, str], Any]]:
    """The answers of each location."""
    found: dict[int | None, dict[tuple[Part, str], Any]] = {}
    for one in answers:
        found.setdefault(one.location_id, {})[Part(one.part), one.criterion] = one.value
    return found


def _waived(waivers: Sequence[SelectionWaiver]) -> dict[int, set[str]]:
    """The exclusions that are waived for each location."""
    found: dict[int, set[str]] = {}
    for one in waivers:
        found.setdefault(one.location_id, set()).add(one.exclusion)
    return found


def _titles(playbook: Playbook) -> Titles:
    """Attributes by their titles, and tasks whose answers conditions may ask for."""
    tasks = {task.id: task.title for task in playbook.work}
    return {**tasks, **{id_: one.title for id_, one in playbook.attributes.items()}, "wave": "Wave"}


def _known_answers(
    session: Session, rollout_id: int, playbook: Playbook, selection: Selection
) -> dict[int | None, dict[str, Any]]:
    """What tasks were answered that a condition of the selection asks for, by location. One query, or none."""
    rules = (rule.where for part in Part for rule in rules_of(selection, part).values())
    named = {line.fact for where in (*rules, *(mix.where for mix in selection.mix)) for line in where.all_lines}
    wanted = {fact.partition(".")[0] for fact in named - playbook.attributes.keys() - {"wave"}}
    found: dict[int | None, dict[str, Any]] = {}
    if wanted:
        rows = session.exec(
            select(Task.location_id, Task.entry, Answer.path, Answer.value)
            .join(Answer, col(Answer.task_id) == col(Task.id))
            .where(Task.rollout_id == rollout_id, col(Task.entry).in_(wanted))
        )
        for place, entry, path, value in rows:
            found.setdefault(place, {})[f"{entry}.{path}" if path else entry] = value
    return found


def _of_sets(answers: Sequence[SelectionAnswer]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for one in answers:
        if one.location_id is None:
            found.setdefault(one.chosen, {})[one.criterion] = one.value
    return found


def _days(places: Sequence[Location], wave: str) -> Iterator[tuple[int, date]]:
    """The day on which each location of the wave goes live, there."""
    for one in places:
        at: datetime | None = one.cutover_at if one.wave == wave else None
        if at is not None:
            yield one.id or 0, at.astimezone(ZoneInfo(one.zone)).date()


def _proofs(
    places: Sequence[Location], answers: Sequence[SelectionAnswer], waivers: Sequence[SelectionWaiver]
) -> dict[str, dict[str, str]]:
    """The key of each answer and waiver, by the slug of its location."""
    found: dict[int | None, dict[str, str]] = {}
    for one in answers:
        found.setdefault(one.location_id, {})[f"{one.part} {one.criterion}"] = str(one.id)
    for waiver in waivers:
        found.setdefault(waiver.location_id, {})[f"waiver {waiver.exclusion}"] = str(waiver.id)
    return {one.slug: found[one.id] for one in places if one.id in found}


def _set_proofs(answers: Sequence[SelectionAnswer]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for one in answers:
        if one.location_id is None:
            found.setdefault(one.chosen, {})[one.criterion] = str(one.id)
    return found
