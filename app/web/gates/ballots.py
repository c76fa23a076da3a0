"""The votes of a gate: who sits where, what was voted, which votes fell, and the reader's own ballot."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final

from app.models import GateVote
from app.queries.gates.page import GatePage, Seat
from app.rules.clock import moment
from app.rules.gates.conditions import allowed
from app.rules.gates.voting import VOTE_WORDS, Vote, rule_words
from app.rules.signoffs import is_fresh
from app.web.gates.words import VOTE_MARKS
from app.web.held import NOBODY, listed
from app.web.told import Told

_CHOICES: Final = {
    Vote.GO: "Go",
    Vote.CONDITIONS: "Go, with conditions",
    Vote.NO_GO: "No-go",
    Vote.ABSTAIN: "Abstain",
}


def ballots(page: GatePage, told: Told, now: datetime) -> dict[str, Any]:
    """Everything beside the criteria that is about the vote; of a decided gate, what was decided on."""
    recorded = _recorded(page)
    seats = [_kept(page, seat, recorded) if recorded else _seat(page, seat, now) for seat in page.seats]
    return {
        "open": page.open,
        "cast": page.count.cast if page.open else sum(one["say"] is not None for one in seats),
        "seats": len(page.seats),
        "quorum": page.count.quorum,
        "rule": rule_words(page.gate, page.titles),
        "list": seats,
        "fallen": [_fallen(page, one, now) for one in page.fallen],
        "form": _form(page, told, now) if page.open and page.rights.vote else None,
        "own": _own(page, now),
    }


def _recorded(page: GatePage) -> dict[str, dict[str, str]]:
    """The votes that the last decision was made on, by role, from its record; none where there were none."""
    votes: dict[str, dict[str, str]] = json.loads(page.decision.content)["votes"] if page.decision else {}
    return votes


def _kept(page: GatePage, seat: Seat, recorded: dict[str, dict[str, str]]) -> dict[str, Any]:
    one = recorded.get(seat.role)
    if one is None:
        return {"who": seat.title, "role": "did not vote", "say": None, "why": "", "when": ""}
    by = "" if one["as"] == seat.role else f", voted as {one['as']}"
    return {
        "who": one["by"],
        "role": f"{seat.title}{_instead(one)}{by}",
        "say": {"status": VOTE_MARKS[Vote(one["vote"])], "label": VOTE_WORDS[Vote(one["vote"])]},
        "why": one["comment"] if page.detail else "",
        "when": "",
    }


def _instead(one: dict[str, str]) -> str:
    return f" for {one['instead_of']}" if one["instead_of"] else ""


def _seat(page: GatePage, seat: Seat, now: datetime) -> dict[str, Any]:
    """A role that votes; `say` is None while there is nothing to vote on."""
    vote = seat.vote
    sits = listed(seat.names) or NOBODY.capitalize()
    todo = {"status": "todo", "label": "Not yet"} if page.open else None
    return {
        "who": vote.name if vote else sits,
        "role": _role(page, seat, vote),
        "say": {"status": VOTE_MARKS[Vote(vote.vote)], "label": VOTE_WORDS[Vote(vote.vote)]} if vote else todo,
        "why": vote.comment if vote and page.detail else "",
        "when": moment(vote.at, page.zone, now) if vote else "",
    }


def _role(page: GatePage, seat: Seat, vote: GateVote | None) -> str:
    """`Site champion, must vote`; `Billing, by the director`; `IT lead for Ivo Tanaka`."""
    must = page.gate.votes is not None and seat.must and page.count.quorum < len(page.seats)
    decides = ", decides" if seat.role == page.gate.decide else ""
    if vote is None:
        return f"{seat.title}{decides}{', must vote' if must else ''}"
    by = "" if vote.voted_as == seat.role else f", voted as {vote.voted_as}"
    return f"{seat.title}{decides}{f' for {vote.instead_of}' if vote.instead_of else ''}{by}"


def _fallen(page: GatePage, one: GateVote, now: datetime) -> dict[str, Any]:
    at = one.voided_at or one.at
    return {
        "who": one.name,
        "role": page.titles.get(one.role, one.role),
        "say": f"{VOTE_WORDS[Vote(one.vote)]}, void since {moment(at, page.zone, now)}",
    }


def _own(page: GatePage, now: datetime) -> dict[str, Any] | None:
    vote = page.own_vote
    if vote is None:
        return None
    role = page.titles.get(vote.role, vote.role)
    did = "abstained" if vote.vote == Vote.ABSTAIN else f"voted {VOTE_WORDS[Vote(vote.vote)].lower()}"
    return {"id": vote.id, "said": f"You {did} as {role}, {moment(vote.at, page.zone, now)}."}


def _form(page: GatePage, told: Told, now: datetime) -> dict[str, Any]:
    own, roles = page.own_vote, page.rights.vote
    role = own.role if own and own.role in roles else roles[0]
    return {
        "pack": page.pack.number if page.pack else 0,
        "options": _options(page),
        "vote": told.value("cast", "vote", own.vote if own else None),
        "roles": [(one, page.titles.get(one, one)) for one in roles],
        "role": told.value("cast", "role", role),
        "director": page.rights.director,
        "comment": told.value("cast", "comment", own.comment if own else ""),
        "errors": {name: told.fault("cast", name) for name in ("vote", "comment", "password", "role")},
        "password": not is_fresh(page.proven_at, now) or bool(told.fault("cast", "password")),
        "again": own is not None,
    }


def _options(page: GatePage) -> list[dict[str, Any]]:
    """A closed choice stays visible and says why."""
    vetoes = len(page.evidence.pack.vetoes)
    closed = {}
    if vetoes:
        closed[Vote.GO] = f"Closed while {'the veto stands' if vetoes == 1 else f'{vetoes} vetoes stand'}"
    if allowed(page.gate) is None:
        closed[Vote.CONDITIONS] = "This gate knows no conditions"
    return [
        {"value": vote.value, "label": label, "hint": closed.get(vote), "disabled": vote in closed}
        for vote, label in _CHOICES.items()
    ]
