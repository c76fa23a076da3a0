"""What somebody of the staff has shown: the recording watched, pieces of practice, the check; and taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlmodel import Session, col, select

from app.actions import texts
from app.actions.events import record
from app.actions.intents import once
from app.actions.loading import key_of, load
from app.actions.training.member_opening import OpenMember, open_member
from app.actions.training.opening import demand_trains
from app.errors import Forbidden, Invalid, Refused
from app.models import Enrolment, TrainingResult, TrainingSession
from app.rules.people.access import Viewer
from app.rules.training.demand import Demand
from app.rules.training.standing import Shown, reaches

MOST_AT_ONCE: Final = 100


def watch_recording(session: Session, staff_id: int, entry: str, *, by: Viewer, now: datetime) -> TrainingResult:
    """Somebody who missed a session has watched its recording: said by themselves, where they have an account, or by
    whoever holds the training. Watched already is quiet. Raises NotFound, Forbidden and Refused.
    """
    opened, demand = _open(session, staff_id, entry, by, own=True)
    before = _recording(session, staff_id, entry)
    if before is not None:
        return before
    if not demand.recorded:
        raise Refused("This training is not recorded: whoever missed it comes to the next session.")
    if not _missed(session, staff_id, entry):
        raise Refused("The recording is for whoever missed a session.")
    row = TrainingResult(staff_id=staff_id, entry=entry, kind=Shown.RECORDING, passed=True, by_id=by.person, at=now)
    return _kept(session, opened, row, by, now)


def note_practice(
    session: Session,
    staff_id: int,
    entry: str,
    line: str,
    *,
    passed: int,
    failed: int = 0,
    note: str = "",
    token: str = "",
    by: Viewer,
    now: datetime,
) -> TrainingResult:
    """Pieces of practice of one line, each passed or failed, noted by somebody else; gives the last.

    The same form (`token`) again is quiet. Raises NotFound, Forbidden, Invalid and Refused.
    """
    opened, demand = _open(session, staff_id, entry, by)
    if line not in demand.practice:
        raise Invalid({"line": "Choose what was practised."})
    if not 0 <= passed <= MOST_AT_ONCE or not 0 <= failed <= MOST_AT_ONCE:
        raise Invalid({"passed": f"From 0 to {MOST_AT_ONCE} at once."})
    if passed + failed == 0:
        raise Invalid({"passed": "Say how many."})
    said = texts.prose("note", note, 1_000, required=False)

    def make() -> TrainingResult:
        rows = [
            TrainingResult(
                staff_id=staff_id, entry=entry, kind=Shown.PRACTICE, line=line, passed=good, note=said,
                by_id=by.person, at=now,
            )
            for good in (*[False] * failed, *[True] * passed)
        ]  # fmt: skip
        session.add_all(rows[:-1])
        return _kept(session, opened, rows[-1], by, now, {"passed": passed, "failed": failed})

    asked = {"staff": staff_id, "entry": entry, "line": line, "passed": passed, "failed": failed, "note": said}
    return once(session, token, TrainingResult, make, asked=asked, by=by, now=now)


def note_check(
    session: Session,
    staff_id: int,
    entry: str,
    *,
    score: int,
    note: str = "",
    token: str = "",
    by: Viewer,
    now: datetime,
) -> TrainingResult:
    """One attempt at the check, with its score in percent, noted by somebody else; passed from the pass mark on.

    The same form (`token`) again is quiet. Raises NotFound, Forbidden, Invalid, and Refused where there is no check.
    """
    opened, demand = _open(session, staff_id, entry, by)
    if demand.pass_mark is None:
        raise Refused("The playbook asks for no check after this training.")
    if not 0 <= score <= 100:
        raise Invalid({"score": "From 0 to 100 percent."})
    said = texts.prose("note", note, 1_000, required=False)

    def make() -> TrainingResult:
        row = TrainingResult(
            staff_id=staff_id, entry=entry, kind=Shown.CHECK, passed=reaches(demand, score), score=score, note=said,
            by_id=by.person, at=now,
        )  # fmt: skip
        return _kept(session, opened, row, by, now, {"passed": row.passed})

    asked = {"staff": staff_id, "entry": entry, "score": score, "note": said}
    return once(session, token, TrainingResult, make, asked=asked, by=by, now=now)


def withdraw_result(session: Session, result_id: int, *, by: Viewer, now: datetime) -> TrainingResult:
    """Something was noted by mistake: it counts no more and stays in the history. Taken back already is quiet.

    Raises NotFound, Forbidden and Refused.
    """
    row = load(session, TrainingResult, result_id, "result")
    opened, _demand = _open(session, row.staff_id, row.entry, by)
    if row.withdrawn_at is None:
        row.withdrawn_at = now
        session.add(row)
        session.flush()
        _tell(session, opened, row, "withdrawn", by, now, {})
    return row


def _open(session: Session, staff_id: int, entry: str, by: Viewer, *, own: bool = False) -> tuple[OpenMember, Demand]:
    """Somebody of the audience, for whoever holds the training. With `own` also for the person themselves, who may
    note nothing else of their own.
    """
    opened = open_member(session, staff_id, by=by)
    demand = opened.place.demand(entry)
    themselves = opened.row.person_id is not None and opened.row.person_id == by.person
    if not (own and themselves):
        demand_trains(opened.place, demand, by)
        if themselves:
            raise Forbidden("Somebody else notes what you have shown.")
    if opened.row.left_at is not None:
        raise Refused("This person has left.")
    if opened.row.role not in demand.audience:
        raise Refused("This training is not for the role of this person.")
    return opened, demand


def _recording(session: Session, staff_id: int, entry: str) -> TrainingResult | None:
    return session.exec(
        select(TrainingResult).where(
            TrainingResult.staff_id == staff_id,
            TrainingResult.entry == entry,
            TrainingResult.kind == Shown.RECORDING,
            col(TrainingResult.withdrawn_at).is_(None),
        )
    ).first()


def _missed(session: Session, staff_id: int, entry: str) -> bool:
    found = session.exec(
        select(Enrolment.id)
        .join(TrainingSession, col(TrainingSession.id) == col(Enrolment.session_id))
        .where(
            Enrolment.staff_id == staff_id,
            TrainingSession.entry == entry,
            col(Enrolment.attended).is_(False),
            col(Enrolment.ended_at).is_(None),
        )
    )
    return found.first() is not None


def _kept(
    session: Session,
    opened: OpenMember,
    row: TrainingResult,
    by: Viewer,
    now: datetime,
    more: dict[str, int | bool] | None = None,
) -> TrainingResult:
    session.add(row)
    session.flush()
    verb = {Shown.RECORDING: "watched", Shown.PRACTICE: "practised", Shown.CHECK: "checked"}[Shown(row.kind)]
    _tell(session, opened, row, verb, by, now, more or {})
    return row


def _tell(
    session: Session,
    opened: OpenMember,
    row: TrainingResult,
    verb: str,
    by: Viewer,
    now: datetime,
    more: dict[str, int | bool],
) -> None:
    """No name and no score stands in the event: what somebody could not do yet is for those who train them."""
    after = {"entry": row.entry, "kind": row.kind, "result": key_of(row), **more}
    record(session, f"training.{verb}", ("staff", opened.id), by=by, now=now, **opened.place.ids, after=after)
