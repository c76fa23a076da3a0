"""The criteria of a gate as lines: state, what is needed beside what was measured, who holds it. What stands in the way
comes first; what was frozen differently says so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from app.models import GatePack
from app.plan.format.gates import Test
from app.queries.gates.page import GatePage
from app.rules.clock import moment
from app.rules.gates.needed import tests_of
from app.rules.gates.packs import Line, OpenItem
from app.rules.rollouts.readiness import BarState, Measure, judge
from app.web.gates.behind import links_of
from app.web.gates.criteria import BAR_WORDS
from app.web.held import listed

SHOWN: Final = 8
"""As many lines stand in the open where nothing is in the way; more of those that are met are folded away."""
NAMED: Final = 3
ORDER: Final = (
    BarState.VETO, BarState.RISK, BarState.OPEN, BarState.UNKNOWN, BarState.WAIVED, BarState.MET,
)  # fmt: skip
WORDS: Final = {**BAR_WORDS, BarState.VETO: ("blocked", "Blocked")}
"""Beside the tag that says what can veto."""
_ASKED: Final = re.compile(r",[^,]* (asked for|needed)$")
_FROZEN: Final = {"met": BarState.MET, "waived": BarState.WAIVED, "unknown": BarState.UNKNOWN}


def standing_pack(page: GatePage) -> GatePack | None:
    """The evidence that the page is about where it is not that of now: what the go that stands was decided on."""
    decision = page.decision
    if decision is None or page.fell_at(decision) is not None or decision.outcome not in ("go", "go-with-conditions"):
        return None
    return next((one for one in page.packs if one.id == decision.pack_id), None)


def pressing(page: GatePage, now: datetime) -> bool:
    """Whether what vetoes counts today: a vote is open, or the day of the gate has come."""
    due, place = page.dated.due, page.evidence.place
    today = place.today(now) if place else page.evidence.rollout.today(now)
    return page.open or (due is not None and today >= due)


def states(page: GatePage, now: datetime) -> dict[str, BarState]:
    """Where each criterion stands: by the evidence of now, or as a go that stands was decided."""
    decided = standing_pack(page)
    if decided is not None:
        return {id_: _frozen_state(one) for id_, one in json.loads(decided.content)["criteria"].items()}
    press = pressing(page, now)
    return {line.id: _state(line, press) for line in page.evidence.pack.lines}


def _state(line: Line, press: bool) -> BarState:
    if line.vetoes and press:
        return BarState.VETO
    one = line.criterion
    measure = Measure(line.id, one.title, one.critical, line.found, waived=line.waived)
    return judge(measure, gate_day_has_come=False).state


def _frozen_state(one: Mapping[str, Any]) -> BarState:
    return _FROZEN.get(one["stands"], BarState.VETO if one["critical"] else BarState.OPEN)


def shown_lines(page: GatePage, now: datetime) -> dict[str, Any]:
    """The lines in the open, and those that are folded away: met ones beyond a few."""
    found = states(page, now)
    lines = sorted(page.evidence.pack.lines, key=lambda line: ORDER.index(found.get(line.id, BarState.OPEN)))
    rows = [_line(page, line, found.get(line.id, BarState.OPEN), now) for line in lines]
    ahead = sum(one["state"] is not BarState.MET for one in rows)
    most = max(SHOWN, ahead)
    cut = most if len(rows) > most + 1 else len(rows)
    return {"rows": rows[:cut], "folded": rows[cut:], "ahead": ahead}


def _line(page: GatePage, line: Line, state: BarState, now: datetime) -> dict[str, Any]:
    one, (status, label) = line.criterion, WORDS[state]
    got, other = _measured(page, line)
    who, when = _held(page, line, now)
    links = links_of(page.rollout, _place(page), one)
    return {
        "id": f"criterion-{line.id}",
        "state": state,
        "status": status,
        "label": label,
        "title": one.title,
        "veto": one.critical,
        "href": links[0]["href"] if links else "",
        "links": links[1:],
        "need": line.needed,
        "got": got,
        "other": other,
        "who": who,
        "when": when,
        "workaround": one.workaround if state not in (BarState.MET, BarState.WAIVED) else "",
        **_open_behind(page, line),
    }


def _place(page: GatePage) -> Any:
    return page.rollout.location(page.dated.location_id)


def _measured(page: GatePage, line: Line) -> tuple[str, str]:
    """What was measured, and (where it differs) what was frozen for the vote, or what is so now after a go."""
    decided = standing_pack(page)
    frozen, said = decided or page.pack, measured_words(line.found.said)
    if frozen is None:
        return said, ""
    kept = json.loads(frozen.content)["criteria"].get(line.id)
    if kept is None:
        return said, "not asked for then"
    same = (kept["measured"], kept["stands"]) == (line.found.said, line.stands.value)
    then, alike = measured_words(kept["measured"]), kept["measured"] == line.found.said
    if decided is not None:
        return then, "" if same else f"now {line.stands.value if alike else said}"
    return said, "" if same else f"frozen as {kept['stands'] if alike else then}"


def measured_words(said: str) -> str:
    """What was found, without what is asked for: that stands beside it."""
    return _ASKED.sub("", said.removeprefix("unknown: "))


def _held(page: GatePage, line: Line, now: datetime) -> tuple[str, str]:
    """Who answered it last and when; else who holds what it asks for."""
    tests = tests_of(line.criterion)
    answers = [page.answers[name] for name, _ in tests if name in page.answers]
    if answers:
        last = max(answers, key=lambda one: one.at)
        return page.name(last.by_id), moment(last.at, page.zone, now)
    roles = list(dict.fromkeys(role for _, test in tests for role in _roles(page, test)))
    names = page.holders.names(roles, page.dated.location_id)
    return listed(names) or ", ".join(page.titles.get(role, role) for role in roles[:2]), ""


def _roles(page: GatePage, test: Test) -> list[str]:
    """The roles that hold what a test asks for, as the playbook says."""
    book = page.evidence.playbook
    if test.owner is not None:
        return list(test.owner.roles)
    if test.source == "gate":
        return [book.gates[test.gate].decide] if test.gate in book.gates else []
    inside = {**book.inside, **book.taught}
    known: Mapping[str, Any] = {**book.entries, **book.coverage, **book.reconciliation}
    owners = (known[leaf].owner for name in test.names for leaf in inside.get(name, (name,)) if leaf in known)
    return list(dict.fromkeys(role for owner in owners if owner for role in owner.roles[:1]))


def _open_behind(page: GatePage, line: Line) -> dict[str, Any]:
    """The first open things behind it and how many more, for whoever sees every location that the gate speaks for."""
    seen = {place.id for place in page.rollout.locations}
    if standing_pack(page) is not None or not all(place.id in seen for place in page.evidence.places):
        return {"items": [], "more": 0}
    found = {one.title: one for one in page.evidence.pack.items if one.criterion == line.id}
    return {"items": [_item(one) for one in found.values()][:NAMED], "more": max(0, len(found) - NAMED)}


def _item(one: OpenItem) -> dict[str, str]:
    if one.kind == "issue":
        return {"text": f"Issue {one.title}", "href": f"/issues/{one.id}"}
    return {"text": one.title, "href": f"/tasks/{one.id}"}
