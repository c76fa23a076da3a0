"""What an entry of a playbook's `sharing` lets other locations see of a location's work and figures. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.plan import Playbook
from app.plan.format.frame import Sharing
from app.plan.format.metrics import Metric
from app.plan.terms import Scope
from app.rules.signoffs import canonical, fingerprint

Covers = Mapping[str, Any]
"""What was agreed to: ids by `tasks` (also groups), `workstreams` and `metrics`; what is missing was not."""


@dataclass(frozen=True)
class Part:
    """One thing that is shared: a task, a group or a workstream, and the entries of the tasks behind it."""

    kind: str
    id: str
    title: str
    entries: tuple[str, ...]


def covered(sharing: Sharing) -> dict[str, list[str]]:
    """What somebody agrees to: the ids of the tasks (or groups), workstreams and metrics that are named."""
    return {
        "tasks": sorted(sharing.tasks), "workstreams": sorted(sharing.workstreams), "metrics": sorted(sharing.metrics)
    }  # fmt: skip


def covers_all(sharing: Sharing, covers: Covers) -> bool:
    """Whether what was agreed to is what the entry names today."""
    return all(covers.get(kind, []) == named for kind, named in covered(sharing).items())


def shown_of(sharing: Sharing) -> str:
    """The fingerprint of what an entry names today: who agrees sends along what was shown."""
    return fingerprint(canonical(covered(sharing)))


def parts(playbook: Playbook, sharing: Sharing, covers: Covers | None = None) -> list[Part]:
    """What work is shared, in the order of the playbook's entry: all that is named, or only what was agreed to.

    Only work of the playbook: a task that somebody added by hand bears a title that nobody has agreed to.
    """
    inside = playbook.inside
    tasks = [name for name in sharing.tasks if covers is None or name in covers.get("tasks", ())]
    streams = [name for name in sharing.workstreams if covers is None or name in covers.get("workstreams", ())]
    found = [Part("task", name, playbook.entries[name].title, inside[name]) for name in tasks if name in inside]
    for name in streams:
        entries = tuple(task.id for task in playbook.work if task.workstream == name)
        found.append(Part("workstream", name, playbook.workstreams[name].title, entries))
    return found


def metrics(playbook: Playbook, sharing: Sharing, covers: Covers | None = None) -> list[Metric]:
    """Which metrics are shared, in the order of the playbook's entry: all that are named, or only those agreed to.

    Only those that are read at each location: the others are of no location that could agree.
    """
    named = [name for name in sharing.metrics if covers is None or name in covers.get("metrics", ())]
    found = [playbook.figures[name] for name in named if name in playbook.figures]
    return [one for one in found if one.scope is Scope.LOCATION]
