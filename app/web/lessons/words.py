"""Lessons and proposals in words: what became of them, what they are about, what happened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from app.queries.events import HistoryLine
from app.queries.lessons.list import LessonLine
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.rules.clock import count, instant, moment, spelled
from app.rules.lessons.standing import State
from app.rules.rollouts.sentences import Part

STATES: Final[Mapping[State, tuple[str, str]]] = {
    State.WAITING: ("wait", "Waiting"),
    State.PROPOSED: ("running", "Proposed"),
    State.ACCEPTED: ("done", "In the playbook"),
    State.REJECTED: ("waived", "Not taken"),
    State.NOTED: ("met", "Noted"),
    State.DISMISSED: ("waived", "Set aside"),
}
"""The mark and the word of each state."""
PROPOSALS: Final = {"": ("wait", "Waiting"), "accepted": ("done", "Accepted"), "rejected": ("waived", "Rejected")}
SUBJECTS: Final = {
    "task": "a task",
    "issue": "an issue",
    "reconciliation": "a day of counts",
    "meeting": "a meeting",
    "run": "a run",
}
_VERBS: Final = {
    "captured": "said what was learnt",
    "noted": "noted it for the record",
    "dismissed": "set it aside",
    "proposed": "proposed a change of the playbook for it",
    "passed_on": "passed it on to the centres that have not gone live",
    "redacted": "took a text away for good",
    "made": "proposed it",
    "changed": "wrote on it",
    "renewed": "wrote it anew for the newest version",
    "accepted": "accepted it",
    "rejected": "rejected it",
}


def act_words(act: str) -> str:
    """A past participle of an event as a clause: who ... `set it aside`."""
    return _VERBS.get(act, "changed it")


def history_lines(lines: tuple[HistoryLine, ...], zone: str, now: datetime) -> list[dict[str, Any]]:
    """For the `history` macro."""
    return [
        {
            "when": moment(line.at, zone, now),
            "instant": line.at.isoformat(),
            "who": line.who or "Muster",
            "what": f"{act_words(line.verb.partition('.')[2])}.",
        }
        for line in lines
    ]


def lesson_item(one: LessonLine, now: datetime) -> dict[str, Any]:
    """One lesson for `listing`."""
    mark, word = STATES[one.state]
    where = one.place.name if one.place else "Another centre" if one.elsewhere else "The whole network"
    return {
        "text": f"{one.number}. {one.said}" if one.said else f"Lesson {one.number}",
        "href": f"/lessons/{one.id}",
        "end": f"{where} · {moment(one.at, one.zone, now)}",
        "status": mark,
        "status_label": word,
    }


def lessons_sentence(sums: Mapping[State, int], proposals: int) -> list[Part]:
    """How things stand: what waits, or that nothing does and what came of the rest."""
    total, waits, kept = sum(sums.values()), sums[State.WAITING], sums[State.ACCEPTED]
    if not total:
        return [Part("Nothing has been written down as learnt so far.")]
    if waits or proposals:
        asked = ((waits, "lesson", "to be judged"), (proposals, "proposal", "to be decided"))
        return [*_waiting([one for one in asked if one[0]]), Part(_kept_words(kept))]
    learnt = f"{count(total, 'lesson')} {'was' if total == 1 else 'were'} learnt and none waits"
    return [Part(learnt[0].upper() + learnt[1:]), Part(_kept_words(kept))]


def _waiting(asked: Sequence[tuple[int, str, str]]) -> Iterator[Part]:
    """`One lesson waits to be judged and two proposals wait to be decided`: what waits is marked."""
    for place, (number, what, end) in enumerate(asked):
        many = f"{spelled(number)} {what if number == 1 else f'{what}s'}"
        yield Part(many.lower() if place else many, "wait")
        yield Part(f" {'waits' if number == 1 else 'wait'} {end}{' and ' if place + 1 < len(asked) else ''}")


def _kept_words(kept: int) -> str:
    return f"; {spelled(kept).lower()} {'stands' if kept == 1 else 'stand'} in the playbook." if kept else "."


def place_items(rollout: RolloutFacts, places: tuple[PlaceFacts, ...], now: datetime) -> list[dict[str, Any]]:
    """Locations that have not gone live, for `listing`: each with when it opens."""
    return [
        {
            "text": one.name,
            "href": f"/rollouts/{rollout.slug}/locations/{one.slug}",
            "end": f"opens {instant(one.cutover_at, one.zone, now)}" if one.cutover_at else "no opening yet",
        }
        for one in places
    ]
