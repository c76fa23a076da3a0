"""All figures, on both engines. `python3 run.py bench`, or by name: `start runs lists ticks boards starts sweeps staff
reconciliation rooms productivity`."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from tests.bench.pages import boards, lists, starts, ticks
from tests.bench.productivity import productivity
from tests.bench.reconciliation import reconciliation
from tests.bench.returns import returns
from tests.bench.rooms import rooms
from tests.bench.runs import runs
from tests.bench.staff import staff
from tests.bench.sweeps import sweeps
from tests.engines import new_database, start_server

SIZES = (50, 200)


def main() -> None:
    wanted = sys.argv[1:] or ["start", "runs", *PARTS]
    if "start" in wanted:
        plans()
    if "runs" in wanted:  # a pure figure: no engine has a part in it
        print(*runs(), sep="\n", flush=True)
    for name in (name for name in wanted if name in PARTS):
        for engine, fresh in ENGINES.items():
            for line in PARTS[name](fresh):
                print(f"{engine}: {line}", flush=True)


def fresh_sqlite() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{Path(folder) / 'bench.db'}"


def fresh_postgresql() -> Iterator[str]:
    """A database of a durable server: PostgreSQL's defaults, unlike that of the tests."""
    with tempfile.TemporaryDirectory(prefix="muster-pg-", dir=tempfile.gettempdir()) as folder:
        home = Path(folder)
        home.chmod(0o755)  # the server runs as a system user of its own
        server = start_server(home)
        url = make_url(server.get_uri(database="postgres")).set(drivername="postgresql+psycopg")
        with new_database(url) as fresh:
            yield fresh
        server.stop()


PARTS = {
    "lists": lists,
    "ticks": ticks,
    "boards": boards,
    "starts": starts,
    "sweeps": sweeps,
    "staff": staff,
    "reconciliation": reconciliation,
    "rooms": rooms,
    "returns": returns,
    "productivity": productivity,
}
ENGINES = {"SQLite": fresh_sqlite, "PostgreSQL": fresh_postgresql}


def plans() -> None:
    """Checking, planning and starting a large playbook."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        report("SQLite", [measure(size, f"sqlite:///{home / f'{size}.db'}") for size in SIZES])
    with tempfile.TemporaryDirectory(prefix="muster-pg-", dir=tempfile.gettempdir()) as folder:
        home = Path(folder)
        home.chmod(0o755)  # the server runs as a system user of its own
        server = start_server(home)
        url = make_url(server.get_uri(database="postgres")).set(drivername="postgresql+psycopg")
        found = []
        for size in SIZES:
            with new_database(url) as fresh:
                found.append(measure(size, fresh))
        report("PostgreSQL", found)
        server.stop()


def measure(size: int, url: str) -> dict[str, Any]:
    """In a process of its own, so that one size's peak memory is not another's."""
    done = subprocess.run([sys.executable, "-m", "tests.bench.start", str(size), url], capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def report(engine: str, found: list[dict[str, Any]]) -> None:
    print(f"\n{engine}: a playbook of 1,000 tasks, checked, planned and started")
    for each in found:
        parts = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in each["seconds"].items())
        each["per_row"] = each["seconds"]["start"] / each["rows"] * 1e6
        size = f"{each['locations']:>4} locations, {each['rows']:>7,} rows"
        print(f"  {size}: {parts}; peak {each['peak_mib']} MiB; start {each['per_row']:.0f} µs a row")
    small, large = found[0], found[-1]
    ratio = large["per_row"] / small["per_row"]
    print(f"  cost of a row at {large['locations']} against {small['locations']}: {ratio:.2f}")


if __name__ == "__main__":
    main()
