"""Both playbooks that Muster ships load, schedule and run through their first phase, on both engines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, col, select

from app.db import Database
from app.demo.opening import Book, demo_book
from app.models import (
    Answer,
    Baseline,
    CheckItem,
    Completion,
    Evidence,
    GateDecision,
    GateRecord,
    Issue,
    Location,
    MeetingRecord,
    Rollout,
    ScheduledEntry,
    SelectionChoice,
    Signature,
    Task,
)
from app.queries.rollouts.board import board
from app.queries.rollouts.facts import facts_of
from app.rules.signoffs import fingerprint
from app.stored import playbook_at
from tests.journeys.first_phase import FirstPhase
from tests.journeys.groups import BOOK

CHICAGO = ZoneInfo("America/Chicago")
SIGNED = (1, True)
NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    found = Database(database_url)
    yield found
    found.dispose()


def lived(database: Database, book: Book, files: Path, signer: str, zone: ZoneInfo) -> FirstPhase:
    journey = FirstPhase(database, book=book, files=files, signer=signer, zone=zone)
    journey.begin()
    journey.live_through()
    return journey


def test_the_two_weeks_of_readiness(database: Database, tmp_path: Path) -> None:
    journey = lived(database, demo_book(), tmp_path, "practice-manager", CHICAGO)
    assert journey.last_day() == date(2027, 1, 15)
    with database.reading() as session:
        assert work(session, journey) == {"in the phase": 55, "done": 56, "open": 0, "late": 0, "beyond": 0}
        assert gates(session) == {
            ("", "pilot-chosen"): "go", ("alder-quay", "readiness-review"): "go", ("fenmoor", "readiness-review"): "go",
        }  # fmt: skip
        assert chosen(session) == [["alder-quay", "fenmoor"]]
        assert meetings(session) == {("steering", "held"): 2, ("all-hands", "held"): 2}
        assert baselines(session) == {
            "": SIGNED, "alder-quay": SIGNED, "fenmoor": SIGNED, "kestrel-ridge": SIGNED, "lark-hollow": SIGNED,
        }  # fmt: skip
        assert counted(session, journey) == {
            "": (10, 28), "alder-quay": (11, 36), "fenmoor": (12, 37), "kestrel-ridge": (11, 39),
            "lark-hollow": (12, 39),
        }  # fmt: skip
        assert session.exec(select(Issue)).all() == []


def test_the_six_weeks_of_agreeing(database: Database, tmp_path: Path) -> None:
    journey = lived(database, BOOK, tmp_path, "managing-partner", NEW_YORK)
    assert journey.last_day() == date(2027, 2, 12)
    with database.reading() as session:
        assert work(session, journey) == {"in the phase": 16, "done": 16, "open": 0, "late": 0, "beyond": 0}
        assert gates(session) == {("", "found"): "go"}
        assert meetings(session) == {("council", "held"): 6, ("workstream-leads", "held"): 1}
        assert baselines(session) == {"": SIGNED, "marsh-road": SIGNED, "pine-street": SIGNED, "tide-harbour": SIGNED}
        assert counted(session, journey) == {
            "": (4, 16), "marsh-road": (4, 11), "pine-street": (3, 10), "tide-harbour": (5, 12),
        }  # fmt: skip
        assert session.exec(select(Issue)).all() == []


# --- what is there at the end --------------------------------------------------------------------------------


def slugs(session: Session) -> dict[int | None, str]:
    return {None: "", **{row.id: row.slug for row in session.exec(select(Location))}}


def work(session: Session, journey: FirstPhase) -> dict[str, int]:
    """The tasks that are due in the phase, how many of them the playbook counts to it, and what of them is open or was
    settled after its day; and what was done `beyond` it.
    """
    rollout, last = session.get_one(Rollout, journey.rollout), journey.last_day()
    playbook = playbook_at(session, rollout)
    inside = {task.id for task in playbook.work if task.phase == next(iter(playbook.phases))}
    zones = {None: journey.zone, **{row.id: ZoneInfo(row.zone) for row in session.exec(select(Location))}}
    done = {row.task_id: row for row in session.exec(select(Completion))}
    found = Counter({"in the phase": 0, "done": 0, "open": 0, "late": 0, "beyond": begun_later(session, last)})
    for task in session.exec(select(Task)):
        row, due = done.get(task.id or 0), task.due
        found["in the phase"] += task.entry in inside
        if due is None or due > last:
            found["beyond"] += row is not None
            found["open"] += task.entry in inside
        elif row is None or row.settled_at is None:
            found["open"] += 1
        else:
            found["done"] += 1
            found["late"] += row.settled_at.astimezone(zones[task.location_id]).date() > due
    return dict(found)


def begun_later(session: Session, last: date) -> int:
    """What people recorded on tasks that are due after the phase."""
    tasks = select(Task.id).where(col(Task.due).is_(None) | (col(Task.due) > last))
    ticked = select(CheckItem.id).where(col(CheckItem.checked_at).is_not(None), col(CheckItem.task_id).in_(tasks))
    recorded = [select(model.id).where(col(model.task_id).in_(tasks)) for model in (Answer, Evidence, Signature)]
    return sum(len(session.exec(one).all()) for one in (ticked, *recorded))


def gates(session: Session) -> dict[tuple[str, str], str]:
    """What was decided, by place and gate."""
    at = slugs(session)
    rows = (
        select(ScheduledEntry, GateDecision)
        .join(GateRecord, col(GateRecord.dated_id) == col(ScheduledEntry.id))
        .join(GateDecision, col(GateDecision.record_id) == col(GateRecord.id))
    )
    return {(at[entry.location_id], entry.entry): decision.outcome for entry, decision in session.exec(rows)}


def chosen(session: Session) -> list[list[str]]:
    """The places of each choice that is signed."""
    at = slugs(session)
    rows = session.exec(select(SelectionChoice).where(col(SelectionChoice.settled_at).is_not(None)))
    return [sorted(at[place] for place in row.locations) for row in rows]


def meetings(session: Session) -> dict[tuple[str, str], int]:
    return dict(
        Counter((row.entry, "held" if row.held_at else "missed") for row in session.exec(select(MeetingRecord)))
    )


def baselines(session: Session) -> dict[str, tuple[int, bool]]:
    """By place, the number of the baseline that is frozen, and whether it is what was signed."""
    at = slugs(session)
    return {
        at[row.location_id]: (row.number, row.sha256 == fingerprint(row.content))
        for row in session.exec(select(Baseline))
    }


def counted(session: Session, journey: FirstPhase) -> dict[str, tuple[int, int]]:
    """What the board counts as done, and of how many, by place (the empty one: what is there once for all)."""
    rollout = facts_of(session, session.get_one(Rollout, journey.rollout))
    seen = board(session, rollout, journey.director(session).locations(journey.rollout), journey.now)
    cells = {centre.place.slug: centre.cells for centre in seen.centres} | {"": seen.shared}
    return {
        place: (sum(cell.done for cell in found if cell), sum(cell.total for cell in found if cell))
        for place, found in cells.items()
    }
