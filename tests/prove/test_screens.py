"""A night on two hundred screens: each is told of every change, in its order and once, over a restart of the server,
and shows the last state. Twenty screens in the suite, two hundred with `run.py prove`.

The server is the one that people start, in a process of its own; half of the screens have a link, half are signed in.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles

import pytest

from app.actions.people.sign_ins import attempt_sign_in, sign_in
from app.actions.runs.finishing import finish_step
from app.actions.runs.links import make_link
from app.actions.runs.making import make_run
from app.actions.runs.stepping import start_step
from app.db import Database
from app.queries.events import newest_event
from tests import cast as casting
from tests.bench.servers import COMPILED
from tests.browser.sites import soon
from tests.cast import PLAYBOOK, Cast, email
from tests.engines import ONE_ENGINE
from tests.house.tree import ROOT
from tests.prove.screens import Screen
from tests.running import runbook_id

MOST_STEPS = 50
RUNBOOK = """\
runbooks:
  night:
    title: Night
    zero: cutover
    owner: ops-manager
    order: parallel
    steps:
"""
STEPS = "".join(f"      s{n}: {{title: Step {n}, takes: 30m, owner: it-lead}}\n" for n in range(MOST_STEPS))
NIGHT = PLAYBOOK.replace("issues:\n", f"{RUNBOOK}{STEPS}issues:\n", 1)
SEEING = ("dir", "opm", "cto", "itl", "exe", "chA", "chAB")
"""Who may see the run at Alder."""
READY_WITHIN, SHOWN_WITHIN, LOOK = 90.0, 90.0, 0.05


class Server:
    """`muster serve` on a port, over a database; stopped and started again."""

    def __init__(self, url: str, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        # It starts twice: what it imports is compiled once.
        elsewhere = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": COMPILED}
        compiled = elsewhere if sys.dont_write_bytecode else {}
        own = {"MUSTER_DATABASE_URL": url, "MUSTER_DATA": str(folder), "MUSTER_WORKER": "separate"}
        self._environment = {**os.environ, **compiled, **own}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-c", "from app.cli import main; main()", "serve", "--port", str(self.port)]
        self._process = subprocess.Popen(command, cwd=ROOT, env=self._environment, stdout=subprocess.DEVNULL)
        until = time.monotonic() + READY_WITHIN
        while time.monotonic() < until:
            assert self._process.poll() is None, "the server did not start"
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                    return
            except OSError:
                time.sleep(0.05)
        pytest.fail("the server did not answer")

    def stop(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(timeout=30)


@contextmanager
def serving(url: str, folder: Path) -> Iterator[Server]:
    server = Server(url, folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()


class Night:
    """A run whose steps are begun and finished, each change as its own transaction."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.cast: Cast = casting.running(database, NIGHT)
        self.committed: list[tuple[int, float]] = []
        now = datetime.now(UTC)
        with database.writing() as session:
            by = self.cast.viewer(session, "opm", now)
            self.run = make_run(session, runbook_id(session, self.cast), by=by, now=now).id or 0
        with database.writing() as session:
            by = self.cast.viewer(session, "opm", now)
            self.link = f"/wall/{make_link(session, self.run, title='Wall', by=by, now=now)[1]}"

    def cookie(self, who: str) -> str:
        now = datetime.now(UTC)
        with self.database.writing() as session:
            attempt = attempt_sign_in(session, email=email(who), address="127.0.0.1", now=now)
            return f"muster={sign_in(session, attempt, own_device=True, now=now)}"

    def change(self) -> None:
        """The next one: a step begins, or ends."""
        number, ends = divmod(len(self.committed), 2)
        act, now = finish_step if ends else start_step, datetime.now(UTC)
        with self.database.writing() as session:
            act(session, self.run, f"s{number}", seen=None, by=self.cast.viewer(session, "opm", now), now=now)
            event = newest_event(session)
        self.committed.append((event, time.monotonic()))


