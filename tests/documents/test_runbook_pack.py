"""The printed pack: the shipped cutover whole, on both papers, whatever people and steps are called."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.documents.runbook_pack import Asked, Grid, PackStep, RunbookPack, runbook_pack
from app.documents.typesetting import Paper
from app.models import Run
from app.plan import load
from app.queries.people import Holders
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.queries.runs.pack import PackSheet, _after_decision
from app.rules.people.access import Extent
from app.rules.people.responsibility import Member, Staff
from app.rules.runbooks.back_out import back_out
from app.web.runs.packed import sheet
from tests.documents.test_posters_and_lists import HOSTILE, PAPERS, pages
from tests.house.tree import ROOT
from tests.rules.runbooks.test_cutover import cutover

NOW = datetime(2027, 1, 5, 15, tzinfo=UTC)
BOOK = load((ROOT / "playbooks/ray-medical.yaml").read_bytes())
LONG = "Wilhelmina Alexandra van der Meer-Oyelaran-Featherstonehaugh"
SITE = "https://muster.example.org"


def found(*, made: bool = True, name: str = "Ada Lind") -> PackSheet:
    """The cutover of the shipped playbook at Alder, where one person holds every role."""
    plan = cutover(live=True)
    members = tuple(Member(1, name, role, "member", 1, None) for role in BOOK.people)
    place = PlaceFacts(7, "alder", "Alder", "America/Chicago", "pilot", plan.zero, 1, {"modalities": ["CT", "MRI"]})
    rollout = RolloutFacts(1, "ray", "Ray", 1, NOW.date(), "running", 1, BOOK, (place,), books={1: BOOK})
    run = Run(id=12, dated_id=3, rollout_id=1, runbook="cutover-run", playbook_version_id=1, number=1, live=True,
              zero_at=plan.zero, made_by=1, made_at=NOW)  # fmt: skip
    return PackSheet(
        rollout=rollout, place=place, wave="pilot", playbook=BOOK, runbook=BOOK.runbooks["cutover-run"], plan=plan,
        run=run if made else None, dated=3, steps=plan.steps, back=plan.way_back,
        begins={id_: span.begin for id_, span in plan.planned.spans.items()}, after_decision=_after_decision(plan),
        safe=back_out(plan, plan.planned, {}, plan.zero),
        holders=Holders(1, Extent(True, frozenset()), Staff(members, (), NOW), (), members), handed={},
    )  # fmt: skip


def step_of(pack: RunbookPack, title: str) -> PackStep:
    return next(one for one in (*pack.steps, *pack.back) if one.title == title)


@pytest.mark.parametrize("paper", PAPERS)
def test_the_shipped_cutover_is_a_pack_of_its_steps(paper: Paper) -> None:
    facts = sheet(found(), SITE, paper, NOW)
    made, again = runbook_pack(facts), runbook_pack(facts)
    number, same = pages(made), made == again
    assert (made[:5], same) == (b"%PDF-", True)
    assert (len(facts.steps), len(facts.back)) == (47, 6)
    assert 10 <= number <= 15


def test_the_cover_spells_the_last_safe_decision_out() -> None:
    facts = sheet(found(), SITE, "a4", NOW)
    assert facts.facts[0] == ("T", "Mon 8 Feb 2027, 07:00 Central")
    assert facts.facts[2] == ("Window", "Sat 6 Feb 2027, 07:00 Central, until Mon 8 Feb 2027, 19:00 Central")
    assert dict(facts.safe) == {
        "Before anything is done": "Mon 8 Feb 2027, 05:40 Central: back by 06:45, less 50\u00a0min to back out, "
        "less 15\u00a0min margin",
        "With everything done": "Mon 8 Feb 2027, 05:20 Central: back by 06:45, less 1\u00a0h 10 to back out, "
        "less 15\u00a0min margin",
    }
    assert ("Site champion", "Ada Lind") in [(one.role, one.names) for one in facts.roles]


def test_a_step_has_its_times_its_people_its_blanks_and_what_is_special_about_it() -> None:
    facts = sheet(found(), SITE, "a4", NOW)
    lock = step_of(facts, "Old system read-only")
    assert (lock.t, lock.address) == ("T\u221215:40", f"{SITE}/runs/12/steps/old-read-only")
    assert (lock.at, lock.waits) == ("Sun 7 Feb, 15:20", f"after {lock.number - 1}")
    assert step_of(facts, "Notice to patients").waits == "after 10, not before Sun 7 Feb, 14:00"
    assert lock.texts == (("How", "Only after both have signed the counts."),)
    number = step_of(facts, "Old system for look-up only").number
    assert lock.marks == (
        "Critical: it may not be skipped",
        f"Must be taken back within 1\u00a0d 12:00, by step {number}, on the way back by step 2",
    )
    assert step_of(facts, "Servers and storage have room").asked == (Asked("Answer", "% load", "at most 70"),)
    counts = step_of(facts, "Close the day in the old system and count")
    assert counts.grid == Grid(("Count",), ("Arrived", "Completed", "Unread", "Unbilled"))
    assert step_of(facts, "Notice to patients").lines == ("On the phones", "On the web", "On the door")
    assert "Point of no return" in step_of(facts, "First patient on the new system").marks[0]
    assert step_of(facts, "Hourly pulse").begins == 8
    back = step_of(facts, "Old system read-write")
    assert (back.t, back.at, back.marks[-1]) == ("+5\u00a0min", "", f"Takes back step {lock.number}")


def test_before_a_run_is_made_no_code_leads_to_a_step() -> None:
    facts = sheet(found(made=False), SITE, "a4", NOW)
    assert facts.address == f"{SITE}/runbooks/3"
    assert {one.address for one in (*facts.steps, *facts.back)} == {""}
    number = pages(runbook_pack(facts))
    assert number >= 9


def test_a_rehearsal_says_how_it_is_rehearsed() -> None:
    known = found()
    plan = cutover(live=False, straight=True)
    facts = sheet(replace(known, plan=plan, steps=plan.steps), SITE, "a4", NOW)
    assert dict(step_of(facts, "Notice to patients").texts)["How"] == "Read the three texts aloud; publish nothing."
    assert "Tell referring practices how to reach us" not in [one.title for one in facts.steps]


@pytest.mark.parametrize("words", [HOSTILE, LONG, "A title that is long " * 9, "中文 Łódź Ωμέγα", "x" * 200])
def test_whatever_is_on_it_stays_text_on_the_page(words: str) -> None:
    name = words[:60]
    facts = sheet(found(name=name), SITE, "a4", NOW)
    step = replace(facts.steps[0], title=words, group=words, who=words, check=words, marks=(words,), lines=(words,),
                   texts=((words, words * 20),), asked=(Asked(words, words, words), Asked("x", options=(words,) * 4)),
                   grid=Grid((words,) * 4, (words,) * 3))  # fmt: skip
    hostile = replace(facts, title=words, place=words, kind=words, prompt=words, steps=(step,) * 3, back_title=words,
                      facts=((words, words),), safe=((words, words),), printed=words)  # fmt: skip
    made = runbook_pack(hostile)
    number = pages(made)
    assert (made[:5], number > 4) == (b"%PDF-", True)


def test_a_step_that_is_longer_than_a_page_goes_on_on_the_next() -> None:
    facts = sheet(found(), SITE, "us-letter", NOW)
    long = replace(facts.steps[0], lines=tuple(f"Line {number}" for number in range(120)))
    short = replace(facts, steps=(facts.steps[0],), back=())
    few, many = pages(runbook_pack(short)), pages(runbook_pack(replace(short, steps=(long,))))
    assert many - few == 2


def test_a_later_plan_moves_the_times() -> None:
    known = found()
    later = {id_: at + timedelta(hours=1) for id_, at in known.begins.items()}
    assert sheet(replace(known, begins=later), SITE, "a4", NOW).steps[0].t == "T\u22121\u00a0d 23:00"
