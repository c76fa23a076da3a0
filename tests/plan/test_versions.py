"""What may follow what, and the kinds of change between two versions."""

from pathlib import Path

import pytest

from app.plan import check
from app.plan.change_kinds import ChangeKind
from app.plan.uploads import judge_upload
from app.plan.versions import Change, changes
from tests.plan.corpus import PAIRS, Place, expected, family

NEW = [path for path in PAIRS if path.name.endswith("-new.yaml") and path.name[0] in "VM"]


@pytest.mark.parametrize("path", NEW, ids=lambda path: path.stem)
def test_an_upload_is_told_what_the_server_has(path: Path) -> None:
    old = check(path.with_name(path.name.replace("-new", "-old")).read_bytes())
    new = check(path.read_bytes())
    assert old.playbook is not None
    assert new.playbook is not None
    found = judge_upload(old.playbook, new.playbook, new.reading)
    assert {Place(p.line, p.column, family(p.id)) for p in found} == expected(path.read_text("utf-8"))


HEAD = """muster: 1
id: move
title: Move
version: "1.0"
length: 4w
calendar: {zone: Europe/Berlin}
roles: {lead: Lead, deputy: Deputy}
"""


def _changes(before: str, after: str) -> list[tuple[ChangeKind, str, str]]:
    books = [check((HEAD + text).encode()).playbook for text in (before, after)]
    assert books[0] is not None
    assert books[1] is not None
    return [(c.kind, c.entry, c.key) for c in changes(books[0], books[1])]


def _task(**keys: str) -> str:
    given = {"title": "Fees", "owner": "lead", "due": "week 2 fri", **keys}
    row = ", ".join(f"{key}: {value}" for key, value in given.items())
    return f"tasks:\n  fees: {{{row}}}\n  rents: {{title: Rents, owner: deputy, due: week 3 fri}}\n"


@pytest.mark.parametrize(
    ("key", "value", "kind"),
    [
        ("title", "Agree the fees", ChangeKind.WORDING),
        ("how", "By mail", ChangeKind.WORDING),
        ("evidence", "file", ChangeKind.DEMAND),
        ("critical", "true", ChangeKind.DEMAND),
        ("answer", "number EUR", ChangeKind.DEMAND),
        ("due", "week 3 mon", ChangeKind.DATE),
        ("owner", "deputy", ChangeKind.WHO),
    ],
)
def test_one_changed_key_is_one_change_of_its_kind(key: str, value: str, kind: ChangeKind) -> None:
    assert _changes(_task(), _task(**{key: value})) == [(kind, "fees", key)]


def test_the_same_file_has_no_changes() -> None:
    assert _changes(_task(), _task()) == []


def test_an_entry_that_comes_and_one_that_goes() -> None:
    new = _task().replace("rents", "leases")
    assert _changes(_task(), new) == [(ChangeKind.ADDED, "leases", ""), (ChangeKind.REMOVED, "rents", "")]


def test_a_renamed_entry_is_neither_added_nor_removed() -> None:
    new = _task().replace("rents: {title: Rents", "leases: {was: rents, title: Rents")
    assert _changes(_task(), new) == []


def test_an_entry_that_changes_its_kind_is_removed_and_added() -> None:
    group = _task().replace(
        "rents: {title: Rents, owner: deputy, due: week 3 fri}",
        "rents: {title: Rents, owner: deputy, due: week 3 fri, tasks: {flat: The flat}}",
    )
    assert (ChangeKind.REMOVED, "rents", "") in _changes(_task(), group)
    assert (ChangeKind.ADDED, "rents", "") in _changes(_task(), group)


def test_a_change_reads_as_a_sentence() -> None:
    change = Change(ChangeKind.DATE, "tasks", "fees", "due", "week 2 fri", "week 3 mon")
    assert str(change) == "date: tasks fees: due: week 2 fri -> week 3 mon"
