"""What may be written at a place of a playbook: every declared key can be reached, and no broken text is in the way."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest

from app.plan.containers import ListOf, MapOf
from app.plan.draft.completions import completions
from app.plan.draft.outline import outline
from app.plan.draft.places import open_up
from app.plan.format.nesting import Grouped
from app.plan.playbook import PLAYBOOK
from app.plan.reading import Kind, Record
from app.plan.schema import json_schema
from app.plan.source import Node, read_source
from tests.house.tree import ROOT
from tests.plan.corpus import VALID

SHIPPED = sorted((ROOT / "playbooks").glob("*.yaml"))
HALF = 'muster: 1\nroles: {pm: Project manager, it: IT lead}\nwaves:\n  pilot: {title: Pilot, when: "\ntasks:\n'


def offered(text: str) -> list[str]:
    """What is offered at the bar `|`, in order."""
    before, _, after = text.partition("|")
    line, column = before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1
    return [offer.text for offer in completions(before + after, line, column).offers]


def records(kind: Kind[Any], lines: tuple[str, ...], indent: int, seen: frozenset[str]) -> Iterator[tuple[Any, str]]:
    """Every record that can be reached, with a text that leads to it and ends where its keys stand."""
    for each in open_up(kind):
        yield from _records(each, lines, indent, seen)


def _records(kind: Kind[Any], lines: tuple[str, ...], indent: int, seen: frozenset[str]) -> Iterator[tuple[Any, str]]:
    pad = " " * indent
    if isinstance(kind, MapOf):
        yield from records(kind.item, (*lines, f"{pad}some-id:"), indent + 2, seen)
    elif isinstance(kind, ListOf):
        yield from records(kind.item, (*lines, f"{pad}-"), indent + 2, seen)
    elif isinstance(kind, Grouped):
        yield from _records(kind.single, lines, indent, seen)
        yield from _records(kind.group, (*lines, f"{pad}{kind.word}: {{}}"), indent, seen)
    elif isinstance(kind, Record) and kind.build.__name__ not in seen:
        yield kind, "\n".join((*lines, pad))
        inside = seen | {kind.build.__name__}
        for name, (_, key) in kind.keys.items():
            kept = lines[:-1] if lines and lines[-1] == f"{pad}{name}: {{}}" else lines
            yield from records(key.kind, (*kept, f"{pad}{name}:"), indent + 2, inside)


def test_every_key_of_every_record_is_offered_where_it_belongs() -> None:
    declared = {name: set(body["properties"]) for name, body in json_schema()["definitions"].items()}
    declared["Playbook"] = set(json_schema()["properties"])
    del declared["Condition"]
    found: dict[str, set[str]] = {}
    for record, text in records(PLAYBOOK, (), 0, frozenset()):
        written = {line.strip().partition(":")[0] for line in text.split("\n") if line.endswith(": {}")}
        offers = set(offered(text + "|"))
        assert offers >= set(record.keys) - written, text
        found.setdefault(record.build.__name__, set()).update(offers | written)
    assert set(found) == set(declared)
    assert all(found[name] >= keys for name, keys in declared.items())


def test_a_key_says_what_it_means_what_it_takes_and_whether_it_is_needed() -> None:
    (offer,) = completions(f"{HALF}  a:\n    title: A\n    ow", 8, 7).offers[:1]
    assert (offer.text, offer.kind, offer.about) == ("owner", "key", "who does it, or sees to it")
    assert (offer.takes, offer.required) == ("a role, or a list of roles", False)
    needed = [offer.text for offer in completions("waves:\n  pilot:\n    ", 3, 5).offers if offer.required]
    assert needed == ["title", "when", "cutover", "locations"]


def test_what_is_written_is_not_offered_again_and_what_is_typed_is_replaced_whole() -> None:
    found = completions(f"{HALF}  a:\n    title: A\n    owtit: x\n    owner: pm\n", 8, 7)
    assert (found.line, found.column, found.until, found.path) == (8, 5, 10, ("tasks", "a"))
    assert [offer.text for offer in found.offers] == ["how"]
    assert "title" not in offered(f"{HALF}  a:\n    title: A\n    |")


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("  a: {title: A, owner: |", ["pm", "it"]),
        ("  a: {title: A, owner: [pm, |", ["pm", "it"]),
        ("  a:\n    title: A\n    owner: i|\n  b: }}}\n", ["it"]),
        ("  a:\n    title: A\n    owner:\n      - |", ["pm", "it"]),
        ("  a:\n    title: A\n    scope: |", ["network", "wave", "location"]),
        ("  a:\n    title: A\n    where: {wave: |", ["pilot"]),
        ("  a:\n    title: A\n    critical: |", ["true", "false"]),
        ("  a: {title: A}\n  b:\n    title: B\n    after: |", ["a"]),
        ("  a:\n    title: A\n    evidence: ph|", ["photo"]),
        ("  a:\n    title: A\n    due: cut|", ["cutover", "first cutover", "last cutover"]),
        ("  a:\n    title: A\n    due: week 2 .. cut|", ["cutover", "first cutover", "last cutover"]),
        ("  a:\n    title: A\n    how: own|", []),
        ("  a:\n    title: A\n    how: >\n      own|", []),
        ("  a:\n    title: A\n    # own|", []),
        ("  a:\n    title: A\n    answer: {type: yes|", ["yes-no"]),
    ],
)
def test_values_are_offered_in_a_text_that_is_no_yaml(text: str, first: list[str]) -> None:
    assert read_source((HALF + text).replace("|", "").encode())[0] is None
    assert offered(HALF + text)[:3] == first


def test_conditions_offer_attributes_and_their_options() -> None:
    text = "attributes: {setting: {title: Setting, answer: [urban, rural]}}\ntasks:\n  a:\n    title: A\n    where: "
    assert offered(text + "{|")[:2] == ["any", "not"]
    assert "setting" in offered(text + "{not: {|")
    assert offered(text + "{setting: |") == ["urban", "rural"]
    assert offered(text + "{any: [{setting: [urban, r|") == ["rural", "urban"]


def test_steps_offer_those_of_their_own_runbook() -> None:
    text = "runbooks:\n  one: {steps: {stop: Stop, copy: Copy}}\n  two:\n    steps:\n      go: Go\n      x: {undoes: |"
    assert offered(text) == ["go"]


def shape(node: Node) -> object:
    below = tuple((key.text, key.mark, shape(value)) for key, value in node.pairs)
    return node.kind, node.mark, below, tuple(map(shape, node.items))


@pytest.mark.parametrize("path", [*SHIPPED, *VALID], ids=lambda path: path.name)
def test_the_outline_of_a_sound_file_is_what_its_parser_reads(path: Any) -> None:
    text = path.read_text(encoding="utf-8")
    root, _ = read_source(text.encode())
    assert root is not None
    read, drawn = shape(root), shape(outline(text))
    assert read[2:] == drawn[2:]  # type: ignore[index]


def test_no_place_of_a_mangled_text_stops_it() -> None:
    chance = random.Random(7)
    text = (ROOT / "playbooks" / "group-collaboration.yaml").read_text(encoding="utf-8")
    lines = text.split("\n")
    for _ in range(300):
        cut = lines[:]
        for _ in range(3):
            at = chance.randrange(len(cut))
            cut[at] = chance.choice(["", "{", "- [", '"', "'", "x: {", "  - - a", "\t", ": ", cut[at][:5]]) + cut[at]
        line = chance.randrange(len(cut))
        found = completions("\n".join(cut), line + 1, chance.randrange(len(cut[line]) + 3) + 1)
        assert 1 <= found.column <= found.until
