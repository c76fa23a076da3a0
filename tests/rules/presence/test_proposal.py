"""A proposed rota: fair, without anybody who is away or elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from app.rules.people.responsibility import Away
from app.rules.presence.attendance import Held, attendance, covered
from app.rules.presence.crew import Crew, Hand
from app.rules.presence.doubles import Overlap, doubles
from app.rules.presence.proposal import Given, Wanted, board_of, propose
from app.rules.presence.slots import Slot
from tests.rules.presence.covers import MONDAY, A, B, R, at, away, cover, held

THREE = [Hand(person, f"P{person}", "helper") for person in (1, 2, 3)]


def blank(location: int | None = A, occasion: int = 1, on_call: bool = False) -> Held:
    return Held(0, occasion, f"c{occasion}", location, 0, at(8), at(8), on_call)


def ask(
    slots: Sequence[Slot],
    hands: Sequence[Hand] = THREE,
    *leaves: Away,
    rotates: bool = True,
    duties: Sequence[Held] = (),
    location: int | None = A,
) -> list[Given]:
    crew = Crew(R, (), leaves)
    own = [one for one in duties if one.occasion == 1]
    wanted = Wanted(blank(location), hands, rotates, attendance(own, crew))
    return propose(slots, wanted, crew, board_of(duties, "c1"))


def people(given: Sequence[Given]) -> list[int]:
    return [one.hand.person for one in given]


def weeks(count: int, **asked: object) -> list[Slot]:
    return list(cover(due=MONDAY + timedelta(weeks=count) - timedelta(days=3), **asked).slots())  # type: ignore[arg-type]


def test_turns_go_round() -> None:
    assert people(ask(weeks(5, rotate="1w"))) == [1, 2, 3, 1, 2]


def test_without_turns_whoever_has_it_keeps_it() -> None:
    assert people(ask(weeks(3), rotates=False)) == [1, 1, 1]
    first = weeks(1)
    has_it = [held(3, slot) for slot in first]
    assert people(ask(weeks(3), rotates=False, duties=has_it)) == [3, 3]


def test_whoever_had_more_of_it_comes_later() -> None:
    elsewhere = [held(1, slot, location=B, occasion=1) for slot in cover(date(2027, 1, 4), date(2027, 1, 8)).slots()]
    assert people(ask(weeks(3, rotate="1w"), duties=elsewhere)) == [2, 3, 1]


def test_who_is_away_for_a_day_leaves_that_day_to_another() -> None:
    given = ask(weeks(1), THREE[:2], away(1, 10, 10), rotates=False, duties=[held(1, weeks(1)[0])])
    assert [(one.hand.person, [slot.day.day for slot in one.slots]) for one in given] == [(1, [9, 11, 12]), (2, [10])]


def test_nobody_is_proposed_who_is_elsewhere() -> None:
    busy = [held(1, slot, location=B, occasion=2) for slot in weeks(1)]
    assert people(ask(weeks(1), duties=busy)) == [2]
    on_the_phone = [held(1, slot, location=None, occasion=2) for slot in weeks(1)]
    assert people(ask(weeks(1), duties=on_the_phone)) == [2]
    on_call = [held(1, slot, location=None, occasion=2, on_call=True) for slot in weeks(1)]
    assert people(ask(weeks(1), duties=on_call)) == [1]


def test_what_was_just_proposed_elsewhere_is_known() -> None:
    slots, crew, board = weeks(1), Crew(R, (), ()), board_of((), "c1")
    first = propose(slots, Wanted(blank(A), THREE[:2], True), crew, board)
    second = propose(slots, Wanted(blank(B, 2), THREE[:2], True), crew, board)
    third = propose(slots, Wanted(blank(None, 3), THREE[:2], True), crew, board)
    on_call = propose(slots, Wanted(blank(None, 4, True), THREE[:2], True), crew, board)
    assert [people(one) for one in (first, second, third, on_call)] == [[1], [2], [], [1]]


def test_a_backup_is_asked_only_where_no_holder_can() -> None:
    hands = [Hand(1, "P1", "helper"), Hand(9, "P9", "helper", True)]
    assert people(ask(weeks(2, rotate="1w"), hands)) == [1, 1]
    assert people(ask(weeks(1), hands, away(1, 1, 27))) == [9]
    assert ask(weeks(1), hands, away(1, 1, 27), away(9, 1, 27)) == []


def test_several_at_once_are_of_different_roles() -> None:
    hands = [Hand(1, "P1", "a"), Hand(2, "P2", "a"), Hand(3, "P3", "b")]
    assert people(ask(weeks(1, people=2), hands)) == [1, 3]
    assert people(ask(weeks(1, people=2), hands[:1])) == [1]


def test_any_rota_that_is_proposed_can_be_and_misses_only_what_nobody_can() -> None:
    for seed in range(60):
        chance = Random(seed)
        slots = weeks(3, people=chance.randint(1, 3), rotate=chance.choice(["1w", "2d", "1d"]))
        hands = [Hand(person, f"P{person}", chance.choice("ab")) for person in range(1, chance.randint(2, 6))]
        leaves = [
            away(chance.randint(1, 5), first, first + chance.randint(0, 4)) for first in chance.sample(range(8, 22), 3)
        ]
        others = [held(chance.randint(1, 5), slot, location=B, occasion=2) for slot in slots if chance.random() < 0.3]
        given = ask(slots, hands, *leaves, duties=others)
        crew = Crew(R, (), leaves)
        duties = [held(one.hand.person, slot) for one in given for slot in one.slots]
        assert len({(one.person, one.from_at) for one in duties}) == len(duties)
        there = attendance([*duties, *others], crew)
        assert not [one for one in doubles(there) if one.kind >= Overlap.TWO_DUTIES]
        assert not [one for one in duties if crew.away(one.person, one.from_at, one.until_at)]
        put = Counter(one.from_at for one in duties)
        for slot in slots:
            free = [
                hand for hand in hands
                if crew.away(hand.person, slot.from_at, slot.until_at) is None
                and not any(one.person == hand.person and one.from_at == slot.from_at for one in others)
            ]  # fmt: skip
            assert put[slot.from_at] == min(slot.people, len(free))
        assert covered(slots, attendance(duties, crew)).percent is not None
