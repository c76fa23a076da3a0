"""What a task, or a line of its checklist, asks for is answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from app.actions.events import stale
from app.actions.tasks.opening import OpenTask, changed, demand_changeable, open_task
from app.errors import Invalid
from app.models import Answer, Task
from app.rules.people.access import Viewer
from app.rules.tasks.answers import AnswerError, judge, parse
from app.rules.tasks.tables import judge_table, parse_table, row_titles, rows_of_text


def answer_task(
    session: Session, task_id: int, text: str, *, path: str = "", seen: int, by: Viewer, now: datetime
) -> Task:
    """Record an answer as typed, in place of an older one. The same again is quiet. A table has a row a line.

    Raises NotFound, Forbidden, Stale when this answer itself changed after the form was drawn, Refused on a finished
    task, and Invalid for an answer that cannot be read or where none is asked for.
    """
    opened = open_task(session, task_id, by=by)
    asked = opened.part(path).answer
    if asked.type == "tick":
        raise Invalid({"answer": "No answer is asked for here."})
    if asked.type == "table":
        with refusing():
            rows = rows_of_text(asked, text, row_titles(asked, _attributes(opened)))
        return answer_table(session, task_id, rows, path=path, seen=seen, by=by, now=now)
    with refusing():
        value = parse(asked, text)
    return _keep(session, opened, path, value, judge(asked, value), seen, by, now)


def answer_table(
    session: Session,
    task_id: int,
    rows: Sequence[Mapping[str, str]],
    *,
    path: str = "",
    seen: int,
    by: Viewer,
    now: datetime,
) -> Task:
    """Record a table as typed: one mapping of column id to text a row. Otherwise as `answer_task`."""
    opened = open_task(session, task_id, by=by)
    asked = opened.part(path).answer
    if asked.type != "table":
        raise Invalid({"answer": "No table is asked for here."})
    with refusing():
        value = parse_table(asked, rows, row_titles(asked, _attributes(opened)))
    return _keep(session, opened, path, value, judge_table(asked, value), seen, by, now)


def _attributes(opened: OpenTask) -> Mapping[str, Any]:
    return opened.location.attributes if opened.location else {}


@contextmanager
def refusing() -> Iterator[None]:
    """Whatever cannot be read as an answer is Invalid, under the field `answer`."""
    try:
        yield
    except AnswerError as error:
        raise Invalid({"answer": str(error)}) from error


def _keep(
    session: Session, opened: OpenTask, path: str, value: Any, judged: str, seen: int, by: Viewer, now: datetime
) -> Task:
    row = _present(session, opened, path)
    if row is not None and row.value == value:
        return opened.task
    demand_changeable(session, opened, seen)
    if row is not None and row.at_version > seen:
        raise stale(session, ("task", opened.id))
    before = None if row is None else _facts(path, row.value, row.judged)
    row = row or Answer(task_id=opened.id, path=path, by_id=by.person, at=now, judged="")
    row.value, row.judged = value, judged
    row.by_id, row.at, row.at_version = by.person, now, opened.task.version + 1
    session.add(row)
    return changed(session, opened, "answered", by=by, now=now, before=before, after=_facts(path, value, judged))


def _present(session: Session, opened: OpenTask, path: str) -> Answer | None:
    return session.exec(select(Answer).where(Answer.task_id == opened.id, Answer.path == path)).first()


def _facts(path: str, value: Any, judged: str) -> dict[str, Any]:
    return {"value": value, "judged": judged, **({"item": path} if path else {})}
