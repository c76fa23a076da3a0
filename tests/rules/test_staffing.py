from datetime import date, timedelta

import pytest

from app.plan import load
from app.rules.people.staffing import Held, double_rungs, slots, unfilled
from app.rules.rollouts.needs import Candidate, needs
from app.rules.tasks.filtering import in_state
from app.rules.tasks.progress import State
from tests.cast import PLAYBOOK

LADDER = """\
issues:
  types: {defect: Defect}
  default: normal
  ladder: [{to: champion, at: opened}, {to: [ops-manager, it-lead], at: 50 %}, {to: director, at: 75 %}]
  severities: {normal: {title: Normal, targets: [{resolve: 24h, clock: elapsed}]}}
"""
BOOK = load((PLAYBOOK.partition("issues:\n")[0] + LADDER).encode())
PLACES = {"alder": "Alder", "birch": "Birch"}
TODAY = date(2027, 1, 5)


def test_a_network_role_is_asked_once_and_a_local_one_at_every_location() -> None:
    found = [(slot.role, slot.location) for slot in slots(BOOK, PLACES)]
    assert found.count(("director", "")) == 1
    assert ("champion", "alder") in found
    assert ("champion", "birch") in found
    assert ("champion", "") not in found


def test_somebody_for_the_whole_network_fills_every_location() -> None:
    held = [Held("champion", "", 1, "Chiara"), Held("director", "", 2, "Dana")]
    assert {slot.role for slot in unfilled(slots(BOOK, PLACES), held)} == {"ops-manager", "cto", "it-lead", "sponsor"}


def test_one_person_on_two_rungs_is_found_where_it_is_so() -> None:
    held = [
        Held("champion", "alder", 1, "Chiara"),
        Held("ops-manager", "", 1, "Chiara"),
        Held("champion", "birch", 2, "B"),
    ]
    found = double_rungs(BOOK, held, PLACES)
    assert [(one.name, one.first, one.second, one.where) for one in found] == [
        ("Chiara", "Site champion", "Operations manager", "Alder")
    ]


def test_two_roles_on_one_rung_are_no_climb() -> None:
    held = [Held("ops-manager", "", 1, "Omar"), Held("it-lead", "", 1, "Omar")]
    assert double_rungs(load(PLAYBOOK.encode()), held, PLACES) == []


def need(state: State, **more: object) -> Candidate:
    given = {"id": 1, "critical": False, "mine": False, "vetoes": False, "due": TODAY, "today": TODAY, **more}
    return Candidate(state=state, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("candidate", "pressing"),
    [
        (need(State.LATE), False),
        (need(State.LATE, critical=True), True),
        (need(State.BLOCKED, vetoes=True), True),
        (need(State.LATE, mine=True), True),
        (need(State.TRACK), False),
        (need(State.TRACK, mine=True), True),
        (need(State.TRACK, mine=True, due=TODAY + timedelta(days=3)), False),
        (need(State.TODO, mine=True, due=None), False),
        (need(State.WAITING, mine=True), False),
        (need(State.DONE, mine=True, critical=True), False),
    ],
)
def test_what_needs_a_director(candidate: Candidate, pressing: bool) -> None:
    assert bool(needs([candidate])) == pressing


def test_what_vetoes_comes_first_and_then_what_is_due_first() -> None:
    early = need(State.LATE, id=1, critical=True, due=TODAY - timedelta(days=9))
    veto = need(State.LATE, id=2, vetoes=True)
    later = need(State.LATE, id=3, critical=True)
    assert [one.id for one in needs([later, early, veto])] == [2, 1, 3]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("", set(State)),
        ("all", set(State)),
        ("open", set(State) - {State.DONE}),
        ("trouble", {State.RISK, State.LATE, State.BLOCKED}),
        ("wait", {State.WAITING}),
        ("nonsense", set()),
    ],
)
def test_the_plans_filter_of_states(wanted: str, found: set[State]) -> None:
    assert {state for state in State if in_state(state, wanted)} == found
