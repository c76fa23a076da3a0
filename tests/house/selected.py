"""A selection with a canary in the note and in the waiver of both locations, and the addresses of selections."""

from __future__ import annotations

from typing import Any, Final

from sqlmodel import Session, select

from app.actions.selection.answering import answer_of_location
from app.actions.selection.waiving import waive_exclusion
from app.models import SelectionWaiver
from tests.cast import NOW
from tests.house.policy import AT, DIRECT, OVERSEE, PLAN, Address, of
from tests.selecting import selection_id
from tests.web.conftest import Site

FIRSTS: Final = """\
selection:
  firsts:
    title: The first sites
    wave: pilot
    owner: ops-manager
    due: week 1 thu
    sign_off: director
    exclude: {renovating: {title: Under renovation, answer: yes-no}}
    criteria: {backing: {title: They are behind it, answer: yes-no}}
    together: {near: {title: Near each other, answer: yes-no}}
"""
ONE: Final = "/selections/{selection_id}"
ANSWER: Final = {at: of("dir", "opm", sees=AT[at].sees) for at in AT}
WAIVE: Final = {at: of("dir", sees=AT[at].sees) for at in AT}


def select_at(site: Site, session: Session, place: str, canary: str) -> None:
    """The location would be out, if its exclusion were not waived."""
    key, location = selection_id(session, site.cast), site.cast.locations[place]
    answer_of_location(
        session, key, location, part="exclude", rule="renovating", text="yes", note=f"{canary} note of the selection",
        seen=None, by=site.cast.viewer(session, "opm"), now=NOW,
    )  # fmt: skip
    waive_exclusion(
        session, key, location, exclusion="renovating", reason=f"{canary} reason of the waiver",
        by=site.cast.proven(session, "dir"), now=NOW,
    )  # fmt: skip


def _keys(site: Site) -> tuple[str, dict[str, int]]:
    """The path of the selection, and the waiver of each location."""
    with site.database.reading() as session:
        waivers = dict(session.exec(select(SelectionWaiver.location_id, SelectionWaiver.id)).all())
        base = f"/selections/{selection_id(session, site.cast)}"
    return base, {at: waivers[site.cast.locations[at]] or 0 for at in AT}


def selection_addresses(site: Site) -> dict[str, list[Address]]:
    """For every route of a selection its addresses."""
    base, waivers = _keys(site)
    there, typed = f"{ONE}/candidates/{{location}}", {"part": "criteria", "rule": "backing", "answer": "x"}
    return {
        ONE: [Address(base, PLAN), Address(f"{base}?page=2", PLAN)],
        there: [Address(f"{base}/candidates/{at}", AT[at]) for at in AT],
        f"{there}/answers": [Address(f"{base}/candidates/{at}/answers", ANSWER[at], typed) for at in AT],
        f"{there}/waivers": [
            Address(f"{base}/candidates/{at}/waivers", WAIVE[at], {"exclusion": "renovating"}) for at in AT
        ],
        f"{ONE}/waivers/{{waiver_id}}/withdrawal": [
            Address(f"{base}/waivers/{waivers[at]}/withdrawal", WAIVE[at]) for at in AT
        ],
        f"{ONE}/together": [Address(f"{base}/together", OVERSEE, {"rule": "near", "answer": "x"})],
        f"{ONE}/choice": [Address(f"{base}/choice", OVERSEE, {"version": "0"})],
        f"{ONE}/signature": [Address(f"{base}/signature", DIRECT, {"number": "0"})],
        f"{ONE}/waves": [Address(f"{base}/waves", DIRECT)],
        f"{ONE}/choices/{{choice_id}}/content": [Address(f"{base}/choices/99999/content", OVERSEE, gone=True)],
    }


def selection_asks(site: Site, rollout: str) -> dict[str, list[tuple[str, Any, Any, bool]]]:
    """For every operation of selections: path, rule, body, and whether the thing may not be there."""
    base, waivers = _keys(site)
    answer = {"part": "criteria", "rule": "backing", "value": "x"}
    waiver = {"exclusion": "renovating", "reason": "x"}
    return {
        "GET /rollouts/{slug}/selections": [(f"{rollout}/selections", PLAN, None, False)],
        f"GET {ONE}": [(base, PLAN, None, False)],
        f"PUT {ONE}/answers": [(f"{base}/answers", ANSWER[at], {**answer, "location": at}, False) for at in AT],
        f"PUT {ONE}/choice": [(f"{base}/choice", OVERSEE, {"locations": []}, False)],
        f"POST {ONE}/waivers": [(f"{base}/waivers", WAIVE[at], {**waiver, "location": at}, False) for at in AT],
        f"DELETE {ONE}/waivers/{{waiver_id}}": [(f"{base}/waivers/{waivers[at]}", WAIVE[at], None, False) for at in AT],
        f"POST {ONE}/signatures": [(f"{base}/signatures", DIRECT, {"number": 1}, False)],
        f"POST {ONE}/waves": [(f"{base}/waves", DIRECT, {}, False)],
        f"GET {ONE}/choices/{{choice_id}}/content": [(f"{base}/choices/99999/content", OVERSEE, None, True)],
    }
