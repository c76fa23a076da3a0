"""A word for an intent answers for that intent, and for nothing else that comes with it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import select

from app.actions.people.memberships import add_membership, remove_membership
from app.models import Comment, Evidence, Membership, Rollout, Task
from tests.api.conftest import Programs
from tests.cast import NOW

KEY = {"Idempotency-Key": "word-1"}
R = "/rollouts/two-sites"


def link(programs: Programs, entry: str, url: str) -> Any:
    path = f"/tasks/{programs.site.task(entry)}"
    _, seen = programs.read("chA", path)
    return programs("chA").post(f"{path}/links", headers={**seen, **KEY}, json={"url": url})


def test_a_link_for_another_task_is_not_taken_for_the_first(programs: Programs) -> None:
    assert link(programs, "walk-through", "https://example.org/a").status_code == 201
    assert link(programs, "walk-through", "https://example.org/a").status_code == 201
    for entry, url in (("photos", "https://example.org/a"), ("walk-through", "https://example.org/b")):
        refused = link(programs, entry, url)
        assert (refused.status_code, refused.json()["type"]) == (409, "/api/v1/#refused")
    with programs.site.database.reading() as session:
        assert session.exec(select(Evidence.url)).all() == ["https://example.org/a"]


@pytest.mark.parametrize("other", [{"text": "Another thing"}, {"text": "When?", "tell": [1]}, {"entry": "photos"}])
def test_another_comment_is_not_taken_for_the_first(programs: Programs, other: dict[str, Any]) -> None:
    def say(entry: str = "scanners", text: str = "When?", tell: list[int] | None = None) -> int:
        body = {"text": text, "tell": tell or []}
        return programs("chA").post(f"/tasks/{programs.site.task(entry)}/comments", headers=KEY, json=body).status_code

    assert (say(), say(), say(**other)) == (201, 201, 409)
    with programs.site.database.reading() as session:
        assert session.exec(select(Comment.text)).all() == ["When?"]


def test_another_task_or_token_is_not_taken_for_the_first(programs: Programs) -> None:
    body = {"title": "Order cables", "location": "alder", "role": "champion"}
    first, again, other = (
        programs("chA").post(f"{R}/tasks", headers=KEY, json=one) for one in (body, body, {**body, "how": "Blue ones"})
    )
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 409)
    assert programs("chA").post("/tokens", headers=KEY, json={"name": "x"}).status_code == 409
    with programs.site.database.reading() as session:
        assert len(session.exec(select(Task).where(Task.added)).all()) == 1


def test_what_was_made_is_shown_again_only_to_whoever_may_still_see_it(programs: Programs) -> None:
    site = programs.site
    with site.database.writing() as session:
        by, cto = site.cast.viewer(session, "dir"), site.cast.people["cto"]
        add_membership(session, cto, role="director", rollout_id=site.cast.rollout, by=by, now=NOW)
    body = {"title": "The next", "playbook": site.cast.playbook, "locations": True}
    first, again = (programs("cto").post(f"{R}/next", headers=KEY, json=body) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json() and len(first.json()["locations"]) == 2
    with site.database.writing() as session:
        made = session.exec(select(Rollout.id).where(Rollout.title == "The next")).one()
        held = select(Membership.id).where(Membership.rollout_id == made, Membership.person_id == cto)
        for key in session.exec(held).all():
            remove_membership(session, key or 0, by=site.cast.viewer(session, "dir"), now=NOW)
    assert programs("cto").post(f"{R}/next", headers=KEY, json=body).status_code == 404
