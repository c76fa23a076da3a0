"""Work: who owns it, when it is due, who may check it, and circles of waiting (T1, T2, T4, T5, T9, W4, W6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.plan.format.gates import Gate, Test
from app.plan.format.tasks import CheckItem
from app.plan.format.when import Link
from app.plan.format.who import Who
from app.plan.inherit import everything, leaves
from app.plan.playbook import Playbook
from app.plan.problems import TOP
from app.plan.reading import Path, Reading
from app.plan.terms import Scope

_SHOWN = 8

Node = tuple[str, str]
"""An entry's start or finish: (id, "start") or (id, "finish")."""


def lint_work(book: Playbook, reading: Reading) -> None:
    has_work = any(reading.written((name,)) for name in ("tasks", "training", "runbooks"))
    if not has_work:
        reading.problem("T4", TOP, (), "nothing to do: no tasks, training or runbook")
    for task in book.work:
        if task.owner is None and not _written_above(task.path, "owner", reading):
            reading.at_key("T1", task.path, f"nobody owns `{task.id}`; give an owner here or on its group")
        if task.due is None and not _written_above(task.path, "due", reading):
            reading.at_key("T2", task.path, f"`{task.id}` has no due date; write `undated` if that is meant")
    for entry in [*everything(book.tasks), *everything(book.training)]:
        _critical_and_optional(entry, reading)
        _own_work(entry, entry.owner, reading)
    for task in book.work:
        for line in _lines(task.checklist):
            _critical_and_optional(line, reading)
    _steps(book, reading)
    _reconciliations(book, reading)
    _network_owned_locally(book, reading)


def _written_above(path: Path, key: str, reading: Reading) -> bool:
    """Whether the key stands on the entry or on a group around it, readable or not."""
    return any(reading.written((*path[:end], key)) for end in range(len(path), 1, -1))


def _lines(items: Mapping[str, CheckItem] | None) -> Iterable[CheckItem]:
    for item in (items or {}).values():
        yield item
        yield from _lines(item.checklist)


def _critical_and_optional(entry: Any, reading: Reading) -> None:
    own = [reading.written((*entry.path, key)) for key in ("critical", "optional")]
    if entry.critical and entry.optional and (any(own) or not hasattr(entry, "parent")):
        reading.at_key("T5", entry.path, f"`{entry.id}` is critical and optional; it can only be one")


def _own_work(entry: Any, owner: Who | None, reading: Reading) -> None:
    """Where one role both does and checks, a second person will be asked."""
    for key in ("verify", "sign_off"):
        who: Who | None = getattr(entry, key, None)
        said_here = any(reading.written((*entry.path, each)) for each in (key, "owner"))
        if said_here and who and owner and len(owner.roles) == 1 and who.roles == owner.roles:
            say = f"`{owner.first}` would sign own work; a second person will be asked"
            reading.at_value("W4", (*entry.path, key), say)


def _steps(book: Playbook, reading: Reading) -> None:
    for runbook in book.runbooks.values():
        back = runbook.back_out.steps if runbook.back_out else {}
        for step in [*leaves(runbook.steps), *leaves(back)]:
            _critical_and_optional(step, reading)
            _own_work(step, step.owner, reading)
            if all(reading.written((*step.path, name)) for name in ("verify", "sign_off")):
                say = f"`{step.id}` is checked once: whoever signs it off checks it, and `verify` is not asked"
                reading.at_key("R8", step.path, say)


def _reconciliations(book: Playbook, reading: Reading) -> None:
    for reconciliation in book.reconciliation.values():
        _own_work(reconciliation, reconciliation.owner, reading)


def _network_owned_locally(book: Playbook, reading: Reading) -> None:
    local = {role.id for role in book.people.values() if role.scope is Scope.LOCATION}
    if not book.waves:
        return
    for task in book.work:
        if task.scope is Scope.NETWORK and task.owner and task.owner.first in local:
            say = f"network task owned by `{task.owner.first}`: which location's?"
            reading.at_value("W6", (*task.path, "owner"), say)
    for coverage in book.coverage.values():
        if coverage.scope is Scope.NETWORK and coverage.owner and coverage.owner.first in local:
            reading.at_value(
                "W6", (*coverage.path, "owner"), f"network cover by `{coverage.owner.first}`: which location's?"
            )


