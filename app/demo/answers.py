"""What the invented people answer and attach: enough for each kind of question the playbook asks."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence

from app.plan.format.answers import Answer

TEXTS = {
    "billing-platform": "Harbour Billing, hosted, one instance for all locations.",
    "manager-interview": "Wants fewer phone calls on Mondays. Worries about the cutover week, not about the system.",
}
TEXT = "Talked through with those concerned; minutes are in the shared folder."
PEOPLE = ("Hugo Lindqvist", "Nell Harcourt", "Tomas Reyes", "Priya Raman")
FIGURES = {"people": "48", "year": "2026", "min": "20"}


def good_answer(answer: Answer, entry: str) -> str:
    """A text as somebody would type it, good enough to pass."""
    match answer.type:
        case "number":
            return _figure(answer)
        case "yes-no":
            return "no" if answer.passes and str(answer.passes.value) == "false" else "yes"
        case "result":
            return "pass"
        case "choice" | "choices":
            return answer.options[0]
        case "date":
            return "2026-12-01"
        case "time":
            return "07:30"
        case "duration":
            return "2h"
        case "person":
            return PEOPLE[len(entry) % len(PEOPLE)]
    return TEXTS.get(entry, TEXT)


def _figure(answer: Answer) -> str:
    passes = answer.passes
    if passes is None or passes.value.number is None:
        return FIGURES.get(answer.unit, "12")
    limit = passes.value.number
    if passes.upper is not None and passes.upper.number is not None:
        return f"{(limit + passes.upper.number) / 2:g}"
    more = {"at least": 1.12, "over": 1.12, "at most": 0.8, "under": 0.8}
    return f"{round(limit * more.get(passes.operator, 1), 1):g}"


def good_rows(answer: Answer, titles: Sequence[str] | None, entry: str) -> list[dict[str, str]]:
    """Rows of a table as typed: those asked for, or two."""
    wanted = titles or ("1", "2")
    columns = answer.columns or {}
    return [
        {name: good_answer(column, f"{entry}{name}{number}") for name, column in columns.items()}
        for number, _ in enumerate(wanted)
    ]


def picture(shade: int) -> bytes:
    """A small photograph of nothing: a PNG of 240 by 160 pixels, a grey wall lit from one side."""
    width, height = 240, 160
    row = b"\0" + bytes(min(255, 90 + shade % 80 + column // 3) for column in range(width))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(row * height)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def note(title: str, place: str) -> bytes:
    """A text file that says what it would be."""
    return f"{title}\n{place}\n\nAn invented document of the demo.\n".encode()
