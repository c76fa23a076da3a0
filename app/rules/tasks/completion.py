"""What a task still wants before it counts as done. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from app.plan.facts import Facts, holds
from app.plan.format.answers import Answer, Evidence
from app.plan.format.tasks import CheckItem, Task

TICK = "tick"


@dataclass(frozen=True)
class Given:
    """What people have recorded on one task. Paths are ids joined by dots; the task itself is the empty path.

    `attached` is (path, kind) of each piece of evidence; `lines` are the paths of the checklist at this place, since
    a line may be for some places only.
    """

    answered: frozenset[str] = frozenset()
    attached: tuple[tuple[str, str], ...] = ()
    lines: tuple[str, ...] = ()
    checked: frozenset[str] = frozenset()


def missing(task: Task, given: Given) -> tuple[str, ...]:
    """One sentence for each thing the task still wants; empty when it can be completed."""
    wanted = list(_of_part("", task.title, task.answer, task.evidence, given))
    for path, line in leaves(task.checklist):
        if path in given.lines and not line.optional:
            wanted += _of_line(path, line, given)
    return tuple(wanted)


def leaves(
    lines: Mapping[str, CheckItem] | None, facts: Facts | None = None, before: str = ""
) -> Iterator[tuple[str, CheckItem]]:
    """The lines of a checklist that are ticked or answered themselves, with their paths, in order.

    A line that holds lines is done when they are. With `facts` of a place only the lines that are for it; one whose
    fact is not yet known stays in.
    """
    for name, line in (lines or {}).items():
        path = f"{before}{name}"
        if facts is not None and holds(line.where, facts) is False:
            continue
        if line.checklist:
            yield from leaves(line.checklist, facts, f"{path}.")
        else:
            yield path, line


def _of_line(path: str, line: CheckItem, given: Given) -> Iterator[str]:
    if line.answer.type == TICK and path not in given.checked:
        yield f"Tick “{line.title}”."
    yield from _of_part(path, line.title, line.answer, line.evidence, given)


def _of_part(path: str, title: str, answer: Answer, evidence: tuple[Evidence, ...], given: Given) -> Iterator[str]:
    if answer.type != TICK and path not in given.answered:
        yield f"Answer “{title}”."
    needed: Counter[str] = Counter()
    for piece in evidence:
        needed[piece.type] += piece.at_least
    present = Counter(kind for place, kind in given.attached if place == path)
    for kind, count in needed.items():
        short = count - present[kind]
        if short > 0:
            yield f"Attach {_amount(short, kind)} to “{title}”."


def still_wanted(evidence: Sequence[Evidence], present: Mapping[str, int]) -> tuple[Evidence, ...]:
    """The pieces that are not attached yet, each with how many are still wanted; `present` counts pieces by kind."""
    left = Counter(present)
    found = []
    for piece in evidence:
        given = min(left[piece.type], piece.at_least)
        left[piece.type] -= given
        if given < piece.at_least:
            found.append(replace(piece, at_least=piece.at_least - given))
    return tuple(found)


def _amount(count: int, kind: str) -> str:
    return f"a {kind}" if count == 1 else f"{count} {kind}s"
