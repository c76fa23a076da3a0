"""A task's page as values for its template."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.plan.format.tasks import CheckItem as AskedLine
from app.queries.tasks.page import TaskPage
from app.queries.tasks.said import CheckLine, EvidenceLine
from app.rules.clock import moment
from app.rules.signoffs import VERIFY
from app.rules.tasks.answers import value_words
from app.rules.tasks.completion import Given, missing, still_wanted
from app.rules.tasks.progress import WORDS, State
from app.rules.tasks.tables import row_titles
from app.web.prose import prose
from app.web.tasks.answers import asked_field
from app.web.tasks.blocked import block_form, stop_words
from app.web.tasks.conflict import conflict
from app.web.tasks.facts import facts
from app.web.tasks.remarks import remarks
from app.web.tasks.rows import titled
from app.web.tasks.signed import signatures
from app.web.tasks.told import TaskTold
from app.web.tasks.words import history_line


def shown(page: TaskPage, token: str, told: TaskTold, now: datetime) -> dict[str, Any]:
    """Everything the task's template needs. `token` makes that a form sent twice makes its thing once."""
    row = page.task.row
    finished = row.completed_at is not None or row.skipped_at is not None
    lacking = missing(page.entry, given(page)) if page.detail and not finished else ()
    return {
        "task": {
            "id": row.id,
            "version": row.version,
            "title": titled(page.task),
            "status": page.task.state.value,
            "status_label": WORDS[page.task.state],
            "critical": row.critical,
            "code": row.entry,
            "sub": page.entry.why,
            "added": row.added,
        },
        "finished": finished,
        "may_act": page.may_act,
        "detail": page.detail,
        "standing": standing_words(page, now),
        "how": prose(page.how or page.entry.how),
        "inputs": page.entry.inputs,
        "outputs": page.entry.outputs,
        "links": page.entry.links,
        "lacking": lacking,
        "blocked": page.stop is not None,
        "checklist": checklist(page, told, now),
        "checked_of": (sum(line.checked_at is not None for line in page.checklist), len(page.checklist)),
        "answer": asked(page, told, "", page.entry.title, page.entry.answer) if page.detail else None,
        "signed": signatures(page, told.errors, told.typed, now),
        "correcting": told.correcting,
        "evidence": [evidence_line(line, page, now) for line in page.evidence if not line.path],
        "evidence_wanted": still_wanted(page.entry.evidence, attached(page, "")),
        "facts": facts(page, now),
        "history": [history_line(line, page.zone, now) for line in page.history],
        "conflict": conflict(page, told, now),
        "block": block_form(page, told, now),
        "aside": aside(page, told),
        "details": details(page, told),
        "remarks": remarks(page, token, told, now),
        "told": told,
    }


def given(page: TaskPage) -> Given:
    """What has been recorded so far, for the rule that says what is missing."""
    return Given(
        answered=frozenset(answer.path for answer in page.answers),
        attached=tuple((line.path, line.kind) for line in page.evidence),
        lines=tuple(line.path for line in page.checklist),
        checked=frozenset(line.path for line in page.checklist if line.checked_at),
    )


def aside(page: TaskPage, told: TaskTold) -> dict[str, Any] | None:
    """The form that says that the task does not apply here; None where nobody may say so."""
    row = page.task.row
    if row.critical or (row.added and not page.may_correct):
        return None
    reason = told.typed.get("aside")
    error = told.errors.get("reason") if reason is not None else None
    return {"open": reason is not None, "reason": reason or "", "error": error, "optional": bool(page.entry.optional)}


def details(page: TaskPage, told: TaskTold) -> dict[str, Any] | None:
    """The form of what was added by hand; None for a task of the playbook, and for those who may not correct it."""
    if not page.may_correct:
        return None
    row, typed = page.task.row, told.typed if "title" in told.typed else {}
    return {
        "open": bool(typed),
        "title": typed.get("title", row.title),
        "how": typed.get("how", page.how),
        "due": typed.get("due", row.due.isoformat() if row.due else ""),
        "errors": told.errors if typed else {},
    }


def attached(page: TaskPage, path: str) -> Counter[str]:
    """How many pieces of each kind are attached to the task or to a line."""
    return Counter(line.kind for line in page.evidence if line.path == path)


def standing_words(page: TaskPage, now: datetime) -> dict[str, Any] | None:
    """The notice under the title: why it stands still, or who finished it."""
    row = page.task.row
    if page.retired:
        text = "It counts no more. What was recorded is kept."
        return {"kind": "run", "bold": "The playbook no longer has this task.", "text": text}
    if page.stop:
        return stop_words(page, page.stop, now)
    if page.skipped:
        reason = page.skipped.reason if page.detail else ""
        say = f"{page.skipped.by}, {moment(page.skipped.at, page.zone, now)}. {reason}"
        return {"kind": "run", "bold": "Set aside: it does not apply here.", "text": say}
    if row.completed_at is None:
        return None
    return _finished_words(page, now)


