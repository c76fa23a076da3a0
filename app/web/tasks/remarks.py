"""Comments as values for their macros."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from app.queries.comments import Call, CommentLine
from app.queries.tasks.page import TaskPage
from app.rules.clock import moment
from app.rules.people.access import Viewer
from app.web.tasks.told import TaskTold


def remarks(page: TaskPage, token: str, told: TaskTold, now: datetime) -> dict[str, Any] | None:
    """The section of comments; None for those who may not read them."""
    if not page.detail:
        return None
    return {
        "lines": [shown_comment(page, one, now) for one in page.comments],
        "open": page.open,
        "token": token,
        "text": told.typed.get("comment", ""),
        "errors": told.errors if "comment" in told.typed else {},
        "people": [tellable(page, one) for one in page.readers],
        "told": set(told.typed.get("tell", ())),
        "choose": "tell" in told.errors,
    }


def shown_comment(page: TaskPage, one: CommentLine, now: datetime) -> dict[str, Any]:
    names = [name for _, name in one.called]
    parts = list(spoken(one.text, names))
    said = {str(part["text"]).removeprefix("@").casefold() for part in parts if part["called"]}
    return {
        "id": one.id,
        "by": one.by,
        "person": one.person,
        "when": moment(one.at, page.zone, now),
        "instant": one.at.isoformat(),
        "parts": parts,
        "to": [name for name in names if name.casefold() not in said],
        "own": one.person == page.reader,
        "calls_me": page.reader in {person for person, _ in one.called},
    }


def spoken(text: str, names: Iterable[str]) -> Iterator[dict[str, Any]]:
    """A text in parts: what calls one of the names, and what stands between."""
    known = sorted((re.escape(name) for name in names), key=len, reverse=True)
    pattern = re.compile(rf"(?<!\w)(@(?:{'|'.join(known)}))(?!\w)", re.IGNORECASE) if known else None
    for number, part in enumerate(pattern.split(text) if pattern else [text]):
        if part:
            yield {"text": part, "called": number % 2 == 1}


def tellable(page: TaskPage, one: Viewer) -> dict[str, Any]:
    """Somebody who may be called, with what the person is here: several may bear one name."""
    people = page.rollout.playbook.people
    roles = [people[role].title for role in people if role in one.roles(page.rollout.id, page.task.row.location_id)]
    return {"value": one.person, "label": one.name, "hint": ", ".join(roles) or "Whole installation"}


def shown_call(one: Call, now: datetime) -> dict[str, Any]:
    """A comment that calls the reader, for the reader's day."""
    return {
        "id": one.comment,
        "by": one.by,
        "person": one.person,
        "when": moment(one.at, one.zone, now),
        "instant": one.at.isoformat(),
        "text": one.text,
        "title": one.title,
        "href": f"/tasks/{one.task}#comment-{one.comment}",
    }
