"""The addresses of the records of decisions, where `held_gates` has made one at both locations."""

from __future__ import annotations

from typing import Final

from sqlmodel import col, select

from app.models import GateDecision, GatePack
from tests.house import policy
from tests.house.held_gates import of_gates
from tests.house.policy import AT, DO, Address
from tests.web.conftest import Site

UNKNOWN: Final = "0" * 64


def record_addresses(site: Site) -> dict[str, list[Address]]:
    """For every route of records its addresses: whoever sees the gate proves and prints, who reads it downloads."""
    decided = {at: known["decision"] for at, known in of_gates(site).items()}
    with site.database.reading() as session:
        rows = session.exec(select(GateDecision, GatePack).join(GatePack, col(GatePack.id) == GateDecision.pack_id))
        hashes = {row.id: (row.sha256, pack.sha256) for row, pack in rows}
    one = "/decisions/{decision_id}/record"
    return {
        "/records": [Address("/records", policy.ALL, {"hash": "not one"})],
        "/records/{sha256}": [
            *(Address(f"/records/{known}", AT[at]) for at in AT for known in hashes[decided[at]]),
            Address(f"/records/{UNKNOWN}", policy.ALL, gone=True),
        ],
        f"{one}.pdf": [Address(f"/decisions/{decided[at]}/record.pdf", AT[at]) for at in AT],
        f"{one}.json": [Address(f"/decisions/{decided[at]}/record.json", DO[at]) for at in AT],
    }
