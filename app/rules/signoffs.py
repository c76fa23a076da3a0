"""Checks and signatures: which a completed task still waits for, what is signed, and what voids a signature. Pure."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from app.plan.format.tasks import CheckItem, Task
from app.plan.format.who import Who

VERIFY: Final = "verify"
SIGN_OFF: Final = "sign_off"
MEANINGS: Final[Mapping[str, str]] = {VERIFY: "reviewed", SIGN_OFF: "approved"}
FRESH: Final = timedelta(minutes=5)
"""For so long after a password or a single sign-on is somebody known to be the one who signs (21 CFR 11.200(a)(1))."""

WORK: Final = ("task.completed", "task.answered", "task.item_checked", "task.evidence_attached")
"""Whoever did one of these, at any time, did some of the work and approves none of it."""

Content = Mapping[str, Any]
_KEPT_BESIDE: Final = ("playbook", "task › wave")
"""Kept for the record: a newer playbook, or a location that moves to another wave, changes nothing of what was done."""


@dataclass(frozen=True)
class Wanted:
    """Somebody of one of these roles is still to check (`verify`) or to sign (`sign_off`)."""

    kind: str
    roles: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """One thing that is not as it was signed: what it is, and both states in words; empty where it was not there."""

    what: str
    was: str
    now: str


def wanted(task: Task, given: Collection[tuple[str, str]]) -> Wanted | None:
    """The next approval a completed task waits for; None when it has all. `given` are pairs of kind and role.

    It is checked before it is signed. Of `{of: …, at_least: n, must: …}` the `must` come first.
    """
    for kind, who in ((VERIFY, task.verify), (SIGN_OFF, task.sign_off)):
        roles = open_roles(who, [role for each, role in given if each == kind]) if who else ()
        if roles:
            return Wanted(kind, roles)
    return None


def open_roles(who: Who, given: Iterable[str]) -> tuple[str, ...]:
    """The roles of which somebody is still to sign, `given` being those for which somebody has."""
    have = set(given)
    must = tuple(role for role in who.must if role not in have)
    if must:
        return must
    if len(have) >= who.needed:
        return ()
    return tuple(role for role in who.roles if role not in have)


def is_fresh(proven_at: datetime | None, now: datetime) -> bool:
    """Whether a proof of identity still counts. One from the future does not."""
    return proven_at is not None and timedelta(0) <= now - proven_at <= FRESH


def instructions(task: Task) -> dict[str, Any]:
    """What a task asks for, in the words that were read when it was signed."""
    return {
        "title": task.title,
        "why": task.why,
        "how": task.how,
        "asks": _asks(task),
        "checklist": {path: {"title": line.title, "how": line.how, "asks": _asks(line)} for path, line in _lines(task)},
    }


def _asks(part: Task | CheckItem) -> list[str]:
    answer = part.answer
    passes = [f"passes: {answer.passes.text}"] if answer.passes else []
    evidence = [f"{piece.at_least} {piece.type} {piece.title}".strip() for piece in part.evidence]
    return [f"answer: {answer.type}", *passes, *evidence]


def _lines(part: Task | CheckItem, before: str = "") -> Iterator[tuple[str, CheckItem]]:
    for name, line in (part.checklist or {}).items():
        yield f"{before}{name}", line
        yield from _lines(line, f"{before}{name}.")


def canonical(content: Content) -> str:
    """One text for one content: keys in order, no blanks, UTF-8 as it is (after RFC 8785)."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def fingerprint(text: str) -> str:
    """SHA-256 of the UTF-8 text, in hexadecimal."""
    return sha256(text.encode()).hexdigest()


def changes(signed: str, content: Content) -> tuple[Change, ...]:
    """What differs between a signed text and the present content; empty while the signature stands.

    A new version of the playbook that leaves the task as it was changes nothing of it. A signature of old that names
    no content falls when the task is taken up again.
    """
    if not signed:
        return () if content.get("completed") else (Change("completed", "yes", ""),)
    before, after = dict(_flat(json.loads(signed))), dict(_flat(json.loads(canonical(content))))
    return tuple(
        Change(name, before.get(name, ""), after.get(name, ""))
        for name in {**before, **after}
        if before.get(name) != after.get(name)
    )


def _flat(content: Content, before: str = "") -> Iterator[tuple[str, str]]:
    for name, value in content.items():
        here = f"{before} › {name}" if before else name
        if here in _KEPT_BESIDE:
            continue
        if isinstance(value, Mapping) and not before:
            yield from _flat(value, here)
        elif isinstance(value, Mapping):
            yield here, "; ".join(f"{part} {_text(each)}" for part, each in value.items() if each not in ("", ".", []))
        else:
            yield here, _text(value)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True, ensure_ascii=False)
