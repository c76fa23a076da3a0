"""The page of a gate as values for its template."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.queries.gates.page import GatePage
from app.rules.clock import moment
from app.rules.gates.sentence import gate_sentence
from app.rules.rollouts.readiness import BarState
from app.web.gates.asked import asked
from app.web.gates.ballots import ballots
from app.web.gates.carried import carried
from app.web.gates.decided import decide_form, decisions, prepare_form, situation
from app.web.gates.frozen import changed_before, changed_since, frozen_words, packs
from app.web.gates.lines import shown_lines, standing_pack, states
from app.web.gates.words import act_words, history_line, when_words
from app.web.told import Told


def shown(page: GatePage, told: Told, now: datetime) -> dict[str, Any]:
    """Everything the gate's template needs."""
    say, more = gate_sentence(situation(page, now))
    pack = page.pack or standing_pack(page)
    return {
        "gate": {
            "id": page.id,
            "version": page.version,
            "title": page.gate.title,
            "where": page.evidence.where,
            "why": page.gate.why,
            "name": f"{page.gate.title}, {page.evidence.where}",
            "when": when_words(page, now),
            "instant": page.dated.due_at.isoformat() if page.dated.due_at else None,
        },
        "say": say,
        "more": more,
        "verdict": {**_verdict(page, now), "frozen": frozen_words(page, pack, now) if pack else ""},
        "criteria": shown_lines(page, now),
        "settled": standing_pack(page) is not None,
        "asked": asked(page, told, now),
        "carried": carried(page, told, now),
        "votes": ballots(page, told, now),
        "prepare": prepare_form(page, told),
        "decide": decide_form(page, told, now),
        "decisions": decisions(page, now),
        "packs": packs(page, now),
        "moved": changed_since(page),
        "refrozen": changed_before(page, now),
        "detail": page.detail,
        "history": [history_line(page, one, now) for one in page.history],
        "told": told,
        "conflict": conflict(page, told, now),
    }


def _verdict(page: GatePage, now: datetime) -> dict[str, Any]:
    """The roll, one bar a criterion in the order of the playbook, and its sum in words."""
    found = states(page, now)
    bars = [
        {
            "state": found[id_].value,
            "critical": one.critical,
            "title": one.title,
            "href": f"#criterion-{id_}",
        }
        for id_, one in page.gate.criteria.items()
        if id_ in found
    ]
    return {"bars": bars, "said": said_of(list(found.values()))}


def said_of(found: list[BarState]) -> str:
    """`21 of 23 met, 1 veto, 1 open`."""
    if not found:
        return "Nothing is asked for here"
    number = {state: found.count(state) for state in BarState}
    vetoes, still = number[BarState.VETO], number[BarState.OPEN] + number[BarState.RISK]
    words = [
        f"{number[BarState.MET]} of {len(found)} met",
        f"{vetoes} {'veto' if vetoes == 1 else 'vetoes'}" if vetoes else "",
        f"{number[BarState.WAIVED]} waived" if number[BarState.WAIVED] else "",
        f"{still} open" if still else "",
        f"{number[BarState.UNKNOWN]} unknown" if number[BarState.UNKNOWN] else "",
    ]
    return ", ".join(filter(None, words))


def conflict(page: GatePage, told: Told, now: datetime) -> dict[str, Any] | None:
    """Who was quicker, what they did beside what was meant, and the form once more with what stands now."""
    if told.stale is None:
        return None
    when = moment(told.stale.when, page.zone, now).removeprefix("today ") if told.stale.when else "the same moment"
    kind, _, name = told.form.partition(":")
    version = page.version
    if kind == "answer":
        version = (page.answers[name].id or 0) if name in page.answers else 0
    elif kind == "decide":
        version = page.last
    theirs = f"{told.stale.who} {act_words(told.stale.what)}"
    change = {"label": told.label, "theirs": theirs, "yours": told.yours or "nothing"}
    mine = {"action": told.action, "fields": [("version", str(version)), *told.sent]}
    return {"who": told.stale.who, "when": when, "changes": [change], "mine": mine}
