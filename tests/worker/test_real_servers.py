"""The worker's own loops, a real mail server (aiosmtpd) and a real receiver: down, slow, refusing, breaking off."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from time import monotonic, sleep

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from app.actions.issues.reporting import report_issue
from app.notify.mail import Smtp, sender_to
from app.worker import run, tick
from app.worker.channels import Switchboard, hand_over
from app.worker.post import Office
from tests.notify.receiver import receiver
from tests.worker.conftest import SITE, PostRoom

HERE = frozenset({"127.0.0.1"})


@dataclass
class Mailbox:
    """A handler of aiosmtpd: `answers` are what the next texts are answered, one each; then everything is taken.

    Whatever came whole stands in `came` by its Message-ID, and in `kept` where the answer was yes.
    """

    answers: list[str] = field(default_factory=list)
    came: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, to: str, _options: list[str]
    ) -> str:
        if self.answers and self.answers[0].startswith("rcpt "):
            return self.answers.pop(0).removeprefix("rcpt ")
        envelope.rcpt_tos.append(to)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        mail = message_from_bytes(envelope.content or b"")  # type: ignore[arg-type]
        self.came.append(str(mail["Message-ID"]))
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer == "drop":
            assert server.transport is not None
            server.transport.abort()
            return "421 gone"
        if answer.startswith("250"):
            self.kept.append(str(mail["Message-ID"]))
            part = mail.get_payload(0)
            self.texts.append(part.get_payload(decode=True).decode())  # type: ignore[union-attr]
        return answer


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def mail_server(mailbox: Mailbox, port: int) -> Iterator[None]:
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield
    finally:
        controller.stop()


def office(port: int, timeout: float = 2.0) -> Office:
    return Office(sender_to(Smtp("127.0.0.1", port, "muster@example.org", security="none", timeout=timeout)), SITE)


def look(post: PostRoom, at: Office) -> None:
    post.now += timedelta(minutes=5)
    with post.database.writing() as session:
        tick(session, post.now, office=at)


def test_a_server_down_deferring_and_breaking_off_after_the_text_loses_nothing(post: PostRoom) -> None:
    for number in range(3):
        post.queue("opm", key=f"{number}")
    port, mailbox = free_port(), Mailbox(["rcpt 451 later", "drop"])
    at = office(port)
    look(post, at)
    assert [row.state for row in post.rows()] == ["waiting"] * 3
    with mail_server(mailbox, port):
        for _ in range(6):
            look(post, at)
    rows = [row for row in post.rows() if row.kind != "digest"]
    assert [row.state for row in rows] == ["sent"] * 3
    own = {f"<{row.message_id}@example.org>" for row in rows}
    assert {one for one in mailbox.kept if one in own} == own
    # Only the text that was broken off came a second time, under the same Message-ID.
    assert len([one for one in mailbox.came if one in own]) == 4


def test_a_refusal_for_good_is_not_repeated(post: PostRoom) -> None:
    post.queue("opm")
    port, mailbox = free_port(), Mailbox(["rcpt 550 no such mailbox"])
    with mail_server(mailbox, port):
        for _ in range(3):
            look(post, office(port))
    assert [row.state for row in post.rows() if row.kind != "digest"] == ["failed"]


def test_the_mail_of_an_issue_says_until_when_and_carries_a_link_to_take_it(post: PostRoom) -> None:
    port, mailbox = free_port(), Mailbox()
    with post.database.writing() as session:
        by, place = post.cast.viewer(session, "chAB"), post.cast.locations["alder"]
        report_issue(session, post.cast.rollout, location_id=place, title="No images", severity="critical", by=by,
                     now=post.now)  # fmt: skip
    with mail_server(mailbox, port):
        look(post, office(port))
    (text,) = [one for one in mailbox.texts if "This issue has reached you." in one and "Chiara" in one]
    assert "No images, Alder" in text
    assert f"Time runs out {_due(post)}" in text
    assert f"{SITE}/acknowledge/" in text


def _due(post: PostRoom) -> str:
    from app.models import Issue
    from app.rules.clock import instant

    with post.database.reading() as session:
        issue = session.get_one(Issue, 1)
        assert issue.breach_at is not None
        return instant(issue.breach_at, "America/Chicago", post.now)


def test_a_channel_that_hangs_holds_up_no_mail(post: PostRoom) -> None:
    """The loops themselves, in real time, before a receiver that never answers."""
    post.now = datetime.now(UTC)
    stop, mailbox, port = threading.Event(), Mailbox(), free_port()
    with receiver("hang") as hook, mail_server(mailbox, port):
        post.channel("opm", hook.url)
        post.queue("opm", key="first")
        board = Switchboard(lambda call: hand_over(call, HERE), SITE)
        worker = threading.Thread(target=run, args=(post.database, stop, office(port), board))
        worker.start()
        try:
            assert _within(8, lambda: bool(hook.heard) and _sent(post, "mail") >= 1)
            assert _sent(post, "app") == 0
        finally:
            hook.stop.set()
            stop.set()
            worker.join(timeout=15)
    assert not worker.is_alive()


def test_calls_go_out_where_no_mail_server_is_named(post: PostRoom) -> None:
    post.now = datetime.now(UTC)
    stop = threading.Event()
    with receiver() as hook:
        post.channel("opm", hook.url)
        post.queue("opm")
        board = Switchboard(lambda call: hand_over(call, HERE), SITE)
        worker = threading.Thread(target=run, args=(post.database, stop, None, board))
        worker.start()
        try:
            assert _within(8, lambda: _sent(post, "app") == 1)
        finally:
            stop.set()
            worker.join(timeout=15)
    assert json.loads(hook.heard[0][1])["id"] == next(row.message_id for row in post.rows() if row.channel == "app")
    assert _sent(post, "mail") == 0


def _sent(post: PostRoom, channel: str) -> int:
    return sum(row.channel == channel and row.state == "sent" and row.kind != "digest" for row in post.rows())


def _within(seconds: float, holds: Callable[[], bool]) -> bool:
    end = monotonic() + seconds
    while monotonic() < end:
        if holds():
            return True
        sleep(0.1)
    return holds()
