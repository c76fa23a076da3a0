"""Two versions of a playbook: what changed, in the kinds of section 6 of the format."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from app.plan.change_kinds import ChangeKind, kind_of
from app.plan.format.runbooks import BackOut
from app.plan.inherit import everything
from app.plan.language.durations import Duration
from app.plan.playbook import Playbook
from app.plan.reading import keys_of

DATED: Final = frozenset({"tasks", "training", "milestones", "freezes", "selection", "gates", "runbooks"})
"""The sections whose entries share one space of ids, and have a date."""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: what kind, which entry (its section and id), which key, and both values as text."""

    kind: ChangeKind
    section: str
    entry: str
    key: str = ""
    old: str = ""
    new: str = ""

    def __str__(self) -> str:
        where = f"{self.section} {self.entry}".strip()
        if self.kind in (ChangeKind.ADDED, ChangeKind.REMOVED):
            return f"{self.kind.value}: {where}" + (f" ({self.new or self.old})" if self.new or self.old else "")
        return f"{self.kind.value}: {where}: {self.key}: {self.old or 'nothing'} -> {self.new or 'nothing'}"


Entries = Mapping[str, Any]
Renames = Mapping[str, str]
"""Ids of entries that have another one in a newer version, by the id of old."""


def changes(old: Playbook, new: Playbook, renamed: Renames | None = None) -> tuple[Change, ...]:
    """Everything that differs between two playbooks, in the order of the new file, removals last in each section.

    `renamed` says which dated entries go by another id, where more versions than these two have a say in it; without
    it the `was` of the new file does.
    """
    found = list(_top(old, new))
    for section, before, after in _sections(old, new):
        other = _renamed(before, after)
        if renamed is not None and section in DATED:
            other = {was: name for was, name in renamed.items() if was in before and name in after}
        found.extend(_section(section, before, after, other))
    return tuple(found)


def renames(versions: Sequence[Playbook]) -> Renames:
    """The ids of the first of some versions, one after the other, that the last one calls by another."""
    found = {name: name for name in versions[0].entries} if versions else {}
    for before, after in pairwise(versions):
        step = _renamed(before.entries, after.entries)
        found = {was: step.get(name, name) for was, name in found.items()}
    last = versions[-1].entries if versions else {}
    return {was: name for was, name in found.items() if was != name and name in last}


def _renamed(before: Entries, after: Entries) -> dict[str, str]:
    """What the newer entries were called, where that is gone and of the same kind. Of two that claim it the last."""
    return {
        was: name
        for name, item in after.items()
        if (was := getattr(item, "was", "")) in before
        and name not in before
        and was not in after
        and type(before[was]) is type(item)
    }


def _sections(old: Playbook, new: Playbook) -> Iterator[tuple[str, Entries, Entries]]:
    """Section by section, groups opened: an entry is the same entry wherever in its section it stands."""
    for name in (
        "attributes",
        "roles",
        "waves",
        "phases",
        "workstreams",
        "milestones",
        "freezes",
        "selection",
        "sharing",
    ):
        yield name, _flat(getattr(old, name)), _flat(getattr(new, name))
    for name in ("tasks", "training", "coverage", "meetings", "reconciliation", "gates", "runbooks", "metrics"):
        yield name, _flat(getattr(old, name)), _flat(getattr(new, name))
    names = dict.fromkeys([*new.runbooks, *old.runbooks])
    for name in names:
        yield f"runbooks.{name}.steps", _steps(old, name), _steps(new, name)
    yield "issues.severities", _severities(old), _severities(new)


def _flat(items: Entries | None) -> Entries:
    return {item.id: item for item in everything(items)}


def _steps(book: Playbook, name: str) -> Entries:
    runbook = book.runbooks.get(name)
    if runbook is None:
        return {}
    back = runbook.back_out.steps if runbook.back_out else {}
    return {step.id: step for step in (*everything(runbook.steps), *everything(back))}


def _severities(book: Playbook) -> Entries:
    return (book.issues.severities or {}) if book.issues else {}


def _top(old: Playbook, new: Playbook) -> Iterator[Change]:
    for name in ("title", "summary", "sources", "start", "length", "calendar", "health", "retired"):
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            yield Change(kind_of(name), "playbook", "", name, _said(before), _said(after))
    if old.issues is not None and new.issues is not None:
        for name in ("types", "default", "ladder", "quiet_hours", "pause", "confirm", "again_after"):
            before, after = getattr(old.issues, name), getattr(new.issues, name)
            if bare(before) != bare(after):
                yield Change(kind_of(name), "issues", "", name, _said(before), _said(after))


def _section(section: str, before: Entries, after: Entries, renamed: Renames) -> Iterator[Change]:
    known_as = {name: was for was, name in renamed.items()}
    for name, item in after.items():
        was = name if name in before else known_as.get(name, "")
        if not was or type(before[was]) is not type(item):
            yield Change(ChangeKind.ADDED, section, name, new=item.title)
            continue
        yield from _entry(section, name, before[was], item)
    yield from _order(section, before, after)
    for name, item in before.items():
        gone = name not in after and name not in renamed
        if gone or (name in after and type(after[name]) is not type(item)):
            yield Change(ChangeKind.REMOVED, section, name, old=item.title)


def _entry(section: str, name: str, before: Any, after: Any) -> Iterator[Change]:
    for each in dataclasses.fields(after):
        if each.name in ("id", "path", "items", "steps", "was") or not hasattr(before, each.name):
            continue
        old, new = (_own(getattr(item, each.name)) for item in (before, after))
        if bare(old) != bare(new):
            key = next((k for k, (field, _) in keys_of(type(after)).items() if field == each.name), each.name)
            yield Change(kind_of(key), section, name, key, _said(old), _said(new))


def _own(value: Any) -> Any:
    """A way back without its steps, which stand among those of its runbook."""
    return dataclasses.replace(value, steps={}) if isinstance(value, BackOut) else value


def _order(section: str, before: Entries, after: Entries) -> Iterator[Change]:
    """Entries that stand in both but changed their order on the page."""
    kept = [name for name in after if name in before]
    stood = [name for name in before if name in after]
    for place, name in enumerate(kept):
        if stood.index(name) != place:
            yield Change(ChangeKind.PLACE, section, name, "position", str(stood.index(name) + 1), str(place + 1))


def bare(value: Any) -> Any:
    """A value without the places in the file that differ between any two files."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = [f.name for f in dataclasses.fields(value) if f.name not in ("path", "_seen")]
        return (type(value).__name__, tuple((name, bare(getattr(value, name))) for name in fields))
    if isinstance(value, Mapping):
        return tuple((key, bare(each)) for key, each in value.items())
    if isinstance(value, (list, tuple)):
        return tuple(bare(each) for each in value)
    return value


def _said(value: Any) -> str:
    """A value as a person reads it: what was written where a date or a condition keeps its text."""
    if value is None or value == () or value == {}:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Duration):
        return str(value)
    text = getattr(value, "text", None)
    if isinstance(text, str):
        return text
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_said(each)}" for key, each in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(_said(each) for each in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _parts(value)
    return str(value)


def _parts(value: Any) -> str:
    shown = []
    for each in dataclasses.fields(value):
        part = getattr(value, each.name)
        default = None if each.default is dataclasses.MISSING else each.default
        if each.name not in ("id", "path", "parent") and part != default and (said := _said(part)):
            shown.append(said if each.name in ("roles", "title", "fact") else f"{each.name} {said}")
    return " ".join(shown)
