"""Somebody was quicker: what stands now beside what was sent, and the two ways on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.queries.tasks.page import TaskPage
from app.rules.clock import moment
from app.rules.tasks.answers import value_words
from app.rules.tasks.progress import WORDS
from app.web.tasks.blocked import stop_words
from app.web.tasks.rows import titled
from app.web.tasks.told import TaskTold
from app.web.tasks.words import act_words


def conflict(page: TaskPage, told: TaskTold, now: datetime) -> dict[str, Any] | None:
    """Who was quicker, theirs beside yours, and your form once more with the version that stands now."""
    if told.stale is None:
        return None
    when = moment(told.stale.when, page.zone, now).removeprefix("today ") if told.stale.when else "the same moment"
    theirs = standing(page, told.form, now) or f"{told.stale.who} {act_words(told.stale.what)}"
    change = {"label": told.label or _label(page, told.form), "theirs": theirs, "yours": told.yours or "nothing"}
    fields = [("version", str(page.task.row.version)), *told.sent]
    mine = {"action": told.action, "fields": fields} if told.action else None
    return {"who": told.stale.who, "when": when, "changes": [change], "mine": mine}


def standing(page: TaskPage, about: str, now: datetime) -> str:
    """The present state of one part of a task, in words; empty where nothing more is known than what was done."""
    part, _, path = about.partition(":")
    if part == "answer":
        found = page.answer(path)
        return value_words(found.value) if found else "nothing"
    if part == "tick":
        line = next((line for line in page.checklist if line.path == path), None)
        return f"Ticked by {line.checked_by}" if line and line.checked_by else "Not ticked"
    if part == "block":
        return _block(page, now)
    if part == "details":
        return page.task.row.title
    return _done(page, now) if part == "done" else ""


def _block(page: TaskPage, now: datetime) -> str:
    if page.stop is None:
        return "It can go on"
    said = stop_words(page, page.stop, now)
    return f"{said['bold']} {said['text']}"


def _done(page: TaskPage, now: datetime) -> str:
    row = page.task.row
    if row.completed_at is not None:
        return f"Done, by {page.completed_by or 'somebody'}"
    if page.skipped:
        return f"Set aside by {page.skipped.by}: {page.skipped.reason or 'it does not apply'}"
    return _block(page, now) if page.stop else WORDS[page.task.state]


def _label(page: TaskPage, about: str) -> str:
    part, _, path = about.partition(":")
    line = next((line for line in page.checklist if line.path == path), None) if part == "tick" else None
    return line.title if line else titled(page.task)
