"""Today's count of both locations, with a canary in its reason and its file, and the addresses of daily counts."""

from __future__ import annotations

from io import BytesIO
from typing import Any, Final

from sqlmodel import Session, select

from app.actions.reconciliations.files import attach_day_file
from app.models import Occasion, ReconciliationFile
from app.rules.reconciliations.judging import Given, count_of
from tests.cast import NOW
from tests.house import policy
from tests.house.policy import AT, DO, MOVE, SIGN, Address
from tests.reconciling import count_day
from tests.web.conftest import Site

COUNTS: Final = """\
reconciliation:
  count:
    title: Daily count
    owner: champion
    verify: director
    when: week 1
    every: working day 17:30
    lines: {cash: {title: Copays, compare: [Till, Ledger]}}
"""
ONE: Final = "/reconciliations/{occasion_id}"
PLACED: Final = "/rollouts/{slug}/locations/{location}/reconciliation"
ROOM: Final = "/rollouts/{slug}/reconciliation"


def count_at(site: Site, session: Session, place: str, who: str, canary: str) -> None:
    """The count of today is handed in, outside its tolerance."""
    day = days_at(site, session)[place]
    lines = [Given("cash", count_of("1"), count_of("2"), reason=f"{canary} reason of the count")]
    count_day(session, site.cast, day, lines, who)
    kept = site.app.state.store.keep(BytesIO(f"{canary} content of the count".encode()), "c.txt")
    by = site.cast.viewer(session, who)
    attach_day_file(session, day, stored=kept, file_name=f"{canary}-count.txt", by=by, now=NOW)


def days_at(site: Site, session: Session) -> dict[str, int]:
    """The count of today at each location."""
    today = select(Occasion.location_id, Occasion.id).where(
        Occasion.kind == "reconciliation", Occasion.due == NOW.date()
    )
    found = dict(session.exec(today).all())
    return {place: found[key] or 0 for place, key in site.cast.locations.items()}


def _files(site: Site) -> tuple[dict[str, int], dict[str, int]]:
    """Today's counts, and the canary's file beside each."""
    with site.database.reading() as session:
        days = days_at(site, session)
        named = select(ReconciliationFile.file_name, ReconciliationFile.id)
        files = {name: key or 0 for name, key in session.exec(named)}
    by_place = {place: next(key for name, key in files.items() if place in name) for place in days}
    return days, by_place


def count_addresses(site: Site, rollout: str) -> dict[str, list[Address]]:
    """For every route of daily counts its addresses."""
    days, files = _files(site)
    old = {"version": "0"}
    acts: dict[str, tuple[Any, dict[str, str]]] = {
        "counts": (DO, {}), "hand-in": (DO, {}), "closing": (SIGN, {}), "return": (SIGN, {"reason": "x"}),
        "reopening": (MOVE, {"reason": "x"}), "redaction": (DO, {"part": ""}), "evidence": (DO, {}),
    }  # fmt: skip
    found = {
        f"{ONE}/{act}": [Address(f"/reconciliations/{days[at]}/{act}", rules[at], {**old, **form}) for at in AT]
        for act, (rules, form) in acts.items()
    }
    found[ONE] = [Address(f"/reconciliations/{days[at]}", AT[at]) for at in AT]
    found[f"{ONE}/files/{{file_id}}"] = [Address(f"/reconciliations/{days[at]}/files/{files[at]}", DO[at]) for at in AT]
    found[f"{ONE}/files/{{file_id}}/removal"] = [
        Address(f"/reconciliations/{days[at]}/files/99999/removal", DO[at], old, gone=True) for at in AT
    ]
    found[PLACED] = [
        Address(f"{rollout}/locations/{at}/reconciliation", policy.Rule(policy.MEMBERS & AT[at].sees, AT[at].may))
        for at in AT
    ]
    found[ROOM] = [Address(f"{rollout}/reconciliation", policy.PLAN)]
    found[f"{ROOM}/file"] = [Address(f"{rollout}/reconciliation/file", policy.ADD)]
    found[f"{ROOM}/template"] = [Address(f"{rollout}/reconciliation/template", policy.ADD)]
    return found


def count_asks(site: Site, base: str) -> dict[str, list[tuple[str, Any, Any, bool]]]:
    """For every operation of daily counts: path, rule, body, and whether the thing may not be there."""
    days, files = _files(site)
    why = {"reason": "x"}
    lines = {"lines": [{"line": "cash", "left": "5", "right": "5"}]}
    bodies: dict[str, tuple[Any, Any]] = {
        "GET ": (AT, None), "GET /history": (DO, None), "PUT /counts": (DO, lines), "PUT /hand-in": (DO, None),
        "PUT /closing": (SIGN, None), "PUT /return": (SIGN, why), "PUT /reopening": (MOVE, why),
        "POST /files": (DO, {"file": b""}),
    }  # fmt: skip
    found: dict[str, list[tuple[str, Any, Any, bool]]] = {}
    for key, (rules, body) in bodies.items():
        method, end = key.split(" ")
        found[f"{method} {ONE}{end}"] = [(f"/reconciliations/{days[at]}{end}", rules[at], body, False) for at in AT]
    for method, end, body in (("PUT", "redaction", {"part": "file", "id": 99999}), ("DELETE", "files/{file_id}", None)):
        path = end.format(file_id=99999)
        found[f"{method} {ONE}/{end}"] = [(f"/reconciliations/{days[at]}/{path}", DO[at], body, True) for at in AT]
    found[f"GET {ONE}/files/{{file_id}}/content"] = [
        (f"/reconciliations/{days[at]}/files/{files[at]}/content", DO[at], None, False) for at in AT
    ]
    many = "/rollouts/{slug}/reconciliations"
    row = {"location": "nowhere", "entry": "count", "day": "2027-01-05", "line": "cash", "left": "1", "right": "1"}
    for end in ("", "/runs"):
        found[f"GET {many}{end}"] = [(f"{base}/reconciliations{end}", policy.PLAN, None, False)]
    found[f"POST {many}/counts"] = [(f"{base}/reconciliations/counts", policy.PLAN, {"rows": [row]}, False)]
    return found
