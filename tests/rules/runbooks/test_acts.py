"""What a step waits for before it may begin or end."""

from __future__ import annotations

import pytest

from app.rules.runbooks.acts import before_finish, before_start, steps_before
from app.rules.runbooks.ledger import Told
from app.rules.runbooks.steps import RunStep
from tests.rules.runbooks.night import at, numbered, step

DONE = Told(started=at(0), finished=at(10))


def asked(*steps: RunStep, minute: float, **stands: Told) -> tuple[str, ...]:
    """What the last step waits for before it may begin."""
    known = {one.id: one for one in numbered(*steps)}
    told = {id_: stands.get(id_, Told()) for id_ in known}
    return before_start(known[steps[-1].id], told, known, at(minute))


def test_a_step_waits_until_the_one_before_is_done_and_its_wait_is_over() -> None:
    earlier, later = step("copy", 10, wait=30), step("count", 5, after="copy")
    assert asked(earlier, later, minute=5) == ("“Copy” to be done",)
    assert asked(earlier, later, minute=39, copy=DONE) == ("the time after “Copy”",)
    assert asked(earlier, later, minute=40, copy=DONE) == ()


def test_whoever_waits_for_a_beginning_does_not_wait_for_what_follows_the_end() -> None:
    earlier, later = step("copy", 10, wait=30), step("count", 5, after="start of copy + 5")
    assert asked(earlier, later, minute=4, copy=Told(started=at(0))) == ("the time after “Copy”",)
    assert asked(earlier, later, minute=5, copy=Told(started=at(0))) == ()


@pytest.mark.parametrize("stands", [{}, {"copy": Told(skipped=at(1))}])
def test_nobody_waits_for_a_step_that_is_not_here_or_was_left_out(stands: dict[str, Told]) -> None:
    later = step("count", 5, after="copy", done_after="copy")
    known = {"count": later, **({"copy": step("copy", 10, wait=30)} if stands else {})}
    assert before_start(later, stands, known, at(2)) == before_finish(later, stands, known) == ()


def test_a_step_that_waits_for_time_alone_is_free_of_other_steps() -> None:
    earlier, later = step("copy", 10, wait=30), step("count", 5, after="copy", at=600)
    known = {"copy": earlier, "count": later}
    assert before_start(later, {"copy": DONE}, known, at(11)) == ("the time after “Copy”", "its hour")
    assert steps_before(later, {"copy": DONE}, known) == ()
    assert steps_before(later, {"copy": Told()}, known) == ("“Copy” to be done",)


def test_what_must_have_begun_before_an_end() -> None:
    earlier, later = step("watch", 10), step("count", 5, done_after="start of watch")
    known = {"watch": earlier, "count": later}
    assert before_finish(later, {"watch": Told()}, known) == ("“Watch” to begin",)
    assert before_finish(later, {"watch": Told(started=at(0))}, known) == ()
