"""Who listens, and what each is told: people who are signed in, and screens that show the wall of one run."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from app.queries.events import News
from app.rules.people.access import Viewer

WAITING_LIMIT: Final = 100
# What a browser that missed something is told: fetch everything anew.
ANEW: Final = "event: anew\ndata: {}\n\n"
INBOX: Final = "event: inbox\ndata: {}\n\n"
RUN: Final = "run"


@dataclass(eq=False, kw_only=True)
class Stream:
    """One open stream; `checked` is when its right to listen was asked for last, by the clock of the loop."""

    checked: float = 0.0
    lines: asyncio.Queue[str | None] = field(default_factory=lambda: asyncio.Queue(WAITING_LIMIT))

    def line(self, one: News) -> str:
        """One event as this stream carries it; empty for what it is not to hear of."""
        raise NotImplementedError

    def concerns(self, one: News) -> bool:
        """Whether an event may have ended the right to listen."""
        raise NotImplementedError

    def tell(self, line: str | None) -> None:
        """Put a line into the queue (None ends the stream); whoever is too slow is told to fetch everything."""
        if self.lines.full():
            while not self.lines.empty():
                self.lines.get_nowait()
            line = line and ANEW
        self.lines.put_nowait(line)


@dataclass(eq=False)
class Listener(Stream):
    """A person's: by which sign-in, and since when by the clock of the site and by that of the loop."""

    viewer: Viewer
    token: str
    at: datetime
    since: float
    unseen: int = 0

    def now(self, time: float) -> datetime:
        """The moment by the site's clock."""
        return self.at + timedelta(seconds=time - self.since)

    def line(self, one: News) -> str:
        """Ids and words of ours, never a text that somebody typed."""
        if not one.for_person(self.viewer):
            return ""
        return _change(one.id, one.kind, one.subject, one.verb, one.rollout, one.location_id)

    def concerns(self, one: News) -> bool:
        return one.kind == "person" and one.subject == self.viewer.person

    def count(self, unseen: int) -> None:
        """How many lines of the inbox wait now; told where they are more or fewer."""
        if unseen != self.unseen:
            self.unseen = unseen
            self.tell(INBOX)


@dataclass(eq=False)
class Screen(Stream):
    """One that a link to the wall of a run opened."""

    link: int
    run: int

    def line(self, one: News) -> str:
        """That this run changed, and nothing else."""
        return _change(one.id, RUN, self.run, f"{RUN}.changed", None, None) if self.concerns(one) else ""

    def concerns(self, one: News) -> bool:
        return (one.kind, one.subject) == (RUN, self.run)


def _change(id_: int, kind: str, subject: int, verb: str, rollout: str | None, location: int | None) -> str:
    data: dict[str, Any] = {"rollout": rollout, "location": location, "kind": kind, "id": subject, "verb": verb}
    return f"id: {id_}\nevent: change\ndata: {json.dumps(data)}\n\n"
