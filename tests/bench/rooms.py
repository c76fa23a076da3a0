"""The wall of a long night against that of a short one: made anew as after a change, and kept for all screens."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlmodel import Session, select

from app.actions.people.viewers import viewer_of
from app.actions.runs.links import make_link
from app.actions.runs.making import make_run
from app.actions.runs.opening import enter, open_run
from app.actions.runs.stepping import note_on
from app.db import Database, upgrade
from app.models import Person, ScheduledEntry
from app.rules.people.access import Viewer
from app.rules.runbooks.ledger import Act
from tests.bench.load import load, request
from tests.bench.seed import HEAD, begun, places
from tests.bench.servers import Server, serving

SHORT, LONG, NEARBY, LIMIT = 50, 500, 20, 3
LINKS_A_STEP, LOOKS, RUNNING = 4, 60, 3
MINUTE = timedelta(minutes=1)
Fresh = Callable[[], Iterator[str]]


@dataclass(frozen=True)
class Took:
    """Seconds within which 95 of 100 came, made anew and kept, and how large one is."""

    anew: float
    kept: float
    bytes: int


def rooms(fresh: Fresh) -> Iterator[str]:
    """Half of each night is done, three steps run, and everything that is on the wall is drawn."""
    short, long = _took(fresh, SHORT), _took(fresh, LONG)
    yield f"wall of {LONG} steps and {LONG * LINKS_A_STEP:,} links, made anew: p95 {long.anew * 1e3:.1f} ms, of" \
          f" {SHORT} steps {short.anew * 1e3:.1f} ms: {long.anew / short.anew:.2f} times (bar {LIMIT})"  # fmt: skip
    yield f"  the same, kept: p95 {long.kept * 1e3:.1f} ms against {short.kept * 1e3:.1f} ms:" \
          f" {long.kept / short.kept:.2f} times; {long.bytes >> 10} KiB against {short.bytes >> 10} KiB"  # fmt: skip


def _took(fresh: Fresh, steps: int) -> Took:
    for url in fresh():
        upgrade(url)
        now = datetime.now(UTC)
        begun(url, _playbook(steps), places(2), now - timedelta(weeks=1), now)
        database = Database(url)
        with database.writing() as session:
            run, address = _night(session, steps, now)
        with (
            tempfile.TemporaryDirectory() as folder,
            serving("tests.bench.ours:app", BENCH_DATABASE=url, BENCH_DATA=str(Path(folder))) as server,
        ):
            found = _measured(server, database, run, address)
        database.dispose()
    return found


def _measured(server: Server, database: Database, run: int, address: str) -> Took:
    page = request("GET", address)
    load(server.port, [[page] * 4] * 2, 200)
    took = []
    for number in range(LOOKS):
        now = datetime.now(UTC)
        with database.writing() as session:
            note_on(session, run, text=f"Note {number}", by=_leader(session, now), now=now)
        took.append(load(server.port, [[page]], 200).p95)
    kept = load(server.port, [[page] * 100], 200)
    return Took(sorted(took)[int(len(took) * 0.95)], kept.p95, kept.bytes)


def _night(session: Session, steps: int, now: datetime) -> tuple[int, str]:
    """The run, and the address of its wall."""
    by = _leader(session, now)
    dated = session.exec(select(ScheduledEntry.id).where(ScheduledEntry.kind == "runbook")).first() or 0
    run = make_run(session, dated, by=by, now=now).id or 0
    opened = open_run(session, run, by=by)
    for number in range(steps // 2 + RUNNING):
        row, _ = opened.step(f"s{number}")
        at = now + number * MINUTE / steps
        enter(session, opened, Act.STARTED, row, by=by, now=at)
        if number < steps // 2:
            enter(session, opened, Act.FINISHED, row, by=by, now=at + MINUTE / steps)
    return run, f"/wall/{make_link(session, run, title='Bench', by=by, now=now)[1]}"


def _leader(session: Session, now: datetime) -> Viewer:
    return viewer_of(session, session.exec(select(Person.id)).first() or 0, now=now)


def _playbook(steps: int) -> bytes:
    """Steps that wait for four of the twenty before them."""
    chance = random.Random(1959)
    lines = [HEAD, "  one: {title: One, due: week 1 fri, owner: champion}\n", RUNBOOK]
    left = steps * LINKS_A_STEP
    for number in range(steps):
        count = min(number, NEARBY, -(-left // (steps - number)))
        left -= count
        links = ", ".join(f"s{one}" for one in sorted(chance.sample(range(max(0, number - NEARBY), number), count)))
        takes, owner = chance.randint(1, 30), ("champion", "lead")[number % 2]
        after = f", after: [{links}]" if links else ""
        lines.append(f"      s{number}: {{title: Step {number}, takes: {takes}m, owner: {owner}{after}}}\n")
    return "".join([*lines, BACK]).encode()


RUNBOOK = """\
runbooks:
  night:
    title: Night
    zero: cutover
    window: T - 6h .. T + 6h
    owner: lead
    order: parallel
    steps:
"""
BACK = """\
    back_out:
      title: Back
      decide: lead
      done_by: T - 15m
      margin: 15m
      steps: {say-back: {title: Tell everybody, takes: 5m, owner: lead}}
"""
