"""A rollout that goes on after its gates: a location leaves its first weeks, and work comes after them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from app.actions.gates.conditions import accept_condition, ask_condition
from app.actions.gates.deciding import Decided
from tests.cast import PLAYBOOK, Cast
from tests.gating import decide, gate_id, open_it, vote

WORK = """\
  early: {title: Close the old system, owner: champion, due: live week 4 wed, phase: early}
  denials: {title: Compare the denials, owner: it-lead, due: cutover + 60d}
  tune: {title: Tune the schedules, scope: network, owner: ops-manager, due: week 15 .. week 16, phase: optimise}
  report: {title: Closing report, scope: network, owner: [sponsor, cto], due: start + 6mo}
gates:
  stable:
    title: Two weeks live
    when: cutover + 15d 10:00
    owner: champion
    decide: director
    votes: [champion]
    criteria: {held: {title: Each has an owner, issues: [critical, normal], counts: unowned, critical: true}}
  exit:
    title: End of the first weeks
    when: cutover + 29d 10:00
    owner: champion
    decide: director
    votes: [champion]
    conditions: {at_most: 2, expire: 10d}
    criteria: {calm: {title: No standstill, issues: [critical], critical: true}}
"""
FRAME = """\
phases:
  early: {title: First weeks live, when: live week 1 .. live week 4}
  optimise: {title: Optimisation sprint, when: week 15 .. week 16}
  sustain: {title: Optimisation to month six, when: end .. start + 6mo}
milestones:
  kick-off: {title: Work begins, when: start, scope: network, owner: director}
  month-six: {title: Optimisation ends, when: start + 6mo, scope: network, owner: sponsor}
tasks:
"""
HANDING = PLAYBOOK.replace("length: 8w", "length: 16w").replace("tasks:\n", FRAME, 1).replace("gates:\n", WORK, 1)
EXIT = datetime(2027, 3, 9, 16, 20, tzinfo=UTC)
"""Twenty past ten at Alder on the day of its last gate."""
ENDS = EXIT + timedelta(days=3)


def hand_over(
    session: Session, cast: Cast, place: str = "alder", *, gate: str = "exit", outcome: str = "go", now: datetime = EXIT
) -> Decided:
    """The vote is opened, its champion votes for it, and it is decided."""
    dated = gate_id(session, cast, gate, place)
    open_it(session, cast, dated, "opm", now)
    vote(session, cast, dated, "chA" if place == "alder" else "chB", now=now)
    return decide(session, cast, dated, outcome, now=now)


def carry(session: Session, cast: Cast, place: str = "alder", *, what: str = "The archive is moved") -> int:
    """Its last gate carries a condition that Omar Haddad answers for, until `ENDS`."""
    gate = gate_id(session, cast, "exit", place)
    row = ask_condition(
        session, gate, what=what, instead="The old archive stays on.", risk="", owner=cast.people["opm"],
        expires_at=ENDS, by=cast.viewer(session, "opm", EXIT), now=EXIT,
    )  # fmt: skip
    accept_condition(session, gate, row.id or 0, by=cast.proven(session, "dir", EXIT), now=EXIT)
    return row.id or 0
