"""Links to the wall of a night, and what stands on it."""

from __future__ import annotations

import re

from starlette.testclient import TestClient

from app.actions.runs.links import end_link, make_link
from tests.web.conftest import SAME_SITE
from tests.web.runs.nights import Night, text_of


def link(night: Night, title: str = "Command centre") -> tuple[int, str]:
    """A link to the wall of the last run, made by whoever leads: its key and its address."""
    with night.site.database.writing() as session:
        by = night.site.cast.viewer(session, "opm")
        row, text = make_link(session, night.run, title=title, by=by, now=night.site.now)
        return row.id or 0, f"/wall/{text}"


def end(night: Night, key: int) -> None:
    with night.site.database.writing() as session:
        end_link(session, night.run, key, by=night.site.cast.viewer(session, "opm"), now=night.site.now)


def screen(night: Night) -> TestClient:
    """A browser that nobody signs in."""
    return TestClient(night.site.app, follow_redirects=False, headers=SAME_SITE)


def main_of(page: str) -> str:
    return page[page.index("<main") : page.index("</main>")]


def said(page: str) -> str:
    return text_of(main_of(page))


def t_of(page: str) -> str:
    """`T+02:10`, as the wall has it."""
    found = re.search(r'class="wall-t__sign">([^<]+)</span>([^<]+)<', page)
    return "".join(found.groups()) if found else ""
