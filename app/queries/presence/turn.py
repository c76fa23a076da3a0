"""One turn of a cover: its slots, who has them, and who could."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.errors import NotFound
from app.queries.presence.rota import Post, Rota
from app.queries.presence.troubles import GapLine, gaps_of, hindered
from app.rules.people.responsibility import Away
from app.rules.presence.attendance import Held
from app.rules.presence.crew import Hand
from app.rules.presence.slots import Slot


@dataclass(frozen=True)
class Choice:
    """Somebody who can be asked: what keeps them from how many of the free slots, and what that is first."""

    hand: Hand
    hindered: int
    first: Away | Held | None


@dataclass(frozen=True)
class TurnPage:
    """`held` are the duties of the turn, `coming` those of its slots that are not over, `gaps` what is missing in them.
    `asked` are the people of the cover's roles, `others` everybody else who sees the place.
    """

    post: Post
    turn: str
    slots: tuple[Slot, ...]
    coming: tuple[Slot, ...]
    held: tuple[Held, ...]
    gaps: tuple[GapLine, ...]
    asked: tuple[Choice, ...]
    others: tuple[Choice, ...]


def turn_page(known: Rota, occasion: int, turn: str, now: datetime) -> TurnPage:
    """One turn. Raises NotFound for a cover that the reader does not see, and for a turn that it does not have."""
    post = known.post(occasion)
    slots = tuple(slot for slot in post.slots if slot.turn == turn) if post else ()
    if post is None or not slots:
        raise NotFound("turn")
    coming = tuple(slot for slot in slots if slot.until_at > now)
    begins, ends = slots[0].from_at, slots[-1].until_at
    gaps = [gap for gap in gaps_of(known, post, now, ends) if gap.turn == turn] if coming else []
    free = [slot for slot in coming if any(_touches(slot, gap) for gap in gaps)]
    hands = known.hands(post)
    others = known.crew.others(post.location, {hand.person for hand in hands})
    return TurnPage(
        post=post,
        turn=turn,
        slots=slots,
        coming=coming,
        held=tuple(one for one in known.duties(post) if one.from_at < ends and begins < one.until_at),
        gaps=tuple(gaps),
        asked=tuple(_choice(known, post, hand, free or coming) for hand in hands),
        others=tuple(_choice(known, post, hand, free or coming) for hand in others),
    )


def _touches(slot: Slot, gap: GapLine) -> bool:
    return any(slot.from_at < ends and begins < slot.until_at for begins, ends in gap.spans)


def _choice(known: Rota, post: Post, hand: Hand, slots: Sequence[Slot]) -> Choice:
    found = [what for slot in slots if (what := hindered(known, post, hand.person, slot.from_at, slot.until_at))]
    return Choice(hand, len(found), found[0] if found else None)
