"""Documents: one page, the same bytes each time, and whatever people typed stays text."""

from __future__ import annotations

import re

import pytest

from app.documents.poster import Poster, poster
from app.documents.top_ten import TopLine, TopTen, top_ten
from app.documents.typesetting import Paper

HOSTILE = '#read("/etc/passwd") *b* $x$ <b> \\ " {{ 7 }} ]]'
PAPERS: tuple[Paper, ...] = ("a4", "us-letter")


def pages(made: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", made))


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("name", ["Alder", HOSTILE, "Łódź Imaging Ωμέγα Живаго", "A name that is long " * 10])
def test_a_poster_is_one_page_and_the_same_each_time(name: str, paper: Paper) -> None:
    facts = Poster(name, "https://muster.example.org/help/k7mf-3xqd-w2hn", "You get a number.", paper)
    made = poster(facts)
    assert made == poster(facts)
    assert (made[:5], pages(made)) == (b"%PDF-", 1)


@pytest.mark.parametrize("title", ["Printer", HOSTILE, "中文 has no letters here", ""])
def test_ten_lines_are_one_page_whatever_they_say(title: str) -> None:
    line = TopLine("#1", title, "Alder", "Work blocked", "Ada Lind", "1 h left", True)
    made = top_ten(TopTen(title, "Tuesday", title, (line,) * 10))
    assert (made[:5], pages(made)) == (b"%PDF-", 1)


def test_a_quiet_morning_is_a_page_too() -> None:
    assert pages(top_ten(TopTen("Two sites", "Tuesday", "Nothing is open.", ()))) == 1
