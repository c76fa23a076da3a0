"""The version that a text names: the next one, and the text with another."""

from __future__ import annotations

import re

from app.plan.draft.outline import outline

_WRITTEN = re.compile(r""""[^"]*"?|'[^']*'?|[^\s,}#]*""")


def order_of(version: str) -> tuple[int, int]:
    """`1.10` comes after `1.9`."""
    major, _, minor = version.partition(".")
    return int(major), int(minor)


def next_minor(version: str) -> str:
    """`1.4` becomes `1.5`."""
    major, minor = order_of(version)
    return f"{major}.{minor + 1}"


def with_version(text: str, version: str) -> str:
    """The same text under another version; nothing else in it changes. A text without a version gets a line for it."""
    rows = text.split("\n")
    for key, value in outline(text).pairs:
        if key.text == "version":
            mark = value.mark if value.kind != "fault" else key.mark
            row, at = rows[mark.line - 1], mark.column - 1
            at = at if value.kind != "fault" else row.index(":", at) + 1
            found = _WRITTEN.match(row, at)
            rest = row[found.end() if found else at :]
            rows[mark.line - 1] = f'{row[:at].rstrip()} "{version}"{rest}'
            return "\n".join(rows)
    return "\n".join([*rows[:1], f'version: "{version}"', *rows[1:]])
