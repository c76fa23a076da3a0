"""Criteria that people answer: what was answered, by whom, with which note and proofs, and the forms that ask."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.models import GateFile
from app.plan.format.gates import Criterion, Test
from app.queries.gates.page import GatePage
from app.rules.clock import moment
from app.rules.gates.needed import tests_of
from app.rules.tasks.answers import value_words
from app.rules.tasks.tables import row_titles
from app.web.gates.behind import anchor_of
from app.web.held import listed
from app.web.tasks.answers import asked_field
from app.web.tasks.shown import size_words
from app.web.told import Told


def asked(page: GatePage, told: Told, now: datetime) -> list[dict[str, Any]]:
    """Every criterion of the gate, or part of one, that somebody answers, in the order of the playbook."""
    lines = {line.id for line in page.evidence.pack.lines}
    found = [(one, name, test) for one in page.gate.criteria.values() for name, test in tests_of(one)]
    return [_asked(page, *each, told, now) for each in found if each[2].answer and each[0].id in lines]


def _asked(page: GatePage, one: Criterion, name: str, test: Test, told: Told, now: datetime) -> dict[str, Any]:
    row, may = page.answers.get(name), name in page.rights.answer
    form, id_ = f"answer:{name}", anchor_of(name)
    title = one.title if not one.any else f"{one.title}: {test.title or name.partition('.')[2]}"
    return {
        "id": id_,
        "name": name,
        "title": title,
        "veto": one.critical,
        "given": _words(page, test, row.value) if row else "",
        "by": f"{page.name(row.by_id)}, {moment(row.at, page.zone, now)}" if row else "",
        "note": row.note if row and page.detail else "",
        "key": row.id if row else 0,
        "who": _owners(page, test),
        "may": may,
        "field": _field(page, test, row.value if row else None, id_, form, told) if may else None,
        "typed_note": told.value(form, "note", row.note if row and page.detail else ""),
        "note_error": told.fault(form, "note"),
        "form": form,
        "yours": may and row is None and _is_asked(page, test),
        "files": [_file(page, file, now) for file in page.files if file.criterion == name] if page.detail else [],
        "url": told.value(f"link:{name}", "url"),
        "url_error": told.fault(f"link:{name}", "url"),
        "file_error": told.fault(f"file:{name}", "file"),
    }


def _words(page: GatePage, test: Test, value: Any) -> str:
    """What was answered; free texts are for those who may read them."""
    if test.answer is None or (test.answer.type in ("text", "person", "table") and not page.detail):
        return "Answered"
    said = value_words(value, test.answer.unit)
    return said if test.answer.type == "text" else f"{said[:1].upper()}{said[1:]}"


def _owners(page: GatePage, test: Test) -> str:
    """Who is asked: by name, else by role."""
    who = test.owner or page.gate.owner
    roles = who.roles if who else ()
    titles = " or ".join(page.titles.get(role, role) for role in roles)
    names = listed(page.holders.names(roles, page.dated.location_id))
    return f"{names} ({titles})" if names else titles


def _is_asked(page: GatePage, test: Test) -> bool:
    """Whether it is the reader who is asked, and not only somebody who may answer too."""
    roles = test.owner.roles if test.owner else ()
    return any(one.person == page.reader for one in page.holders.owners(roles, page.dated.location_id))


def _field(page: GatePage, test: Test, value: Any, id_: str, form: str, told: Told) -> dict[str, Any]:
    if test.answer is None:
        raise ValueError("only what is answered has a field")
    attributes = page.evidence.place.attributes if page.evidence.place else {}
    titles = row_titles(test.answer, attributes) if test.answer.type == "table" else None
    typed = told.value(form, "answer", value)
    return asked_field(test.answer, "Answer", typed, told.fault(form, "answer"), f"{id_}-field", titles)


def _file(page: GatePage, file: GateFile, now: datetime) -> dict[str, Any]:
    by = f"{page.name(file.by_id)}, {moment(file.at, page.zone, now)}"
    return {
        "row": file.id,
        "name": file.url or file.file_name,
        "href": file.url or f"/gates/{page.id}/files/{file.id}",
        "kind": "link" if file.url else "photo" if file.content_type.startswith("image/") else "file",
        "said": by if file.url else f"{size_words(file.size)}, {by}",
    }
