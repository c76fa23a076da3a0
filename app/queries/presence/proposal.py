"""A rota that is proposed for everything that has a free place, as far as the reader may fill it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.queries.presence.rota import EARLIEST, Post, Rota
from app.rules.presence.attendance import Held, attendance, covered
from app.rules.presence.crew import Hand
from app.rules.presence.proposal import Board, Wanted, board_of, propose
from app.rules.presence.slots import Slot

AHEAD: Final = timedelta(weeks=26)
MOST: Final = 200


@dataclass(frozen=True)
class Proposed:
    """One turn, or part of it, for one person."""

    post: Post
    turn: str
    hand: Hand
    slots: tuple[Slot, ...]


@dataclass(frozen=True)
class Proposal:
    """`lines` fill what is free, at most two hundred at a time; `open_` counts the slots that nobody can do."""

    lines: tuple[Proposed, ...]
    open_: int
    more: bool


def proposal(known: Rota, may: Callable[[Post], bool], now: datetime) -> Proposal:
    """What fills the free places of the coming half year, cover by cover: those at locations first, where nobody can be
    at two of them, then what the network shares. Fair over all places of one cover.
    """
    lines: list[Proposed] = []
    open_ = 0
    posts = [post for post in known.posts if may(post)]
    boards: dict[str, Board] = {}
    given: list[Held] = []
    for post in sorted(posts, key=lambda one: (one.place is None, one.cover.begins or one.cover.due or one.today(now))):
        board = boards.setdefault(post.entry, board_of((*known.held, *given), post.entry))
        slots = _coming(post, now)
        wanted = _wanted(known, post)
        found = propose(slots, wanted, known.crew, board)
        lines += [Proposed(post, one.turn, one.hand, one.slots) for one in found]
        fresh = [wanted.duty(slot, one.hand.person) for one in found for slot in one.slots]
        given += fresh
        _note(boards, post.entry, fresh)
        open_ += _left(slots, known, post, fresh)
    ordered = sorted(lines, key=lambda one: (one.slots[0].from_at, one.post.title))
    return Proposal(tuple(ordered[:MOST]), open_, len(ordered) > MOST)


def _coming(post: Post, now: datetime) -> Sequence[Slot]:
    today = post.today(now)
    return [slot for slot in post.within(today - timedelta(days=1), today + AHEAD) if slot.until_at > now]


def _wanted(known: Rota, post: Post) -> Wanted:
    blank = Held(0, post.occasion, post.entry, post.location, 0, EARLIEST, EARLIEST, post.cover.on_call)
    rotates = post.cover.asked.rotate is not None
    return Wanted(blank, known.hands(post), rotates, known.present(post), known.counts(post))


def _note(boards: dict[str, Board], entry: str, fresh: Iterable[Held]) -> None:
    """What was just given is known wherever else somebody is proposed."""
    for one in fresh:
        for other, board in boards.items():
            if other != entry:
                board.put(one, counts=False)


def _left(slots: Sequence[Slot], known: Rota, post: Post, fresh: Sequence[Held]) -> int:
    """Slots in which somebody is still missing."""
    there = [*known.present(post), *attendance(fresh, known.crew)]
    filled = (covered([slot], there, known.counts(post)) for slot in slots)
    return sum(one.filled < one.wanted for one in filled)
