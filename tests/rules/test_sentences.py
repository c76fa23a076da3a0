from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from app.rules.rollouts.criteria import Behind, of_tasks
from app.rules.rollouts.readiness import Measure, Roll, Stand, call
from app.rules.rollouts.sentences import Standing, board_sentence, readiness_sentence, why_words
from app.rules.tasks.progress import State

TODAY = date(2026, 11, 18)
NOW = datetime(2026, 11, 18, 16, 24, tzinfo=UTC)


def roll(*states: State, critical: bool = False) -> Roll:
    measures = [
        Measure(str(n), f"Criterion {n}", critical, of_tasks(Behind({state: 1}))) for n, state in enumerate(states)
    ]
    return call("go", "Go or no-go", TODAY + timedelta(days=2), measures, today=TODAY)


def centre(name: str, days: int | None, stand: Stand, called: Roll | None = None) -> Standing:
    return Standing(name, None if days is None else NOW + timedelta(days=days), TODAY, stand, called)


def text(parts: list) -> str:  # type: ignore[type-arg]
    return "".join(f"[{part.text}]" if part.status else part.text for part in parts)


def test_the_next_opening_is_named_with_what_stands_in_the_way() -> None:
    two = roll(State.LATE, State.BLOCKED, State.DONE, critical=True)
    said = board_sentence([centre("Kestrel Ridge", 3, Stand.NOT_READY, two), centre("Lark Hollow", 31, Stand.TRACK)])
    assert text(said) == (
        "Kestrel Ridge opens on the new system in 3 days and is [not ready]. Two criteria stand in the way."
    )


def test_of_several_that_open_together_the_gravest_is_named() -> None:
    said = board_sentence(
        [
            centre("Alder", 1, Stand.READY, roll(State.DONE)),
            centre("Birch", 1, Stand.RISK, roll(State.RISK, State.DONE)),
        ]
    )
    assert text(said) == (
        "Two centres open on the new system tomorrow; Birch is [at risk]. One of two criteria is still open."
    )


def test_a_ready_centre_has_nothing_in_the_way() -> None:
    assert text(board_sentence([centre("Alder", 0, Stand.READY, roll(State.DONE))])) == (
        "Alder opens on the new system today and is [ready]. Nothing stands in the way."
    )


def test_nobody_all_live_and_nobody_dated() -> None:
    assert text(board_sentence([])) == "No centre belongs to this rollout yet."
    live = [centre("Alder", -3, Stand.LIVE), centre("Birch", -3, Stand.LIVE)]
    assert text(board_sentence(live)) == "All two centres are [live]."
    assert text(board_sentence(live[:1])) == "The one centre is [live]."
    assert text(board_sentence([centre("Alder", None, Stand.TODO)])) == "The one centre has no date to open yet."


def test_the_executive_hears_who_is_live_first() -> None:
    said = readiness_sentence([centre("Alder", -3, Stand.LIVE), centre("Birch", 3, Stand.TRACK, roll(State.TRACK))])
    assert text(said) == (
        "One of two centres is [live]. Birch opens on the new system in 3 days and is [on track]."
        " Its one criterion is still open."
    )


def test_how_many_of_those_that_are_live_were_handed_over() -> None:
    live = [centre("Alder", -30, Stand.LIVE), centre("Birch", -30, Stand.LIVE)]
    handed = [replace(one, handed=True) for one in live]
    assert text(board_sentence([handed[0], live[1]])) == "All two centres are [live]; one is handed over."
    assert text(board_sentence(handed)) == "All two centres are [live] and handed over."
    assert text(board_sentence(handed[:1])) == "The one centre is [live] and handed over."
    ahead = centre("Cedar", 3, Stand.TODO)
    said = text(readiness_sentence([handed[0], live[1], ahead]))
    assert said.startswith("Two of three centres are [live]; one is handed over. Cedar opens on the new system in 3 ")
    undated = centre("Cedar", None, Stand.TODO)
    assert text(readiness_sentence([*handed, undated])) == (
        "Two of three centres are [live] and handed over. The others have no date to open yet."
    )


def test_one_line_says_why() -> None:
    veto = roll(State.LATE, State.LATE, State.LATE, critical=True)
    assert why_words(Stand.NOT_READY, veto, ["Sami Rautio"]) == (
        "Criterion 0, 0 of 1 (Sami Rautio); Criterion 1, 0 of 1; and 1 more."
    )
    assert why_words(Stand.READY, roll(State.DONE)) == "Every criterion of Go or no-go is met."
    assert why_words(Stand.TRACK, roll(State.DONE, State.TRACK)) == (
        "Go or no-go: 1 of 2 criteria met, none in trouble."
    )
    assert why_words(Stand.TRACK, None) == "Nothing is asked of it by a gate yet."
