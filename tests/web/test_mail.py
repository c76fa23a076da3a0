"""Mail on the pages: what waits, failed and was sent; a forgotten password; and what says that nobody sends it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from time import monotonic

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.actions.deliveries.queue import queue_delivery
from app.actions.heartbeats import beat
from app.models import Delivery, Job
from app.notify.mail import PermanentFailure, ServerAway
from app.notify.message import Message
from app.worker import start_inside, tick
from app.worker.escalation import escalate
from app.worker.post import Office, office_of
from tests.cast import NOW, PASSWORD, email
from tests.notify.sink import sink
from tests.web.conftest import SAME_SITE, Site

NEW = "another sentence to sign in with"
MAIL = {"smtp_host": "127.0.0.1", "smtp_sender": "muster@example.org", "smtp_security": "none"}


@pytest.fixture
def mailing(site: Site) -> Site:
    """The cast in a running rollout, with mail set up."""
    site.app.state.settings = site.settings.model_copy(update=MAIL)
    return site


def post(site: Site, fault: Exception | None = None) -> list[Message]:
    """Let the worker look once; what it sent."""
    sent: list[Message] = []

    def take(message: Message) -> None:
        if fault:
            raise fault
        sent.append(message)

    with site.database.writing() as session:
        tick(session, site.now, office=Office(take, "http://testserver"))
    return sent


def queue(site: Site, who: str, key: str = "x") -> None:
    with site.database.writing() as session:
        task = site.cast.task(session, "photos")
        queue_delivery(
            session, kind="assignment", person_id=site.cast.people[who], key=key, subject=("task", task.id or 0),
            rollout_id=task.rollout_id, now=site.now, data={"by": "Dana"},
        )  # fmt: skip


def link_in(message: Message) -> str:
    found = re.search(r"http://testserver(/\S+)", message.text.replace("http://testserver,", ""))
    assert found
    return found[1]


def test_somebody_new_is_invited_by_mail_and_joins_by_the_link(mailing: Site) -> None:
    client = mailing.client("dir")
    form = {"name": "Nora New", "email": "nora@example.org", "role": "cto", "location": ""}
    page = client.post("/rollouts/two-sites/people", data=form)
    assert "An invitation is on its way to Nora New, nora@example.org." in page.text
    assert "/invitations/" not in page.text
    assert "invitation waits to be sent" in page.text
    (message,) = post(mailing)
    assert message.subject == "Dana Whitfield invites you to Muster"
    assert "invitation sent" in client.get("/rollouts/two-sites/people").text
    answer = mailing.client().post(link_in(message), data={"password": NEW})
    assert answer.headers["location"] == "/sign-in"


def test_an_invitation_that_was_refused_says_why_beside_the_person(mailing: Site) -> None:
    client = mailing.client("dir")
    form = {"name": "Nora New", "email": "nora@example.org", "role": "cto", "location": ""}
    client.post("/rollouts/two-sites/people", data=form)
    post(mailing, PermanentFailure("550 no such mailbox"))
    assert "invitation not sent: 550 no such mailbox" in client.get("/rollouts/two-sites/people").text
    assert "550 no such mailbox" in client.get("/rollouts/two-sites/mail").text
    assert "550 no such mailbox" in mailing.client("adm").get("/people").text


def test_everybody_who_was_never_written_to_is_invited_at_once_and_once(mailing: Site) -> None:
    mailing.app.state.settings = mailing.settings
    client = mailing.client("dir")
    for number in range(3):
        form = {"name": f"Nora {number}", "email": f"nora{number}@example.org", "role": "cto", "location": ""}
        client.post("/rollouts/two-sites/people", data=form)
    mailing.app.state.settings = mailing.settings.model_copy(update=MAIL)
    assert "Send 3 invitations" in client.get("/rollouts/two-sites/people").text
    for _ in range(2):
        client.post("/rollouts/two-sites/people/invitations")
    assert len(post(mailing)) == 3
    assert "Send 3 invitations" not in client.get("/rollouts/two-sites/people").text


def test_without_a_mail_server_the_pages_say_so_and_links_are_handed_over(site: Site) -> None:
    client = site.client("dir")
    form = {"name": "Nora New", "email": "nora@example.org", "role": "cto", "location": ""}
    assert "http://testserver/invitations/" in client.post("/rollouts/two-sites/people", data=form).text
    assert "Mail is not set up." in client.get("/rollouts/two-sites/mail").text
    assert "Mail is not set up here." in site.client().get("/forgotten").text
    answer = site.client().post("/forgotten", data={"email": email("chA")})
    assert answer.status_code == 409
    with site.database.reading() as session:
        assert session.exec(select(Delivery)).all() == []
        assert session.exec(select(Job).where(Job.kind == "send_reset")).all() == []


def test_a_failed_message_shows_its_reason_and_is_sent_again_when_asked(mailing: Site) -> None:
    queue(mailing, "chA")
    post(mailing, PermanentFailure("550 mailbox full"))
    client = mailing.client("dir")
    page = client.get("/rollouts/two-sites/mail").text
    assert "550 mailbox full" in page and "1 not sent." in page
    address = re.search(r'action="(/rollouts/two-sites/mail/\d+/again)"', page)
    assert address
    assert client.post(address[1]).status_code == 303
    assert len(post(mailing)) == 1
    assert "1 sent." in client.get("/rollouts/two-sites/mail").text


def test_a_message_that_waits_says_why(mailing: Site) -> None:
    queue(mailing, "chA")
    post(mailing, ServerAway("The mail server did not answer in time."))
    page = mailing.client("dir").get("/rollouts/two-sites/mail").text
    assert "1 try so far. The mail server did not answer in time." in page


def test_the_mail_page_names_no_task_and_so_tells_an_administrator_nothing_of_the_plan(mailing: Site) -> None:
    queue(mailing, "chA")
    page = mailing.client("adm").get("/rollouts/two-sites/mail").text
    assert "Assignment" in page and "Chiara Amato" in page
    assert "Photograph" not in page


def test_a_forgotten_password_is_chosen_anew_by_mail(mailing: Site) -> None:
    signed_in, somebody = mailing.client("chA"), mailing.client()
    answers = [somebody.post("/forgotten", data={"email": address}) for address in (email("chA"), "nobody@example.org")]
    assert [answer.status_code for answer in answers] == [200, 200]
    told = [answer.text.replace(email("chA"), "X").replace("nobody@example.org", "X") for answer in answers]
    assert told[0] == told[1]
    (message,) = post(mailing)
    assert message.to == email("chA")
    link = link_in(message)
    assert "A new password, Chiara Amato." in somebody.get(link).text
    assert somebody.post(link, data={"password": "short"}).status_code == 422
    assert somebody.post(link, data={"password": NEW}).headers["location"] == "/sign-in"
    assert somebody.get(link).status_code == 404
    assert signed_in.get("/account").headers["location"].startswith("/sign-in")
    assert somebody.post("/sign-in", data={"email": email("chA"), "password": PASSWORD}).status_code == 401
    assert somebody.post("/sign-in", data={"email": email("chA"), "password": NEW}).status_code == 303
    assert [one.subject for one in post(mailing)] == ["Your password for Muster was changed"]


def test_an_administrator_hands_over_a_link_where_mail_is_not_set_up(site: Site) -> None:
    client, person = site.client("adm"), site.cast.people["chA"]
    page = client.post(f"/people/{person}/password-link").text
    found = re.search(r"http://testserver(/password/[\w-]+)", page)
    assert found
    assert site.client().post(found[1], data={"password": NEW}).status_code == 303


def test_a_throttled_answer_says_when_to_come_back(mailing: Site) -> None:
    client = mailing.client()
    for _ in range(11):
        answer = client.post("/sign-in", data={"email": "nobody@example.org", "password": "x"})
    assert (answer.status_code, answer.headers["retry-after"]) == (429, str(15 * 60))
    for number in range(21):
        answer = client.post("/forgotten", data={"email": f"{number}@example.org"})
    assert (answer.status_code, answer.headers["retry-after"]) == (429, str(60 * 60))


def test_the_account_page_ends_one_sign_in_or_all_others_and_keeps_its_own(site: Site) -> None:
    client = site.client("chA")
    phone, shared = (TestClient(site.app, follow_redirects=False, headers=SAME_SITE) for _ in range(2))
    form = {"email": email("chA"), "password": PASSWORD}
    phone.post("/sign-in", data={**form, "own_device": "yes"})
    shared.post("/sign-in", data=form)
    page = client.get("/account").text
    assert page.count("/end") == 2
    assert "own device, up to 12 hours" in page
    address = re.search(r'action="(/account/sign-ins/\d+/end)"', page)
    assert address and client.post(address[1]).status_code == 303
    assert client.get("/account").text.count("/end") == 1
    assert client.post("/account/sign-out-others").status_code == 303
    assert client.get("/account").text.count("/end") == 0
    assert [one.get("/account").status_code for one in (client, phone, shared)] == [200, 303, 303]


def test_a_wish_about_mail_is_kept_and_a_strange_one_refused(site: Site) -> None:
    client = site.client("chA")
    assert client.post("/account/mail", data={"mail": "digest"}).status_code == 303
    assert re.search(r'value="digest" checked', client.get("/account").text)
    assert client.post("/account/mail", data={"mail": "everything"}).status_code == 422


def test_directors_are_told_when_no_worker_looks_and_others_are_not(site: Site) -> None:
    said = "Reminders and mail are not going out: no worker has looked at what is due since today 09:00 Central."
    board = "/rollouts/two-sites/board"
    assert said not in site.client("dir").get(board).text
    site.now = NOW + timedelta(seconds=60)
    assert said in site.client("dir").get(board).text
    assert said not in site.client("chA").get(board).text
    with site.database.writing() as session:
        beat(session, now=site.now)
    assert said not in site.client("dir").get(board).text


def test_health_says_how_long_nobody_looked_and_how_long_mail_is_due(site: Site) -> None:
    lines = site.client().get("/health")
    assert (lines.status_code, lines.text) == (
        200,
        "database answers\nworker_seconds 0\nescalation_seconds 0\noldest_due_seconds 0\n",
    )
    queue(site, "chA")
    site.now += timedelta(seconds=75)
    lines = site.client().get("/health")
    assert lines.status_code == 503
    assert lines.text == "database answers\nworker_seconds 75\nescalation_seconds 75\noldest_due_seconds 75\n"


def test_directors_and_health_are_told_when_escalation_has_not_run_for_two_minutes(site: Site) -> None:
    board = "/rollouts/two-sites/board"
    said = "Escalation is not running: nobody has looked at the clocks of issues since today 09:00 Central."
    for seconds, stopped in ((119, False), (120, True)):
        site.now = NOW + timedelta(seconds=seconds)
        with site.database.writing() as session:
            beat(session, now=site.now)  # a worker is there, but does not come to the end of its look
        assert (said in site.client("dir").get(board).text) is stopped
        assert said not in site.client("chA").get(board).text
        assert site.client().get("/health").status_code == (503 if stopped else 200)
    with site.database.writing() as session:
        escalate(session, site.now)
    assert said not in site.client("dir").get(board).text
    assert site.client().get("/health").status_code == 200


def test_pages_answer_while_the_mail_server_hangs_and_then_everything_arrives(mailing: Site) -> None:
    mailing.now = datetime.now(UTC)  # the worker's threads go by the clock
    queue(mailing, "chA")
    queue(mailing, "opm")
    client = mailing.client("dir")
    with sink("hang") as server:
        office = office_of(mailing.app.state.settings.model_copy(update={"smtp_port": server.port}))
        end = start_inside(mailing.database, office)
        try:
            until = monotonic() + 4
            while monotonic() < until:
                begun = monotonic()
                assert client.get("/rollouts/two-sites/people").status_code == 200
                assert client.post("/account/mail", data={"mail": "all"}).status_code == 303
                assert monotonic() - begun < 5
        finally:
            server.stop.set()
            end()
    with mailing.database.reading() as session:
        rows = session.exec(select(Delivery).where(Delivery.kind == "assignment")).all()
        assert [row.state for row in rows] == ["waiting"] * 2
        assert sum(row.attempts for row in rows) == 1
    with sink() as server, mailing.database.writing() as session:
        office = office_of(mailing.app.state.settings.model_copy(update={"smtp_port": server.port}))
        tick(session, datetime.now(UTC) + timedelta(minutes=5), office=office)
    assert sorted(mail["To"].addresses[0].addr_spec for mail in server.taken) == [email("chA"), email("opm")]


def test_many_messages_stand_on_pages_and_no_button_promises_what_cannot_be_sent(site: Site) -> None:
    for number in range(26):
        queue(site, "chA", f"x-{number}")
    client = site.client("dir")
    first, second = (client.get(f"/rollouts/two-sites/mail?page={page}").text for page in (1, 2))
    assert "26 waiting." in first and "1 to 25 of 26" in first and "26 to 26 of 26" in second
    assert "Send now" not in first
    site.app.state.settings = site.settings.model_copy(update=MAIL)
    assert client.get("/rollouts/two-sites/mail").text.count(">Send now<") == 25
