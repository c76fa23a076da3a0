"""A rota that is proposed: each turn to whoever can do most of it and has had least of this cover. Pure.

Nobody is proposed who is on leave, or on duty elsewhere at that time; being on call elsewhere is no hindrance. Where
the playbook says how long a turn is, the next one goes to the next; where it does not, whoever has it keeps it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.rules.presence.attendance import Counts, Held, There
from app.rules.presence.crew import Crew, Hand
from app.rules.presence.doubles import Overlap, worst
from app.rules.presence.slots import Slot


@dataclass(frozen=True, slots=True)
class Given:
    """A turn, or some slots of it, for one person."""

    turn: str
    hand: Hand
    slots: tuple[Slot, ...]


@dataclass
class Board:
    """What everybody has already, and what is proposed; `seconds` of the cover's duty by person."""

    held: dict[int, list[Held]] = field(default_factory=dict)
    seconds: dict[int, int] = field(default_factory=dict)

    def put(self, held: Held, *, counts: bool = True) -> None:
        """One more duty; `counts`: it is of the cover that is proposed for."""
        self.held.setdefault(held.person, []).append(held)
        if counts:
            length = int((held.until_at - held.from_at).total_seconds())
            self.seconds[held.person] = self.seconds.get(held.person, 0) + length


@dataclass(frozen=True)
class Wanted:
    """The cover at one place for which people are proposed: an empty duty of it, whoever can be asked, and whether
    they take turns.
    """

    blank: Held
    hands: Sequence[Hand]
    rotates: bool
    there: Sequence[There] = ()
    counts: Counts = lambda _: True

    def duty(self, slot: Slot, person: int) -> Held:
        return replace(self.blank, person=person, from_at=slot.from_at, until_at=slot.until_at)


def board_of(held: Iterable[Held], entry: str) -> Board:
    """The board before anything is proposed."""
    board = Board()
    for one in held:
        board.put(one, counts=one.entry == entry)
    return board


def propose(slots: Sequence[Slot], wanted: Wanted, crew: Crew, board: Board) -> list[Given]:
    """What fills the free places of the slots, turn by turn; it is put on the board. What nobody can do stays free."""
    found: list[Given] = []
    before: frozenset[int] = frozenset()
    for turn, those in _turns(slots).items():
        free = {slot: _free(slot, wanted) for slot in those}
        has_it = _present(those, wanted)
        given = list(_fill(turn, free, wanted, crew, board, before | has_it))
        found += given
        before = has_it | {one.hand.person for one in given}
    return found


def _turns(slots: Iterable[Slot]) -> Mapping[str, list[Slot]]:
    found: dict[str, list[Slot]] = {}
    for slot in slots:
        found.setdefault(slot.turn, []).append(slot)
    return found


def _free(slot: Slot, wanted: Wanted) -> int:
    """So many are missing in some part of the slot."""
    there = [one for one in wanted.there if wanted.counts(one.person)]
    instants = {slot.from_at, *(one.from_at for one in there), *(one.until_at for one in there)}
    inside = [at for at in instants if slot.from_at <= at < slot.until_at]
    return slot.people - min(len({one.person for one in there if one.from_at <= at < one.until_at}) for at in inside)


def _present(slots: Iterable[Slot], wanted: Wanted) -> frozenset[int]:
    spans = [(slot.from_at, slot.until_at) for slot in slots]
    there = wanted.there
    return frozenset(one.person for one in there if any(one.from_at < end and at < one.until_at for at, end in spans))


def _fill(
    turn: str, free: dict[Slot, int], wanted: Wanted, crew: Crew, board: Board, before: frozenset[int]
) -> Iterable[Given]:
    asked: set[str] = set()
    while any(places > 0 for places in free.values()):
        able = {hand: _able(hand, free, wanted, crew, board) for hand in wanted.hands}
        hands = [hand for hand in wanted.hands if able[hand]]
        if not hands:
            return
        hand = min(hands, key=_rank(able, asked, board, before if not wanted.rotates else frozenset()))
        for slot in able[hand]:
            free[slot] -= 1
            board.put(wanted.duty(slot, hand.person))
        asked.add(hand.role)
        yield Given(turn, hand, tuple(able[hand]))


def _rank(
    able: Mapping[Hand, Sequence[Slot]], asked: set[str], board: Board, keeps: frozenset[int]
) -> Callable[[Hand], tuple[object, ...]]:
    """The best first: no stand-in before a holder, whoever had it before, can do most, is of another role than those
    who were asked, and has had least; of equals the first as the playbook lists their roles.
    """

    def rank(hand: Hand) -> tuple[object, ...]:
        least = board.seconds.get(hand.person, 0)
        return hand.backup, hand.person not in keeps, -len(able[hand]), hand.role in asked, least

    return rank


def _able(hand: Hand, free: Mapping[Slot, int], wanted: Wanted, crew: Crew, board: Board) -> list[Slot]:
    """The slots with a free place that somebody can do."""
    if not wanted.counts(hand.person):
        return []
    mine = board.held.get(hand.person, ())
    return [slot for slot, places in free.items() if places > 0 and _can(slot, hand, wanted, crew, mine)]


def _can(slot: Slot, hand: Hand, wanted: Wanted, crew: Crew, mine: Sequence[Held]) -> bool:
    duty = wanted.duty(slot, hand.person)
    here = (one for one in mine if one.occasion == duty.occasion)
    if any(one.from_at < slot.until_at and slot.from_at < one.until_at for one in here):
        return False
    if crew.away(hand.person, slot.from_at, slot.until_at) is not None:
        return False
    return worst(duty, mine)[0] <= Overlap.ON_CALL_TOO
