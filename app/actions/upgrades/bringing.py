"""An open task is brought to what a newer version of the playbook asks for; what was recorded and still fits stays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session, select

from app.actions.loading import key_of
from app.models import Answer, CheckItem, Evidence, Location, Task
from app.plan import Playbook
from app.plan.facts import Facts
from app.plan.format.tasks import CheckItem as AskedLine
from app.plan.format.tasks import Task as AskedTask
from app.rules.tasks.added import asked_for
from app.rules.tasks.completion import leaves
from app.rules.upgrades.fitting import new_paths, part_of, still_fits

Lines = Mapping[str, AskedLine]


@dataclass(frozen=True)
class Brought:
    """What became of what was recorded: titles of lines that came and went, how many answers no longer fit."""

    came: tuple[str, ...] = ()
    went: tuple[str, ...] = ()
    unfit: int = 0

    @property
    def said(self) -> dict[str, object]:
        """For the event."""
        parts = {"lines": list(self.came), "gone": list(self.went), "unfit": self.unfit}
        return {name: value for name, value in parts.items() if value}


def bring(session: Session, task: Task, old: Playbook, new: Playbook, place: Location | None) -> Brought:
    """Write on the row, and on its checklist and answers, what the newer version says. `task.entry` is its id there;
    by the older one it is known as `known_as`, where that is another. Its dates are left as they are.
    """
    was, asked = asked_for(old, task), new.entries[task.entry]
    if not isinstance(asked, AskedTask):
        raise TypeError(f"{task.entry} is not a task")
    write_asked(task, asked)
    task.playbook_version_id, task.known_as = None, ""
    session.add(task)
    if was is None or (was.checklist == asked.checklist and was.answer == asked.answer and was.where == asked.where):
        return Brought()
    moved = {"": "", **new_paths(was.checklist, asked.checklist)}
    unfit = _answers(session, task, was, asked, moved)
    _evidence(session, task, asked, moved)
    facts = Facts(place.wave if place else task.wave, place.attributes if place else {})
    came, went = _relist(session, task, dict(leaves(asked.checklist, facts)), moved)
    return Brought(came, went, unfit)


def write_asked(task: Task, asked: AskedTask) -> None:
    """The columns of a task that its playbook says."""
    task.title, task.owner_role = asked.title, asked.owner.first if asked.owner else ""
    task.workstream, task.phase = asked.workstream or "", asked.phase or ""
    task.critical, task.optional = bool(asked.critical), bool(asked.optional)
    task.verified, task.signed = asked.verify is not None, asked.sign_off is not None


def _answers(session: Session, task: Task, was: AskedTask, asked: AskedTask, moved: Mapping[str, str]) -> int:
    """Answers are judged anew; one to a question that is no longer asked stays in the events only."""
    unfit = 0
    rows = session.exec(select(Answer).where(Answer.task_id == task.id)).all()
    for row in rows:
        before = part_of(was, row.path)
        after = part_of(asked, moved[row.path]) if row.path in moved else None
        judged = still_fits(before.answer, after.answer, row.value) if before and after else None
        if judged is None:
            unfit += 1
            session.delete(row)
        else:
            row.judged = judged
            session.add(row)
    session.flush()
    _rename([row for row in rows if row.path in moved and row not in session.deleted], moved)
    session.flush()
    return unfit


def _rename(rows: list[Answer], moved: Mapping[str, str]) -> None:
    for row in rows:
        row.path = moved[row.path]


def _evidence(session: Session, task: Task, asked: AskedTask, moved: Mapping[str, str]) -> None:
    """What was attached to a line that is gone stays with the task itself."""
    for row in session.exec(select(Evidence).where(Evidence.task_id == task.id, Evidence.path != "")):
        path = moved.get(row.path, "")
        row.path = path if part_of(asked, path) is not None else ""
        session.add(row)
    session.flush()


def _relist(
    session: Session, task: Task, wanted: Lines, moved: Mapping[str, str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The lines of the newer checklist, with the ticks of those that it still has. Titles of what came and went."""
    present = session.exec(select(CheckItem).where(CheckItem.task_id == task.id)).all()
    by_path = {moved[row.path]: row for row in present if moved.get(row.path) in wanted}
    went = [row for row in present if by_path.get(moved.get(row.path, "")) is not row]
    titles = tuple(row.title for row in went)
    for row in went:
        session.delete(row)
    # Two lines may trade their places: the paths are free before they are given anew.
    for number, row in enumerate(by_path.values()):
        row.path = f"~{number}"
    session.flush()
    came = [line.title for path, line in wanted.items() if path not in by_path]
    for position, (path, line) in enumerate(wanted.items()):
        row = by_path.get(path) or CheckItem(
            task_id=key_of(task), path=path, title=line.title, at_version=task.version + 1
        )
        row.path, row.position, row.title = path, position, line.title
        row.optional, row.critical = line.optional, line.critical
        session.add(row)
    session.flush()
    return tuple(came), titles
