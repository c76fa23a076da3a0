"""Speed of pages and ticks, each as a ratio to a limit that is measured in the same run."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from tests.bench.limits import COUNTED
from tests.bench.load import Load, load, request
from tests.bench.seed import Seed, seeded
from tests.bench.servers import Server, serving

OURS = "tests.bench.ours:app"
LIMITS = "tests.bench.limits:"
Fresh = Callable[[], Iterator[str]]


def lists(fresh: Fresh) -> Iterator[str]:
    """A list of 200 tasks, and the same page unchanged; 8 clients."""
    with _ours(fresh, tasks=100, locations=2) as (seed, server, _):
        path = f"/rollouts/{seed.rollout}/plan?rows=200"
        plain = request("GET", path, [("Cookie", seed.cookie)])
        tag = _etag(server, plain)
        same = request("GET", path, [("Cookie", seed.cookie), ("If-None-Match", tag)])
        _warm(server, plain)
        ours = load(server.port, [[plain] * 40] * 8, 200)
        unchanged = load(server.port, [[same] * 150] * 8, 304) if tag else None
    with serving(f"{LIMITS}rows") as limit:
        _warm(limit, request("GET", "/"))
        rows = load(limit.port, [[request("GET", "/")] * 60] * 8, 200)
    with serving(f"{LIMITS}fixed") as limit:
        _warm(limit, request("GET", "/"))
        fixed = load(limit.port, [[request("GET", "/")] * 300] * 8, 200)
    yield _ratio("list of 200 tasks", ours, rows, 2.0)
    if unchanged:
        yield _ratio("the same list unchanged", unchanged, fixed, 0.5)
    else:
        yield "the same list unchanged: the page has no ETag"


def ticks(fresh: Fresh) -> Iterator[str]:
    """Ticking with its event, one durable transaction; 32 clients, 2 processes."""
    with _ours(fresh, tasks=200, locations=8, processes=2) as (seed, server, url):
        form = [
            request("POST", f"/tasks/{key}/completion", [("Cookie", seed.cookie), ("HX-Request", "true")], b"version=1")
            for key in seed.tasks
        ]
        each = len(form) // 32
        own = [form[number * each : (number + 1) * each] for number in range(32)]
        ours = load(server.port, own, 200)
        _bench_tables(url, len(form))
        with serving(f"{LIMITS}write", processes=2, BENCH_DATABASE=url) as limit:
            raw = [[request("POST", f"/{key + 1}") for key in range(n * each, (n + 1) * each)] for n in range(32)]
            bare = load(limit.port, raw, 204)
    yield _ratio("ticks", ours, bare, 1.0)
    yield f"  p95 {ours.p95 * 1000:.0f} ms against {bare.p95 * 1000:.0f} ms: {ours.p95 / bare.p95:.2f} (bar 1.5)"


def boards(fresh: Fresh) -> Iterator[str]:
    """The board over 100 locations, at 200 and at 2,000 tasks each: as it is kept, and made anew as after a change."""
    took: dict[str, list[float]] = {"kept": [], "made anew": []}
    for tasks in (200, 2_000):
        with _ours(fresh, tasks=tasks, locations=100) as (seed, server, url):
            path = f"/rollouts/{seed.rollout}/board"
            page = request("GET", path, [("Cookie", seed.cookie)])
            _warm(server, page)
            # Another address each time: no page of it is kept.
            anew = [request("GET", f"{path}?look={number}", [("Cookie", seed.cookie)]) for number in range(10)]
            for how, pages in (("kept", [page] * 200), ("made anew", anew)):
                took[how].append(1 / load(server.port, [pages], 200).a_second)
            grouped = _seconds_of(url)
        for how, found in took.items():
            yield f"board, 100 × {tasks:,}, {how}: {1000 * found[-1]:.1f} ms, a GROUP BY {grouped * 1000:.1f} ms:" \
                  f" {grouped / found[-1]:.2f} times as quick (bar 4)"  # fmt: skip
    for how, found in took.items():
        yield f"  {how}, 100 × 2,000 against 100 × 200: {found[1] / found[0]:.2f} (bar 1.2)"


def starts(fresh: Fresh) -> Iterator[str]:
    """Cold start and memory once loaded, 2 processes; of what has been started before, so that it is compiled."""
    for _ in range(2):
        with _ours(fresh, tasks=100, locations=2, processes=2) as (seed, server, _):
            _warm(server, request("GET", f"/rollouts/{seed.rollout}/board", [("Cookie", seed.cookie)]))
            ours = (server.seconds, server.memory())
        with serving(f"{LIMITS}bare", processes=2) as limit:
            _warm(limit, request("GET", "/"))
            bare = (limit.seconds, limit.memory())
    yield f"cold start {ours[0]:.2f} s against {bare[0]:.2f} s: {ours[0] / bare[0]:.2f} (bar 1.3)"
    yield f"memory {ours[1] >> 20} MiB against {bare[1] >> 20} MiB: {ours[1] / bare[1]:.2f} (bar 1.3)"


@contextmanager
def _ours(fresh: Fresh, *, tasks: int, locations: int, processes: int = 1) -> Iterator[tuple[Seed, Server, str]]:
    with contextmanager(fresh)() as url, tempfile.TemporaryDirectory() as folder:
        seed = seeded(url, tasks=tasks, locations=locations)
        with serving(OURS, processes=processes, BENCH_DATABASE=url, BENCH_DATA=str(Path(folder))) as server:
            yield seed, server, url


def _warm(server: Server, one: bytes) -> None:
    for _ in range(3):
        load(server.port, [[one] * 4] * 2, 200)


def _etag(server: Server, one: bytes) -> str:
    import socket

    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as wire:
        wire.sendall(one)
        head = wire.recv(4_096).partition(b"\r\n\r\n")[0].decode("latin-1")
    found = [line.partition(":")[2].strip() for line in head.split("\r\n") if line.lower().startswith("etag:")]
    return found[0] if found else ""


def _bench_tables(url: str, count: int) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        key = "SERIAL" if engine.dialect.name == "postgresql" else "INTEGER"
        connection.execute(text("CREATE TABLE bench_item (id INTEGER PRIMARY KEY, done INTEGER NOT NULL)"))
        connection.execute(text(f"CREATE TABLE bench_event (id {key} PRIMARY KEY, item INTEGER, said TEXT)"))
        rows = [{"id": number + 1} for number in range(count)]
        connection.execute(text("INSERT INTO bench_item (id, done) VALUES (:id, 0)"), rows)
    engine.dispose()


def _seconds_of(url: str) -> float:
    """How long the database takes to count the same rows by location and workstream, the quickest of five."""
    engine = create_engine(make_url(url))
    with engine.connect() as connection:
        took = []
        for _ in range(5):
            begun = time.perf_counter()
            connection.execute(text(COUNTED)).all()
            took.append(time.perf_counter() - begun)
    engine.dispose()
    return min(took)


def _ratio(what: str, ours: Load, limit: Load, bar: float) -> str:
    failed = f", {ours.failed} FAILED" if ours.failed else ""
    return (
        f"{what}: {ours.a_second:.0f} a second against {limit.a_second:.0f}:"
        f" {ours.a_second / limit.a_second:.2f} times (bar {bar}){failed}"
    )
