"""The rota of a rollout: every cover at its places, who has which duty, who can be asked, and who is away.

The number of queries is fixed: it grows with neither places nor duties.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property

from sqlmodel import Session, col, or_, select

from app.models import Duty, Leave, Membership, Occasion, Person
from app.plan.calendars import PlaceCalendar
from app.plan.format.rhythm import Coverage
from app.plan.terms import Recurring
from app.queries.issues.cases import calendar_at
from app.queries.presence.crowds import Crowds, crowds
from app.queries.presence.trained import Trained, trained
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.rules.people.access import Extent
from app.rules.presence.attendance import Counts, Held, There, attendance
from app.rules.presence.crew import Crew, Hand
from app.rules.presence.slots import Cover, Slot
from app.stored import leaves_among, members_among

A_DAY = timedelta(days=1)
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Post:
    """One cover of the playbook at one place; `place` None: of the network, or of a wave."""

    occasion: int
    entry: str
    title: str
    wave: str
    place: PlaceFacts | None
    zone: str
    cover: Cover

    @property
    def location(self) -> int | None:
        return self.place.id if self.place else None

    @property
    def roles(self) -> Sequence[str]:
        """Whose turn it is."""
        return self.cover.asked.owner.roles if self.cover.asked.owner else ()

    @cached_property
    def slots(self) -> Sequence[Slot]:
        """All of them, in order of time."""
        return tuple(self.cover.slots())

    def within(self, first: date, last: date) -> Sequence[Slot]:
        return tuple(self.cover.slots(first, last))

    def today(self, now: datetime) -> date:
        return self.cover.calendar.local_day(now)


@dataclass(frozen=True)
class Rota:
    """Everything that is known of presence. `held` are the standing duties of everybody who can be asked, in every
    rollout; only those of `posts` are at places that the reader may see.
    """

    rollout: RolloutFacts
    posts: tuple[Post, ...]
    held: tuple[Held, ...]
    crew: Crew
    names: Mapping[int, str]
    trained: Trained

    @cached_property
    def by_occasion(self) -> Mapping[int, list[Held]]:
        """The duties of each cover at its place."""
        found: dict[int, list[Held]] = {}
        for one in self.held:
            found.setdefault(one.occasion, []).append(one)
        return found

    @cached_property
    def there(self) -> Mapping[int, list[There]]:
        """Who is there for each cover, and when."""
        return {occasion: attendance(held, self.crew) for occasion, held in self.by_occasion.items()}

    def post(self, occasion: int) -> Post | None:
        return next((post for post in self.posts if post.occasion == occasion), None)

    def duties(self, post: Post) -> Sequence[Held]:
        return self.by_occasion.get(post.occasion, ())

    def present(self, post: Post) -> Sequence[There]:
        return self.there.get(post.occasion, ())

    def hands(self, post: Post) -> list[Hand]:
        """Who is asked for a cover: holders of its roles, then those who back them up."""
        return self.crew.hands(post.roles, post.location)

    def counts(self, post: Post) -> Counts:
        """Who counts for a cover: everybody, or only who has passed what it asks for."""
        return self.trained.counts(post.cover.asked)


def rota(
    session: Session,
    rollout: RolloutFacts,
    extent: Extent,
    *,
    since: datetime | None = None,
    entries: Collection[str] = (),
) -> Rota:
    """The rota as somebody sees it who sees these locations: duties and leaves that end after `since` (None: all),
    covers of these entries (none: all).
    """
    rows = _covers(session, rollout, extent, entries)
    asked = [(row, cover) for row in rows if (cover := rollout.book_of(row).coverage.get(row.entry)) is not None]
    crowd = crowds(session, rollout.id, [cover for _, cover in asked])
    posts = _posts(rollout, asked, crowd)
    here = or_(col(Membership.rollout_id) == rollout.id, col(Membership.rollout_id).is_(None))
    members = members_among(session, here)
    begins = since - A_DAY if since else EARLIEST
    crew = Crew(rollout.id, members, leaves_among(session, col(Leave.until_at) > begins))
    held, names = _duties(session, rollout.id, begins)
    known = {one.person: one.name for one in members} | names
    return Rota(rollout, posts, held, crew, known, trained(session, rollout, [cover for _, cover in asked]))


def _covers(session: Session, rollout: RolloutFacts, extent: Extent, entries: Collection[str]) -> list[Occasion]:
    statement = select(Occasion).where(Occasion.rollout_id == rollout.id, Occasion.kind == Recurring.COVERAGE)
    if not extent.everywhere:
        statement = statement.where(or_(col(Occasion.location_id).is_(None), col(Occasion.location_id).in_(extent.ids)))
    if entries:
        statement = statement.where(col(Occasion.entry).in_(entries))
    places = {place.id for place in rollout.locations}
    found = session.exec(statement.order_by(col(Occasion.position), col(Occasion.begins), col(Occasion.id)))
    return [row for row in found if row.location_id is None or row.location_id in places]


def _posts(rollout: RolloutFacts, asked: Iterable[tuple[Occasion, Coverage]], crowd: Crowds) -> tuple[Post, ...]:
    calendars: dict[int | None, PlaceCalendar] = {}
    found = []
    for row, cover in asked:
        place = rollout.location(row.location_id)
        if row.location_id not in calendars:
            calendars[row.location_id] = calendar_at(rollout, place)
        calendar = calendars[row.location_id]
        people = crowd.of(cover.audience, row.location_id) if cover.ratio else 0
        whole = Cover(cover, calendar, row.begins, row.due, people)
        zone = place.zone if place else rollout.zone
        found.append(Post(row.id or 0, row.entry, row.title, row.wave, place, zone, whole))
    return tuple(found)


def _duties(session: Session, rollout_id: int, begins: datetime) -> tuple[tuple[Held, ...], dict[int, str]]:
    """The standing duties of everybody who works in the rollout, and their names; none of an account out of use."""
    people = select(Membership.person_id).where(Membership.rollout_id == rollout_id)
    columns = (
        Duty.id, Duty.occasion_id, Duty.entry, Duty.location_id, Duty.person_id, Duty.from_at, Duty.until_at,
        Duty.on_call, Duty.instead_of, Person.name,
    )  # fmt: skip
    statement = (
        select(*columns)  # type: ignore[call-overload]
        .join(Person, col(Person.id) == col(Duty.person_id))
        .where(
            or_(col(Duty.rollout_id) == rollout_id, col(Duty.person_id).in_(people)),
            Duty.until_at > begins,
            col(Duty.ended_at).is_(None),
            col(Person.deactivated_at).is_(None),
        )
        .order_by(col(Duty.from_at), col(Duty.id))
    )
    held, names = [], {}
    for *duty, name in session.exec(statement):
        one = Held(*duty)
        held.append(one)
        names[one.person] = name
    return tuple(held), names


@dataclass(frozen=True)
class Window:
    """Days of a rota, both included."""

    first: date
    last: date
    days: tuple[date, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        count = (self.last - self.first).days + 1
        object.__setattr__(self, "days", tuple(self.first + timedelta(days=n) for n in range(count)))

    @property
    def since(self) -> datetime:
        """Before it begins anywhere on earth."""
        return datetime.combine(self.first, time(0), UTC) - A_DAY


def week_of(day: date) -> Window:
    """The calendar week of a day, from Monday to Sunday."""
    monday = day - timedelta(days=day.weekday())
    return Window(monday, monday + timedelta(days=6))
