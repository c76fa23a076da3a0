"""One value of a playbook's text is set, or one entry added: everything else stays as it stands, comments and all."""

from __future__ import annotations

import re
from collections.abc import Callable

from app.plan.draft.spans import Span, spans
from app.plan.draft.writing import Value, in_row, pair_lines
from app.plan.reading import Path

_BOM = "\ufeff"
_LINE_END = re.compile(r"\r\n|\n|\r|\Z")


class NoSuchPlace(ValueError):
    """The text has no such place to change."""


def put(text: str, path: Path, value: Value) -> str:
    """The text with a value at a path of keys: in place of what stands there, else as the last entry of its mapping.

    What leads there and is missing is made; an entry that is only its title becomes one with keys. `text` must be a
    sound playbook. Raises NoSuchPlace where the path leads through a list, or nowhere at all.
    """
    return _on(text, lambda bare: _put(bare, spans(bare), path, value))


def append(text: str, path: Path, item: str) -> str:
    """The text with one more item at the end of a list; one that is missing is made. Raises NoSuchPlace."""

    def act(bare: str) -> str:
        root = spans(bare)
        found = root.find(path)
        if found is None:
            return _put(bare, root, path, [item])
        if found.kind != "list":
            raise NoSuchPlace(f"`{'.'.join(path)}` is no list")
        return _append(bare, found, item)

    return _on(text, act)


def _on(text: str, act: Callable[[str], str]) -> str:
    """The mark of byte order that some editors write stands before every place."""
    mark, bare = (_BOM, text[1:]) if text.startswith(_BOM) else ("", text)
    return mark + act(bare)


def _put(text: str, root: Span, path: Path, value: Value) -> str:
    if not path:
        raise NoSuchPlace("the whole text")
    *before, name = path
    holder = root.find(tuple(before))
    if holder is None:
        return _put(text, root, tuple(before), {name: value})
    if holder.kind == "list":
        raise NoSuchPlace(f"`{'.'.join(before)}` is a list")
    if holder.kind == "text":
        return _opened(text, holder, name, value)
    key, old = holder.key(name), holder.get(name)
    if key is None or old is None:
        return _added(text, holder, name, value)
    return _replaced(text, holder, key, old, value)


def _opened(text: str, title: Span, name: str, value: Value) -> str:
    """An entry that was only a title, with one key more."""
    return _spliced(text, title.start, _bare_end(text, title), in_row({"title": title.text, name: value}))


def _added(text: str, holder: Span, name: str, value: Value) -> str:
    if holder.row:
        new = f"{in_row(name)}: {in_row(value)}"
        if not holder.pairs:
            return _spliced(text, holder.start + 1, holder.start + 1, new)
        end = holder.pairs[-1][1].end
        return _spliced(text, end, end, f", {new}")
    column, last = holder.pairs[0][0].column, holder.last
    return _lines_after(text, last, pair_lines(name, value, column, _is_free(text, last.end, column)))


def _replaced(text: str, holder: Span, key: Span, old: Span, value: Value) -> str:
    """Another value for a key; in lines of its own where it is long and nothing else stands on that line."""
    start = old.start
    if old.kind != "text" and not old.row:
        start = _after_colon(text, key)
    alone = not holder.row and not text[old.last.end : _line_end(text, old.last.end)].strip()
    if not alone and not old.keeps:
        return _spliced(text, start, old.end, _beside(text, start, in_row(value)))
    column = holder.pairs[0][0].column
    first, *more = pair_lines(key.text, value, column, _is_free(text, old.last.end, column))
    colon = _after_colon(text, key)
    written = _newline(text).join([first[len(first) - len(first.lstrip()) :][len(in_row(key.text)) + 1 :], *more])
    return _spliced(text, colon, _bare_end(text, old), written)


def _beside(text: str, start: int, row: str) -> str:
    return row if text[start - 1 : start] == " " else f" {row}"


def _append(text: str, found: Span, item: str) -> str:
    if found.row:
        end = found.items[-1].end if found.items else found.start + 1
        return _spliced(text, end, end, f", {in_row(item)}" if found.items else in_row(item))
    return _lines_after(text, found.last, [f"{' ' * found.column}- {in_row(item)}"])


def _lines_after(text: str, last: Span, lines: list[str]) -> str:
    """New lines below the one on which a value ends."""
    newline = _newline(text)
    written = newline.join(lines)
    if last.keeps and last.end < len(text):
        return _spliced(text, last.end, last.end, written + newline)
    at = len(text) if last.keeps else _line_end(text, last.end)
    before = "" if last.keeps and text.endswith(("\n", "\r")) else newline
    return _spliced(text, at, at, before + written)


def _spliced(text: str, start: int, end: int, new: str) -> str:
    return text[:start] + new + text[end:]


def _is_free(text: str, at: int, column: int) -> bool:
    """Whether no comment that is indented further than a column comes next: a text in lines would take it in."""
    rest = text[_line_end(text, at) :].lstrip("\r\n \t")
    below = text[: len(text) - len(rest)]
    indent = len(below) - max(below.rfind("\n"), below.rfind("\r")) - 1
    return not rest.startswith("#") or indent <= column


def _bare_end(text: str, old: Span) -> int:
    """Where a value ends that is about to go; empty lines which it kept stay as layout."""
    return old.end if not old.keeps else old.start + len(text[old.start : old.end].rstrip("\r\n"))


def _after_colon(text: str, key: Span) -> int:
    return text.index(":", key.end) + 1


def _line_end(text: str, at: int) -> int:
    found = _LINE_END.search(text, at)
    return found.start() if found else len(text)


def _newline(text: str) -> str:
    """What ends the lines of this text."""
    found = _LINE_END.search(text)
    return (found[0] if found else "") or "\n"
