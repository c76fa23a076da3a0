"""An edit of a playbook's text changes what it was asked to, and not one character besides."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from app.folders import folder
from app.plan.draft.edits import NoSuchPlace, append, put
from app.plan.draft.spans import Span, spans

SHIPPED = {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder("playbooks").glob("r*.yaml"))} | {
    "group": (folder("playbooks") / "group-collaboration.yaml").read_text(encoding="utf-8")
}
LAYOUTS = """\
# a head that stays
top: plain   # beside it
row: {a: one, b: {c: "two, three"}}
long: {a: one,      # odd
       b: two
      }
list: [x, y]
dashes:
- x   # first
- "y: z"

empty-after: |
  kept
  lines

folded: >-
  one
  two
keeps: |+
  text

lines:
  # above it
  first: 'it''s'
  second:
    third: a text that
      goes on
  # below it
last: the end # really
"""
words = st.text(
    st.one_of(
        st.sampled_from(list("abcdeXY 019 .,:;#'\"{}[]-–é%&*!|>?@`~\\/=<")),
        st.characters(categories=("L", "N", "P", "S"), max_codepoint=0x2FFF),
    ),
    min_size=1,
    max_size=150,
).map(lambda text: " ".join(text.split()) or "x")
proses = st.lists(words, min_size=1, max_size=4).map("\n".join)
ids = st.from_regex(r"[a-z][a-z0-9]{0,9}", fullmatch=True)
values = st.one_of(words, proses, st.booleans(), st.integers(0, 9_999), st.lists(words, min_size=1, max_size=3),
                   st.dictionaries(ids, st.one_of(words, st.lists(words, min_size=1, max_size=2)), min_size=1,
                                   max_size=4))  # fmt: skip


def read(text: str) -> Any:
    """The whole text as plain values; every scalar stays text, so that nothing depends on how it is resolved."""
    return _plain(spans(text.removeprefix("\ufeff")))


def _plain(span: Span) -> Any:
    if span.kind == "mapping":
        return [(key.text, _plain(value)) for key, value in span.pairs]
    return [_plain(one) for one in span.items] if span.kind == "list" else span.text


def as_read(value: Any) -> Any:
    if isinstance(value, dict):
        return [(key, as_read(each)) for key, each in value.items()]
    if isinstance(value, list):
        return [as_read(each) for each in value]
    return str(value).lower() if isinstance(value, bool) else str(value)


def set_in(tree: Any, path: tuple[str, ...], value: Any) -> Any:
    """What the tree ought to be: the value in its old place, else last, with whatever leads there."""
    name, *rest = path
    found = deepcopy(tree) if isinstance(tree, list) else [("title", tree)]
    inside = dict(found).get(name)
    new = value if not rest else set_in(inside, tuple(rest), value) if inside is not None else _nested(rest, value)
    if inside is None:
        return [*found, (name, new)]
    return [(key, new if key == name else each) for key, each in found]


def _nested(path: list[str], value: Any) -> Any:
    return [(path[0], _nested(path[1:], value) if path[1:] else value)]


def paths(text: str) -> list[tuple[str, ...]]:
    """Everything that has a key, outside of lists."""
    found, waiting = [], [((), spans(text))]
    while waiting:
        path, span = waiting.pop()
        for key, value in span.pairs:
            found.append((*path, key.text))
            waiting.append(((*path, key.text), value))
    return found


def demand_one_splice(old: str, new: str, most: int) -> None:
    """The two agree before and after one place, at which at most `most` characters of the old are gone."""
    before = next((at for at, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    rest, other = old[before:][::-1], new[before:][::-1]
    after = next((at for at, (a, b) in enumerate(zip(rest, other, strict=False)) if a != b), min(len(rest), len(other)))
    assert len(old) - before - after <= most


ENDINGS, FINALS = ("\n", "\r\n"), ("", "\n", "\n\n# the end\n")


@given(data=st.data(), ending=st.sampled_from(ENDINGS), final=st.sampled_from(FINALS))
@settings(max_examples=150, deadline=None)
def test_any_value_at_any_place_of_any_layout(ending: str, final: str, data: st.DataObject) -> None:
    demand_one_change(ending, final, data)


@pytest.mark.prove
@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("final", FINALS)
@given(data=st.data())
@settings(max_examples=3_000, deadline=None)
def test_three_thousand_more_of_each_kind_of_line(ending: str, final: str, data: st.DataObject) -> None:
    demand_one_change(ending, final, data)


def demand_one_change(ending: str, final: str, data: st.DataObject) -> None:
    """Some value at some place of a text of every layout: that changes, and nothing else."""
    text = (LAYOUTS.rstrip("\n") + final).replace("\n", ending)
    path = data.draw(st.sampled_from(paths(text)))
    path = path if data.draw(st.booleans()) else (*path[: data.draw(st.integers(0, len(path)))], "fresh")
    value = data.draw(values)
    old = spans(text)
    if any((found := old.find(path[:n])) is not None and found.kind == "list" for n in range(len(path))):
        with pytest.raises(NoSuchPlace):
            put(text, path, value)
        return
    new = put(text, path, value)
    assert read(new) == set_in(read(text), path, as_read(value)), new
    there = old.find(path)
    holder = old.find(path[:-1])
    gone = there or (holder if holder is not None and holder.kind == "text" else None)
    demand_one_splice(text, new, (gone.last.end - gone.start + 40) if gone else 0)


@pytest.mark.parametrize("name", SHIPPED)
@given(data=st.data())
@settings(max_examples=5, deadline=None)
def test_any_value_at_any_place_of_a_shipped_playbook(name: str, data: st.DataObject) -> None:
    text = SHIPPED[name]
    path = data.draw(st.sampled_from(paths(text)))
    path = path if data.draw(st.booleans()) else (*path[:-1], "fresh")
    value = data.draw(values)
    new = put(text, path, value)
    assert read(new) == set_in(read(text), path, as_read(value))


@pytest.mark.parametrize(("path", "line"), [(("list",), "list: [x, y, new]"), (("dashes",), '- "y: z"\n- new\n')])
def test_an_item_is_added_at_the_end_of_its_list(path: tuple[str, ...], line: str) -> None:
    new = append(LAYOUTS, path, "new")
    assert line in new
    assert len(new.replace(", new" if "[" in line else "- new\n", "")) == len(LAYOUTS)


def test_a_list_that_is_missing_is_made() -> None:
    assert append("a: {b: c}\n", ("a", "topics"), "x, y") == 'a: {b: c, topics: ["x, y"]}\n'
    assert append("a:\n  b: c\n", ("a", "topics"), "x") == "a:\n  b: c\n  topics: [x]\n"
    with pytest.raises(NoSuchPlace):
        append("a: b\n", ("a",), "x")


def test_the_mark_of_byte_order_stays_in_front() -> None:
    assert put("\ufeffa: b\n", ("a",), "c") == "\ufeffa: c\n"


def test_comments_and_layout_stay_where_they_are() -> None:
    new = put(LAYOUTS, ("lines", "added"), {"title": "New, and quoted", "owner": "champion"})
    assert '      goes on\n  added: {title: "New, and quoted", owner: champion}\n  # below it\n' in new
    assert put(LAYOUTS, ("long", "c"), "x").count("b: two, c: x\n      }") == 1
    assert put(LAYOUTS, ("top",), "other").startswith("# a head that stays\ntop: other   # beside it\n")
    assert put(LAYOUTS, ("last",), "one\ntwo").endswith('last: "one\\ntwo" # really\n')


def test_other_readers_read_the_same() -> None:
    new = put(LAYOUTS, ("lines", "second", "how"), "first line\nsecond: line\n\n# third")
    assert yaml.safe_load(new)["lines"]["second"]["how"] == "first line\nsecond: line\n\n# third"
    for text in ("yes", "12:30", "010", "~", "null", "true", "1.5", "- x", "a: b", "x #y", "2027-01-04x", "=", "@x"):
        assert yaml.safe_load(put("a: b\n", ("a",), text))["a"] == text
