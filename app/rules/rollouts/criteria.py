"""What is found behind one criterion of a gate at one place: whether it is enough, in a sentence. Pure.

A gate asks for tasks that are done, people who have passed a training, issues (how many are open, are nobody's or come
in), clean days in a row, cover that is filled, or a rehearsal. What nothing is known of yet is unknown, and never the
same as not enough.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from app.plan.facts import satisfied
from app.plan.format.answers import Answer
from app.plan.language.compare import Comparison, parse_comparison
from app.rules.clock import count, plain_day
from app.rules.reconciliations.days import Runs
from app.rules.runbooks.rehearsed import Rehearsed, best
from app.rules.tasks.answers import judge, value_words
from app.rules.tasks.progress import State
from app.rules.tasks.tables import judge_table
from app.rules.training.tally import Tally

NO_ISSUE: Final = parse_comparison("is 0")
NO_BLOCK: Final = parse_comparison("is 0")
ONE_DAY: Final = parse_comparison("at least 1")
WHOLE: Final = parse_comparison("at least 100 %")


@dataclass(frozen=True)
class Behind:
    """The tasks behind a criterion at one place: how many are in each state, how many of the open ones have an answer
    that does not pass, and the entries of the playbook that they come from.
    """

    states: Mapping[State, int] = field(default_factory=dict)
    failed: int = 0
    entries: tuple[str, ...] = ()

    @property
    def done(self) -> int:
        return self.states.get(State.DONE, 0)

    @property
    def total(self) -> int:
        return sum(self.states.values())

    @property
    def troubled(self) -> bool:
        return bool(self.failed or self.states.get(State.LATE) or self.states.get(State.BLOCKED))


@dataclass(frozen=True)
class Found:
    """Whether it is enough (None: nothing is known), and the sentence that says it. `troubled`: something behind it is
    late, blocked, failed or wrong already; `at_risk`: it soon may be. `done` of `total` tasks, from these entries.
    """

    met: bool | None
    said: str
    troubled: bool = False
    at_risk: bool = False
    done: int = 0
    total: int = 0
    entries: tuple[str, ...] = ()


def unknown(why: str) -> Found:
    """Nothing can be said; `why` in words."""
    return Found(None, f"unknown: {why}")


def of_tasks(behind: Behind, passes: Comparison | None = None) -> Found:
    """All of the tasks are done, or the share that `passes` says."""
    share = share_of(passes)
    wanted = "" if share >= 100 else f", {share:g}% needed"
    return Found(
        met=bool(behind.total) and 100 * behind.done >= share * behind.total,
        said=f"{behind.done} of {behind.total}{wanted}" if behind.total else "nothing yet",
        troubled=behind.troubled,
        at_risk=bool(behind.states.get(State.RISK)),
        done=behind.done,
        total=behind.total,
        entries=behind.entries,
    )


def share_of(passes: Comparison | None) -> float:
    """The percent of a criterion's tasks that must be done; all of them unless `passes` says less."""
    return 100.0 if passes is None or passes.value.number is None else float(passes.value.number)


def of_training(tallies: Sequence[Tally], passes: Comparison | None = None) -> Found:
    """Each training is passed by the share of its people that the playbook asks for, or all of them together by the
    share that `passes` says. A training that is for nobody on the list is not asked.
    """
    asked = [one for one in tallies if one.wanted]
    if not asked:
        return unknown("nobody whom it is for is on the staff list")
    passed, wanted = sum(one.passed for one in asked), sum(one.wanted for one in asked)
    met = all(one.met for one in asked) if passes is None else satisfied(passes, 100 * passed / wanted)
    return Found(met, f"{passed} of {wanted} passed{_wanted(passes, met)}", troubled=any(one.late for one in asked))


def of_issues(open_: int, passes: Comparison | None = None) -> Found:
    """No issue is open that counts here, or not more than `passes` allows."""
    met = satisfied(passes or NO_ISSUE, open_)
    return Found(met, f"{open_ or 'none'} open{_wanted(passes, met)}", troubled=not met)


def of_unowned(unowned: int, passes: Comparison | None = None) -> Found:
    """Somebody has each open issue that counts here, or not more are nobody's than `passes` allows."""
    met = satisfied(passes or NO_ISSUE, unowned)
    return Found(met, f"{unowned or 'none'} without an owner{_wanted(passes, met)}", troubled=not met)


def of_inflow(worst: int, days: int, passes: Comparison | None = None) -> Found:
    """No day of some was worse than `passes` allows: `worst` is how many issues were opened on the worst of them."""
    met = satisfied(passes or NO_ISSUE, worst)
    said = f"{worst} opened on the worst of {count(days, 'day')}" if worst else f"none opened in {count(days, 'day')}"
    return Found(met, f"{said}{_wanted(passes, met)}", troubled=not met)


