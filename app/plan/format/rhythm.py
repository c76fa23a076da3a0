"""What recurs: coverage, meetings and the daily reconciliation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.plan.containers import TITLES, Either, ListOf, MapOf
from app.plan.format.answers import ANSWER, Answer
from app.plan.format.base import ROLL, SCOPE, SEVERITY
from app.plan.format.when import DATE, DAYS, EVERY, HOURS, Week
from app.plan.format.who import AUDIENCE, WHO, Who
from app.plan.kinds import BOOL, DURATION, PROSE, TITLE, Language, Name, Whole, Words
from app.plan.language.compare import Tolerance, parse_ratio, parse_tolerance
from app.plan.language.dates import DateRange
from app.plan.language.durations import Duration
from app.plan.language.recurrence import Recurrence
from app.plan.problems import Wrong
from app.plan.reading import Book, Entry, Json, Kind, Path, Reading, Record, key
from app.plan.source import Node
from app.plan.terms import Roll, Scope


class WordOr(Kind[object]):
    """One of a few words, or else what another kind reads."""

    def __init__(self, words: tuple[str, ...], other: Kind[object]) -> None:
        self.words = words
        self.other = other

    def read(self, node: Node, path: Path, reading: Reading) -> object | None:
        if node.kind == "text" and node.text in self.words:
            return node.text
        return self.other.read(node, path, reading)

    def schema(self, book: Book) -> Json:
        return {"anyOf": [{"enum": list(self.words)}, self.other.schema(book)]}

    def parts(self) -> tuple[Kind[object], ...]:
        return Words({word: word for word in self.words}), self.other


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage(Entry):
    """Someone must be present. A list of owners takes turns."""

    title: str = key(TITLE, "one line", required=True)
    owner: Who | None = key(WHO, "who is present, in turns", required=True)
    when: DateRange | None = key(DATE, "from when to when", required=True)
    hours: Week | str = key(WordOr(("opening hours", "all day"), HOURS), "at which hours", default="opening hours")
    days: tuple[int, ...] | str = key(WordOr(("open days", "every day"), DAYS), "on which days", default="open days")
    people: int = key(Whole(1, 1000), "how many at once", default=1)
    ratio: tuple[int, int] | None = key(Language(parse_ratio, "a ratio as `1 per 8`"), "so many per so many people")
    audience: tuple[str, ...] = key(
        ListOf(Name("role", "T8"), single=True), "for whom the ratio counts", name="for", default=()
    )
    rotate: Duration | None = key(DURATION, "how long a turn is")
    trained: bool | tuple[str, ...] = key(
        Either(BOOL, ListOf(Name("entry", "T6")), lists=True), "only who has passed counts", default=False
    )
    scope: Scope | None = key(SCOPE, "once, once a wave or once a location")
    how: str = key(PROSE, "what the person does", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One rhythm of a meeting."""

    when: DateRange | None = key(DATE, "from when to when", required=True)
    every: Recurrence | None = key(EVERY, "how often", required=True)
    takes: Duration | None = key(DURATION, "how long")
    place: str = key(TITLE, "where", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting(Entry):
    """A talk that recurs; `rounds` where its rhythm changes."""

    title: str = key(TITLE, "one line", required=True)
    owner: Who | None = key(WHO, "who leads it", required=True)
    who: Who | None = key(AUDIENCE, "who comes", required=True)
    when: DateRange | None = key(DATE, "from when to when")
    every: Recurrence | None = key(EVERY, "how often")
    takes: Duration | None = key(DURATION, "how long")
    place: str = key(TITLE, "where", default="")
    agenda: tuple[str, ...] | str = key(Either(PROSE, TITLES, lists=True), "what is talked about", default=())
    scope: Scope | None = key(SCOPE, "once, once a wave or once a location")
    roll: Roll | None = key(ROLL, "where a meeting on a closed day goes")
    rounds: tuple[Round, ...] = key(ListOf(Record(Round)), "rhythms, one after the other", default=())

    @property
    def rhythms(self) -> tuple[Round, ...]:
        return self.rounds or (Round(when=self.when, every=self.every, takes=self.takes, place=self.place),)


class CompareKind(Kind[tuple[str, str]]):
    """The two sources of a line; breaks X2 where there are not two."""

    def read(self, node: Node, path: Path, reading: Reading) -> tuple[str, str] | None:
        sources = ListOf(TITLE).read(node, path, reading)
        if sources is None or len(sources) != len(node.items):
            return None
        if len(sources) != 2:
            reading.problem("X2", node.mark, path, f"{len(sources)} sources; a line compares two")
            return None
        return (sources[0], sources[1])

    def schema(self, book: Book) -> Json:
        return {"type": "array", "items": TITLE.schema(book), "minItems": 2, "maxItems": 2}

    def says(self) -> str:
        return "a list of two"


class ToleranceKind(Kind[Tolerance]):
    def read(self, node: Node, path: Path, reading: Reading) -> Tolerance | None:
        if node.kind not in ("text", "number"):
            reading.problem("X1", node.mark, path, "not a tolerance; write 0, 1 % or `2 or 1 %`")
            return None
        try:
            return parse_tolerance(f"{node.scalar:.15g}" if isinstance(node.scalar, float) else node.text)
        except Wrong as wrong:
            reading.refuse(wrong, node.mark, path)
            return None

    def schema(self, book: Book) -> Json:
        return {"type": ["string", "number"]}

    def says(self) -> str:
        return "a tolerance"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconciliationLine(Entry):
    """Two counts that must agree within a tolerance, or a question."""

    title: str = key(TITLE, "one line", required=True)
    compare: tuple[str, str] | None = key(CompareKind(), "the two sources")
    tolerance: Tolerance = key(ToleranceKind(), "allowed difference", default=Tolerance("0"))
    answer: Answer | None = key(ANSWER, "what is asked instead")
    unit: str = key(TITLE, "unit of both counts", default="")
    critical: bool = key(BOOL, "outside tolerance: the day is not clean", default=False)
    on_fail: str = key(SEVERITY, "severity of the issue a variance opens", default="")
    how: str = key(PROSE, "where the counts are found", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation(Entry):
    """One record a place and day; missed is a state."""

    title: str = key(TITLE, "one line", required=True)
    owner: Who | None = key(WHO, "who counts", required=True)
    verify: Who | None = key(WHO, "who checks the count")
    when: DateRange | None = key(DATE, "from when to when", required=True)
    every: Recurrence | None = key(EVERY, "how often", required=True)
    grace: Duration = key(DURATION, "missed when so much later", default=Duration(7200, "s"))
    on_late: str = key(SEVERITY, "severity of the issue a missed day opens", default="")
    on_fail: str = key(SEVERITY, "severity of the issue a variance opens", default="")
    lines: Mapping[str, ReconciliationLine] = key(
        MapOf(Record(ReconciliationLine)), "what is compared", required=True, default=None
    )
    scope: Scope = Scope.LOCATION


COVERAGE = MapOf(Record(Coverage))
MEETINGS = MapOf(Record(Meeting))
RECONCILIATION = MapOf(Record(Reconciliation))
