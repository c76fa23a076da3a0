"""Two versions of a playbook as an upgrade sees them: what differs of each entry, and which id it goes on by. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from app.plan import Playbook
from app.plan.change_kinds import ChangeKind
from app.plan.terms import Recurring
from app.plan.versions import DATED, Change, Renames, changes, renames
from app.rules.schedule.moves import Key, named
from app.rules.upgrades.lines import Held

_RECURRING = {
    "meetings": (Recurring.MEETING,),
    "coverage": (Recurring.COVERAGE,),
    "reconciliation": (Recurring.RECONCILIATION,),
    "training": (Recurring.CATCH_UP,),
}


@dataclass(frozen=True)
class Between:
    """Two versions of a playbook, with what differs. `renamed`: ids that the newer one calls by another, by the old."""

    old: Playbook
    new: Playbook
    renamed: Renames

    @classmethod
    def of(cls, versions: Sequence[Playbook]) -> Between:
        """From the first of some versions, one after the other, to the last."""
        return cls(versions[0], versions[-1], renames(versions))

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        return changes(self.old, self.new, self.renamed)

    @cached_property
    def by_entry(self) -> Mapping[str, tuple[Change, ...]]:
        """What differs about each entry, by its name in a key of the newer version; what comes or goes left out."""
        found: dict[str, tuple[Change, ...]] = {}
        for change in self.changes:
            if change.kind not in (ChangeKind.ADDED, ChangeKind.REMOVED):
                for name in self._names(change):
                    found[name] = (*found.get(name, ()), change)
        return found

    @staticmethod
    def _names(change: Change) -> Iterator[str]:
        if change.section in DATED:
            yield change.entry
        if change.section.startswith("runbooks."):
            yield change.section.split(".")[1]
        for kind in _RECURRING.get(change.section, ()):
            yield named(change.entry, kind)

    def renamed_key(self, key: Key) -> Key:
        """The key of a row as the newer version names it."""
        place, entry, wave, value = key
        return place, self.renamed.get(entry, entry), wave, value

    def removes(self, held: Held) -> bool:
        """Whether only the older version has the entry of a row, as the kind that it is."""
        name = held.stored.key[1]
        return kind_in(self.new, self.renamed.get(name, name)) != held.kind


def kind_in(playbook: Playbook, name: str) -> str:
    """The kind of an entry of a key; empty where the playbook has none."""
    kind, _, entry = name.rpartition(" ")
    if not kind:
        found = playbook.entries.get(entry)
        return "" if found is None else str(found.kind)
    sections = [getattr(playbook, section) for section, kinds in _RECURRING.items() if kind in kinds]
    known = {one.id for one in playbook.sessions if one.catch_up} if kind == Recurring.CATCH_UP else sections[0]
    return kind if entry in known else ""
