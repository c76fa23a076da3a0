"""Issues: types, severities with their targets, and the ladder."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.plan.containers import ListOf, MapOf
from app.plan.format.base import Titled
from app.plan.format.conditions import ALWAYS, CONDITION, Condition
from app.plan.format.rhythm import WordOr
from app.plan.format.when import DATE, HOURS, DateKind, Week
from app.plan.format.who import ROLE, WHO, Who
from app.plan.kinds import BOOL, DURATION, TITLE, Name, Words
from app.plan.language.compare import parse_percent
from app.plan.language.dates import DateRange, Point
from app.plan.language.durations import Duration
from app.plan.problems import Wrong, shown
from app.plan.reading import Book, Entry, Json, Kind, Path, Reading, Record, key, wrong_kind
from app.plan.source import Node

_SHARE = re.compile(r"[0-9.]+ %\Z")


@dataclass(frozen=True, slots=True)
class RungTime:
    """When a rung is told: so long after the opening, or at a share (percent) of the time to resolve."""

    text: str
    after: Duration | None = None
    share: float | None = None


class RungTimeKind(Kind[RungTime]):
    """`opened`, `opened + 2h` or `50 %`."""

    def read(self, node: Node, path: Path, reading: Reading) -> RungTime | None:
        if node.kind == "text" and _SHARE.match(node.text):
            try:
                return RungTime(node.text, share=parse_percent(node.text))
            except Wrong as wrong:
                reading.problem("S2", node.mark, path, wrong.message)
                return None
        found = DateKind(stretch=False, also=frozenset({"opened"})).read(node, path, reading)
        if found is None or found.end is None:
            return None
        return self._rung(found.end, node, path, reading)

    def _rung(self, point: Point, node: Node, path: Path, reading: Reading) -> RungTime | None:
        forward = all(offset.sign > 0 for offset in point.offsets)
        if point.anchor.kind != "opened" or point.at or not forward or len(point.offsets) > 1:
            say = "a rung is told at `opened`, `opened + 2h` or `50 %`"
            reading.problem("D1", node.mark, path, f"`{shown(node.text)}`: {say}")
            return None
        return RungTime(node.text, after=point.offsets[0].duration if point.offsets else None)

    def schema(self, book: Book) -> Json:
        return {"type": "string", "pattern": "^(opened( \\+ \\S+)?|[0-9.]+ %)$"}

    def parts(self) -> tuple[Kind[Any], ...]:
        return (Words({"opened": "opened"}),)

    def says(self) -> str:
        return "`opened`, `opened + 2h` or `50 %`"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a rung tells: a role, the issue's holder, who is on duty, or the voters of a gate."""

    kind: str
    name: str = ""


class RecipientKind(Kind[Recipient]):
    def read(self, node: Node, path: Path, reading: Reading) -> Recipient | None:
        if node.kind != "text":
            wrong_kind(reading, node, path, "whom to tell")
            return None
        if node.text == "holder":
            return Recipient("holder")
        for words, kind, space in (("on duty ", "duty", "coverage"), ("voters of ", "voters", "gate")):
            if node.text.startswith(words):
                name = node.text.removeprefix(words)
                reading.refer(space, name, "S5", path, node.mark)
                return Recipient(kind, name)
        reading.refer("role", node.text, "W1", path, node.mark)
        return Recipient("role", node.text)

    def schema(self, book: Book) -> Json:
        return {"type": "string", "minLength": 1}

    def parts(self) -> tuple[Kind[Any], ...]:
        return ROLE, Words({word: word for word in ("holder", "on duty", "voters of")})

    def says(self) -> str:
        return "a role, `holder`, `on duty …` or `voters of …`"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """A step of the ladder, anchored on the opening."""

    to: tuple[Recipient, ...] = key(ListOf(RecipientKind(), single=True), "whom to tell", required=True, default=())
    at: RungTime | None = key(RungTimeKind(), "when", required=True)
    unless: str = key(
        Words({"resolved": "resolved", "acknowledged": "acknowledged"}), "not told if by then", default="resolved"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Times to respond, to give news and to resolve; the first target that holds is frozen at the opening."""

    when: DateRange | None = key(DATE, "in which stretch")
    types: tuple[str, ...] = key(ListOf(Name("type", "S5"), single=True), "for which types", default=())
    where: Condition = key(CONDITION, "for which locations", default=ALWAYS)
    respond: Duration | None = key(DURATION, "first response")
    update: Duration | None = key(DURATION, "next news")
    resolve: Duration | None = key(DURATION, "solution", required=True)
    clock: str = key(
        Words({"elapsed": "elapsed", "business": "business"}), "elapsed, or opening hours", required=True, default=""
    )

    @property
    def always(self) -> bool:
        return self.when is None and not self.types and self.where == ALWAYS


LADDER = ListOf(Record(Rung))
PAUSE = WordOr(("none",), WHO)


@dataclass(frozen=True, slots=True, kw_only=True)
class Severity(Entry):
    """How bad, and what follows."""

    title: str = key(TITLE, "one line; else its id", default="")
    targets: tuple[Target, ...] = key(ListOf(Record(Target)), "times, the first that holds", required=True, default=())
    ladder: tuple[Rung, ...] = key(LADDER, "a ladder of its own", default=())
    quiet: bool = key(BOOL, "notices wait out the quiet hours", default=True)
    pause: Who | str | None = key(PAUSE, "who may stop the clock")


@dataclass(frozen=True, slots=True, kw_only=True)
class Issues:
    """The law for operational trouble."""

    types: Mapping[str, Titled] = key(
        MapOf(Record(Titled, short="title")), "kinds of trouble", required=True, default=None
    )
    default: str = key(Name("severity", "S5"), "severity unless said", required=True, default="")
    severities: Mapping[str, Severity] = key(MapOf(Record(Severity)), "how bad", required=True, default=None)
    ladder: tuple[Rung, ...] = key(LADDER, "who hears of it, and when", required=True, default=())
    quiet_hours: Week | None = key(HOURS, "no notices of quiet severities")
    pause: Who | str | None = key(PAUSE, "who may stop the clock")
    confirm: Who | None = key(WHO, "who confirms the fix")
    again_after: Duration | None = key(DURATION, "an acknowledged issue climbs again after")


ISSUES = Record(Issues)
