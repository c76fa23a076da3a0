"""Training as the API shows it. Names and addresses of staff are left out for whoever may not read them."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import Field

from app.api.fields import Shown
from app.rules.training.clashes import Clash
from app.rules.training.standing import Shown as Kind
from app.rules.training.standing import Standing


class TrainingCount(Shown):
    """One training at one location."""

    location: str
    training: str = Field(description="Its id in the playbook.")
    title: str
    due: date | None
    late_at: datetime | None
    catch_up: date | None
    wanted: int = Field(description="People of its audience on the staff list.")
    passed: int
    needed: int = Field(description="How many are enough.")
    share: float | None = Field(description="In percent; null with nobody on the list.")
    met: bool
    late: bool
    standings: dict[Standing, int]
    short: list[int] | None = Field(description="Staff who have not passed; null where you may not know them.")


class TrainingCounts(Shown):
    """Every training at every location that you may see."""

    trainings: list[TrainingCount]


class CoverCell(Shown):
    """A role in a shift."""

    role: str
    shift: str
    rostered: int
    covered: int = Field(description="On the roster and trained.")
    untrained: list[int] | None = Field(description="Null where you may not know them.")


class CoverHelpers(Shown):
    """An entry of the playbook's cover with a ratio, in a shift."""

    entry: str
    shift: str
    people: int
    needed: int
    there: int
    short: int


class CoverWhole(Shown):
    """Go-live day at a location: who is trained and works."""

    location: str
    day: date | None
    percent: float | None = Field(description="Null with nobody on the roster.")
    cells: list[CoverCell]
    helpers: list[CoverHelpers]


class StaffItem(Shown):
    """Somebody who works at a location in a role of many people."""

    id: int
    location: str
    number: str
    name: str
    role: str
    email: str
    shift: str
    person: int | None = Field(description="Their account, where they have one.")
    left_at: datetime | None
    version: int


class ResultLine(Shown):
    """Something that was noted; taken back, it stays in the history and counts no more."""

    id: int
    kind: Kind
    line: str = Field(description="Of practice: the line of the playbook's checklist.")
    passed: bool
    score: int | None
    note: str
    by: str
    at: datetime
    withdrawn_at: datetime | None


class StaffTraining(Shown):
    """How somebody stands with a training."""

    training: str
    title: str
    standing: Standing
    practised: int
    pieces: int
    attempts: int
    score: int | None
    session: int | None = Field(description="The session that they are to come to.")
    buddy: int | None
    results: list[ResultLine]


class StaffWhole(StaffItem):
    """Somebody of the staff with the trainings that you may know of."""

    trainings: list[StaffTraining]


class SessionItem(Shown):
    """One session of a training."""

    id: int
    location: str
    training: str
    starts_at: datetime
    minutes: int
    place: str
    seats: int | None = Field(description="Null: as many as come.")
    trainer: int | None
    recording: str
    enrolled: int
    present: int
    held_at: datetime | None
    called_off_at: datetime | None
    clashes: list[Clash] = Field(description="What speaks against it.")
    version: int


class SeatLine(Shown):
    """Somebody who is asked to a session."""

    staff: int
    name: str
    invited: bool
    attended: bool | None = Field(description="Null: not noted yet.")


class SessionWhole(SessionItem):
    """One session with its people; `people` is null where you may not know them."""

    people: list[SeatLine] | None
    waiting: list[int] = Field(description="Of a request that asked people: those for whom there was no seat.")
    may_hold: bool


class OwnSession(Shown):
    id: int
    part: str = Field(description="hold, close (over, and attendance not noted) or attend.")
    title: str
    place: str
    starts_at: datetime
    minutes: int


class OwnRecording(Shown):
    title: str
    place: str
    until: date | None


class OwnTraining(Shown):
    """Sessions of the next days that are yours, and recordings that you owe."""

    sessions: list[OwnSession]
    recordings: list[OwnRecording]


class ListFault(Shown):
    line: int
    column: str
    message: str


class ListChanges(Shown):
    """What a staff list does, or has done."""

    faults: list[ListFault]
    rows: int
    new: int
    changed: int
    same: int
    missing: list[int] = Field(description="Staff of the locations on the list who are not on it.")
    shown: str = Field(description="Send it back to take the list over. Empty: there is nothing to take over.")
    done: bool
