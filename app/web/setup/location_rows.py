"""Locations as rows of a form: what a row asks, and what was typed as one row of a locations file."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from app.plan import Playbook
from app.plan.format.answers import RESULTS, Answer
from app.plan.format.locations import unfit
from app.plan.language.dates import ID_PATTERN
from app.plan.terms import ID_LIMIT
from app.rules.schedule.schedule import PlaceError, read_place

OWN_FIELDS: Final = ("id", "name", "zone", "wave", "attributes", "cutover")
_ID = re.compile(ID_PATTERN)
_NAME_FIELD = re.compile("name-[0-9]{1,6}")
_YES_NO: Final = {"yes": True, "no": False}
MOST_ROWS: Final = 500
FIGURE_LIMIT: Final = 30


@dataclass
class Row:
    """One row of the form: texts by field name, and faults by field name."""

    typed: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    lists: dict[str, list[str]] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        return not self.typed.get("name", "").strip() and not self.typed.get("id", "").strip()


def rows_of_form(form: Mapping[str, Sequence[str]], playbook: Playbook) -> list[Row]:
    """The rows as typed: fields are called `name-0`, `attribute-3-setting`. Rows without a name are left out."""
    numbers = sorted({int(key[5:]) for key in form if _NAME_FIELD.fullmatch(key)})[:MOST_ROWS]
    rows = []
    for number in numbers:
        row = Row({name: _first(form, f"{name}-{number}") for name in ("id", "name", "zone", "wave", "cutover")})
        for attribute in playbook.attributes:
            values = [value.strip() for value in form.get(f"attribute-{number}-{attribute}", ()) if value.strip()]
            row.lists[attribute] = values
            row.typed[f"attribute-{attribute}"] = values[0] if values else ""
        if not row.empty and not _first(form, f"remove-{number}"):
            rows.append(row)
    return rows


def _first(form: Mapping[str, Sequence[str]], name: str) -> str:
    return next(iter(form.get(name, ())), "").strip()


def rows_of_stated(stated: Sequence[Mapping[str, Any]], playbook: Playbook) -> list[Row]:
    """Stored locations as rows of the form."""
    rows = []
    for place in stated:
        row = Row({name: str(place.get(name) or "") for name in ("id", "name", "zone", "wave", "cutover")})
        for id_ in playbook.attributes:
            value = (place.get("attributes") or {}).get(id_)
            values = [_typed(one) for one in (value if isinstance(value, list) else [value]) if one is not None]
            row.lists[id_] = values
            row.typed[f"attribute-{id_}"] = values[0] if values else ""
        rows.append(row)
    return rows


def _typed(value: Any) -> str:
    return (
        ("yes" if value else "no")
        if isinstance(value, bool)
        else f"{value:g}"
        if isinstance(value, float)
        else str(value)
    )


def stated_row(row: Row, playbook: Playbook, kept: Mapping[str, Any]) -> dict[str, Any] | None:
    """A row as it stands in a locations file, over what is `kept` of the same location (its own calendar).

    Faults are put on the row; None when it has any.
    """
    typed = row.typed
    id_ = typed["id"] or made_id(typed["name"])
    row.typed["id"] = id_
    calendar = {name: value for name, value in kept.items() if name not in OWN_FIELDS}
    stated = {**calendar, "id": id_, "name": typed["name"], "zone": typed["zone"] or playbook.calendar.zone}
    stated |= {name: typed[name] for name in ("wave", "cutover") if typed[name]}
    stated["attributes"] = _attributes(row, playbook)
    _judge(row, stated, playbook)
    return None if row.errors else stated


def _attributes(row: Row, playbook: Playbook) -> dict[str, Any]:
    found = {}
    for id_, attribute in playbook.attributes.items():
        texts = row.lists.get(id_, [])
        if not texts:
            continue
        value = attribute_value(attribute.answer, texts)
        wrong = unfit(attribute.answer, value)
        if wrong:
            row.errors[f"attribute-{id_}"] = f"{attribute.title} {wrong}."
        found[id_] = value
    return found


def attribute_value(answer: Answer, texts: Sequence[str]) -> Any:
    """Typed texts as the value of an attribute; what cannot be read stays text and is judged as such."""
    if answer.type == "choices":
        return list(texts)
    text = texts[0]
    if answer.type in ("yes-no", "tick"):
        return _YES_NO.get(text, text)
    if answer.type == "number":
        return _figure(text)
    return text


def _figure(text: str) -> float | str:
    """The number, or the text where it is none, is not finite, or is longer than any figure of a location."""
    try:
        number = float(text) if "." in text else int(text)
    except ValueError:
        return text
    return number if len(text) <= FIGURE_LIMIT and math.isfinite(number) else text


def _judge(row: Row, stated: dict[str, Any], playbook: Playbook) -> None:
    if not row.typed["name"]:
        row.errors["name"] = "Say what it is called."
    if not _ID.fullmatch(stated["id"]) or len(stated["id"]) > ID_LIMIT:
        row.errors["id"] = "Lower-case letters, figures and hyphens, a letter first."
    if playbook.waves and stated.get("wave") not in playbook.waves:
        row.errors["wave"] = "Choose its wave."
    if row.errors:
        return
    try:
        read_place(stated)
    except PlaceError as fault:
        message = str(fault)
        where = next((name for name in ("zone", "cutover", "wave", "id", "name") if f" {name}:" in message), "name")
        row.errors[where] = message.split(": ", 2)[-1]


def made_id(name: str) -> str:
    """A short name for ever, made of the full one."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    made = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:ID_LIMIT].strip("-")
    return made if made[:1].isalpha() else f"site-{made}".strip("-")


def attribute_fields(playbook: Playbook) -> list[dict[str, Any]]:
    """What the playbook asks of every location: id, title, control (select, many or text), options, unit."""
    return [_attribute_field(id_, one.title, one.answer) for id_, one in playbook.attributes.items()]


def _attribute_field(id_: str, title: str, answer: Answer) -> dict[str, Any]:
    asked: dict[str, Any] = {"id": id_, "title": title, "unit": answer.unit or None, "control": "text", "options": []}
    if answer.type in ("yes-no", "tick"):
        return {**asked, "control": "select", "options": [("yes", "Yes"), ("no", "No")]}
    if answer.type in ("choice", "result"):
        names = answer.options if answer.type == "choice" else RESULTS
        return {**asked, "control": "select", "options": [(name, name) for name in names]}
    if answer.type == "choices":
        return {**asked, "control": "many", "options": [{"value": name, "label": name} for name in answer.options]}
    return asked
