"""What a criterion counts of issues: told exactly where it is wrong, and known wherever a playbook is read."""

from __future__ import annotations

import pytest

from app.plan import check, load
from app.plan.draft.completions import completions
from app.plan.format.gates import DAILY, OPEN, UNOWNED
from app.plan.language.durations import Duration
from app.plan.versions import changes
from tests.plan.corpus import HERE

SOUND = (HERE / "valid" / "gates.yaml").read_text("utf-8")
HELD = "      held: {title: Each has an owner, issues: [severe, normal], counts: unowned, critical: true}"
LINE = SOUND.split("\n").index(HELD) + 1


def told(row: str) -> list[tuple[int, str, str]]:
    """What is said of the file with this row in place of a sound one."""
    found = check(SOUND.replace(HELD, f"      held: {{title: Held, {row}}}").encode()).problems
    return [(one.line, one.id, one.message) for one in found]


def test_what_is_counted_is_read_from_the_file() -> None:
    criteria = load(SOUND.encode()).gates["stay"].criteria
    assert (criteria["calm"].counts, criteria["calm"].over) == (DAILY, Duration(5, "d"))
    assert [test.counts for test in criteria["either"].any] == [DAILY, UNOWNED]
    assert (criteria["left"].counts, criteria["agrees"].counts) == (OPEN, OPEN)


@pytest.mark.parametrize(
    ("row", "rule", "message"),
    [
        ("tasks: [wiring], counts: unowned", "G2", "`counts` says what is counted of issues, not of tasks"),
        ("issues: [normal], over: 5d", "G2", "`over` belongs to `counts: opened a day`"),
        ("issues: [normal], counts: unowned, over: 5d", "G2", "`over` belongs to `counts: opened a day`"),
        ("training: [desk-day], over: 5d", "G2", "`over` belongs to `counts: opened a day`"),
        (
            "issues: [normal], counts: opened a day, over: 5d", "F13",
            "`held` needs `pass`: at most how many a day, and for how many days?",
        ),
        (
            "issues: [normal], counts: opened a day, pass: at most 2", "F13",
            "`held` needs `over`: at most how many a day, and for how many days?",
        ),
        (
            "issues: [normal], counts: opened a day", "F13",
            "`held` needs `over` and `pass`: at most how many a day, and for how many days?",
        ),
        (
            "issues: [normal], counts: opened a day, over: 5wd, pass: is 0", "D2",
            "`5wd`: a number of days, as 5d, at most 366d",
        ),
        (
            "issues: [normal], counts: unwoned", "F14",
            "`unwoned` is not one of open, unowned, opened a day; did you mean `unowned`?",
        ),
    ],
)  # fmt: skip
def test_a_fault_says_where_it_is_and_what_would_be_right(row: str, rule: str, message: str) -> None:
    assert told(row) == [(LINE, rule, message)]


def test_the_words_and_the_days_are_offered_where_they_belong() -> None:
    row = "      held: {title: Held, issues: [normal], "
    offers = [offer.text for offer in completions(SOUND.replace(HELD, row), LINE, len(row) + 1).offers]
    assert {"counts", "over"} <= set(offers)
    written = SOUND.replace(HELD, f"{row}counts: ")
    found = completions(written, LINE, len(row) + len("counts: ") + 1)
    assert [offer.text for offer in found.offers] == ["open", "unowned", "opened a day"]


def test_another_number_of_days_is_another_demand() -> None:
    newer = SOUND.replace("over: 5d", "over: 7d")
    (change,) = changes(load(SOUND.encode()), load(newer.encode()))
    assert (change.kind, change.section, change.entry, change.key) == ("demand", "gates", "stay", "criteria")
    assert "counts opened a day over 5d" in change.old
    assert "counts opened a day over 7d" in change.new
