"""The database of a test, the cast in it, and an office whose mail ends in a list."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from app.actions.deliveries.queue import queue_delivery
from app.db import Database
from app.models import Channel, Delivery
from app.notify.call import Call
from app.notify.message import Message
from app.worker import tick
from app.worker.channels import Switchboard
from app.worker.post import Office
from tests import cast as casting
from tests.cast import NOW, Cast

SITE = "https://muster.example.org"


@dataclass
class PostRoom:
    """A running rollout with mail: `fails` is what the next tries end in, one each; then everything is taken.

    `refuses` is what calls to an address end in; `calls` are those that were taken.
    """

    database: Database
    cast: Cast
    now: datetime = NOW
    outbox: list[Message] = field(default_factory=list)
    fails: list[Exception] = field(default_factory=list)
    before: Callable[[], Any] = lambda: None
    calls: list[Call] = field(default_factory=list)
    refuses: dict[str, Exception] = field(default_factory=dict)

    @property
    def office(self) -> Office:
        return Office(self._take, SITE)

    def _take(self, message: Message) -> None:
        self.before()
        if self.fails:
            raise self.fails.pop(0)
        self.outbox.append(message)

    @property
    def board(self) -> Switchboard:
        return Switchboard(self._ring, SITE)

    def _ring(self, call: Call) -> None:
        if call.url in self.refuses:
            raise self.refuses[call.url]
        self.calls.append(call)

    def ring(self, after: timedelta = timedelta(0)) -> list[Call]:
        """Time goes by, and a worker without a mail server looks once; the calls it made."""
        self.now += after
        made = len(self.calls)
        with self.database.writing() as session:
            tick(session, self.now, board=self.board)
        return self.calls[made:]

    def channel(self, who: str, url: str, name: str = "At work", kinds: Sequence[str] = ("assignment",)) -> int:
        """A channel of somebody's, for these kinds."""
        with self.database.writing() as session:
            row = Channel(
                person_id=self.cast.people[who], name=name, url=url, secret="s", kinds=list(kinds), made_at=self.now
            )
            session.add(row)
            session.flush()
            return row.id or 0

    def tick(self, after: timedelta = timedelta(0)) -> list[Message]:
        """Time goes by, the worker looks once; what it sent."""
        self.now += after
        sent = len(self.outbox)
        with self.database.writing() as session:
            tick(session, self.now, office=self.office)
        return self.outbox[sent:]

    def queue(self, who: str, kind: str = "assignment", *, entry: str = "photos", place: str = "alder", key: str = "",
              **given: Any) -> None:  # fmt: skip
        """Leave a message about a task."""
        with self.database.writing() as session:
            task = self.cast.task(session, entry, place)
            queue_delivery(
                session, kind=kind, person_id=self.cast.people[who], key=key or f"task-{task.id}",
                subject=("task", task.id or 0), rollout_id=task.rollout_id, now=self.now,
                **{"data": {"by": "Dana Whitfield"}, **given},
            )  # fmt: skip

    def task(self, entry: str = "photos", place: str = "alder") -> int:
        with self.database.reading() as session:
            return self.cast.task(session, entry, place).id or 0

    def rows(self) -> list[Delivery]:
        with self.database.reading() as session:
            return list(session.exec(select(Delivery).order_by(col(Delivery.id))))

    def row(self) -> Delivery:
        (found,) = self.rows()
        return found


@pytest.fixture
def post(database_url: str) -> Iterator[PostRoom]:
    database = Database(database_url)
    cast = casting.running(database)
    yield PostRoom(database, cast)
    database.dispose()
