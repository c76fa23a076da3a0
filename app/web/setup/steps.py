"""The steps of setting a rollout up: where one is, and what every step's page begins with."""

from __future__ import annotations

from typing import Any, Final

from app.errors import Refused
from app.queries.rollouts.facts import RolloutFacts
from app.web.frame import framed
from app.web.site import Desk

STEPS: Final = (
    ("playbook", "Playbook"),
    ("start", "Start day"),
    ("locations", "Centres"),
    ("people", "People"),
    ("preview", "Preview"),
)


def address(rollout: RolloutFacts, step: str) -> str:
    return f"/rollouts/{rollout.slug}/set-up/{step}"


def step_frame(desk: Desk, current: str, done: frozenset[str]) -> dict[str, Any]:
    """The frame of a step: `done` are the steps that have what they need."""
    rollout = desk.rollout
    shown = [
        {
            "label": label,
            "state": "now" if step == current else "done" if step in done else "next",
            "href": address(rollout, step),
        }
        for step, label in STEPS
    ]
    return {
        **framed(desk.viewer, "Rollouts"),
        "rollout_title": rollout.title,
        "rollout_note": "being set up",
        "steps": shown,
        "address": address(rollout, current),
        "version": rollout.version,
        "next_href": _next(rollout, current),
    }


def _next(rollout: RolloutFacts, current: str) -> str | None:
    names = [step for step, _ in STEPS]
    after = names.index(current) + 1
    return address(rollout, names[after]) if after < len(names) else None


def done_steps(rollout: RolloutFacts, *, people: bool = False) -> frozenset[str]:
    """Steps that have what they need; people are never demanded, so they count once somebody holds a role."""
    done = {"playbook"}
    if rollout.start is not None:
        done.add("start")
    if rollout.locations:
        done.add("locations")
    if people:
        done.add("people")
    return frozenset(done)


def demand_draft(rollout: RolloutFacts) -> None:
    """Raises Refused once the rollout has started."""
    if rollout.state != "draft":
        raise Refused("This rollout has started; its set-up is closed.")
