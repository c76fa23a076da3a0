"""What Muster finds in the readings is offered where people meet, and said only by somebody."""

from __future__ import annotations

from urllib.parse import unquote_plus

from tests.web.conftest import Site

ROOM = "/rollouts/two-sites"


def test_a_win_is_taken_over_by_whoever_says_it(returned: Site) -> None:
    page = returned.client("dir").get(f"{ROOM}/return").text
    start = page.index("/remarks/new?")
    href = page[page.rindex('"', 0, start) + 1 : page.index('"', start)].replace("&amp;", "&")
    form = returned.client("dir").get(href)
    assert form.status_code == 200
    said = unquote_plus(href.partition("said=")[2])
    assert said.startswith("Claim denials at ") and said in form.text.replace("&#39;", "'")
    assert "/remarks/new?" not in returned.client("exe").get(f"{ROOM}/return").text
