"""Sound playbooks with something torn out, doubled or put in: whatever comes of it, the checker judges and lives."""

import random
import re

import pytest

from app.plan import check
from tests.plan.corpus import VALID

WORD = re.compile(r"[\w.%-]+|[\[\]{}:,\"#|>&*!?+-]")
STRANGE = (
    "", "[]", "{}", "~", "0", "-1", "999999", '"x"', "true", "undated", "cutover", "T - 3h", "week 3", "{a: b}",
    "[a, b]", "start", "wave", "9999-12-31", "lead", "opened + 2h", "50 %", "1h", "0.5", "- ", "[[", "{", "no",
    "a: b: c", '"\\u0000"', "é", "all", "none", "week 3 .. week 2", "cutover + 3wd", "start of x", "live week 1",
    "wave end", "2027-01-01 .. 2027-01-02",
)  # fmt: skip
SOURCES = [path.read_text("utf-8") for path in VALID]
PER_SEED = 100


def mutated(source: str, chance: random.Random) -> str:
    """A line torn out or copied elsewhere, or a word replaced by a strange one or by another word of the file."""
    kind = chance.choice(("tear", "copy", "strange", "strange", "swap"))
    if kind in ("tear", "copy"):
        lines = source.split("\n")
        taken = chance.choice(lines) if kind == "copy" else lines.pop(chance.randrange(len(lines)))
        if kind == "copy":
            lines.insert(chance.randrange(len(lines)), taken)
        return "\n".join(lines)
    words = list(WORD.finditer(source))
    put = chance.choice(STRANGE) if kind == "strange" else chance.choice(words).group()
    gone = chance.choice(words)
    return source[: gone.start()] + put + source[gone.end() :]


@pytest.mark.parametrize("seed", range(10))
def test_a_mutated_playbook_is_judged_without_an_exception(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(PER_SEED):
        source = chance.choice(SOURCES)
        for _ in range(chance.choice((1, 1, 1, 2, 4))):
            source = mutated(source, chance)
        report = check(source.encode())
        last = source.count("\n") + 1
        assert all(1 <= p.line <= last + 1 and p.column >= 1 for p in report.problems)
