"""The evidence as it was frozen, time after time, and what had changed in between, in words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from app.models import GatePack
from app.queries.gates.page import GatePage
from app.rules.clock import count, moment
from app.web.gates.lines import measured_words
from app.web.gates.words import criterion_title, spaced

Content = Mapping[str, Any]
Told = dict[str, str]


def frozen_words(page: GatePage, pack: GatePack, now: datetime) -> str:
    """`Pack frozen 15:30, content 7c1e 90af`."""
    at = moment(pack.frozen_at, page.zone, now).removeprefix("today ")
    return f"Pack frozen {at}, content {spaced(pack.sha256)}"


def changed_since(page: GatePage) -> list[Told]:
    """What is no longer as it was frozen for the open vote."""
    if page.pack is None or not page.changes:
        return []
    return between(page, json.loads(page.pack.content), page.evidence.pack.content())


def changed_before(page: GatePage, now: datetime) -> dict[str, Any] | None:
    """That the evidence of the open vote was frozen anew, what had changed, and how many votes fell with it."""
    if not page.open or page.pack is None:
        return None
    before = next((one for one in page.packs if one.number == page.pack.number - 1 and one.changes), None)
    if before is None:
        return None
    return {
        "when": moment(page.pack.frozen_at, page.zone, now),
        "fallen": count(len(page.fallen), "vote") if page.fallen else "",
        "changes": between(page, json.loads(before.content), json.loads(page.pack.content)),
    }


def packs(page: GatePage, now: datetime) -> list[dict[str, Any]]:
    """Every pack that was frozen, the newest first."""
    later = {one.number - 1: one for one in page.packs}
    return [_pack(page, one, later.get(one.number), now) for one in page.packs]


def _pack(page: GatePage, one: GatePack, later: GatePack | None, now: datetime) -> dict[str, Any]:
    by = page.name(one.frozen_by) if one.frozen_by else "Muster"
    changes = between(page, json.loads(one.content), json.loads(later.content)) if one.changes and later else []
    ended = f"Out of force since {moment(one.ended_at, page.zone, now)}." if one.ended_at else "In force."
    return {
        "number": one.number,
        "said": f"Frozen {moment(one.frozen_at, page.zone, now)} by {by}. {ended}",
        "sha256": one.sha256,
        "changes": changes,
    }


def between(page: GatePage, was: Content, now: Content) -> list[Told]:
    """What differs, a line each: what it is, what it was, what it is now (empty: not there)."""
    return [*_criteria(was["criteria"], now["criteria"]), *_others(page, was, now)]


def _criteria(was: Content, now: Content) -> Iterator[Told]:
    for id_ in {**was, **now}:
        before, after = was.get(id_), now.get(id_)
        if before != after:
            yield {"what": (after or before or {})["title"], "was": _measured(before), "now": _measured(after)}


def _measured(one: Mapping[str, Any] | None) -> str:
    return f"{measured_words(one['measured'])}, {one['stands']}" if one else ""


def _others(page: GatePage, was: Content, now: Content) -> Iterator[Told]:
    """Open work behind what vetoes, conditions, proofs, the date."""
    told = {line["what"] for line in _criteria(was["criteria"], now["criteria"])}
    for part in ("open", "conditions", "proofs", "gate"):
        for key in {**was[part], **now[part]}:
            before, after = was[part].get(key), now[part].get(key)
            line = _other(page, part, key, before, after) if before != after else None
            if line and not (part == "proofs" and line["what"] in told):
                yield line


def _other(page: GatePage, part: str, key: str, before: Any, after: Any) -> Told:
    if part == "open":
        criterion, kind, _ = key.split(" ")
        return _line(f"Open behind {criterion_title(page, criterion)}", _open(kind, before), _open(kind, after))
    if part == "conditions":
        kind = "Waiver" if (before or after)["criterion"] else "Condition"
        return _line(kind, _condition(page, before), _condition(page, after))
    if part == "proofs":
        what = "answer" if key.startswith("answer ") else "proof"
        title = criterion_title(page, key.removeprefix("answer ").partition(" ")[0])
        return _line(title or "Proofs", "" if after else f"one {what}", _proof(what, before, after))
    return _line({"due": "Date", "where": "Place", "title": "Gate"}.get(key, key), before or "", after or "")


def _line(what: str, was: str, now: str) -> Told:
    return {"what": what, "was": was, "now": now}


def _open(kind: str, one: Mapping[str, str] | None) -> str:
    """A task by its title, an issue by its severity."""
    if one is None:
        return ""
    return f"an issue of severity {one['severity']}" if kind == "issue" else one["title"]


def _condition(page: GatePage, one: Mapping[str, str] | None) -> str:
    if one is None:
        return ""
    return one["what"] if page.detail else "accepted"


def _proof(what: str, before: Any, after: Any) -> str:
    if after is None:
        return ""
    return f"{'another' if before else 'one more'} {what}"
