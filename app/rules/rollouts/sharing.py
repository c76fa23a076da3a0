"""What an entry of a playbook's `sharing` lets other locations see of a location's work. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.plan import Playbook
from app.plan.format.frame import Sharing


@dataclass(frozen=True)
class Part:
    """One thing that is shared: a task, a group or a workstream, and the entries of the tasks behind it."""

    kind: str
    id: str
    title: str
    entries: tuple[str, ...]


def covered(sharing: Sharing) -> dict[str, list[str]]:
    """What somebody agrees to: the ids of the tasks (or groups) and of the workstreams that are named."""
    return {"tasks": sorted(sharing.tasks), "workstreams": sorted(sharing.workstreams)}


def parts(playbook: Playbook, sharing: Sharing, covers: Mapping[str, Any] | None = None) -> list[Part]:
    """What is shared, in the order of the playbook's entry: all that is named, or only what was agreed to (`covers`).

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
