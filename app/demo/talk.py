"""What the invented people say to each other and decide besides the work itself: the last days before a cutover."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from app.actions.people.leaves import record_leave
from app.actions.people.viewers import viewer_of
from app.actions.schedule.moves import move_task, planned_task_move
from app.actions.tasks.added import add_task
from app.actions.tasks.assignments import assign_tasks
from app.actions.tasks.comments import comment_on_task
from app.actions.tasks.evidence import attach_link
from app.models import Completion, Location, Rollout, Signature, Task
from app.rules.people.access import Viewer

EASTERN = ZoneInfo("America/New_York")
WORDS = (
    ("kestrel-ridge", "migration-test", "Judit Farkas", 26,
     "The extract lists 412 patients without an insurer. I checked ten by hand: all have one in the old system."),
    ("kestrel-ridge", "migration-test", "Yusuf Brandt", 24,
     "@Omar Haddad the vendor wants a signed request before they run the extract again. Can you sign today?"),
    ("kestrel-ridge", "migration-test", "Omar Haddad", 22,
     "Signed and sent. They promise the new extract for tomorrow morning. @Bengt Holm please keep the front desk on"
     " paper slips for new patients until then."),
    ("lark-hollow", "network-speed", "Asha Kulkarni", 47,
     "62 Mbps down, 40 up, measured three times between 7 and 8 in the morning with nobody reading."),
    ("lark-hollow", "network-speed", "Ivo Tanaka", 45,
     "@Dana Whitfield the carrier has moved the new line to next month. A mobile line for four weeks would do;"
     " it is $310. Shall I order it?"),
    ("kestrel-ridge", "downtime-drill", "Bengt Holm", 20,
     "Two of the five at the front desk have done the drill. The other three work on Thursday."),
)  # fmt: skip
"""Place, task, who says it, so many working hours ago, and the words."""

Act = Callable[[datetime], object]


@dataclass(frozen=True)
class Talker:
    """Gives the moments and acts; `keys` are the keys of people by e-mail address."""

    session: Session
    rollout: Rollout
    keys: Mapping[str, int]
    now: datetime

    def steps(self) -> Iterator[tuple[datetime, Act]]:
        """In no order; none of them lies after now."""
        for place, entry, who, hours, text in WORDS:
            task = self._task(entry, place)
            if task is not None:
                yield self._ago(hours), self._says(task, who, text)
        yield self._ago(30), self._gives_away
        yield self._ago(28), self._goes_on_leave
        yield self._ago(8), self._adds
        yield self._ago(6), self._moves
        yield self._ago(4), self._voids

    def _ago(self, hours: int) -> datetime:
        """So many hours of daylight ago, eight to a working day, so that nobody writes at night."""
        there = self.now.astimezone(EASTERN)
        days, rest = divmod(hours, 8)
        day = there - timedelta(days=days)
        while day.weekday() > 4:
            day -= timedelta(days=1)
        at = day.replace(hour=17, minute=11 + hours % 40, second=0, microsecond=0) - timedelta(hours=rest)
        return min(at, there - timedelta(minutes=hours + 1)).astimezone(self.now.tzinfo)

    def _task(self, entry: str, place: str) -> Task | None:
        here = select(Location.id).where(Location.rollout_id == self.rollout.id, Location.slug == place)
        statement = select(Task).where(Task.entry == entry, col(Task.location_id).in_(here))
        return self.session.exec(statement.order_by(col(Task.value))).first()

    def _viewer(self, name: str, at: datetime) -> Viewer:
        return viewer_of(self.session, self._key(name), now=at)

    def _key(self, name: str) -> int:
        return self.keys[name.lower().replace(" ", ".") + "@demo.example.org"]

    def _says(self, task: Task, who: str, text: str) -> Act:
        return lambda at: comment_on_task(self.session, task.id or 0, text=text, by=self._viewer(who, at), now=at)

    def _gives_away(self, at: datetime) -> object:
        """The champion hands the drill to the practice manager."""
        task = self._task("downtime-drill", "kestrel-ridge")
        if task is None or self._finished(task):
            return None
        by = self._viewer("Dana Whitfield", at)
        return assign_tasks(self.session, {task.id or 0: task.version}, self._key("Elaine Forsythe"), by=by, now=at)

    def _goes_on_leave(self, at: datetime) -> object:
        """The scheduling coordinator is away in the week of the cutover, and somebody stands in."""
        monday = (self.now + timedelta(days=7 - self.now.weekday())).date()
        away, cover = self._key("Silas Whitcombe"), self._key("Nell Harcourt")
        by = self._viewer("Dana Whitfield", at)
        return record_leave(
            self.session, away, first=monday, last=monday + timedelta(days=4), cover_id=cover, by=by, now=at
        )

    def _adds(self, at: datetime) -> object:
        place = self.session.exec(select(Location).where(Location.slug == "kestrel-ridge")).one()
        return add_task(
            self.session, self.rollout.id or 0, title="Order a second card reader for the front desk",
            how="The one at the left counter drops its connection. The spare from Fenmoor fits.",
            due=self.now.date() + timedelta(days=2), location_id=place.id, role="champion",
            by=self._viewer("Bengt Holm", at), now=at,
        )  # fmt: skip

    def _moves(self, at: datetime) -> object:
        """The director gives one site two more days, after looking at what moves with it."""
        task = self._task("first-payments", "kestrel-ridge")
        if task is None or task.due is None or self._finished(task):
            return None
        by, due = self._viewer("Dana Whitfield", at), max(task.due, self.now.date()) + timedelta(days=2)
        move = planned_task_move(self.session, task.id or 0, due=due, by=by, now=at)
        if move.found.faults:
            return None
        reason = "The first payer pays every second Friday."
        return move_task(self.session, task.id or 0, due=due, reason=reason, shown=move.fingerprint, by=by, now=at)

    def _voids(self, at: datetime) -> object:
        """Somebody adds a later report to work that was signed: the signature is void and asked for again."""
        statement = (
            select(Task, Signature)
            .join(Signature, col(Signature.task_id) == col(Task.id))
            .join(Location, col(Location.id) == col(Task.location_id))
            .where(Location.slug == "kestrel-ridge", col(Signature.voided_at).is_(None))
            .order_by(col(Signature.id).desc())
        )
        found = self.session.exec(statement).first()
        if found is None:
            return None
        task, _ = found
        url = "https://wiki.example.org/kestrel-ridge/second-report"
        return attach_link(
            self.session, task.id or 0, url=url, seen=task.version, by=self._viewer("Omar Haddad", at), now=at
        )

    def _finished(self, task: Task) -> bool:
        return self.session.exec(select(Completion.id).where(Completion.task_id == task.id)).first() is not None