def lint_circles(book: Playbook, reading: Reading) -> None:
    """T9 for the first circle found of each entry; links across waves point back in time and are left out."""
    waits: dict[Node, list[Node]] = {}
    for entry in book.entries.values():
        start, finish = (entry.id, "start"), (entry.id, "finish")
        waits.setdefault(finish, []).append(start)
        waits.setdefault(start, []).extend(_linked(getattr(entry, "after", ())))
        waits[finish].extend(_linked(getattr(entry, "done_after", ())))
        parent = getattr(entry, "parent", "")
        if parent:
            waits[start].append((parent, "start"))
            waits.setdefault((parent, "finish"), []).append(finish)
        if isinstance(entry, Gate):
            waits[finish].extend((name, "finish") for name in _judged(entry))
    _report(book, reading, waits)
    _report(book, reading, {(e.id, "date"): list(_leans_on(e)) for e in book.entries.values()})
    for runbook in book.runbooks.values():
        local: dict[Node, list[Node]] = {}
        steps = [*everything(runbook.steps), *everything(runbook.back_out.steps if runbook.back_out else {})]
        for step in steps:
            start, finish = (step.id, "start"), (step.id, "finish")
            local.setdefault(finish, []).extend([start, *_linked(step.done_after)])
            local.setdefault(start, []).extend(_linked(step.after))
            if step.parent:
                local[start].append((step.parent, "start"))
                local.setdefault((step.parent, "finish"), []).append(finish)
        _report({step.id: step.path for step in steps}, reading, local)


def _linked(links: Iterable[Link]) -> list[Node]:
    return [(x.entry, "start" if x.start_of else "finish") for x in links if not x.previous and not x.of_wave]


def _leans_on(entry: Any) -> Iterable[Node]:
    """The entries whose dates an entry's own date is written with."""
    written = getattr(entry, type(entry).date_key)
    for each in written if isinstance(written, tuple) else (written,):
        for point in each.points if each else ():
            anchor = point.anchor
            if anchor.entry and not anchor.previous and not anchor.of_wave:
                yield (anchor.entry, "date")
    if hasattr(entry, "items"):
        yield from ((inside.id, "date") for inside in entry.items.values())


def _judged(gate: Gate) -> Iterable[str]:
    for criterion in (gate.criteria or {}).values():
        yield from _tested(criterion)


def _tested(test: Test) -> Iterable[str]:
    yield from (*test.tasks, *test.training)
    if test.gate:
        yield test.gate
    for each in test.any:
        yield from _tested(each)


def _report(book: Playbook | Mapping[str, Path], reading: Reading, waits: Mapping[Node, list[Node]]) -> None:
    paths = book if isinstance(book, Mapping) else {name: entry.path for name, entry in book.entries.items()}
    reported: set[str] = set()
    for circle in _circles(waits):
        names = list(dict.fromkeys(name for name, _ in circle if name in paths))
        if not names or reported & set(names):
            continue
        reported.update(names)
        first = min(names, key=lambda name: (reading.key_mark(paths[name]).line, reading.key_mark(paths[name]).column))
        turned = names[names.index(first) :] + names[: names.index(first)]
        turned = turned if len(turned) <= _SHOWN else [*turned[:_SHOWN], "…"]
        way = " -> ".join([*turned, first])
        reading.at_key("T9", paths[first], f"circle: {way}")


def _circles(waits: Mapping[Node, list[Node]]) -> Iterable[list[Node]]:
    """Depth-first without recursion: a node met again on the way is a circle."""
    finished: set[Node] = set()
    for root in waits:
        if root in finished:
            continue
        way: list[Node] = [root]
        on_way = {root}
        branches = [iter(waits.get(root, ()))]
        while branches:
            follow = next((n for n in branches[-1] if n not in finished), None)
            if follow is None:
                done = way.pop()
                on_way.discard(done)
                finished.add(done)
                branches.pop()
            elif follow in on_way:
                yield way[way.index(follow) :]
            else:
                way.append(follow)
                on_way.add(follow)
                branches.append(iter(waits.get(follow, ())))
