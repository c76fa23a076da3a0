"""What becomes of a lesson: it is kept for the record, or set aside; and it is passed on to who has not gone live."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlmodel import Session, col, select

from app.actions import texts
from app.actions.deliveries.telling import Telling
from app.actions.lessons.opening import OpenLesson, changed, demand_version, open_to_judge
from app.actions.loading import key_of
from app.errors import Invalid, Refused
from app.models import Lesson, Location, Membership, Proposal
from app.plan.terms import Access
from app.rules.lessons.standing import SHAREABLE, Outcome, State, state_of
from app.rules.people.access import Viewer

_WORDS: Final = {Outcome.NOTED: "noted for the record", Outcome.DISMISSED: "not taken further"}


def judge_lesson(
    session: Session, lesson_id: int, *, outcome: str, reason: str = "", seen: int, by: Viewer, now: datetime
) -> Lesson:
    """Note a lesson for the record, or dismiss it with a reason; whoever raised it is told. The same again is quiet.

    Raises NotFound, Forbidden, Stale, Invalid, and Refused while a proposal carries it.
    """
    opened = open_to_judge(session, lesson_id, by=by)
    lesson = opened.lesson
    if outcome not in (Outcome.NOTED, Outcome.DISMISSED):
        raise Invalid({"outcome": "Choose what becomes of it."})
    why = texts.prose("reason", reason, required=outcome == Outcome.DISMISSED)
    if (lesson.outcome, lesson.reason) == (outcome, why):
        return lesson
    demand_version(session, lesson, seen)
    demand_free(session, lesson)
    lesson.outcome, lesson.reason, lesson.proposal_id = outcome, why, None
    lesson.judged_by, lesson.judged_at = by.person, now
    told = told_of(lesson, f"{opened.id}-{lesson.version + 1}", _WORDS[Outcome(outcome)], by)
    changed(session, opened, outcome, by=by, now=now, tellings=told)
    return lesson


def state_now(session: Session, lesson: Lesson) -> State:
    proposal = session.get_one(Proposal, lesson.proposal_id) if lesson.proposal_id is not None else None
    return state_of(lesson.outcome, proposal.outcome if proposal else "")


def demand_free(session: Session, lesson: Lesson) -> None:
    """Raises Refused for a lesson that a proposal carries, or has carried into the playbook."""
    state = state_now(session, lesson)
    if state is State.PROPOSED:
        raise Refused("A proposal carries it: decide on that.")
    if state is State.ACCEPTED:
        raise Refused("It stands in the playbook already.")


def told_of(lesson: Lesson, key: str, said: str, by: Viewer) -> list[Telling]:
    """Whoever raised a lesson hears what became of it; whoever decided knows."""
    if lesson.by_id == by.person:
        return []
    subject = ("lesson", key_of(lesson))
    return [Telling(key, "lesson", lesson.by_id, subject, lesson.rollout_id, said, data={"by": by.name})]


def pass_on(session: Session, lesson_id: int, *, by: Viewer, now: datetime) -> Lesson:
    """Tell everybody who works at a location that has not gone live; from then on they may read it, wherever it was
    learnt. Passed on already is quiet.

    Raises NotFound, Forbidden, and Refused for a lesson that is neither noted nor in the playbook, and where every
    location is live.
    """
    opened = open_to_judge(session, lesson_id, by=by)
    lesson = opened.lesson
    if lesson.told_at is not None:
        return lesson
    if state_now(session, lesson) not in SHAREABLE:
        raise Refused("Say first what becomes of it: note it, or bring it into the playbook.")
    if lesson.redacted_at is not None:
        raise Refused("What was learnt was taken away, so there is nothing to pass on.")
    people = _ahead(session, opened, now)
    if not people:
        raise Refused("Every centre is live, so there is nobody left to tell.")
    lesson.told_at, lesson.told_by = now, by.person
    subject = ("lesson", opened.id)
    told = [
        Telling(f"{opened.id}", "lesson_shared", person, subject, lesson.rollout_id, data={"by": by.name})
        for person in people
        if person not in (by.person, lesson.by_id)
    ]
    changed(session, opened, "passed_on", by=by, now=now, after={"told": people}, tellings=told)
    return lesson


def _ahead(session: Session, opened: OpenLesson, now: datetime) -> list[int]:
    """Those who work at locations that are still to open."""
    opening = col(Location.cutover_at)
    statement = (
        select(Membership.person_id)
        .join(Location, col(Location.id) == col(Membership.location_id))
        .where(
            Location.rollout_id == opened.lesson.rollout_id, col(Location.dropped_at).is_(None),
            opening.is_(None) | (opening > now), Membership.access != Access.EXECUTIVE,
        )
    )  # fmt: skip
    return sorted(set(session.exec(statement)))
