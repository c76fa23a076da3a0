"""The sentence a page of the plan opens with: how much it shows, where, and what is wrong with it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

from app.rules.clock import spelled
from app.rules.rollouts.sentences import Part
from app.rules.tasks.filtering import ALL, OPEN, TROUBLED
from app.rules.tasks.progress import State

KINDS: Final = {
    "": ("{} task{}", ""),
    ALL: ("{} task{}", ""),
    OPEN: ("{} open task{}", ""),
    TROUBLED: ("{} task{}", " in trouble"),
    State.DONE.value: ("{} task{}", " done"),
    State.LATE.value: ("{} late task{}", ""),
    State.BLOCKED.value: ("{} blocked task{}", ""),
    State.RISK.value: ("{} task{}", " at risk"),
    State.WAITING.value: ("{} waiting task{}", ""),
    State.TODO.value: ("{} task{}", " not started"),
    State.TRACK.value: ("{} task{}", " on track"),
}


class Counts(Protocol):
    @property
    def total(self) -> int: ...
    @property
    def late(self) -> int: ...
    @property
    def blocked(self) -> int: ...


def plan_sentence(counts: Counts, state: str, where: Sequence[str] = ()) -> list[Part]:
    """`41 open tasks at Alder. Five are late, two blocked.` `where` are the words of the other filters."""
    noun, after = KINDS.get(state, KINDS[ALL])
    head = noun.format(spelled(counts.total), "" if counts.total == 1 else "s") + after
    begin = " ".join([head, *where])
    if not counts.total:
        return [Part(f"{begin}.")]
    if state in (State.LATE.value, State.BLOCKED.value):
        return [Part(begin, state), Part(".")]
    if state == State.DONE.value:
        return [Part(f"{begin}.")]
    return [Part(f"{begin}. "), *_trouble(counts)]


def _trouble(counts: Counts) -> list[Part]:
    found = [(counts.late, "late", State.LATE), (counts.blocked, "blocked", State.BLOCKED)]
    found = [one for one in found if one[0]]
    if not found:
        return [Part("None of them is late or blocked.")]
    number, word, state = found[0]
    parts = [Part(f"{spelled(number)} {'is' if number == 1 else 'are'} {word}", state.value)]
    rest = "".join(f", {spelled(number).lower()} {word}" for number, word, _ in found[1:])
    return [*parts, Part(f"{rest}.")]
