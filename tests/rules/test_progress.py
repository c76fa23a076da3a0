from datetime import UTC, date, datetime, timedelta

import pytest

from app.rules.tasks.progress import Health, State, TaskFacts, state, tally

NOW = datetime(2026, 11, 18, 16, 24, tzinfo=UTC)
TODAY = date(2026, 11, 18)
PAST = NOW - timedelta(seconds=1)
AHEAD = NOW + timedelta(days=3)


def where(**facts: object) -> State:
    given = {"begins": TODAY + timedelta(days=1), "late_at": AHEAD, **facts}
    return state(TaskFacts(**given), today=TODAY, now=NOW)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, State.TODO),
        ({"begins": None, "late_at": None}, State.TODO),
        ({"begins": TODAY}, State.TRACK),
        ({"begun": True}, State.TRACK),
        ({"late_at": PAST}, State.LATE),
        ({"late_at": NOW}, State.LATE),
        ({"late_at": PAST, "blocked": True}, State.BLOCKED),
        ({"late_at": PAST, "completed": True}, State.DONE),
        ({"blocked": True, "completed": True}, State.DONE),
        ({"completed": True, "awaits": True}, State.WAITING),
        ({"completed": True, "failed": True}, State.RISK),
        ({"failed": True}, State.RISK),
        ({"late_at": PAST, "skipped": True}, State.DONE),
        ({"before": (State.DONE, State.DONE)}, State.TODO),
        ({"before": (State.DONE, State.TRACK)}, State.WAITING),
        ({"before": (State.WAITING,)}, State.WAITING),
        ({"before": (State.TRACK, State.LATE)}, State.RISK),
        ({"before": (State.BLOCKED,), "begun": True}, State.RISK),
        ({"before": (State.LATE,), "late_at": PAST}, State.LATE),
    ],
)
def test_the_gravest_truth_is_the_state(facts: dict[str, object], expected: State) -> None:
    assert where(**facts) is expected


def test_undated_work_is_never_late() -> None:
    assert where(late_at=None, begins=None, begun=True) is State.TRACK


def many(**counts: int) -> list[State]:
    return [State[name.upper()] for name, n in counts.items() for _ in range(n)]


@pytest.mark.parametrize(
    ("states", "expected", "said"),
    [
        (many(), State.TODO, "nothing yet"),
        (many(todo=3), State.TODO, "0 of 3"),
        (many(done=3), State.DONE, "3 of 3"),
        (many(done=2, track=1), State.TRACK, "2 of 3"),
        (many(done=2, todo=1), State.TRACK, "2 of 3"),
        (many(done=2, waiting=1), State.WAITING, "2 of 3"),
        (many(done=2, waiting=1, todo=1), State.TRACK, "2 of 4"),
        (many(done=2, risk=1, todo=1), State.RISK, "2 of 4"),
        (many(done=2, late=1, risk=1), State.LATE, "2 of 4, 1 late"),
        (many(done=2, late=1, blocked=2), State.BLOCKED, "2 of 5, 2 blocked"),
    ],
)
def test_a_cell_has_the_colour_of_its_gravest_task(states: list[State], expected: State, said: str) -> None:
    cell = tally(states)
    assert (cell.state, cell.said) == (expected, said)


@pytest.mark.parametrize(
    ("late", "due", "expected"),
    [(1, 20, State.TRACK), (2, 20, State.RISK), (5, 20, State.LATE), (1, 1, State.LATE)],
)
def test_with_health_the_late_share_of_due_work_gives_the_colour(late: int, due: int, expected: State) -> None:
    states = many(late=late, done=max(due - late, 0), track=5)
    assert tally(states, Health(amber=10, red=25), due=due).state is expected


def test_a_blocked_task_is_blocked_whatever_the_share() -> None:
    assert tally(many(blocked=1, done=99), Health(10, 25), due=100).state is State.BLOCKED
