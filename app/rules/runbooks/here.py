"""The steps of a runbook that are part of one run: those for this place and for this kind of run. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from app.plan.facts import Facts, holds
from app.plan.format.runbooks import Step, StepGroup
from app.plan.inherit import everything, leaves
from app.plan.minutes import Minutes, length
from app.rules.runbooks.links import Links, spliced
from app.rules.runbooks.steps import RunStep


def steps_here(items: Mapping[str, Any] | None, facts: Facts, minutes: Minutes, live: bool) -> tuple[RunStep, ...]:
    """The steps of one way. Left out is what is not for this place or not for this kind of run; what is not known yet
    stays.
    """
    here = {step.id: holds(step.where, facts) for step in leaves(items)}
    kind = "live" if live else "rehearsal"
    left_out = {step.id for step in leaves(items) if here[step.id] is False or (step.only or kind) != kind}
    links = Links(items, left_out)
    around = _groups(items)
    found = [
        _step(step, number, links, minutes, group=around[step.parent], unclear=here[step.id] is None, live=live)
        for number, step in enumerate(leaves(items), start=1)
    ]
    return spliced(found, left_out)


def _groups(items: Mapping[str, Any] | None) -> dict[str, tuple[str, ...]]:
    """For each group the titles from the outermost to its own; for the runbook itself (no id) none."""
    found: dict[str, tuple[str, ...]] = {"": ()}
    for item in everything(items):
        if isinstance(item, StepGroup):
            found[item.id] = (*found[item.parent], item.title)
    return found


def _step(
    step: Step, number: int, links: Links, minutes: Minutes, *, group: tuple[str, ...], unclear: bool, live: bool
) -> RunStep:
    return RunStep(
        id=step.id,
        number=number,
        title=step.title,
        asked=step,
        takes=_takes(step),
        wait=length(step.wait),
        not_before=minutes.not_before(step.at),
        after=links.before(step.id, step.after),
        done_after=links.before(step.id, step.done_after),
        no_return=step.no_return,
        critical=bool(step.critical),
        undoes=step.undoes,
        undo_within=length(step.undo_within) if step.undo_within else None,
        back_out_takes=length(step.back_out_takes),
        group=group,
        how=step.how if live else step.how_in_rehearsal or step.how,
        unclear=unclear,
    )


def _takes(step: Step) -> timedelta:
    """Its minutes; of one that is done again and again those of as few rounds as there must be."""
    if step.repeat is None:
        return length(step.takes)
    return (step.repeat.at_least - 1) * length(step.repeat.every) + length(step.takes)
