"""What was done can be undone at the address of the reverse act: by a toast, and by a notice without a script."""

from __future__ import annotations

import re

import pytest
from sqlmodel import select

from app.models import Block, Event
from app.web.tasks.undo import undo_of
from tests.web.conftest import Site

DONE = [
    ("scanners", "completion", {}, "reopening"),
    ("posters", "setting-aside", {"reason": "None here"}, "reopening"),
    ("scanners", "block", {"reason": "No labels", "waits_for": "the van"}, "unblocking"),
    ("walk-through", "checklist/front-desk/tick", {}, "checklist/front-desk/untick"),
]


def verbs(site: Site, task: int) -> list[str]:
    with site.database.reading() as session:
        found = select(Event.verb).where(Event.subject_kind == "task", Event.subject_id == task).order_by(Event.id)  # type: ignore[arg-type]
        return list(session.exec(found))


@pytest.mark.parametrize(("entry", "act", "form", "back"), DONE)
@pytest.mark.parametrize("script", [True, False])
def test_an_act_offers_its_way_back(
    site: Site, entry: str, act: str, form: dict[str, str], back: str, script: bool
) -> None:
    task, client = site.task(entry), site.client("chA")
    page = {"HX-Request": "true", "HX-Current-URL": f"http://testserver/tasks/{task}"} if script else {}
    answer = client.post(f"/tasks/{task}/{act}", data={"version": "1", **form}, headers=page)
    shown = answer.text if script else client.get(answer.headers["location"]).text
    undo = f"/tasks/{task}/{back}?version=2"
    assert f'<form method="post" action="{undo}"' in shown
    assert client.post(undo).status_code == 303
    assert len(verbs(site, task)) == 2


def test_without_a_script_the_day_says_what_was_ticked_and_how_to_take_it_back(site: Site) -> None:
    task, client = site.task("scanners"), site.client("chA")
    client.post(f"/tasks/{task}/completion", data={"version": "1"}, headers={"Referer": "http://testserver/today"})
    assert f'action="/tasks/{task}/reopening?version=2"' in client.get("/today").text


def test_a_lift_is_undone_with_everything_that_was_said(site: Site) -> None:
    task, client = site.task("scanners"), site.client("chA")
    client.post(f"/tasks/{task}/block", data={"version": "1", "reason": "No labels", "waits_for": "the van"})
    client.post(f"/tasks/{task}/unblocking", data={"version": "2"})
    client.post(f"/tasks/{task}/block/again?version=3")
    with site.database.reading() as session:
        rows = session.exec(select(Block).order_by(Block.id)).all()  # type: ignore[arg-type]
    assert [(row.waits_for, row.lifted_at is None) for row in rows] == [("the van", False), ("the van", True)]


def test_an_undo_never_undoes_what_somebody_else_did_since(site: Site) -> None:
    task = site.task("scanners")
    site.client("chA").post(f"/tasks/{task}/completion", data={"version": "1"})
    site.client("dir").post(f"/tasks/{task}/reopening", data={"version": "2"})
    site.client("dir").post(f"/tasks/{task}/completion", data={"version": "3"})
    assert site.client("chA").post(f"/tasks/{task}/reopening?version=2").status_code == 409


@pytest.mark.parametrize(
    "path", ["/people/3/removal", "/tasks/1/answer", "//evil.org/tasks/1/tick", "/tasks/x/tick", ""]
)
def test_nothing_else_has_a_way_back(path: str) -> None:
    assert undo_of(path, 1) is None


def test_it_does_not_apply_here_is_said_with_a_reason(site: Site) -> None:
    task, client = site.task("scanners"), site.client("chA")
    wrong = client.post(f"/tasks/{task}/setting-aside", data={"version": "1", "reason": " "})
    assert wrong.status_code == 422
    assert re.search(r'<details class="fold" open>\s*<summary>It does not apply here', wrong.text)
    client.post(f"/tasks/{task}/setting-aside", data={"version": "1", "reason": "No scanner here"})
    page = client.get(f"/tasks/{task}").text
    assert "Set aside: it does not apply here." in page
    assert "No scanner here" in page
    assert "setting-aside" not in client.get(f"/tasks/{site.task('line-speed')}").text
