"""The top ten at ten as a page for the table."""

from __future__ import annotations

from dataclasses import dataclass

from app.documents.typesetting import Paper, pdf


@dataclass(frozen=True)
class TopLine:
    """One issue, in words; `over`: it is out of time."""

    number: str
    title: str
    place: str
    severity: str
    holder: str
    time: str
    over: bool


@dataclass(frozen=True)
class TopTen:
    """The page: of which rollout, as of when, what it says in one sentence, and a line for each issue."""

    rollout: str
    when: str
    say: str
    lines: tuple[TopLine, ...]
    paper: Paper = "a4"


def top_ten(facts: TopTen) -> bytes:
    """One page, as PDF."""
    return pdf("top_ten", facts)
