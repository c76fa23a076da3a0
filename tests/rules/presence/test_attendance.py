"""Who is there: leaves, their covers, gaps, percentages, and duties that the dates have left behind."""

from __future__ import annotations

from datetime import date

from app.rules.people.responsibility import Away, Member
from app.rules.presence.attendance import Covered, attendance, covered, gaps, outside
from app.rules.presence.crew import Crew, Hand
from tests.rules.presence.covers import A, B, R, at, away, cover, held, member

WEEK = list(cover().slots())


def crew(*leaves: Away, members: tuple[Member, ...] = ()) -> Crew:
    return Crew(R, members, leaves)


def share(*people: int, leaves: tuple[Away, ...] = (), wanted: int = 1) -> float | None:
    slots = list(cover(people=wanted).slots())
    duties = [held(person, slot) for person in people for slot in slots]
    return covered(slots, attendance(duties, crew(*leaves))).percent


def test_everybody_there_is_everything_and_nobody_nothing() -> None:
    assert (share(1), share(), share(1, 2)) == (100, 0, 100)
    assert share(1, wanted=2) == 50
    assert covered([], []).percent is None


def test_whoever_is_on_leave_is_absent() -> None:
    assert share(1, leaves=(away(1, 9, 10),)) == 60
    assert share(1, leaves=(away(1, 1, 27),)) == 0


def test_the_named_cover_is_there_unless_absent_too() -> None:
    assert share(1, leaves=(away(1, 9, 10, cover=2),)) == 100
    assert share(1, leaves=(away(1, 9, 10, cover=2), away(2, 10, 11))) == 80
    assert share(1, 2, leaves=(away(1, 9, 10, cover=2),), wanted=2) == 80  # one person is one


def test_a_hundred_percent_is_said_of_the_whole_only() -> None:
    assert Covered(1000, 999).shown == 99
    assert Covered(1000, 1000).shown == 100
    assert Covered(0, 0).shown is None


def test_only_who_counts_counts() -> None:
    there = attendance([held(1, slot) for slot in WEEK], crew())
    assert covered(WEEK, there, lambda person: person == 2).percent == 0


def test_a_gap_names_the_missing_and_who_is_on_leave() -> None:
    duties = [held(1, slot) for slot in WEEK[1:]]
    people = crew(away(1, 11, 11))
    first, second = gaps(WEEK, duties, attendance(duties, people), people)
    assert (first.slot.day.day, first.missing, first.absent) == (8, 1, ())
    assert (second.slot.day.day, [one.person for one in second.absent]) == (11, [1])


def test_a_gap_is_only_the_part_that_is_not_filled() -> None:
    (slot,) = cover(date(2027, 2, 9), date(2027, 2, 9), "all day").slots()
    duties = [held(1, slot)]
    early = Away(9, 1, "P1", slot.day, slot.day, at(9, 20), at(10, 20))
    (gap,) = gaps([slot], duties, attendance(duties, crew(early)), crew(early))
    assert (gap.from_at, gap.until_at) == (at(9, 20), at(10))


def test_duties_that_the_dates_left_behind_are_outside() -> None:
    later = cover(date(2027, 2, 10), date(2027, 2, 16))
    duties = [held(1, slot) for slot in WEEK]
    assert [one.from_at for one in outside(duties, {1: list(later.slots())})] == [at(8, 7), at(9, 7)]
    assert outside(duties, {}) == duties


def test_the_nearest_holders_then_those_who_back_them_up() -> None:
    boss = member(4, "boss", steps_in="helper:member:location")
    people = crew(members=(member(1), member(2, location=A), member(3, location=B), boss, member(5, "other")))
    assert people.hands(["helper"], A) == [Hand(2, "P2", "helper"), Hand(4, "P4", "helper", True)]
    assert [one.person for one in people.hands(["helper"], 13)] == [1, 4]
    assert [one.person for one in people.hands(["helper"], None)] == [1, 2, 3, 4]
    assert [one.person for one in people.others(A, {1, 2, 4})] == [5]
