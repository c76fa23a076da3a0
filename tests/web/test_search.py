"""The page of search and the lines of the palette."""

from __future__ import annotations

import pytest

from tests.web.conftest import Site

AS_SCRIPT = {"HX-Request": "true"}


def test_the_page_works_without_script_and_says_the_place(site: Site) -> None:
    page = site.client("chA").get("/search", params={"q": "PHOTOGRAPH"}).text
    assert f'<a href="/tasks/{site.task("photos")}">Photograph the server room</a>' in page
    assert '<span class="listing__end">Alder</span>' in page
    assert "Birch" not in page
    assert 'href="/search"' in page


def test_the_palette_gets_lines_and_nothing_around_them(site: Site) -> None:
    lines = site.client("dir").get("/search", params={"q": "photograph"}, headers=AS_SCRIPT).text
    assert lines.count('role="option"') == 2
    assert "<html" not in lines
    assert f'data-href="/tasks/{site.task("photos", "birch")}"' in lines


@pytest.mark.parametrize(
    ("who", "q", "href"),
    [
        ("dir", "Omar", "/rollouts/two-sites/people"),
        ("chA", "Omar", "/rollouts/two-sites/board"),
        ("adm", "Omar", "/people"),
        ("chA", "go or no-go", "/gates/2"),
        ("dir", "Two sites move", "/playbooks/two-sites/1.0"),
    ],
)
def test_a_result_leads_to_a_page_that_its_reader_may_open(site: Site, who: str, q: str, href: str) -> None:
    client = site.client(who)
    assert f'data-href="{href}"' in client.get("/search", params={"q": q}, headers=AS_SCRIPT).text
    assert client.get(href).status_code == 200


def test_what_was_typed_is_text(site: Site) -> None:
    page = site.client("chA").get("/search", params={"q": '"><script>alert(1)</script>'}).text
    assert "<script>alert" not in page
    assert "Nothing found" in page


@pytest.mark.parametrize("q", ["x" * 101, "a\x00b"])
def test_what_is_no_search_is_refused(site: Site, q: str) -> None:
    assert site.client("chA").get("/search", params={"q": q}).status_code == 422
