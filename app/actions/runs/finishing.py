"""A step is finished with all that it asks for, checked by a second person, or sent back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from app.actions import texts
from app.actions.issues.reporting import report_from_work
from app.actions.loading import key_of
from app.actions.runs.beyond import demand_beyond
from app.actions.runs.opening import OpenRun, demand_seen, enter, open_run, open_step
from app.actions.runs.sending import send_broadcast
from app.actions.runs.stepping import demand_way, hour
from app.actions.runs.telling import tell_check, tell_next
from app.actions.tasks.answers import refusing
from app.errors import Forbidden, Invalid, Refused
from app.models import RunEntry, RunFile, RunStep
from app.plan.format.answers import Answer
from app.rules.people.access import Viewer
from app.rules.runbooks.access import may_check, may_lead
from app.rules.runbooks.acts import before_finish, before_start, lines, wanted
from app.rules.runbooks.ledger import Act, StepState
from app.rules.runbooks.steps import RunStep as Planned
from app.rules.tasks.answers import judge, parse
from app.rules.tasks.tables import judge_table, parse_table, row_titles


def finish_step(
    session: Session,
    run_id: int,
    step: str,
    *,
    answer: str = "",
    rows: Sequence[Mapping[str, str]] | None = None,
    ticked: Collection[str] = (),
    note: str = "",
    again: bool = False,
    happened: datetime | None = None,
    paper: bool = False,
    why: str = "",
    seen: int | None,
    by: Viewer,
    now: datetime,
) -> RunEntry | None:
    """Finish a step; one that was not begun has begun and ended at that moment. `again`: of a repeated step one more
    round is done, and it goes on. An answer that is not good enough finishes no critical step; on any other it opens
    the issue that the playbook asks for. Finished already is quiet.

    Raises NotFound, Forbidden, Stale, Refused with what is missing, and Invalid.
    """
    opened, row, planned = open_step(session, run_id, step, by=by)
    stand = opened.found.told[step]
    if stand.finished is not None and stand.state in (StepState.CHECK, StepState.DONE):
        return None
    demand_seen(session, opened, row, seen)
    if stand.state is StepState.SKIPPED:
        raise Refused("This step was skipped. Take it up again first.")
    demand_way(opened, row)
    at = _ended(opened, step, happened, now)
    said = {"note": texts.prose("note", note, required=False), "why": texts.prose("why", why, required=False)}
    _demand_order(opened, planned, said["why"], by, at)
    value, judged = _answered(opened, planned.asked.answer, answer, rows)
    if again:
        return _round(session, opened, row, planned, value, said["note"], at, paper, by, now)
    ticks = [path for path, _ in lines(planned.asked.checklist) if path in set(ticked)]
    _demand_whole(session, opened, row, planned, value, judged, ticks)
    demand_beyond(session, opened, row, planned, now)
    facts = {"answer": value, "judged": judged, "ticks": ticks, "note": said["note"]}
    entry = enter(
        session, opened, Act.FINISHED, row, by=by, now=now, happened=at, paper=paper, why=said["why"], value=facts
    )
    _follow(session, opened, row, planned, entry, judged, by, now)
    return entry


def _ended(opened: OpenRun, step: str, happened: datetime | None, now: datetime) -> datetime:
    at, began = hour(opened, happened, now), opened.found.told[step].started
    if began is not None and at < began:
        raise Invalid({"happened": "It had not begun then."})
    return at


def _follow(
    session: Session,
    opened: OpenRun,
    row: RunStep,
    planned: Planned,
    entry: RunEntry,
    judged: str,
    by: Viewer,
    now: datetime,
) -> None:
    """What a finished step brings about: an issue, a broadcast, and word to who checks it or waits for it."""
    if judged == "fail" and planned.asked.on_fail:
        _report(session, opened, row, planned.asked.on_fail, entry, by, now)
    if planned.asked.broadcast is not None:
        send_broadcast(session, opened, row, planned, by=by, now=now)
    (tell_check if planned.asked.checked_by else tell_next)(session, opened, row, by=by, now=now)


def _demand_order(opened: OpenRun, planned: Planned, why: str, by: Viewer, at: datetime) -> None:
    stand, steps = opened.found.told, opened.found.steps
    waits = list(before_finish(planned, stand, steps))
    if stand[planned.id].started is None:
        waits += before_start(planned, stand, steps, at)
    if waits and not (why and may_lead(by, opened.runbook, opened.place)):
        raise Refused("This step waits.", tuple(f"for {one}" for one in waits))


def _answered(opened: OpenRun, asked: Answer, text: str, rows: Sequence[Mapping[str, str]] | None) -> tuple[Any, str]:
    if asked.type == "tick":
        return None, "pass"
    attributes = opened.location.attributes if opened.location else {}
    if asked.type == "table":
        if not rows:
            return None, "unclear"
        with refusing():
            value: Any = parse_table(asked, rows, row_titles(asked, attributes))
        return value, judge_table(asked, value)
    if not text.strip():
        return None, "unclear"
    with refusing():
        value = parse(asked, text)
    return value, judge(asked, value)


def _demand_whole(
    session: Session,
    opened: OpenRun,
    row: RunStep,
    planned: Planned,
    value: Any,
    judged: str,
    ticks: Collection[str],
) -> None:
    if judged == "fail" and row.critical:
        raise Refused("This answer is not good enough for a critical step. Block it, or do it again.")
    attached = Counter[str]()
    for file in files_of(session, row):
        attached["link" if file.url else "file"] += 1
        attached["photo"] += file.content_type.startswith("image/")
    missing = wanted(
        planned,
        opened.found.told[row.step],
        answered=value is not None,
        ticked=ticks,
        attached=attached.__getitem__,
    )
    if missing:
        raise Refused("Something is still missing.", missing)


def files_of(session: Session, row: RunStep) -> Sequence[RunFile]:
    """What is attached to a step."""
    statement = select(RunFile).where(RunFile.step_id == key_of(row), col(RunFile.removed_at).is_(None))
    return session.exec(statement.order_by(col(RunFile.id))).all()


def _round(
    session: Session,
    opened: OpenRun,
    row: RunStep,
    planned: Planned,
    value: Any,
    note: str,
    at: datetime,
    paper: bool,
    by: Viewer,
    now: datetime,
) -> RunEntry:
    repeat = planned.asked.repeat
    if repeat is None:
        raise Refused("This step is done once.")
    if repeat.at_most is not None and row.round >= repeat.at_most:
        raise Refused(f"It is done {repeat.at_most} times at most. Finish it.")
    if planned.asked.answer.type != "tick" and value is None:
        raise Refused("Something is still missing.", ("the answer",))
    if row.started_at is None:
        enter(session, opened, Act.STARTED, row, by=by, now=now, happened=at, paper=paper)
    facts = {"answer": value, "note": note, "round": row.round}
    return enter(session, opened, Act.ROUND, row, by=by, now=now, happened=at, paper=paper, value=facts)


def _report(
    session: Session, opened: OpenRun, row: RunStep, severity: str, entry: RunEntry, by: Viewer, now: datetime
) -> None:
    """The issue that a failure opens; it names the run, so that nobody takes a rehearsal for the night."""
    kind = "" if opened.run.live else " (rehearsal)"
    issue = report_from_work(
        session, opened.run.rollout_id, location_id=opened.run.location_id,
        title=f"{opened.runbook.title}{kind}: {row.title}"[:200], details="", severity=severity, by=by, now=now,
    )  # fmt: skip
    if issue is not None:
        entry.issue_id = key_of(issue)
        session.add(entry)
        session.flush()


def verify_step(
    session: Session,
    run_id: int,
    step: str,
    *,
    note: str = "",
    happened: datetime | None = None,
    paper: bool = False,
    seen: int | None,
    by: Viewer,
    now: datetime,
) -> RunEntry | None:
    """Say that somebody else's step is right, now or (`happened`, from `paper`) earlier; whoever waits for it is told.
    Checked already is quiet.

    Raises NotFound, Forbidden, Stale, Refused for own work and for a step that is not finished, and Invalid.
    """
    opened, row = _checking(session, run_id, step, by)
    stand = opened.found.told[step]
    if stand.verified is not None:
        return None
    demand_seen(session, opened, row, seen)
    _demand_other(session, row, stand.state, by)
    said, at = texts.prose("note", note, required=False), hour(opened, happened, now)
    if stand.finished is not None and at < stand.finished:
        raise Invalid({"happened": "Then it would have been checked before it was done."})
    value = {"note": said}
    entry = enter(session, opened, Act.VERIFIED, row, by=by, now=now, happened=at, paper=paper, value=value)
    tell_next(session, opened, row, by=by, now=now)
    return entry


def return_step(
    session: Session, run_id: int, step: str, *, reason: str, seen: int | None, by: Viewer, now: datetime
) -> RunEntry | None:
    """Send a finished step back to whoever did it, with a reason. Raises as `verify_step`."""
    opened, row = _checking(session, run_id, step, by)
    stand = opened.found.told[step]
    if stand.state is StepState.RUNNING:
        return None
    demand_seen(session, opened, row, seen)
    _demand_other(session, row, stand.state, by)
    return enter(session, opened, Act.RETURNED, row, by=by, now=now, why=texts.prose("reason", reason))


def _checking(session: Session, run_id: int, step: str, by: Viewer) -> tuple[OpenRun, RunStep]:
    opened = open_run(session, run_id, by=by)
    row, planned = opened.step(step)
    if not may_check(by, planned.asked, opened.place):
        raise Forbidden("This check is for somebody else.")
    return opened, row


def _demand_other(session: Session, row: RunStep, state: StepState, by: Viewer) -> None:
    if state is not StepState.CHECK:
        raise Refused("Nothing waits for a check here.")
    did = select(RunEntry.id).where(
        RunEntry.step_id == key_of(row),
        RunEntry.by_id == by.person,
        col(RunEntry.kind).in_((Act.STARTED.value, Act.FINISHED.value, Act.ROUND.value)),
    )
    if session.exec(did.limit(1)).first() is not None:
        raise Refused("Nobody checks own work. A second person is needed.")
