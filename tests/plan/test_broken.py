"""The checker against a corpus written from the format's description alone: broken, hostile and sound files."""

import re
import time
from pathlib import Path

import pytest

from app.plan import Problem, check
from tests.plan.corpus import BROKEN, PAIRS, VALID, Place, expected, family
from tests.plan.hostile import Hostile, corpus

# The levels of the format's description, section 5.
ERRORS = """
    F1 F2 F3 F4 F5 F6 F7 F8 F10 F11 F12 F13 F14 F15 I1 I2 I3 D1 D2 D3 D4 D5 D6 D7 D9 D10 D11 D12 D13 D15 D21
    T1 T3 T4 T5 T6 T7 T8 T9 W1 W3 C1 C2 C3 C4 A1 A2 A3 A4 A5 G2 G3 R1 R4 S1 S2 S5 X1 X2 M1 M3 M4 M5 M6 M7
    V1 V2 V5 P1 P2
"""
WARNINGS = "F9 D14 D16 D17 D18 D19 D20 D22 T2 W4 W6 G4 R2 R3 R5 R6 R7 R8 S3 M8 V3"
NOTES = "W5 M2"
LEVELS = {
    rule: level
    for level, rules in (("error", ERRORS), ("warning", WARNINGS), ("note", NOTES))
    for rule in rules.split()
}
HOSTILE = corpus()
PLAYBOOKS = Path(__file__).resolve().parents[2] / "playbooks"
MOST = 20
"""As many times as long as an honest large playbook a hostile file may take."""


def name(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("path", BROKEN, ids=name)
def test_a_broken_file_is_told_exactly_what_is_wrong_and_where(path: Path) -> None:
    data = path.read_bytes()
    found = {Place(p.line, p.column, family(p.id)) for p in check(data, path.name).problems}
    assert found == expected(data.decode())


@pytest.mark.parametrize("path", BROKEN, ids=name)
def test_a_problem_has_the_level_of_its_rule_and_a_message_to_read(path: Path) -> None:
    for problem in check(path.read_bytes(), path.name).problems:
        assert problem.level == LEVELS[problem.id]
        assert len(problem.message) >= 10
        assert "\n" not in problem.message
        assert re.search(r"[\w)\]}`\"'.?!%]$", problem.message), problem.message
        assert not re.search(r"None|<class|Traceback|object at 0x|ScalarNode|\.yaml", problem.message), problem.message


@pytest.mark.parametrize("path", BROKEN, ids=name)
def test_the_verdict_does_not_hang_on_line_ends_or_a_byte_order_mark(path: Path) -> None:
    data = path.read_bytes()
    want = [(p.line, p.column, p.id) for p in check(data).problems]
    assert [(p.line, p.column, p.id) for p in check(data.replace(b"\n", b"\r\n")).problems] == want
    assert [(p.id, p.line) for p in check(b"\xef\xbb\xbf" + data).problems] == [(i, line) for line, _, i in want]


@pytest.mark.parametrize("path", [path for path in BROKEN if path.name.startswith(("T9", "M6"))], ids=name)
def test_a_circle_is_named_from_its_first_entry_round_to_it_again(path: Path) -> None:
    for problem in check(path.read_bytes()).problems:
        ring = re.search(r"[\w-]+( -> [\w-]+)+", problem.message)
        assert ring, problem.message
        first, *between, last = ring[0].split(" -> ")
        assert first == last
        assert len({first, *between}) == len(between) + 1


def test_every_rule_has_a_file() -> None:
    covered = {re.match(r"[A-Z]\d+", path.name)[0] for path in [*BROKEN, *PAIRS]}  # type: ignore[index]
    assert covered == set(LEVELS)


@pytest.mark.parametrize("path", BROKEN, ids=name)
def test_a_file_expects_the_rule_it_is_named_after(path: Path) -> None:
    assert family(path.name.split("-")[0]) in {place.id for place in expected(path.read_text("utf-8"))}


@pytest.mark.parametrize("path", [*VALID, *PAIRS], ids=name)
def test_a_sound_file_is_told_nothing(path: Path) -> None:
    assert [str(p) for p in check(path.read_bytes(), path.name).problems] == []


def judged(data: bytes) -> tuple[float, tuple[Problem, ...]]:
    """Processor seconds and what was found."""
    begun = time.process_time()
    problems = check(data, "hostile.yaml").problems
    return time.process_time() - begun, problems


@pytest.fixture(scope="module")
def yardstick() -> float:
    """Processor seconds that an honest large playbook takes on this machine."""
    data = (PLAYBOOKS / "ray-medical.yaml").read_bytes()
    return min(judged(data)[0] for _ in range(3))


@pytest.mark.parametrize("file", HOSTILE, ids=[file.name for file in HOSTILE])
def test_a_hostile_file_costs_no_more_than_a_few_honest_ones(file: Hostile, yardstick: float) -> None:
    data = file.make()
    seconds, problems = judged(data)
    if seconds >= MOST * yardstick:  # a neighbour on the same core; a file that is slow is slow again
        seconds, problems = judged(data)
    assert seconds < MOST * yardstick
    errors = {p.id for p in problems if p.level == "error"}
    assert bool(errors) == (file.verdict == "refused"), errors
    assert not file.ids or errors & file.ids, errors
    assert len(problems) <= 50
    assert all(len(p.message) < 1_000 for p in problems)