def screens(night: Night, port: int, count: int) -> list[Screen]:
    """Half of them by the link, half of them signed in."""
    cookies = [night.cookie(who) for who in SEEING]
    own = f"/runs/{night.run}/wall"
    return [
        Screen(port, own, "/live", cookies[number % len(cookies)])
        if number % 2
        else Screen(port, night.link, f"{night.link}/live")
        for number in range(count)
    ]


async def watched(night: Night, server: Server, found: list[Screen], changes: int, apart: float) -> float:
    """All of them follow, while so many changes are made; in the middle the server is started again. How long it took
    from when it answers again until all of them show what they missed, in seconds.
    """
    tasks = [asyncio.create_task(one.follow()) for one in found]
    await _until(lambda: all(one.shown for one in found))
    away, back = changes // 2, 0.0
    for number in range(changes):
        if number == away:
            await asyncio.to_thread(server.stop)
        await asyncio.to_thread(night.change)
        if number == away + 1:
            await asyncio.to_thread(server.start)
            back = time.monotonic()
            await _shown(found, number + 1)
            back = time.monotonic() - back
        await asyncio.sleep(apart)
    await _shown(found, changes)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return back


async def _shown(found: list[Screen], changes: int) -> None:
    """Waits until so many changes stand on every screen."""
    await _until(lambda: all(one.shown and one.shown[-1][0] >= changes for one in found))


async def _until(holds: Callable[[], bool]) -> None:
    """Waits until it holds, but not for ever: what does not is told by the claims at the end."""
    for _ in range(int(SHOWN_WITHIN / LOOK)):
        if holds():
            return
        await asyncio.sleep(LOOK)


def proved(url: str, folder: Path, *, count: int, changes: int, apart: float) -> None:
    database = Database(url)
    night = Night(database)
    with serving(url, folder) as server:
        found = screens(night, server.port, count)
        back = asyncio.run(watched(night, server, found, changes, apart))
    database.dispose()
    wanted = [event for event, _ in night.committed]
    assert [one.anew for one in found] == [0] * count
    assert [one for one in found if [event for event, _ in one.told] != wanted] == []
    assert {one.shown[-1][0] for one in found} == {changes}
    print(f"{count} screens caught up {back:.2f} s after the server was there again")
    assert _late(night, found, changes) < soon() / 1000


def _late(night: Night, found: list[Screen], changes: int) -> float:
    """Within how many seconds 95 of 100 changes stood on a screen. What was committed just before the server went, and
    while it was away, is told when it is there again: it does not count.
    """
    away = range(changes // 2 - 1, changes // 2 + 2)
    told, shown = [], []
    for screen in found:
        for number, ((_, committed), (_, at)) in enumerate(zip(night.committed, screen.told, strict=True)):
            if number not in away:
                told.append(at - committed)
                shown.append(next(when for count, when in screen.shown if count > number) - committed)
    _say(f"{len(found)} screens, {changes} changes, told", told)
    return _say(f"{len(found)} screens, {changes} changes, shown", shown)


def _say(what: str, seconds: list[float]) -> float:
    cuts = quantiles(seconds, n=100)
    print(f"{what} after: p50 {cuts[49]:.2f} s, p95 {cuts[94]:.2f} s, p99 {cuts[98]:.2f} s, last {max(seconds):.2f} s")
    return cuts[94]


@pytest.fixture(params=ONE_ENGINE)
def url(request: pytest.FixtureRequest) -> str:
    found: str = request.getfixturevalue(f"{request.param}_url")
    return found


def test_twenty_screens_miss_nothing_while_the_server_starts_again(url: str, tmp_path: Path) -> None:
    proved(url, tmp_path / "data", count=20, changes=15, apart=0.2)


@pytest.mark.prove
def test_two_hundred_screens_miss_nothing_while_the_server_starts_again(database_url: str, tmp_path: Path) -> None:
    proved(database_url, tmp_path / "data", count=200, changes=100, apart=1.0)
