"""What a check may cost: time that grows with the file and no faster, and a bounded amount of memory."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from app.plan import check
from tests.house.tree import ROOT
from tests.plan.hostile import HEAD, corpus, wide_tasks

MEGABYTE = 1024
SPARE = 64 * MEGABYTE
MOST_SECONDS = 1.0


def seconds(data: bytes, times: int = 3) -> float:
    """Processor time of the quickest of several: what the work costs, not what a neighbour costs."""
    quickest = float("inf")
    for _ in range(times):
        begun = time.process_time()
        check(data)
        quickest = min(quickest, time.process_time() - begun)
    return quickest


def test_a_task_costs_the_same_among_3000_as_among_300() -> None:
    few, many = seconds(wide_tasks(300), 5) / 300, seconds(wide_tasks(3_000)) / 3_000
    print(f"milliseconds a task: {few * 1000:.3f} of 300, {many * 1000:.3f} of 3,000, ratio {many / few:.2f}")
    assert many / few < 2


# -- files whose parts multiply -------------------------------------------------------------------------------------


def rows(section: str, count: int, row: str) -> str:
    return f"{section}:\n" + "".join(f"  x{n}: {{{row.replace('$', str(n))}}}\n" for n in range(count))


def tasks(count: int, more: str = "", due: str = "week 2 fri") -> str:
    return rows("tasks", count, f"title: T, owner: lead, due: {due}{', ' if more else ''}{more}").replace("  x", "  t")


def waves(count: int) -> str:
    lines = (
        f"  w{n}: {{title: W, when: week {n % 8 + 1}, cutover: week {n % 8 + 1} mon, locations: 1}}\n"
        for n in range(count)
    )
    return "waves:\n" + "".join(lines)


def steps(count: int, more: str = "") -> str:
    return (
        "runbooks:\n  r:\n    title: R\n    zero: week 3 mon 07:00\n    owner: lead\n    order: parallel\n    steps:\n"
        + "".join(f"      s{n}: {{title: S, takes: 5m{more.replace('$', str(max(n - 1, 0)))}}}\n" for n in range(count))
    )


def with_calendar(keys: str) -> str:
    return HEAD.replace("{zone: Europe/Berlin}", f"{{zone: Europe/Berlin, {keys}}}")


HEAVY: dict[str, Callable[[], str]] = {
    "waves times tasks": lambda: HEAD + waves(100) + tasks(1_500, due="cutover - 1d"),
    "waves alone": lambda: HEAD + waves(600) + tasks(1),
    "names nobody knows, beside thousands": lambda: HEAD + tasks(1_000, "after: unknown-$"),
    "owners nobody knows": lambda: HEAD.replace("{lead: Project lead}", "{lead: Lead, "
        + ", ".join(f"role-{n}: R" for n in range(1_000)) + "}") + tasks(1_000).replace("owner: lead", "owner: rolf"),
    "facts nobody knows": lambda: HEAD + rows("attributes", 1_000, "title: A, answer: yes-no")
        + tasks(1_000, "where: {y$: true}"),
    "zones nobody knows": lambda: HEAD + tasks(600, due="week 2 fri 10:00 America/Nowhere$"),
    "working days by the thousand": lambda: HEAD + tasks(300, due="start + 9999wd"),
    "working days, one a week": lambda: with_calendar("open: mon") + tasks(100, due="start + 9999wd"),
    "steps in a row": lambda: HEAD + steps(1_500).replace("    order: parallel\n", ""),
    "steps that wait for steps": lambda: HEAD + steps(1_500, ", after: s$"),
    "freezes times tasks": lambda: HEAD + rows("freezes", 1_000, "title: F, when: week 2, stops: [t0]") + tasks(2_000),
}  # fmt: skip


@pytest.mark.parametrize("name", HEAVY)
def test_a_file_whose_parts_multiply_is_judged_within_a_second(name: str) -> None:
    data = HEAVY[name]().encode()
    assert len(data) <= 512_000
    taken = seconds(data, 1)
    if taken >= MOST_SECONDS:
        taken = seconds(data, 1)
    assert taken < MOST_SECONDS


# -- memory --------------------------------------------------------------------------------------------------------

# VmHWM and not ru_maxrss: the latter begins at what the parent process held.
PEAK = """
import sys
from pathlib import Path
from app.plan import check
check(Path(sys.argv[1]).read_bytes()[:512_001])
print(next(line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line))
"""
WORST = (
    "5 MB",
    "512 kB, all but comments",
    "200,000 values",
    "3,000 tasks",
    "100,000 brackets, closed",
    "100,000 open braces",
    "1,000 block levels",
    "nine to the twelfth by aliases",
    "two to the fourteenth by merge keys",
    "80,000 blank lines",
    "one line of 400,000 letters",
    "200 times 200 links",
    "a chain of 2,000 tasks",
    "a thousand documents",
)
FILES = {file.name: file for file in corpus()}


def peak(path: Path) -> int:
    """Kilobytes that a process needs at most, from its start to its verdict."""
    done = subprocess.run([sys.executable, "-c", PEAK, str(path)], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr[-400:]
    return int(done.stdout)


@pytest.fixture(scope="module")
def little(tmp_path_factory: pytest.TempPathFactory) -> int:
    path = tmp_path_factory.mktemp("little") / "playbook.yaml"
    path.write_bytes(wide_tasks(1))
    return peak(path)


@pytest.mark.skipif(sys.platform != "linux", reason="counts kilobytes as Linux does")
@pytest.mark.parametrize("name", WORST)
def test_a_hostile_file_needs_less_than_64_mb_more_than_a_small_one(name: str, little: int, tmp_path: Path) -> None:
    path = tmp_path / "hostile.yaml"
    path.write_bytes(FILES[name].make())
    more = peak(path) - little
    print(f"{name}: {more / MEGABYTE:.0f} MB more")
    assert more < SPARE
