"""The page of one of the staff as values for its template."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session

from app.queries.training.person import Noted, OneOf, StaffPage
from app.queries.training.place import place_page
from app.rules.clock import count, moment
from app.rules.people.access import Viewer
from app.rules.rollouts.sentences import Part
from app.rules.training.standing import Shown
from app.web.training.words import MARKS, catch_up_words, demand_words, standing_words


def shown(session: Session, page: StaffPage, viewer: Viewer, now: datetime) -> dict[str, Any]:
    """Everything but the frame."""
    people = page.rollout.playbook.people
    roles = {id_: role.title or id_ for id_, role in people.items()}
    here = place_page(session, page.rollout, page.place, viewer, now) if any(
        one.demand.buddy for one in page.trainings) else None  # fmt: skip
    return {
        "person": {
            "id": page.line.id,
            "version": page.member.version,
            "name": page.member.name,
            "number": page.member.number,
            "role": roles.get(page.member.role, page.member.role),
            "role_id": page.member.role,
            "shift": page.member.shift,
            "email": page.member.email,
            "left": page.member.left_at is not None,
            "place": page.place.name,
        },
        "say": _say(page),
        "roles": [(id_, title) for id_, title in roles.items() if people[id_].staff],
        "may_keep": page.may_keep,
        "trainings": [_training(page, one, roles, now, here) for one in page.trainings],
    }


def _say(page: StaffPage) -> list[Part]:
    name = "You have" if page.own else f"{page.member.name} has"
    passed = sum(one.progress.passed for one in page.trainings)
    if page.member.left_at is not None:
        return [Part(f"{page.member.name} works here no more.")]
    if not page.trainings:
        return [Part(f"{page.member.name} is asked to no training that you hold.")]
    if passed == len(page.trainings):
        return [Part(f"{name} "), Part("passed", "done"), Part(" everything asked for.")]
    return [Part(f"{name} passed {passed} of {count(len(page.trainings), 'training')}.")]


def _training(page: StaffPage, one: OneOf, roles: dict[str, str], now: datetime, here: Any) -> dict[str, Any]:
    demand, today = one.demand, page.place.today(now)
    found = here.training(demand.entry) if here and demand.buddy else None
    word, rest = standing_words(one.progress, demand, page.place.zone, now)
    pair_line = found.pairs.get(page.line.id) if found else None
    return {
        "entry": demand.entry,
        "title": demand.title,
        "demand": demand_words(demand, roles),
        "mark": MARKS[one.progress.standing],
        "label": word,
        "said": rest,
        "attempts": count(one.progress.attempts, "attempt") if one.progress.attempts else "",
        "lines": [{"value": key, "label": f"{piece.title} ({piece.wanted})"} for key, piece in demand.practice.items()],
        "mark_needed": f"{demand.pass_mark:g}" if demand.pass_mark is not None else "",
        "may_note": one.may_note,
        "may_watch": one.may_watch,
        "recording": one.recording,
        "until": catch_up_words(one.days, today),
        "noted": [_noted(note, demand.practice, page, one, now) for note in one.noted],
        "buddy": roles.get(demand.buddy, ""),
        "buddies": [(str(key), name) for key, name in found.buddies] if found else [],
        "paired": str(pair_line.row.buddy_id) if pair_line else "",
    }  # fmt: skip


def _noted(one: Noted, practice: Any, page: StaffPage, of: OneOf, now: datetime) -> dict[str, Any]:
    row = one.row
    what = {
        Shown.RECORDING: "Watched the recording",
        Shown.CHECK: f"Check, {row.score}%",
        Shown.PRACTICE: practice[row.line].title if row.line in practice else row.line,
    }[Shown(row.kind)]
    state = "void" if row.withdrawn_at else "done" if row.passed else "risk"
    word = "Taken back" if row.withdrawn_at else "Passed" if row.passed else "Not passed"
    return {
        "id": row.id,
        "what": what,
        "state": state,
        "word": word if row.kind != Shown.RECORDING or row.withdrawn_at else "Watched",
        "who": f"{one.by}, {moment(row.at, page.place.zone, now)}",
        "note": row.note,
        "takes_back": of.may_note and row.withdrawn_at is None,
    }
