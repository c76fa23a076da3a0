"""The printed pack of a runbook at a place: every step with space for times, for a night on which screens fail."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

from app.documents.codes import qr_code
from app.documents.typesetting import Paper, pdf

PROMISE: Final = "Times from paper are entered later and marked as such."


@dataclass(frozen=True)
class RoleLine:
    """A role of the night: who holds it, and who takes over."""

    role: str
    names: str
    backup: str


@dataclass(frozen=True)
class Asked:
    """A blank to fill in: what, in which unit, what is good enough; or boxes to choose from."""

    what: str
    unit: str = ""
    good: str = ""
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Grid:
    """A table to fill in; a row without a title is blank."""

    columns: tuple[str, ...]
    rows: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PackStep:
    """One step. `t` is its planned time from T, `at` by the clock of the place; `waits` what it waits for, `marks` what
    is special about it, in words; `texts` are labels and what the playbook says; `begins` how many times it may begin.
    `address` leads to it on a screen, empty before a run is made.
    """

    number: int
    title: str
    group: str
    t: str
    at: str
    minutes: str
    waits: str
    who: str
    check: str = ""
    marks: tuple[str, ...] = ()
    texts: tuple[tuple[str, str], ...] = ()
    lines: tuple[str, ...] = ()
    asked: tuple[Asked, ...] = ()
    grid: Grid | None = None
    begins: int = 1
    address: str = ""


@dataclass(frozen=True, kw_only=True)
class RunbookPack:
    """What the pack says. `facts` are lines of a label and what it says; `safe` spells the last safe decision out;
    `address` leads to the run, or to the runbook before one is made.
    """

    title: str
    place: str
    kind: str
    facts: tuple[tuple[str, str], ...]
    safe: tuple[tuple[str, str], ...]
    prompt: str
    roles: tuple[RoleLine, ...]
    steps: tuple[PackStep, ...]
    back_title: str
    back: tuple[PackStep, ...]
    printed: str
    address: str
    paper: Paper = "a4"


def runbook_pack(facts: RunbookPack) -> bytes:
    """As many pages as it takes, as PDF."""
    own = {one.name: getattr(facts, one.name) for one in fields(facts)}
    codes = {step.address: qr_code(step.address) for step in (*facts.steps, *facts.back) if step.address}
    return pdf("runbook_pack", _Set(**own, promise=PROMISE, codes={**codes, facts.address: qr_code(facts.address)}))


@dataclass(frozen=True, kw_only=True)
class _Set(RunbookPack):
    """The pack with its codes, as SVG, by the addresses that they lead to."""

    promise: str
    codes: dict[str, str]
