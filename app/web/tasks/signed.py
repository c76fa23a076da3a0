"""The signatures of a task as values for its page: wanted, standing, void with what changed, withdrawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from app.queries.tasks.page import TaskPage
from app.queries.tasks.said import SignatureLine
from app.rules.clock import moment
from app.rules.signoffs import VERIFY, is_fresh

_ACTS: Final = {VERIFY: ("verification", "I have checked it"), "sign_off": ("signature", "I sign for it")}
_PROOFS: Final = {"password": "by password", "sso": "by single sign-on", "session": "from the signed-in device"}
_PARTS: Final = {
    "answers": "Answer",
    "ticks": "Checklist",
    "evidence": "Evidence",
    "instructions": "Instructions",
    "completed": "Said to be done",
    "task": "Task",
}
SHORT_HASH: Final = 12


def signatures(
    page: TaskPage, errors: Mapping[str, str], typed: Mapping[str, str], now: datetime
) -> dict[str, Any] | None:
    """Everything the section on signatures shows; None where none is asked for and none was given."""
    if not page.signatures and page.wanted is None:
        return None
    return {
        "given": [_given(page, one, now) for one in page.signatures],
        "wanted": _wanted(page, now),
        "errors": errors,
        "typed": typed,
    }


def _given(page: TaskPage, one: SignatureLine, now: datetime) -> dict[str, Any]:
    role = page.rollout.playbook.people.get(one.role)
    title = role.title if role else one.role
    as_role = page.rollout.playbook.people.get(one.as_role)
    signed_as = title if one.as_role == one.role else f"{as_role.title if as_role else one.as_role}, for {title}"
    return {
        "id": one.id,
        "name": one.name,
        "line": f"{one.meaning.capitalize()} as {signed_as}, {moment(one.at, page.zone, now)},"
        f" {_PROOFS.get(one.proof, one.proof)}",
        "state": "stands" if one.stands else "withdrawn" if one.withdrawn_at else "void",
        "status": _status(page, one, now),
        "why": one.withdrawn_reason if page.detail else "",
        "changes": [_change(page, change) for change in _told(one.changes)] if page.detail else [],
        "own": one.stands and one.person == page.reader and page.open,
        "hash": _spaced(one.sha256),
        "content": bool(one.content) and page.detail,
    }


def _status(page: TaskPage, one: SignatureLine, now: datetime) -> str:
    if one.withdrawn_at:
        return f"Withdrawn {moment(one.withdrawn_at, page.zone, now)}"
    return f"Void since {moment(one.voided_at, page.zone, now)}" if one.voided_at else "Stands"


def _told(changes: Sequence[Mapping[str, str]]) -> Iterator[Mapping[str, str]]:
    """Who finished it and when is one fact for a reader."""
    finished = next((change for change in changes if change["what"].startswith("completed")), None)
    if finished is not None:
        again = "said to be done anew" if finished["now"] else "taken up again"
        yield {"what": "completed", "was": "said to be done", "now": again}
    yield from (change for change in changes if not change["what"].startswith("completed"))


def _change(page: TaskPage, change: Mapping[str, str]) -> dict[str, str]:
    part, _, rest = change["what"].partition(" › ")
    what = _PARTS.get(part, part.capitalize())
    line = next((line.title for line in page.checklist if line.path == rest), "")
    named = "" if part == "evidence" else line or ("" if rest == "." else rest)
    return {"what": f"{what}: {named}" if named else what, "was": change["was"], "now": change["now"]}


def _spaced(sha256: str) -> str:
    start = sha256[:SHORT_HASH]
    return " ".join(start[at : at + 4] for at in range(0, len(start), 4))


def _wanted(page: TaskPage, now: datetime) -> dict[str, Any] | None:
    """The signature that the task waits for: a form for whoever may give it, else who that is."""
    if page.wanted is None:
        return None
    address, verb = _ACTS[page.wanted.kind]
    people = page.rollout.playbook.people
    titles = [people[role].title if role in people else role for role in page.wanted.roles]
    names = page.holders.names(page.wanted.roles, page.task.row.location_id)
    return {
        "may": page.may_approve,
        "address": address,
        "verb": verb,
        "roles": " or ".join(titles),
        "names": ", ".join(names[:4]),
        "password": not is_fresh(page.proven_at, now),
        "again": any(one.voided_at for one in page.signatures),
    }
