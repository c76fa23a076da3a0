"""What was recorded of open work, beside what a newer version asks for: what still fits stays. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.plan.format.answers import RESULTS, Answer
from app.plan.format.tasks import CheckItem, Task
from app.rules.tasks.answers import Verdict, judge
from app.rules.tasks.tables import judge_table

Lines = Mapping[str, CheckItem]


def new_paths(old: Lines | None, new: Lines | None) -> dict[str, str]:
    """The path of every line of a checklist, ids joined by dots, in the newer version by that in the older; lines
    that the newer one no longer has are left out.
    """
    return dict(_paths(old or {}, new or {}, "", ""))


def _paths(old: Lines, new: Lines, before: str, after: str) -> Iterator[tuple[str, str]]:
    for name, line in new.items():
        was = name if name in old else line.was if line.was in old and line.was not in new else ""
        if was:
            yield f"{before}{was}", f"{after}{name}"
            yield from _paths(old[was].checklist or {}, line.checklist or {}, f"{before}{was}.", f"{after}{name}.")


def part_of(task: Task, path: str) -> Task | CheckItem | None:
    """The task itself (empty path) or the line of its checklist at `a.b`."""
    found: Task | CheckItem | None = task
    for name in path.split(".") if path else ():
        found = (found.checklist or {}).get(name) if found else None
    return found


def still_fits(old: Answer, new: Answer, value: Any) -> Verdict | None:
    """The verdict on an answer given under the older version by what the newer one asks for; None where it is no
    answer to that.
    """
    if old.type != new.type or old.unit != new.unit:
        return None
    if new.type == "table":
        same = (old.columns or {}).keys() == (new.columns or {}).keys() and old.rows == new.rows
        return judge_table(new, value) if same and isinstance(value, list) else None
    chosen = value if isinstance(value, list) else [value]
    known: tuple[str, ...] = RESULTS if new.type == "result" else new.options if new.type.startswith("choice") else ()
    if known and any(one not in known for one in chosen):
        return None
    return judge(new, value)