def _finished_words(page: TaskPage, now: datetime) -> dict[str, Any]:
    at = page.task.row.completed_at or now
    by = f"{page.completed_by or 'Somebody'}, {moment(at, page.zone, now)}."
    if page.task.state is State.WAITING:
        return {"kind": "run", "bold": "Finished, not yet approved.", "text": f"{by} {second_person(page)}"}
    if page.task.state is State.RISK:
        return {"kind": "warn", "bold": "Finished, but the answer does not pass.", "text": by}
    return {"kind": "good", "bold": "Done.", "text": by}


def second_person(page: TaskPage) -> str:
    """Whom a finished task waits for."""
    if page.wanted is None:
        return ""
    names = page.holders.names(page.wanted.roles, page.task.row.location_id)
    verb = "checked" if page.wanted.kind == VERIFY else "signed for"
    return f"It counts once {' or '.join(names[:2]) or 'a second person'} has {verb} it."


def checklist(page: TaskPage, told: TaskTold, now: datetime) -> list[dict[str, Any]]:
    """The lines at this place, each with its tick, its answer and its files."""
    return [_line(page, told, line, now) for line in page.checklist]


def _line(page: TaskPage, told: TaskTold, line: CheckLine, now: datetime) -> dict[str, Any]:
    row = page.task.row
    part = line_of(page, line.path)
    ticked = line.checked_at is not None
    open_ = page.may_act and (row.completed_at is None or told.correcting) and row.skipped_at is None
    tick = {"action": f"/tasks/{row.id}/checklist/{line.path}/{'untick' if ticked else 'tick'}", "version": row.version}
    answer = asked(page, told, line.path, "Answer", part.answer) if part and page.detail else None
    answered = answer is not None and answer["given"] is not None
    return {
        "id": f"check-{line.path.replace('.', '-')}",
        "path": line.path,
        "title": line.title + (" (if it applies)" if line.optional else ""),
        "status": "done" if ticked or answered else "todo",
        "who": _who(page, line, answer, now),
        "tick": tick if open_ and (answer is None or ticked) else None,
        "done": ticked,
        "how": prose(part.how) if part else "",
        "answer": answer if open_ else None,
        "wants_files": bool(part and part.evidence) and open_,
        "files": [_file(one) for one in page.evidence if one.path == line.path],
        "evidence": still_wanted(part.evidence, attached(page, line.path)) if part else (),
    }


def _who(page: TaskPage, line: CheckLine, answer: dict[str, Any] | None, now: datetime) -> str | None:
    words = [f"{line.checked_by}, {moment(line.checked_at, page.zone, now)}"] if line.checked_at else []
    if answer and answer["given"]:
        words.append(answer["given"])
    return ". ".join(words) or None


def line_of(page: TaskPage, path: str) -> AskedLine | None:
    """What the playbook asks on a line; None when a newer version no longer has it."""
    lines: Mapping[str, AskedLine] = page.entry.checklist or {}
    found: AskedLine | None = None
    for name in path.split("."):
        found = lines.get(name)
        lines = (found.checklist if found else None) or {}
    return found


def asked(page: TaskPage, told: TaskTold, path: str, label: str, answer: Any) -> dict[str, Any] | None:
    """The form of an answer with what was answered; None where only a tick is asked."""
    if answer.type == "tick":
        return None
    present = page.answer(path)
    typed = told.typed.get(f"answer:{path}")
    value = typed if typed is not None else present.value if present else ""
    error = told.errors.get("answer") if f"answer:{path}" in told.typed else None
    said = None
    if present:
        verdict = {"fail": ", does not pass", "unclear": ", cannot be judged yet"}.get(present.judged, "")
        said = f"{value_words(present.value, answer.unit)}{verdict} ({present.by})"
    id_ = f"answer-{path.replace('.', '-')}" if path else "answer"
    titles = row_titles(answer, page.place.attributes if page.place else {})
    return {**asked_field(answer, label, value, error, id_, titles), "path": path, "given": said}


def evidence_line(line: EvidenceLine, page: TaskPage, now: datetime) -> dict[str, Any]:
    said = [size_words(line.size)] if line.size else []
    return {**_file(line), "said": ", ".join([*said, line.by, moment(line.at, page.zone, now)]), "row": line.id}


def _file(line: EvidenceLine) -> dict[str, Any]:
    link = line.kind == "link"
    return {"name": line.url if link else line.file_name, "href": line.url if link else f"/evidence/{line.id}",
            "kind": line.kind}  # fmt: skip


def size_words(size: int) -> str:
    """`84 kB`, `2.4 MB`."""
    return f"{size / 1_000_000:.1f}\u00a0MB" if size >= 1_000_000 else f"{max(1, round(size / 1000))}\u00a0kB"
