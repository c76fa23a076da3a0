"""The addresses of gates, where `held_gates` has held one at both locations: every page and form."""

from __future__ import annotations

from typing import Final

from tests.house import policy
from tests.house.held_gates import BALLOT, VOTED, of_gates
from tests.house.policy import AT, DO, MOVE, SIGN, Address, Rule
from tests.web.conftest import Site

ONE: Final = "/gates/{gate_id}"


def gate_addresses(site: Site) -> dict[str, list[Address]]:
    """For every route of gates its addresses, with forms that are outdated, empty or already done."""
    old, seen = {"version": "0"}, {"version": "0", "criterion": "seen"}
    forms: dict[str, tuple[dict[str, Rule], dict[str, str]]] = {
        "": (AT, {}),
        "/answer": (DO, {**seen, "answer": " "}),
        "/table": (DO, {**seen, "column": "a"}),
        "/evidence": (DO, {"criterion": "seen"}),
        "/evidence/link": (DO, {**seen, "url": "http://example.org"}),
        "/files/{file_id}": (DO, {}),
        "/files/{file_id}/removal": (DO, old),
        "/conditions": (DO, {**old, "what": " "}),
        "/conditions/{condition_id}/acceptance": (SIGN, {}),
        "/conditions/{condition_id}/refusal": (SIGN, {**old, "reason": " "}),
        "/conditions/{condition_id}/fulfilment": (MOVE, {**old, "how": " "}),
        "/opening": (MOVE, old),
        "/closing": (MOVE, old),
        "/votes": (BALLOT, {"vote": "", "pack": "1"}),
        "/votes/{vote_id}/withdrawal": (VOTED, old),
        "/decision": (SIGN, {**old, "outcome": ""}),
    }
    found = {"/rollouts/{slug}/gates": [Address("/rollouts/two-sites/gates", policy.PLAN)]}
    held = of_gates(site)
    for end, (rules, form) in forms.items():
        file = "gone" if end.endswith("/removal") else "file"
        found[ONE + end] = [
            Address(
                (ONE + end).format(
                    gate_id=keys["gate"], file_id=keys[file], condition_id=keys["condition"], vote_id=keys["vote"]
                ),
                rules[at],
                form,
            )
            for at, keys in held.items()
        ]
    return found