def of_days(runs: Runs, passes: Comparison | None = None) -> Found:
    """So many days in a row were clean."""
    if not runs.due:
        return Found(False, "no day was counted yet")
    met = satisfied(passes or ONE_DAY, runs.run)
    broken = not runs.run and bool(runs.variance or runs.missed)
    return Found(met, f"{count(runs.run, 'clean day')} in a row{_wanted(passes, met)}", troubled=broken)


def of_cover(percent: float | None, passes: Comparison | None = None) -> Found:
    """So much of a cover is filled, in percent (None: nobody is wanted yet); 100 is said of what is whole only."""
    if percent is None:
        return unknown("nobody is wanted there yet")
    met = satisfied(passes or WHOLE, percent)
    return Found(met, f"{int(percent)}% covered{_wanted(passes, met)}")


def of_rehearsal(found: Sequence[Rehearsed], passes: Comparison | None = None) -> Found:
    """One that went to its end inside its window, with as few blocked steps as `passes` says (none); of several the
    best counts.
    """

    def enough(one: Rehearsed) -> bool:
        return one.inside and bool(satisfied(passes or NO_BLOCK, one.blocked))

    counts = best(found, enough)
    if counts is None:
        return Found(False, "not rehearsed yet")
    met, last = enough(counts), max(found, key=lambda one: one.ended)
    return Found(met, f"{counts.said}{_wanted(passes or NO_BLOCK, met)}", troubled=not enough(last))


def of_answer(answer: Answer, value: Any) -> Found:
    """Somebody answered (None: nobody has), and whether that is good enough."""
    if value is None:
        return Found(False, "not answered yet")
    verdict = judge_table(answer, value) if answer.type == "table" else judge(answer, value)
    met = None if verdict == "unclear" else verdict == "pass"
    return Found(met, said_of(answer, value), troubled=verdict == "fail")


def of_gate(goes_on: bool | None, said: str, *, fallen: bool = False) -> Found:
    """An earlier gate: whether it goes on (None: it is not decided), in words; fallen, a condition of it expired."""
    return Found(bool(goes_on) and not fallen, said, troubled=fallen or goes_on is False)


def of_metric(
    latest: float | None, baseline: float | None, last: date | None, unit: str, passes: Comparison | None = None
) -> Found:
    """The latest figure, read over days that end on `last`; without `passes` it is enough that there is one."""
    if latest is None or last is None:
        return unknown("no reading yet")
    met = True if passes is None else satisfied(passes, latest, baseline)
    said = f"{latest:g} {unit}".strip() + f" to {plain_day(last)}"
    if met is None:
        return Found(None, f"unknown: {said}, and no baseline to compare it with")
    return Found(met, f"{said}{_wanted(passes, met)}", troubled=not met)


def of_baseline(captured: int, wanted: int, signed_at: datetime | None, zone: str) -> Found:
    """Every figure was captured, and what was captured is signed."""
    if not wanted:
        return unknown("nothing is to be captured there")
    if signed_at is not None:
        return Found(True, f"signed {plain_day(signed_at.astimezone(ZoneInfo(zone)).date())}")
    said = f"{captured} of {wanted} captured" if captured < wanted else f"all {wanted} captured, not signed yet"
    return Found(False, said)


def of_deviations(changed: int) -> Found:
    """Nothing of the playbook was made another there: no day, no task, no cutover of its own."""
    return Found(not changed, f"{changed or 'nothing'} changed by hand", troubled=bool(changed))


def said_of(answer: Answer, value: Any) -> str:
    """An answer in words; what was typed freely is not told here."""
    if answer.type in ("text", "person", "table"):
        return "answered"
    return value_words(value, answer.unit)


def every(found: Sequence[Found]) -> Found:
    """What several places must all have: the one, else how many of them have it."""
    if len(found) == 1:
        return found[0]
    met = sum(bool(one.met) for one in found)
    known = [one for one in found if one.met is not None]
    return Found(
        met=None if not known else met == len(found) if len(known) == len(found) else False,
        said=f"{met} of {count(len(found), 'centre')}" if found else "nothing yet",
        troubled=any(one.troubled for one in found),
        at_risk=any(one.at_risk for one in found),
    )


def either(found: Sequence[Found]) -> Found:
    """One of several is enough: the first that is, else what is known of the others together."""
    met = next((one for one in found if one.met), None)
    if met is not None or len(found) == 1:
        return met or found[0]
    known = [one for one in found if one.met is not None]
    if not known:
        return found[0]
    return Found(
        met=False,
        said=" or ".join(dict.fromkeys(one.said for one in known)),
        troubled=any(one.troubled for one in known),
        at_risk=any(one.at_risk for one in known),
        done=sum(one.done for one in known),
        total=sum(one.total for one in known),
        entries=tuple(dict.fromkeys(entry for one in known for entry in one.entries)),
    )


def _wanted(passes: Comparison | None, met: bool | None) -> str:
    """`, at least 3 asked for`, while it is not enough."""
    return f", {passes.text} asked for" if passes is not None and not met else ""
