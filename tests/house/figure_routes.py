"""Figures of both locations, with a canary in the note and the reason of each, and the addresses of figures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlmodel import Session

from app.actions.metrics.planned import Given
from app.actions.metrics.recording import record_reading
from tests.cast import NOW
from tests.house import policy
from tests.house.policy import AT, DO, Address
from tests.measuring import sign
from tests.web.conftest import Site

FIGURES: Final = """\
metrics:
  waiting: {title: Days of waiting, unit: days, better: lower, owner: champion, every: week, baseline: week 2 fri}
"""
PLACED: Final = "/rollouts/{slug}/locations/{location}"
ROOM: Final = "/rollouts/{slug}/figures"
STANDS: Final = {"alder": 2, "birch": 4}
"""The readings that stand, by their ids: `read_at` corrects the first one of each place."""
FIRST, LAST = date(2026, 12, 21), date(2026, 12, 27)


def read_at(site: Site, session: Session, place: str, who: str, canary: str) -> None:
    """A figure that corrects another one, and the baseline that is frozen of it."""
    by = site.cast.viewer(session, who)
    for value in ("5", "6"):
        given = Given("waiting", FIRST, LAST, Decimal(value), place, note=f"{canary} note of {value}",
                      reason=f"{canary} reason")  # fmt: skip
        record_reading(session, site.cast.rollout, given, by=by, now=NOW)
    sign(session, site.cast, place, who)


def figure_addresses(rollout: str) -> dict[str, list[Address]]:
    """For every route of figures its addresses."""
    # A page of the rollout: whoever is not in it finds neither.
    seen = {at: policy.Rule(policy.MEMBERS & rule.sees, rule.may) for at, rule in AT.items()}
    pages: dict[str, tuple[Any, dict[str, str]]] = {
        "figures": (seen, {}), "figures/{metric}": (seen, {}), "baseline/{number}/content": (seen, {}),
        "readings": (DO, {}), "readings/{metric}": (DO, {}), "baseline/signature": (DO, {}),
        "readings/{metric}/{reading_id}/withdrawal": (DO, {}),
    }  # fmt: skip
    found = {
        f"{PLACED}/{page}": [
            Address(
                f"{rollout}/locations/{at}/{page}".format(metric="waiting", number=1, reading_id=STANDS[at]),
                rules[at], form,
            )
            for at in AT
        ]
        for page, (rules, form) in pages.items()
    }  # fmt: skip
    found[ROOM] = [Address(f"{rollout}/figures", policy.PLAN)]
    found[f"{ROOM}/upload"] = [Address(f"{rollout}/figures/upload", policy.ADD)]
    found[f"{ROOM}/template"] = [Address(f"{rollout}/figures/template", policy.ADD)]
    return found


def figure_asks(rollout: str) -> dict[str, list[tuple[str, Any, Any, bool]]]:
    """For every operation of figures: path, rule, body, and whether the thing may not be there."""
    row = {"location": "nowhere", "metric": "waiting", "first": "2026-12-21", "last": "2026-12-27", "value": "1"}
    one, many = "/rollouts/{slug}/locations/{location}/baseline", "/rollouts/{slug}/readings"
    found: dict[str, list[tuple[str, Any, Any, bool]]] = {
        f"GET {many}": [(f"{rollout}/readings?replaced=true", policy.PLAN, None, False)],
        f"POST {many}": [(f"{rollout}/readings", policy.PLAN, {"rows": [row]}, False)],
        f"GET {one}": [(f"{rollout}/locations/{at}/baseline", AT[at], None, False) for at in AT],
    }
    found[f"PUT {many}/{{reading_id}}/withdrawal"] = [
        (f"{rollout}/readings/{STANDS[at]}/withdrawal", DO[at], {"reason": " "}, False) for at in AT
    ]
    # What is frozen already is quiet; nothing else is ever signed by a token.
    found[f"POST {one}/signatures"] = [
        (f"{rollout}/locations/{at}/baseline/signatures", DO[at], {"shown": "0" * 64}, False) for at in AT
    ]
    return found
