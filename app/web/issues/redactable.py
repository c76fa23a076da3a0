"""What of an issue can be taken away for good, because somebody wrote what should never have been written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from app.actions.issues.talking import REDACTED, SOMEBODY
from app.models import IssueNote
from app.queries.issues.page import IssuePage
from app.rules.clock import moment

SHOWN = 80
Line = dict[str, str]


def redactable(page: IssuePage, now: datetime) -> list[Line]:
    """Options for `choices`, every text that somebody typed and the reader may take away: the part as the action knows
    it, what it is, and how it begins.
    """
    issue, rows = page.issue, page.rows
    texts = (
        ("title", "The title", [issue.title]),
        ("details", "What happened", [issue.details]),
        ("caller", "The name of the caller", [issue.caller]),
        ("waits", "What it waited for, and why", [text for one in rows.waits for text in (one.waits_for, one.reason)]),
        ("solutions", "The cause and the fix",
         [text for one in rows.resolutions for text in (one.cause, one.fix, one.reopened_reason)]),
    )  # fmt: skip
    found = [_line(part, label, standing) for part, label, typed in texts if (standing := _standing(typed))]
    return [*found, *_notes(page, now), *_files(page, now)]


def _standing(typed: Iterable[str]) -> list[str]:
    """What has not been taken away."""
    return [text for text in typed if text not in ("", REDACTED, SOMEBODY)]


def _notes(page: IssuePage, now: datetime) -> Iterator[Line]:
    for one in page.rows.notes:
        if one.redacted_at is None and _may_redact(page, one):
            label = f"The note of {page.name(one.by_id)}, {moment(one.at, page.zone, now)}"
            yield _line(f"note-{one.id}", label, [one.said])


def _may_redact(page: IssuePage, one: IssueNote) -> bool:
    """As the action decides: one's own, and of others whoever gives out work there."""
    return page.may_redact or one.by_id == page.reader


def _files(page: IssuePage, now: datetime) -> Iterator[Line]:
    for one in page.rows.files:
        what = "photo" if one.content_type.startswith("image/") else "file"
        yield _line(f"file-{one.id}", f"The {what} of {moment(one.at, page.zone, now)}, and its name", [one.file_name])


def _line(part: str, label: str, typed: list[str]) -> Line:
    text = " ".join(" / ".join(typed).split())
    return {"value": part, "label": label, "hint": text if len(text) <= SHOWN else f"{text[: SHOWN - 1].rstrip()}…"}
