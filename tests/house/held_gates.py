"""The gate of both locations: deferred once and open again, with a canary in all that was said there and attached."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any, Final

from sqlmodel import Session, select

from app.actions.gates.answering import answer_criterion
from app.actions.gates.conditions import accept_condition, ask_condition
from app.actions.gates.deciding import decide_gate
from app.actions.gates.files import attach_gate_file, attach_gate_link, remove_gate_file
from app.actions.gates.voting import cast_vote, open_vote
from app.models import GateCondition, GateDecision, GateFile, GateRecord, GateVote, Rollout, ScheduledEntry
from app.queries.gates.evidence import evidence_of
from app.queries.rollouts.facts import facts_of
from app.rules.gates.packs import Pack
from tests.cast import NOW, PLAYBOOK
from tests.house import policy
from tests.house.policy import ALDER, AT, BIRCH, DO, SIGN, Rule
from tests.web.conftest import Site

HELD: Final = """\
    conditions: {at_most: 5}
    criteria:
      seen: {title: Seen at work, answer: text, owner: champion}
"""
GATED: Final = PLAYBOOK.replace("    owner: it-lead\n    decide:", "    owner: ops-manager\n    decide:").replace(
    "    criteria:\n", HELD, 1
)
"""The playbook of the cast, whose gate asks for an answer and allows conditions. Its texts are for those who do work
there, as all others are.
"""
# Who has a vote at the gate, and who has cast the one that is void.
BALLOT: Final = {
    "alder": policy.of("dir", "chA", "chAB", sees=ALDER),
    "birch": policy.of("dir", "chB", "chAB", sees=BIRCH),
}
VOTED: Final = {"alder": policy.of("chA", sees=ALDER), "birch": policy.of("chB", sees=BIRCH)}


def hold(site: Site, session: Session, place: str, champion: str, canary: str) -> None:
    """Answered, proved, voted on, deferred, and open again: the vote of before is void, and one more is cast."""
    gate = gates_at(site, session)[place]

    def who(name: str) -> dict[str, Any]:
        return {"by": replace(site.cast.viewer(session, name), proven_at=NOW), "now": NOW}

    def measure() -> Pack:
        rollout = facts_of(session, session.get_one(Rollout, site.cast.rollout))
        return evidence_of(session, rollout, gate, NOW).pack

    answer_criterion(session, gate, criterion="seen", text=f"{canary} answer", note=f"{canary} note", seen=0,
                     **who(champion))  # fmt: skip
    kept = site.app.state.store.keep(BytesIO(f"{canary} content of the gate".encode()), "d.txt")
    attach_gate_file(session, gate, criterion="seen", stored=kept, file_name=f"{canary}-gate.txt", **who(champion))
    gone = attach_gate_link(session, gate, criterion="seen", url=f"https://example.org/{canary}", **who(champion))
    remove_gate_file(session, gate, gone.id or 0, **who(champion))
    asked = ask_condition(
        session, gate, what=f"{canary} is open", instead=f"{canary} instead", risk=f"{canary} risk",
        owner=site.cast.people["opm"], expires_at=NOW + timedelta(days=300), **who("opm"),
    )  # fmt: skip
    accept_condition(session, gate, asked.id or 0, **who("dir"))
    for number in (1, 2):
        open_vote(session, gate, measure=measure, waits=(), seen=None, **who("opm"))
        cast_vote(session, gate, vote="no-go", comment=f"{canary} comment", pack=number, measure=measure,
                  **who(champion))  # fmt: skip
        if number == 1:
            decide_gate(session, gate, outcome="deferred", reason=f"{canary} reason", pack=number, measure=measure,
                        waits=(), seen=0, **who("dir"))  # fmt: skip


def gates_at(site: Site, session: Session) -> dict[str, int]:
    """The gate of each location."""
    rows = select(ScheduledEntry.location_id, ScheduledEntry.id).where(
        ScheduledEntry.kind == "gate", ScheduledEntry.entry == "go"
    )
    found = dict(session.exec(rows).all())
    return {place: found[key] or 0 for place, key in site.cast.locations.items()}


def of_gates(site: Site) -> dict[str, dict[str, int]]:
    """For each location the keys of its gate and of what hangs on it: `gate`, `condition`, `decision`, the void `vote`,
    the `file` that stands and the one that is `gone`.
    """
    with site.database.reading() as session:
        return {place: _of(session, gate) for place, gate in gates_at(site, session).items()}


def _of(session: Session, gate: int) -> dict[str, int]:
    record = session.exec(select(GateRecord.id).where(GateRecord.dated_id == gate)).one()
    one: dict[str, int] = {"gate": gate}
    for name, model in (("condition", GateCondition), ("decision", GateDecision)):
        one[name] = session.exec(select(model.id).where(model.record_id == record)).one() or 0
    votes = session.exec(select(GateVote).where(GateVote.record_id == record)).all()
    files = session.exec(select(GateFile).where(GateFile.record_id == record)).all()
    one["vote"] = next(vote.id or 0 for vote in votes if vote.voided_at is not None)
    one["file"] = next(file.id or 0 for file in files if file.removed_at is None)
    one["gone"] = next(file.id or 0 for file in files if file.removed_at is not None)
    return one


def gate_asks(site: Site, base: str) -> dict[str, list[tuple[str, Rule, Any]]]:
    """For every operation of gates: path, rule and body."""
    held, one = of_gates(site), "/gates/{gate_id}"
    condition = {"what": " ", "instead": "x", "owner": 1, "expires_at": "2027-02-01T00:00:00Z"}
    bodies: dict[str, tuple[dict[str, Rule], Any]] = {
        "GET ": (AT, None), "GET /history": (DO, None), "GET /packs/{number}": (DO, None),
        "GET /answers/{criterion}": (AT, None), "PUT /answers/{criterion}": (DO, {"value": "x"}),
        "POST /answers/{criterion}/links": (DO, {"url": "http://example.org"}),
        "POST /answers/{criterion}/files": (DO, {"file": b""}),
        "DELETE /files/{file_id}": (DO, None), "GET /files/{file_id}/content": (DO, None),
        "PUT /voting": (policy.MOVE, None), "DELETE /voting": (policy.MOVE, None),
        "POST /votes": (BALLOT, {"vote": "no-go", "pack": 1}), "PUT /votes/{vote_id}/withdrawal": (VOTED, None),
        "POST /decisions": (SIGN, {"outcome": "deferred"}), "POST /conditions": (DO, condition),
        "PUT /conditions/{condition_id}/acceptance": (SIGN, None),
        "PUT /conditions/{condition_id}/refusal": (SIGN, {"reason": " "}),
        "PUT /conditions/{condition_id}/meeting": (policy.MOVE, {"how": " "}),
    }  # fmt: skip
    found: dict[str, list[tuple[str, Rule, Any]]] = {}
    for key, (rules, body) in bodies.items():
        method, end = key.split(" ")
        file = "gone" if method == "DELETE" else "file"
        found[f"{method} {one}{end}"] = [
            (f"{one}{end}".format(
                gate_id=keys["gate"], number=1, criterion="seen", file_id=keys[file], vote_id=keys["vote"],
                condition_id=keys["condition"],
            ), rules[at], body) for at, keys in held.items()
        ]  # fmt: skip
    found["GET /decisions/{decision_id}/record.json"] = [
        (f"/decisions/{keys['decision']}/record.json", DO[at], None) for at, keys in held.items()
    ]
    found["GET /rollouts/{slug}/gates"] = [(f"{base}/gates{query}", policy.PLAN, None) for query in ("", "?gate=go")]
    return found
