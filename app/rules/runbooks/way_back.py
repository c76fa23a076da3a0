"""What is done to back out of a run. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from app.plan.format.runbooks import Step
from app.rules.runbooks.actuals import UNTOUCHED, Actual, Actuals
from app.rules.runbooks.plans import RunPlan
from app.rules.runbooks.steps import Before, RunStep


def way_back(plan: RunPlan, actuals: Actuals) -> tuple[RunStep, ...]:
    """What is done to back out: each step that says how it is undone alone and was begun, the last one first, one after
    the other; then the way back of the runbook. Without hours, and with nothing half done, this takes just the minutes
    to back out.

    A step of the way back stays even where it takes back something that was never done: doing it is harmless, and
    whoever is there sees that it is so.
    """
    taken = {step.id for step in (*plan.steps, *plan.way_back)}
    undoing: list[RunStep] = []
    for step in begun(plan, actuals):
        if step.back_out_takes or step.asked.back_out:
            undoing.append(_undo(step, undoing[-1:], taken))
    last = tuple(Before(step.id) for step in undoing[-1:])
    own = {step.id for step in plan.way_back}
    rest = [step if _waits(step, own) else replace(step, after=last) for step in plan.way_back]
    return tuple(replace(step, number=number) for number, step in enumerate([*undoing, *rest], start=1))


def _undo(step: RunStep, previous: Sequence[RunStep], taken: Collection[str]) -> RunStep:
    """A step of its own that asks for no more than that it is done, of those who did the other."""
    name = f"back-{step.id}"
    while name in taken:
        name = f"back-{name}"
    asked = undo_of(step.asked, name)
    return RunStep(
        id=name,
        number=0,
        title=asked.title,
        asked=asked,
        takes=step.back_out_takes,
        after=tuple(Before(one.id) for one in previous),
        critical=step.critical,
        undoes=step.id,
        group=step.group,
        how=asked.how,
    )


def undo_of(asked: Step, name: str) -> Step:
    """What is asked of whoever undoes a step alone."""
    title = f"Undo: {asked.title}"
    plain = Step(id=name, path=asked.path, title=title, how=asked.back_out, owner=asked.owner, verify=asked.checked_by)
    return replace(plain, critical=asked.critical, optional=asked.optional)


def _waits(step: RunStep, own: Collection[str]) -> bool:
    return any(one.step in own for one in step.after)


def begun(plan: RunPlan, actuals: Actuals) -> list[RunStep]:
    """The steps of the way forward that were begun and not left out, the last one first: what is half done is undone
    before what was done, and what waits for its check is done.
    """
    acts = {step.id: actuals.get(step.id, UNTOUCHED) for step in plan.steps}
    known = [step for step in plan.steps if acts[step.id].begun is not None and acts[step.id].skipped is None]
    return sorted(known, key=lambda step: (_last(acts[step.id]), step.number), reverse=True)


def _last(act: Actual) -> tuple[bool, datetime | None]:
    at = work_done(act)
    return at is None, at or act.begun


def work_done(act: Actual) -> datetime | None:
    """When the work of a step was done, checked or not."""
    return act.finished or act.worked
