"""The changes that a lesson usually asks for: made in the text, they say what they should and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from app.folders import folder
from app.plan import load
from app.plan.draft.guided import (
    AddPoint,
    AddTask,
    Change,
    ChangeTask,
    SetLine,
    SetMinutes,
    Unfit,
    applied,
    kept,
    new_id,
    said,
    stored,
)
from app.plan.draft.merging import merged
from app.plan.lines import line_changes
from app.plan.terms import ID_LIMIT
from app.plan.versions import changes

TEXT = (folder("playbooks") / "ray-medical.yaml").read_text(encoding="utf-8")
BOOK = load(TEXT.encode())
RECORD = next(iter(BOOK.reconciliation))
LINE = next(iter(BOOK.reconciliation[RECORD].lines))
EVERY: list[tuple[Change, str, int]] = [
    (AddTask(title="Count the labels: twice", group="readiness", waves=("second", "third")),
     "added: tasks count-the-labels-twice (Count the labels: twice)", 0),
    (AddTask(title="Ask the fire brigade", owner="director", due="week 9 fri", how="By phone.\nThen by letter."),
     "added: tasks ask-the-fire-brigade (Ask the fire brigade)", 0),
    (ChangeTask(entry="network-speed", how="At noon."), "wording: tasks network-speed: how: nothing -> At noon.", 0),
    (ChangeTask(entry="exit-plan", due="week 2 wed"),
     "date: tasks exit-plan: due: week 1 .. week 2 thu -> week 2 wed", 0),
    (ChangeTask(entry="exit-plan", title="Plan the way out"),
     "wording: tasks exit-plan: title: Plan the exit from the legacy system -> Plan the way out", 1),
    (ChangeTask(entry="network-speed", line="At noon"),
     "demand: tasks network-speed: checklist: nothing -> at-noon: At noon", 0),
    (AddPoint(entry="train-desk", line="A lost order"),
     "demand: training train-desk: checklist: bookings: Sample bookings answer type number passes at least 20 -> "
     "bookings: Sample bookings answer type number passes at least 20, a-lost-order: A lost order", 1),
    (SetMinutes(entry="cutover-run", step="load-priors", minutes=90),
     "date: runbooks.cutover-run.steps load-priors: takes: 1h -> 1h30m", 1),
    (SetMinutes(entry="cutover-run", step="full-backup", minutes=75),
     "date: runbooks.cutover-run.steps full-backup: takes: 1h30m -> 1h15m", 1),
    (SetMinutes(entry="cutover-run", step="say-back", minutes=10),
     "date: runbooks.cutover-run.steps say-back: takes: 5m -> 10m", 1),
]  # fmt: skip


@pytest.mark.parametrize(("change", "says", "gone"), EVERY, ids=lambda one: getattr(one, "entry", None))
def test_a_change_says_one_thing(change: Change, says: str, gone: int) -> None:
    new = applied(TEXT, BOOK, change)
    assert [str(one) for one in changes(BOOK, load(new.encode()))] == [says]
    rows = [kind for hunk in line_changes(TEXT, new) for kind, _ in hunk.rows]
    assert rows.count("del") == gone
    assert stored(kept(change)) == change


def test_a_task_is_only_where_its_waves_are() -> None:
    new = load(applied(TEXT, BOOK, AddTask(title="Count", group="readiness", waves=("third", "second"))).encode())
    assert "where: {wave: [second, third]}" in applied(TEXT, BOOK, EVERY[0][0])
    assert new.entries["count"].parent == "readiness"  # type: ignore[attr-defined]
    everywhere = AddTask(title="Count", group="readiness", waves=tuple(BOOK.waves))
    assert "      count: Count\n" in applied(TEXT, BOOK, everywhere)


def test_minutes_stand_as_the_house_writes_them() -> None:
    new = applied(TEXT, BOOK, SetMinutes(entry="cutover-run", step="full-backup", minutes=75))
    assert "            takes: 75m\n            owner: local-it\n" in new
    short = TEXT.replace("{title: Patients, takes: 60m, answer: number records}", "Patients", 1)
    bare = applied(short, load(short.encode()), SetMinutes(entry="cutover-run", step="load-patients", minutes=5))
    assert "load-patients: {title: Patients, takes: 5m}\n" in bare


def test_a_line_of_counts_is_added_and_changed() -> None:
    new = applied(TEXT, BOOK, SetLine(entry=RECORD, title="Cards", left="Old", right="New", tolerance="0"))
    line = load(new.encode()).reconciliation[RECORD].lines["cards"]
    assert (line.compare, line.tolerance.text) == (("Old", "New"), "0")
    assert "cards: {title: Cards, compare: [Old, New], tolerance: 0}" in new
    wider = load(applied(TEXT, BOOK, SetLine(entry=RECORD, line=LINE, tolerance="1 %")).encode())
    assert wider.reconciliation[RECORD].lines[LINE].tolerance.text == "1 %"


def test_a_topic_joins_the_others() -> None:
    new = load(applied(TEXT, BOOK, AddPoint(entry="train-desk", topic="Ask, then book")).encode())
    old = next(one for one in BOOK.sessions if one.id == "train-desk")
    assert next(one for one in new.sessions if one.id == "train-desk").topics == (*old.topics, "Ask, then book")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (AddTask(title=""), "title"),
        (AddTask(title="x", group="nowhere"), "group"),
        (ChangeTask(entry="nothing", how="x"), "entry"),
        (ChangeTask(entry="exit-plan"), "title"),
        (AddPoint(entry="train-desk"), "topic"),
        (AddPoint(entry="nothing", topic="x"), "entry"),
        (SetLine(entry="nothing", title="x"), "entry"),
        (SetLine(entry=RECORD, title="x"), "left"),
        (SetLine(entry=RECORD, title="x", left="y"), "right"),
        (SetLine(entry=RECORD, line=LINE), "title"),
        (SetMinutes(entry="nothing", step="say-back", minutes=5), "entry"),
        (SetMinutes(entry="cutover-run", step="nothing", minutes=5), "step"),
    ],
)
def test_what_does_not_fit_names_its_field(change: Change, field: str) -> None:
    with pytest.raises(Unfit) as fault:
        applied(TEXT, BOOK, change)
    assert fault.value.field == field


def test_words_for_a_change() -> None:
    assert said(BOOK, EVERY[3][0]) == "Change of the task: Plan the exit from the legacy system"
    assert said(BOOK, SetLine(entry=RECORD, title="Cards")) == "New daily count: Cards"
    with pytest.raises(Unfit):
        said(BOOK, AddPoint(entry="nothing"))


@pytest.mark.parametrize(
    ("title", "taken", "found"),
    [
        ("Count the labels", set(), "count-the-labels"),
        ("Count the labels", {"count-the-labels", "count-the-labels-2"}, "count-the-labels-3"),
        ("2 keys & 3 locks", set(), "keys-3-locks"),
        ("Zählen", set(), "z-hlen"),
        ("日本", set(), "added"),
        ("x" * 200, set(), "x" * (ID_LIMIT - 4)),
    ],
)
def test_an_id_is_made_from_a_title(title: str, taken: set[str], found: str) -> None:
    assert new_id(title, taken) == found


@pytest.mark.parametrize(
    ("mine", "theirs", "both"),
    [
        ("a B c d e", "a b c D e", "a B c D e"),
        ("a B c d e", "a B c d e", "a B c d e"),
        ("a B c d e", "a X c d e", None),
        ("a B c d e", "a b C d e", None),
        ("a b c d e f", "z a b c d e", "z a b c d e f"),
        ("a b c d e f", "a b c d e g", None),
        ("b c d e", "a b c d", "b c d"),
    ],
)
def test_two_changes_are_one_where_they_do_not_touch(mine: str, theirs: str, both: str | None) -> None:
    given: list[Any] = [text.replace(" ", "\n") for text in ("a b c d e", mine, theirs)]
    assert merged(*given) == (both.replace(" ", "\n") if both else None)
