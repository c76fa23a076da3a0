"""The inbox, the bell, the channels of an account, and the page by which an issue is taken from a message."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from app.actions.deliveries.queue import queue_delivery
from app.actions.issues.changes import acknowledge
from app.actions.issues.reporting import report_issue
from app.actions.people.accounts import deactivate
from app.actions.people.memberships import remove_membership
from app.models import Channel, Issue, Membership
from app.notify.message import Message
from app.rules.issues.links import LASTS
from app.rules.signoffs import FRESH
from app.worker import tick
from app.worker.post import Office
from tests.cast import PASSWORD, email
from tests.web.conftest import Site

SLACK = "https://hooks.slack.com/services/T00000000/B00000000/secretpath00000000000000"


def tell(site: Site, who: str, *, entry: str = "photos", key: str = "x", kind: str = "mention") -> None:
    with site.database.writing() as session:
        task = site.cast.task(session, entry)
        data = {"by": "<b>Dana</b>", "text": "canary"}
        queue_delivery(session, kind=kind, person_id=site.cast.people[who], key=key, subject=("task", task.id or 0),
                       rollout_id=task.rollout_id, now=site.now, data=data)  # fmt: skip


def report(site: Site) -> tuple[int, str]:
    """An issue at Alder that reached Chiara: its id, and the path of the link in her mail."""
    with site.database.writing() as session:
        by, place = site.cast.viewer(session, "chAB", site.now), site.cast.locations["alder"]
        issue = report_issue(
            session,
            site.cast.rollout,
            location_id=place,
            title="No <i>images",
            severity="critical",
            by=by,
            now=site.now,
        )
        found = issue.id or 0
    sent: list[Message] = []
    with site.database.writing() as session:
        tick(session, site.now, office=Office(sent.append, "http://testserver"))
    (mail,) = [one for one in sent if one.to == email("chA") and "has reached you" in one.text]
    link = re.search(r"http://testserver(/acknowledge/\S+)", mail.text)
    assert link and link[1] in mail.html
    return found, link[1]


def taken(site: Site, issue: int) -> int | None:
    with site.database.reading() as session:
        return session.get_one(Issue, issue).acknowledged_by


def test_the_bell_counts_on_every_page_and_opening_a_line_opens_the_thing_and_sees_it(site: Site) -> None:
    tell(site, "chA")
    tell(site, "chA", key="y", kind="assignment")
    client = site.client("chA")
    for page in ("/inbox", "/account", "/today", "/rollouts/two-sites/plan"):
        assert "Inbox, 2 not seen" in client.get(page).text
    page = client.get("/inbox").text
    assert "&lt;b&gt;Dana&lt;/b&gt; mentions you." in page
    assert "canary" not in page
    line = max(int(one) for one in re.findall(r'action="/inbox/(\d+)/open"', page))
    answer = client.post(f"/inbox/{line}/open")
    assert answer.headers["location"] == f"/tasks/{site.task('photos')}"
    assert "Inbox, 1 not seen" in client.get("/today").text
    client.post("/inbox/seen")
    assert "not seen" not in client.get("/today").text
    assert "Everything is seen." in client.get("/inbox").text


def test_a_line_of_others_is_not_there(site: Site) -> None:
    tell(site, "chA")
    page = site.client("chA").get("/inbox").text
    line = re.findall(r'action="/inbox/(\d+)/open"', page)[0]
    assert site.client("dir").post(f"/inbox/{line}/open").status_code == 404
    assert "Photograph" not in site.client("dir").get("/inbox").text


def test_what_can_no_longer_be_seen_is_not_named(site: Site) -> None:
    tell(site, "chA")
    with site.database.writing() as session:
        held = session.exec(select(Membership.id).where(Membership.person_id == site.cast.people["chA"])).one()
        remove_membership(session, held or 0, by=site.cast.viewer(session, "dir"), now=site.now)
    page = site.client("chA").get("/inbox").text
    assert "No longer to be seen by you" in page
    assert "Photograph" not in page
    line = re.findall(r'action="/inbox/(\d+)/open"', page)[0]
    assert site.client("chA").post(f"/inbox/{line}/open").headers["location"] == "/inbox"


def test_long_inboxes_go_on(site: Site) -> None:
    for number in range(53):
        tell(site, "chA", key=f"{number}")
    client = site.client("chA")
    older = re.search(r'href="(/inbox\?before=\d+)"', client.get("/inbox").text)
    assert older
    assert len(re.findall(r'action="/inbox/\d+/open"', client.get(older[1]).text)) == 3


def test_an_issue_stands_in_the_inbox_and_leads_to_itself(site: Site) -> None:
    issue, _ = report(site)
    client = site.client("chA")
    page = client.get("/inbox").text
    assert "Issue 1: No &lt;i&gt;images" in page and "Alder" in page
    line = re.findall(r'action="/inbox/(\d+)/open"', page)[0]
    assert client.post(f"/inbox/{line}/open").headers["location"] == f"/issues/{issue}"


def test_a_channel_is_added_shown_cut_tried_and_ended(site: Site) -> None:
    client = site.client("chA")
    form = {"service": "webhook", "name": "Pager", "url": "https://hooks.example.org/secret-path"}
    made = client.post("/account/channels", data=form)
    with site.database.reading() as session:
        row = session.exec(select(Channel)).one()
    assert row.secret in made.text
    page = client.get("/account/channels").text
    assert "Web hook hooks.example.org" in page
    assert "secret-path" not in page + made.text and row.secret not in page
    assert client.post(f"/account/channels/{row.id}/test").status_code == 303
    assert "Waiting" in client.get("/account/channels").text
    ways = {"mail": ["mention"], "channel": str(row.id), f"channel-{row.id}": ["issue_rung", "mention"]}
    assert client.post("/account/ways", data=ways).status_code == 303
    with site.database.reading() as session:
        assert session.get_one(Channel, row.id).kinds == ["mention", "issue_rung"]
    client.post(f"/account/channels/{row.id}/end")
    assert "No channel yet" in client.get("/account/channels").text


def test_a_screen_left_open_adds_no_channel_without_the_password(site: Site) -> None:
    client, form = site.client("chA"), {"service": "slack", "name": "At work", "url": SLACK}
    assert "once more" not in client.get("/account/channels").text
    site.now += FRESH + timedelta(seconds=1)
    assert "Your password, once more" in client.get("/account/channels").text
    for password, said in (("", "a channel is yours alone"), ("a guess", "This is not your password.")):
        refused = client.post("/account/channels", data={**form, "password": password})
        assert refused.status_code == 422
        assert said in refused.text and 'value="At work"' in refused.text
        assert "secretpath" not in refused.text
    with site.database.reading() as session:
        assert session.exec(select(Channel)).all() == []
    assert client.post("/account/channels", data={**form, "password": PASSWORD}).status_code == 303
    with site.database.reading() as session:
        assert session.exec(select(Channel.name)).all() == ["At work"]


@pytest.mark.parametrize("url", ["http://example.org/x", "https://169.254.169.254/latest", "nonsense", ""])
def test_a_wrong_address_is_refused_beside_its_field_and_not_repeated(site: Site, url: str) -> None:
    answer = site.client("chA").post("/account/channels", data={"service": "webhook", "name": "X", "url": url})
    assert answer.status_code == 422
    assert (
        "Address:" in answer.text
        or "Write a web address" in answer.text
        or "Say something" in answer.text
        or ("private network" in answer.text)
    )


def test_opening_the_link_changes_nothing_and_the_answer_takes_the_issue_as_that_person(site: Site) -> None:
    issue, link = report(site)
    for _ in range(3):
        page = site.client().get(link)
        assert page.status_code == 200
        assert "Take issue 1?" in page.text and "Take it as Chiara Amato" in page.text
        assert "No &lt;i&gt;images" in page.text
    assert taken(site, issue) is None
    answer = site.client().post(link)
    assert "You have taken issue 1." in answer.text
    assert taken(site, issue) == site.cast.people["chA"]
    assert "You have taken issue 1." in site.client().get(link).text


def test_whoever_was_quicker_is_named(site: Site) -> None:
    issue, link = report(site)
    with site.database.writing() as session:
        acknowledge(session, issue, by=site.cast.viewer(session, "opm"), now=site.now)
    assert "has taken issue 1." in site.client().get(link).text
    site.client().post(link)
    assert taken(site, issue) == site.cast.people["opm"]


def test_a_link_ends_with_its_time_its_person_and_their_sight(site: Site) -> None:
    issue, link = report(site)
    assert site.client().get(link[:-1] + ("0" if link[-1] != "0" else "1")).status_code == 404
    site.now += LASTS
    old = site.client().post(link)
    assert (old.status_code, "too old" in old.text) == (410, True)
    site.now -= LASTS
    with site.database.writing() as session:
        held = session.exec(select(Membership.id).where(Membership.person_id == site.cast.people["chA"])).one()
        remove_membership(session, held or 0, by=site.cast.viewer(session, "dir"), now=site.now)
    assert site.client().post(link).status_code == 404
    with site.database.writing() as session:
        deactivate(session, site.cast.people["chA"], by=site.cast.viewer(session, "adm"), now=site.now)
    gone = site.client().post(link)
    assert gone.status_code == 404 and "images" not in gone.text
    assert taken(site, issue) is None
