"""What is wrong with a rota before it happens: gaps, people on duty twice, duties that the dates have left behind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.queries.presence.rota import Post, Rota
from app.rules.people.responsibility import Away
from app.rules.presence.attendance import Held, attendance, covered, gaps, outside
from app.rules.presence.crew import Hand
from app.rules.presence.doubles import Double, Overlap, doubles, worst
from app.rules.presence.slots import Slot

AHEAD = timedelta(days=14)


@dataclass(frozen=True)
class GapLine:
    """Somebody is missing in one turn of a cover, in one or several stretches. `absent` are those who are on leave then
    with the duties that they leave, `free` whom one could ask.
    """

    post: Post
    turn: str
    spans: tuple[tuple[datetime, datetime], ...]
    missing: int
    absent: tuple[tuple[str, Away, tuple[int, ...]], ...]
    free: tuple[Hand, ...]


@dataclass(frozen=True)
class DoubleLine:
    """Somebody is on duty twice. `first` and `second` are the covers, None for one that the reader may not see."""

    name: str
    kind: Overlap
    first: Post | None
    second: Post | None
    spans: tuple[tuple[datetime, datetime], ...]


@dataclass(frozen=True)
class OutsideLine:
    """Duties of a cover on days that it has left, since its dates moved."""

    post: Post
    names: tuple[str, ...]
    spans: tuple[tuple[datetime, datetime], ...]


@dataclass(frozen=True)
class Troubles:
    """The first to begin first."""

    gaps: tuple[GapLine, ...] = ()
    doubles: tuple[DoubleLine, ...] = ()
    outside: tuple[OutsideLine, ...] = ()

    @property
    def clashes(self) -> Sequence[DoubleLine]:
        """Those that cannot be: at two places at once."""
        return tuple(one for one in self.doubles if one.kind is Overlap.TWO_PLACES)


def troubles(known: Rota, now: datetime, until: datetime | None = None) -> Troubles:
    """Of the coming fourteen days (or until another moment), and every duty outside of its cover."""
    ends = until or now + AHEAD
    lines = [line for post in known.posts for line in gaps_of(known, post, now, ends)]
    return Troubles(
        tuple(sorted(lines, key=lambda one: (one.spans[0], one.post.title))),
        tuple(_doubles(known, now, ends)),
        tuple(line for post in known.posts if (line := _outside(known, post, now)) is not None),
    )


def gaps_of(known: Rota, post: Post, now: datetime, until: datetime) -> list[GapLine]:
    """The gaps of one cover in the turns that begin before a moment, turn by turn and by who is absent."""
    coming = [slot for slot in post.slots if slot.until_at > now]
    near = {slot.turn for slot in coming if slot.from_at < until}
    slots = [slot for slot in coming if slot.turn in near]
    found: dict[tuple[str, int, frozenset[int]], list[tuple[datetime, datetime]]] = {}
    held: dict[int, Held] = {}
    for gap in gaps(slots, known.duties(post), known.present(post), known.crew, known.counts(post)):
        held |= {one.id: one for one in gap.absent}
        key = (gap.slot.turn, gap.missing, frozenset(one.person for one in gap.absent))
        found.setdefault(key, []).append((gap.from_at, gap.until_at))
    return [
        GapLine(post, turn, tuple(spans), missing, _absent(known, people, held, spans), free(known, post, spans))
        for (turn, missing, people), spans in found.items()
    ]


def _absent(
    known: Rota, people: Iterable[int], held: dict[int, Held], spans: Sequence[tuple[datetime, datetime]]
) -> tuple[tuple[str, Away, tuple[int, ...]], ...]:
    lines = []
    for person in sorted(people):
        mine = [one for one in held.values() if one.person == person and _touches(one, spans)]
        leave = known.crew.away(person, spans[0][0], spans[-1][1])
        if leave is not None:
            lines.append((known.names[person], leave, tuple(one.id for one in mine)))
    return tuple(lines)


def _touches(one: Held, spans: Sequence[tuple[datetime, datetime]]) -> bool:
    return any(one.from_at < ends and begins < one.until_at for begins, ends in spans)


def free(known: Rota, post: Post, spans: Sequence[tuple[datetime, datetime]]) -> tuple[Hand, ...]:
    """Who of those who are asked for a cover could be there in all these stretches."""
    counts = known.counts(post)
    return tuple(
        hand
        for hand in known.hands(post)
        if counts(hand.person) and not any(hindered(known, post, hand.person, *span) for span in spans)
    )


def hindered(known: Rota, post: Post, person: int, begins: datetime, ends: datetime) -> Away | Held | None:
    """What keeps somebody from a cover in a stretch: a leave, or a duty there or elsewhere; being on call does not."""
    away = known.crew.away(person, begins, ends)
    if away is not None:
        return away
    blank = Held(0, post.occasion, post.entry, post.location, person, begins, ends, post.cover.on_call)
    mine = [one for one in known.held if one.person == person]
    here = (one for one in mine if one.occasion == post.occasion and one.from_at < ends and begins < one.until_at)
    kind, other = worst(blank, mine)
    return next(here, other if kind >= Overlap.TWO_DUTIES else None)


def _doubles(known: Rota, now: datetime, until: datetime) -> Iterable[DoubleLine]:
    near = [one for one in known.held if one.until_at > now and one.from_at < until]
    found: dict[tuple[int, Overlap, int, int], list[Double]] = {}
    for double in doubles(attendance(near, known.crew)):
        ends = sorted((double.first, double.second), key=lambda one: one.occasion)
        if any(known.post(one.occasion) for one in ends):
            key = (double.person, double.kind, ends[0].occasion, ends[1].occasion)
            found.setdefault(key, []).append(double)
    for (person, kind, first, second), several in sorted(
        found.items(), key=lambda one: (-one[0][1], one[1][0].from_at)
    ):
        spans = tuple((one.from_at, one.until_at) for one in several)
        yield DoubleLine(known.names[person], kind, known.post(first), known.post(second), spans)


def _outside(known: Rota, post: Post, now: datetime) -> OutsideLine | None:
    coming = [one for one in known.duties(post) if one.until_at > now]
    left = outside(coming, {post.occasion: post.slots}) if coming else []
    if not left:
        return None
    names = tuple(dict.fromkeys(known.names[one.person] for one in left))
    return OutsideLine(post, names, tuple((one.from_at, one.until_at) for one in left))


def fill(known: Rota, post: Post, day: date, slots: Sequence[Slot]) -> tuple[int, int]:
    """Seconds wanted and filled on one day of a cover, of its slots in a window."""
    found = covered([slot for slot in slots if slot.day == day], known.present(post), known.counts(post))
    return found.wanted, found.filled
