"""Where a lesson is, and who may read, judge and carry it."""

from __future__ import annotations

import pytest

from app.rules.lessons.filtering import LessonFilter, query_of
from app.rules.lessons.standing import State, may_capture, may_judge, may_propose, reads, sees, state_of
from app.rules.people.access import Grant, Viewer

ROLLOUT, ALDER, BIRCH = 1, 10, 11


def viewer(access: str, location: int | None = None, role: str = "champion") -> Viewer:
    return Viewer(1, "Chiara", (Grant(role, access, ROLLOUT, location),))


DIRECTOR, MANAGER, HUB = viewer("director"), viewer("manager"), viewer("member")
CHAMPION, LOCAL_MANAGER = viewer("member", ALDER), viewer("manager", ALDER)
EXECUTIVE, NOBODY = viewer("executive"), Viewer(2, "Noor")


@pytest.mark.parametrize(
    ("outcome", "proposal", "state"),
    [
        ("", "", State.WAITING),
        ("noted", "", State.NOTED),
        ("dismissed", "", State.DISMISSED),
        ("proposed", "", State.PROPOSED),
        ("proposed", "accepted", State.ACCEPTED),
        ("proposed", "rejected", State.REJECTED),
        ("noted", "rejected", State.NOTED),
    ],
)
def test_the_state_follows_from_the_outcome_and_its_proposal(outcome: str, proposal: str, state: State) -> None:
    assert state_of(outcome, proposal) is state


@pytest.mark.parametrize(
    ("who", "alder", "birch", "network"),
    [
        (DIRECTOR, True, True, True),
        (HUB, True, True, True),
        (CHAMPION, True, False, True),
        (EXECUTIVE, False, False, False),
        (NOBODY, False, False, False),
        (DIRECTOR.reading(), False, False, False),
    ],
)
def test_whoever_works_at_a_place_says_what_was_learnt_there(
    who: Viewer, alder: bool, birch: bool, network: bool
) -> None:
    assert [may_capture(who, ROLLOUT, place) for place in (ALDER, BIRCH, None)] == [alder, birch, network]


@pytest.mark.parametrize(
    ("who", "judges", "proposes"),
    [(DIRECTOR, True, True), (MANAGER, True, False), (LOCAL_MANAGER, False, False), (HUB, False, False),
     (CHAMPION, False, False), (EXECUTIVE, False, False), (DIRECTOR.reading(), False, False)],
)  # fmt: skip
def test_directors_and_managers_of_the_whole_judge_and_only_directors_propose(
    who: Viewer, judges: bool, proposes: bool
) -> None:
    assert (may_judge(who, ROLLOUT), may_propose(who, ROLLOUT)) == (judges, proposes)


@pytest.mark.parametrize(
    ("who", "place", "told", "seen", "read"),
    [
        (CHAMPION, ALDER, False, True, True),
        (CHAMPION, BIRCH, False, False, False),
        (CHAMPION, BIRCH, True, True, True),
        (CHAMPION, None, False, True, True),
        (EXECUTIVE, ALDER, False, True, False),
        (EXECUTIVE, ALDER, True, True, False),
        (HUB, BIRCH, False, True, True),
        (NOBODY, ALDER, True, False, False),
        (DIRECTOR.reading(), None, False, True, True),
    ],
)
def test_a_lesson_of_elsewhere_is_known_once_it_is_passed_on(
    who: Viewer, place: int | None, told: bool, seen: bool, read: bool
) -> None:
    assert (sees(who, ROLLOUT, place, told), reads(who, ROLLOUT, place, told)) == (seen, read)


def test_a_filter_stands_in_the_address() -> None:
    assert query_of(LessonFilter()) == ""
    assert query_of(LessonFilter("noted", "alder"), page="2") == "state=noted&location=alder&page=2"
