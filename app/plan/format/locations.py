"""The locations file: where a rollout happens. It belongs to the rollout, not to the playbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.plan.containers import ListOf
from app.plan.format.answers import RESULTS, Answer
from app.plan.format.base import ROLL, Closure
from app.plan.format.frame import ZONE, Calendar
from app.plan.format.when import DAY, DAYS, HOURS, Week
from app.plan.holidays import check_calendar
from app.plan.kinds import ID, TITLE, Language
from app.plan.language.dates import DateRange
from app.plan.playbook import Playbook
from app.plan.problems import TOP, Mark, Problem, shown
from app.plan.reading import Book, Json, Kind, Path, Reading, Record, key, wrong_kind
from app.plan.source import Node, read_source
from app.plan.terms import Roll


class StatedKind(Kind[Mapping[str, Any]]):
    """Attributes as stated: plain values, lists for attributes with several."""

    def read(self, node: Node, path: Path, reading: Reading) -> Mapping[str, Any] | None:
        if node.kind != "mapping":
            wrong_kind(reading, node, path, "a mapping of attributes")
            return None
        return {name.text: _plain(value) for name, value in node.pairs if value.kind not in ("fault", "null")}

    def schema(self, book: Book) -> Json:
        return {"type": "object"}


def _plain(node: Node) -> Any:
    if node.kind == "list":
        return [_plain(item) for item in node.items]
    return {name.text: _plain(value) for name, value in node.pairs} if node.kind == "mapping" else node.scalar


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A location of a rollout: its wave, stated attributes, own calendar where it differs, own cutover."""

    id: str = key(ID, "short name, stays for ever", required=True, default="")
    name: str = key(TITLE, "full name", required=True, default="")
    zone: str = key(ZONE, "tz database name; default the playbook's", default="")
    wave: str = key(ID, "id of its wave", default="")
    attributes: Mapping[str, Any] = key(StatedKind(), "facts the playbook asks for", default=None)
    open: tuple[int, ...] | None = key(DAYS, "own opening days")
    hours: Week | None = key(HOURS, "own opening hours")
    holidays: tuple[str, ...] | None = key(
        ListOf(Language(check_calendar, "a country code as US or US-IL"), least=0), "own holidays"
    )
    closed: tuple[Closure, ...] | None = key(ListOf(Record(Closure)), "own closures, besides the playbook's")
    roll: Roll | None = key(ROLL, "where work on a closed day goes")
    cutover: DateRange | None = key(DAY, "own cutover")
    mark: Mark = field(default=TOP, compare=False)

    def calendar(self, common: Calendar) -> Calendar:
        """The playbook's calendar with what this place has of its own; closures of both count."""
        own = {name: getattr(self, name) for name in ("open", "hours", "holidays", "roll")}
        changes = {name: value for name, value in own.items() if value is not None}
        return replace(common, zone=self.zone or common.zone, closed=common.closed + (self.closed or ()), **changes)


PLACE = Record(Place)
_FIXED = ("date", "week", "start", "end", "wave week", "wave start", "wave end")


@dataclass(frozen=True, slots=True)
class PlaceList:
    """The locations that could be read, and everything that is wrong with the file."""

    places: tuple[Place, ...]
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.level == "error")


def read_places(data: bytes, playbook: Playbook) -> PlaceList:
    """A locations file, judged against the playbook that asks for its waves and attributes."""
    root, problems = read_source(data)
    if root is None or any(problem.level == "error" for problem in problems):
        return PlaceList((), tuple(problems))
    reading = Reading()
    reading.place(root)
    if root.kind != "list":
        reading.problem("F14", root.mark, (), "a locations file is a list: `- {id: …, name: …, zone: …, wave: …}`")
        return PlaceList((), tuple(reading.problems))
    places: list[Place] = []
    for number, item in enumerate(root.items):
        path: Path = (str(number),)
        place = PLACE.read(item, path, reading)
        if place is not None:
            judge_place(place, playbook, path, reading)
            places.append(replace(place, mark=item.mark))
    _unique(places, reading)
    return PlaceList(tuple(places), tuple(sorted([*problems, *reading.problems], key=lambda p: (p.line, p.column))))


def _unique(places: Sequence[Place], reading: Reading) -> None:
    seen: dict[str, int] = {}
    for number, place in enumerate(places):
        if place.id in seen:
            reading.at_value("I2", (str(number), "id"), f"`{place.id}` is used twice")
        seen[place.id] = number


def judge_place(place: Place, playbook: Playbook, path: Path, reading: Reading) -> None:
    """Whether the playbook knows the wave and the attributes, and can take their values."""
    if playbook.waves and place.wave not in playbook.waves and not _unread((*path, "wave"), place.wave, reading):
        hint = reading.near(place.wave, playbook.waves) or f"; one of {', '.join(playbook.waves)}"
        reading.at_value("T6", (*path, "wave"), f"no wave `{shown(place.wave)}`{hint}")
    for point in place.cutover.points if place.cutover else ():
        if point.anchor.kind not in _FIXED:
            say = "a location's own cutover is a day, as 2027-02-09 07:00 or `week 6 tue 07:00`"
            reading.at_value("D11", (*path, "cutover"), say)
    for name, value in (place.attributes or {}).items():
        below = (*path, "attributes", name)
        attribute = playbook.attributes.get(name)
        if attribute is None:
            hint = reading.near(name, playbook.attributes)
            reading.at_key("C1", below, f"the playbook asks for no `{shown(name)}`{hint}")
        elif attribute.answer and (wrong := unfit(attribute.answer, value)):
            reading.at_value("C2", below, f"{attribute.title}: {wrong}")


def _unread(path: Path, value: str, reading: Reading) -> bool:
    return not value and reading.written(path)


def unfit(answer: Answer, value: Any) -> str:
    """Why a stated value does not fit what is asked; empty where it does. Whether it passes is not judged here."""
    match answer.type:
        case "yes-no" | "tick":
            return "" if isinstance(value, bool) else "is true or false"
        case "number":
            return "" if isinstance(value, (int, float)) and not isinstance(value, bool) else "is a figure"
        case "choices":
            values = value if isinstance(value, list) else [value]
            unknown = [each for each in values if each not in answer.options]
            return f"`{shown(unknown[0])}` is none of {', '.join(answer.options)}" if unknown else ""
        case "choice":
            known = value in answer.options
            return "" if known else f"`{shown(value)}` is none of {', '.join(answer.options)}"
        case "result":
            return "" if value in RESULTS else f"is one of {', '.join(RESULTS)}"
    return "" if isinstance(value, str) and value.strip() else "is text"
