"""Eight invented weeks, told through the product's own actions in the order of time."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zlib import crc32
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from app.actions.signoffs.signing import sign_task
from app.actions.tasks.answers import answer_table, answer_task
from app.actions.tasks.blocks import block_task
from app.actions.tasks.checklists import check_item
from app.actions.tasks.completion import complete_task, skip_task
from app.actions.tasks.evidence import attach_file, attach_link
from app.demo.answers import good_answer, good_rows, note, picture
from app.demo.choosing import Choosing
from app.demo.deciding import Deciding
from app.demo.figures import Figures
from app.demo.learning import Learning
from app.demo.nights import Nights
from app.demo.productivity import Practices
from app.demo.rhythm import Rhythm
from app.demo.scene import Scene
from app.demo.schooling import Schooling
from app.demo.story import BLOCKED, NOT_NEEDED, Doing, Fate
from app.demo.talk import Talker
from app.demo.trouble import Troubles
from app.models import CheckItem, Location, Rollout, Task
from app.plan.format.answers import Answer, Evidence
from app.plan.format.tasks import Task as AskedTask
from app.plan.format.who import Who
from app.rules.people.access import Viewer
from app.rules.tasks.completion import leaves
from app.rules.tasks.tables import row_titles
from app.storage import EvidenceStore
from app.stored import playbook_at

UNCHECKED_FOR = timedelta(days=4)
EXPECTED_IN = timedelta(days=6)

Act = Callable[[datetime], object]
Told = Rhythm | Schooling | Learning | Choosing | Deciding | Nights | Figures | Practices


@dataclass(frozen=True)
class Step:
    """Something that somebody does at a moment."""

    at: datetime
    act: Act


def live_through(
    session: Session, store: EvidenceStore, rollout: Rollout, keys: Mapping[str, int], now: datetime
) -> None:
    """Do what the invented people have done until `now`. `keys` are the keys of people by e-mail address."""
    scene = Scene(session, rollout, keys, now)
    teller = Teller(scene, store)
    steps = [step for doing in doings(scene) for step in teller.steps(doing) if step.at <= now]
    steps += [Step(at, act) for at, act in Talker(session, rollout, keys, now).steps()]
    steps += [Step(at, act) for at, act in Troubles(session, rollout, keys, now).steps()]
    for told in _told(scene, store):
        steps += [Step(at, act) for at, act in told.steps() if at <= now]
    for step in sorted(steps, key=lambda step: step.at):
        step.act(step.at)


def _told(scene: Scene, store: EvidenceStore) -> tuple[Told, ...]:
    return (
        Rhythm(scene), Schooling(scene), Learning(scene), Choosing(scene), Deciding(scene), Nights(scene, store),
        Figures(scene), Practices(scene),
    )  # fmt: skip


def doings(scene: Scene) -> Iterator[Doing]:
    """Every task of the rollout, in the order in which they were written."""
    session, rollout = scene.session, scene.rollout
    entries = playbook_at(session, rollout).entries
    places = {row.id: row for row in session.exec(select(Location).where(Location.rollout_id == rollout.id))}
    tasks = select(Task).where(Task.rollout_id == rollout.id).order_by(col(Task.id))
    for task in session.exec(tasks).all():
        asked, place = entries[task.entry], places.get(task.location_id)
        chance = crc32(f"{task.entry} {task.value} {place.slug if place else task.wave}".encode()) % 100
        if isinstance(asked, AskedTask):
            yield Doing(task, asked, place, ZoneInfo(place.zone) if place else scene.zone, chance)


class Teller:
    """Turns what becomes of a task into steps of the people whose roles it names."""

    def __init__(self, scene: Scene, store: EvidenceStore) -> None:
        self._scene = scene
        self._session = scene.session
        self._store = store
        self._now = scene.now
        self._viewers: dict[str, Viewer] = {}

    def steps(self, doing: Doing) -> Iterator[Step]:
        """Everything that happens to one task, in order; some of it may lie after now."""
        fate = doing.fate(self._now)
        work = list(self._work(doing))
        if fate is Fate.BEGUN:
            yield from work[: len(work) // 2]
        elif fate is Fate.FAILED:
            yield from work
        elif fate is Fate.BLOCKED:
            yield from work[:1] if doing.fails_with() else ()
            yield self._block(doing)
        elif fate is Fate.SET_ASIDE:
            yield self._set_aside(doing)
        elif fate is Fate.DONE:
            yield from work
            yield from self._finish(doing, len(work), checked=not self._waits(doing, len(work)))

    def whole(self, doing: Doing) -> Iterator[Step]:
        """The work on a task to its end: done, checked and signed on the day on which it was planned to be."""
        doing = replace(doing, well=True)
        work = list(self._work(doing))
        yield from work
        yield from self._finish(doing, len(work), checked=True)

    # --- the work itself -------------------------------------------------------------------------------------

    def _work(self, doing: Doing) -> Iterator[Step]:
        acts = [*self._part(doing, "", doing.asked.title, doing.asked.answer, doing.asked.evidence)]
        lines = select(CheckItem.path).where(CheckItem.task_id == doing.task.id)
        here = set(self._session.exec(lines))
        for path, line in leaves(doing.asked.checklist):
            if path in here:
                acts += self._part(doing, path, line.title, line.answer, line.evidence, line=True)
        for number, act in enumerate(acts):
            yield Step(self._moment(doing, number), act)

    def _moment(self, doing: Doing, number: int) -> datetime:
        begun = min(doing.day(), self._now.astimezone(doing.zone).date())
        if doing.task.begins is not None and doing.day() > begun:
            begun = max(doing.task.begins, begun - timedelta(days=1 + doing.chance % 2))
        return doing.at(begun, doing.chance * 4) + timedelta(minutes=2 * number)

    def _part(
        self, doing: Doing, path: str, title: str, answer: Answer, evidence: tuple[Evidence, ...], *, line: bool = False
    ) -> Iterator[Act]:
        if answer.type != "tick":
            yield self._answer(doing, path, answer)
        elif line:
            yield lambda at: check_item(self._session, _key(doing), path, **self._as_owner(doing, at))
        for piece in evidence:
            for number in range(piece.at_least):
                yield self._attach(doing, path, piece.title or title, piece.type, number)

    def _answer(self, doing: Doing, path: str, answer: Answer) -> Act:
        if answer.type == "table":
            titles = row_titles(answer, doing.place.attributes if doing.place else {})
            rows = good_rows(answer, titles, doing.task.entry)
            return lambda at: answer_table(self._session, _key(doing), rows, path=path, **self._as_owner(doing, at))
        failing = None if path else doing.fails_with()
        text = failing or good_answer(answer, doing.task.entry)
        return lambda at: answer_task(self._session, _key(doing), text, path=path, **self._as_owner(doing, at))

    def _attach(self, doing: Doing, path: str, title: str, kind: str, number: int) -> Act:
        if kind == "link":
            url = f"https://wiki.example.org/{doing.task.entry}/{number}"
            return lambda at: attach_link(self._session, _key(doing), url=url, path=path, **self._as_owner(doing, at))
        photo = kind == "photo"
        where = doing.place.name if doing.place else "The network"
        content = picture(doing.chance + number) if photo else note(f"{title}, {number + 1}", where)
        name = f"{doing.task.entry}.{'png' if photo else 'txt'}"
        stored = self._store.keep(io.BytesIO(content), name)
        return lambda at: attach_file(
            self._session, _key(doing), stored=stored, file_name=name, kind=kind, path=path, **self._as_owner(doing, at)
        )

    # --- what comes of it ------------------------------------------------------------------------------------

    def _waits(self, doing: Doing, number: int) -> bool:
        """Done of late, and nobody has looked at it yet."""
        return self._now - self._finished(doing, number) < UNCHECKED_FOR and doing.chance % 3 == 0

    def _finished(self, doing: Doing, number: int) -> datetime:
        return self._moment(doing, number) + timedelta(minutes=3)

    def _finish(self, doing: Doing, number: int, *, checked: bool) -> Iterator[Step]:
        at = self._finished(doing, number)
        yield Step(at, lambda at: complete_task(self._session, _key(doing), **self._as_owner(doing, at)))
        if not checked:
            return
        for kind, who in (("verify", doing.asked.verify), ("sign_off", doing.asked.sign_off)):
            for role in who.roles[: who.needed] if who else ():
                at += timedelta(minutes=35 + doing.chance)
                yield Step(at, self._approve(doing, kind, role))

    def _approve(self, doing: Doing, kind: str, role: str) -> Act:
        def act(at: datetime) -> object:
            by = replace(self._holder(doing, role), proven_at=at)
            return sign_task(self._session, _key(doing), kind=kind, seen=doing.task.version, by=by, now=at)

        return act

    def _block(self, doing: Doing) -> Step:
        today = self._now.astimezone(doing.zone).date()
        reason = BLOCKED[doing.place_id, doing.task.entry]
        at = max(doing.at(today - timedelta(days=1), 100), self._moment(doing, 1))
        return Step(
            min(at, self._now),
            lambda at: block_task(
                self._session, _key(doing), reason=reason, expected=today + EXPECTED_IN, **self._as_owner(doing, at)
            ),
        )

    def _set_aside(self, doing: Doing) -> Step:
        reason = NOT_NEEDED[doing.task.entry]
        return Step(
            self._moment(doing, 0),
            lambda at: skip_task(self._session, _key(doing), reason=reason, **self._as_owner(doing, at)),
        )

    # --- who -------------------------------------------------------------------------------------------------

    def _as_owner(self, doing: Doing, at: datetime) -> dict[str, Any]:
        owner = doing.asked.owner or Who(roles=("director",))
        return {"seen": doing.task.version, "by": self._holder(doing, owner.first), "now": at}

    def _holder(self, doing: Doing, role: str) -> Viewer:
        name = self._scene.holder(role, doing.place_id)
        if name not in self._viewers:
            self._viewers[name] = self._scene.viewer(name, self._now)
        return self._viewers[name]


def _key(doing: Doing) -> int:
    return doing.task.id or 0
