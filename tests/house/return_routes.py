"""The addresses of the return: read by everybody in the rollout, its costs entered by those who run it."""

from __future__ import annotations

from typing import Any

from tests.house import policy
from tests.house.policy import AT, Address

ROOM = "/rollouts/{slug}"


def return_addresses(rollout: str) -> dict[str, list[Address]]:
    """For every route of the return its addresses, with forms that are empty."""
    # A page of the rollout: whoever is not in it finds neither.
    seen = {at: policy.Rule(policy.MEMBERS & rule.sees, rule.may) for at, rule in AT.items()}
    return {
        f"{ROOM}/return": [Address(f"{rollout}/return", policy.PLAN)],
        f"{ROOM}/return/{{metric}}": [Address(f"{rollout}/return/waiting?wave=pilot", policy.PLAN)],
        f"{ROOM}/locations/{{location}}/return": [Address(f"{rollout}/locations/{at}/return", seen[at]) for at in AT],
        f"{ROOM}/costs": [Address(f"{rollout}/costs", policy.OVERSEE, {"title": ""})],
        f"{ROOM}/costs/positions": [Address(f"{rollout}/costs/positions", policy.OVERSEE, {"metric": "waiting"})],
        f"{ROOM}/costs/{{cost_id}}/removal": [Address(f"{rollout}/costs/99999/removal", policy.OVERSEE, gone=True)],
    }


def return_asks(rollout: str) -> dict[str, list[tuple[str, Any, Any, bool]]]:
    """For every operation of the return: path, rule, body, and whether the thing may not be there."""
    one, costs = f"{ROOM}/return", f"{ROOM}/costs"
    cost = {"title": "", "amount": "1", "currency": "USD", "day": "2027-01-05"}
    return {
        f"GET {one}": [(f"{rollout}/return", policy.PLAN, None, False)],
        f"GET {one}/metrics/{{metric}}": [(f"{rollout}/return/metrics/waiting", policy.PLAN, None, False)],
        f"GET {one}/locations/{{location}}": [(f"{rollout}/return/locations/{at}", AT[at], None, False) for at in AT],
        f"GET {costs}": [(f"{rollout}/costs", policy.PLAN, None, False)],
        f"POST {costs}": [(f"{rollout}/costs", policy.OVERSEE, cost, False)],
        f"DELETE {costs}/{{cost_id}}": [(f"{rollout}/costs/99999", policy.OVERSEE, None, True)],
    }
