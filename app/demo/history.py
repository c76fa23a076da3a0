"""Eight invented weeks: who did what when, told through the product's own actions in the order of time."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zlib import crc32
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from app.actions.answers import answer_table, answer_task
from app.actions.approvals import approve_task
from app.actions.blocks import block_task
from app.actions.checklists import check_item
from app.actions.evidence import attach_file, attach_link
from app.actions.tasks import complete_task, skip_task
from app.actions.viewers import viewer_of
from app.demo.answers import good_answer, good_rows, note, picture
from app.demo.people import EVERYBODY
from app.models import CheckItem, Location, PlaybookVersion, Rollout, Task
from app.plan.format.answers import Answer, Evidence
from app.plan.format.tasks import Task as AskedTask
from app.plan.format.who import Who
from app.rules.access import Viewer
from app.rules.completion import leaves
from app.rules.playbooks import parsed
from app.rules.tables import row_titles
from app.storage import EvidenceStore

RECENT = timedelta(days=10)
LATE_SHARE, LATE_BY = 16, timedelta(days=2)
NETWORK_ZONE = ZoneInfo("America/Chicago")

BLOCKED = {
    ("kestrel-ridge", "migration-test"): (
        "The extract of the old scheduling system lacks insurance details. The vendor sends a new one.",
        3,
    ),
    ("lark-hollow", "network-speed"): (
        "The carrier has moved the new line to next month; we measured 62 Mbps on the old one.",
        12,
    ),
}
FAILED = {("lark-hollow", "network-speed"): "62", ("kestrel-ridge", "modality-test"): "fail"}
NOT_NEEDED = {
    "pacs-upgrade": "PACS was found compatible; there is no upgrade to carry out.",
    "federation-test": "One PACS instance was chosen; nothing is federated.",
    "tier-1-link": "This location cuts over to the one billing platform.",
    "benchmark-file": "",
}


@dataclass(frozen=True)
class Doing:
    """One task of the demo: what is asked, where, who works on it, and a number that makes it differ from others."""

    task: Task
    asked: AskedTask
    place: Location | None
    zone: ZoneInfo
    chance: int

    @property
    def key(self) -> tuple[str, str]:
        return (self.place.slug if self.place else "", self.task.entry)

    def at(self, day: date, minutes: int) -> datetime:
        """A working moment of a day at the place, in UTC; weekends move to the Friday before."""
        day -= timedelta(days=max(0, day.weekday() - 4))
        there = datetime.combine(day, time(8, 30), self.zone) + timedelta(minutes=minutes % 480)
        return there.astimezone(UTC)


def live_through(
    session: Session, store: EvidenceStore, rollout: Rollout, keys: Mapping[str, int], now: datetime
) -> None:
    """Do what the invented people have done until `now`. `keys` are the keys of people by e-mail address."""
    teller = Teller(session, store, keys, now)
    told = [(at, number, doing) for number, doing in enumerate(_doings(session, rollout)) for at in teller.when(doing)]
    for at, _, doing in sorted(told, key=lambda each: each[:2]):
        teller.tell(doing, at)
    for doing in teller.waiting:
        teller.approve(doing)


def _doings(session: Session, rollout: Rollout) -> Iterator[Doing]:
    text = session.get_one(PlaybookVersion, rollout.playbook_version_id).text
    entries = parsed(text).entries
    places = {row.id: row for row in session.exec(select(Location).where(Location.rollout_id == rollout.id))}
    tasks = select(Task).where(Task.rollout_id == rollout.id).order_by(col(Task.due), col(Task.id))
    for task in session.exec(tasks).all():
        asked, place = entries[task.entry], places.get(task.location_id)
        chance = crc32(f"{task.entry} {task.value} {place.slug if place else task.wave}".encode()) % 100
        if isinstance(asked, AskedTask):
            yield Doing(task, asked, place, ZoneInfo(place.zone) if place else NETWORK_ZONE, chance)
