"""Sound playbooks, broken in ways nobody thought of: torn and doubled lines, shifted columns, swapped values."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import yaml
from hypothesis import strategies as st

from tests.house.tree import ROOT
from tests.plan.corpus import VALID

SOURCES = [
    path.read_text("utf-8") for path in (*VALID, *sorted(ROOT.glob("playbooks/*.yaml"))) if "loc" not in path.name
]

TOKENS = (
    "- ", "? ", ": ", "{", "}", "[", "]", ", ", "#", " #x", "&a ", "*a ", "!!str ", "<<: ", "|\n", ">-\n", '"', "'",
    "%", "@", "`", "\t", "\n", "\r", "\n\n", "---\n", "...\n", "\\", "\x00", "\x85", "\u2028", "\ufeff", "\ud7ff",
    "\U0001f600", "~", "null", "true", "no", "0", "-0", "010", "1_0", "0x1", "1e9", ".inf", ".nan", "12:30",
    "9" * 400, "2027-02-30", "9999-12-31", "0000-01-01", "undated", "start", "end", "cutover", "first cutover",
    "live week 1", "wave week 9999", "week 0", "week 9999", " + 9999mo", " - 9999w", " + 9999wd", " + 1h",
    " - 99999m", " anywhere on earth", " UTC", " America/Chicago", " .. ", "T - 3h", "opened + 2h", "50 %", "150 %",
    "at least 1", "is not x", "of baseline", " of previous wave", " of wave pilot", "start of ", "everyone", "all",
    "none", "hour", "5m", "last working day of the month", "America", "../../etc/passwd", "{{ 7*7 }}", "__class__",
)  # fmt: skip
"""What is put in between two characters of a file, or in place of a value."""

SCALARS: list[Any] = [
    *TOKENS,
    True,
    False,
    None,
    0,
    -1,
    1,
    10**15,
    -(10**15),
    1.5,
    [],
    {},
    [[]],
    ["x"],
    {"x": "y"},
    [{"title": "X"}],
]


@st.composite
def torn(draw: st.DrawFn) -> str:
    """One to six changes of the text: a line lost, doubled, moved or shifted; a token put in; a stretch cut out."""
    text = draw(st.sampled_from(SOURCES))
    for _ in range(draw(st.integers(1, 6))):
        text = draw(st.sampled_from(CHANGES))(draw, text)
    return text


def _line(draw: st.DrawFn, lines: list[str]) -> int:
    return draw(st.integers(0, len(lines) - 1))


def _lose(draw: st.DrawFn, text: str) -> str:
    lines = text.split("\n")
    del lines[_line(draw, lines)]
    return "\n".join(lines) or text


def _double(draw: st.DrawFn, text: str) -> str:
    lines = text.split("\n")
    lines.insert(_line(draw, lines), lines[_line(draw, lines)])
    return "\n".join(lines)


def _swap(draw: st.DrawFn, text: str) -> str:
    lines = text.split("\n")
    one, other = _line(draw, lines), _line(draw, lines)
    lines[one], lines[other] = lines[other], lines[one]
    return "\n".join(lines)


def _shift(draw: st.DrawFn, text: str) -> str:
    """Another indentation for some lines in a row."""
    lines = text.split("\n")
    first = _line(draw, lines)
    by = draw(st.integers(-4, 6))
    for number in range(first, min(len(lines), first + draw(st.integers(1, 5)))):
        lines[number] = " " * by + lines[number] if by > 0 else lines[number].removeprefix(" " * -by)
    return "\n".join(lines)


def _insert(draw: st.DrawFn, text: str) -> str:
    place = draw(st.integers(0, len(text)))
    return text[:place] + draw(st.sampled_from(TOKENS)) + text[place:]


def _cut(draw: st.DrawFn, text: str) -> str:
    place = draw(st.integers(0, max(0, len(text) - 1)))
    return (text[:place] + text[place + draw(st.integers(1, 40)) :]) or text


CHANGES = (_lose, _double, _swap, _shift, _insert, _cut)


@st.composite
def grafted(draw: st.DrawFn) -> str:
    """One to four changes of the tree: values swapped between keys, put under another key, or made hostile."""
    tree = yaml.load(draw(st.sampled_from(SOURCES)), yaml.BaseLoader)
    for _ in range(draw(st.integers(1, 4))):
        spots = list(_spots(tree))
        holder, key = draw(st.sampled_from(spots))
        how = draw(st.sampled_from(["swap", "copy", "hostile", "rename"]))
        if how == "hostile":
            holder[key] = deepcopy(draw(st.sampled_from(SCALARS)))
        elif how == "rename" and isinstance(holder, dict):
            _, name = draw(st.sampled_from(spots))
            holder[str(name)] = holder.pop(key)
        else:
            other, place = draw(st.sampled_from(spots))
            mine, theirs = holder[key], other[place]
            if _holds(mine, other) or _holds(theirs, holder):
                continue
            holder[key] = deepcopy(theirs)
            if how == "swap" and place in _keys(other):
                other[place] = mine
    return yaml.dump(tree, Dumper=Plain, sort_keys=False, allow_unicode=True, width=200)


def _spots(node: Any) -> Any:
    """(container, key or position) of everything below."""
    stack = [node]
    while stack:
        found = stack.pop()
        for key in _keys(found):
            yield found, key
            if isinstance(found[key], (dict, list)):
                stack.append(found[key])


def _keys(found: Any) -> list[Any]:
    return list(found) if isinstance(found, dict) else list(range(len(found)))


def _holds(outer: Any, inner: Any) -> bool:
    """A value put inside itself would be a circle, which no file can be."""
    if outer is inner:
        return True
    parts = outer.values() if isinstance(outer, dict) else outer if isinstance(outer, list) else ()
    return any(_holds(part, inner) for part in parts)


class Plain(yaml.SafeDumper):
    """Writes text plainly where that reads back, so that dates and figures look as people write them; no anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


Plain.yaml_implicit_resolvers = {}
