"""The signatures under a set as values for its template, and the form for whoever is to sign."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.models import SelectionSignature
from app.queries.selection.page import SelectionPage
from app.rules.clock import moment
from app.rules.selection.faults import unsettled
from app.rules.signoffs import is_fresh
from app.web.held import listed
from app.web.tasks.signed import SHORT_HASH


def shown_signatures(page: SelectionPage, now: datetime) -> list[dict[str, Any]]:
    """Those that stand, or those that fell with the set before."""
    return [_signature(page, one, now) for one in (*page.stored.signatures, *page.fallen)]


def _signature(page: SelectionPage, one: SelectionSignature, now: datetime) -> dict[str, Any]:
    void = one.voided_at or (page.stored.changes and now)
    since = f" since {moment(one.voided_at, page.zone, now)}" if one.voided_at else ""
    changes = [{"what": change.what, "was": change.was, "now": change.now} for change in page.stored.changes]
    choice = page.choice
    return {
        "name": one.name,
        "line": f"Approved as {_as_role(page, one)}, {moment(one.at, page.zone, now)}, by password",
        "state": "void" if void else "stands",
        "status": f"Void{since}" if void else "Stands",
        "changes": changes if page.detail and not page.hidden else [],
        "hash": _spaced(choice.sha256) if choice and not one.voided_at else "",
        "href": f"/selections/{page.id}/choices/{one.choice_id}/content" if page.detail and not page.hidden else "",
    }


def _as_role(page: SelectionPage, one: SelectionSignature) -> str:
    roles = page.rollout.playbook.people
    title, held = (roles[id_].title if id_ in roles else id_ for id_ in (one.role, one.signed_as))
    return title if one.role == one.signed_as else f"{held}, for {title}"


def _spaced(sha256: str) -> str:
    start = sha256[:SHORT_HASH]
    return " ".join(start[at : at + 4] for at in range(0, len(start), 4))


def wanted_signature(page: SelectionPage, now: datetime) -> dict[str, Any] | None:
    """What is still to be signed: a form for whoever may, else who that is, and what must be settled before."""
    if page.choice is None or not page.stored.wanted:
        return None
    roles = page.rollout.playbook.people
    titles = [roles[role].title if role in roles else role for role in page.stored.wanted]
    open_ = unsettled(page.stored.faults)
    return {
        "may": page.rights.sign and not open_,
        "own": page.rights.own,
        "open": list(open_) if not page.hidden else [],
        "number": page.choice.number,
        "roles": " or ".join(titles),
        "names": listed(page.holders.names(page.stored.wanted, None)),
        "password": not is_fresh(page.proven_at, now),
    }
