"""What the database counts is what the rules say of every task, one by one: whatever stands how, and whoever looks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import ColumnElement, Connection, insert, select, update
from sqlmodel import Session, SQLModel, col

from app.actions.issues.reporting import report_issue
from app.actions.issues.talking import same_elsewhere
from app.db import Database
from app.models import (
    Answer,
    Assignment,
    Block,
    Completion,
    Leave,
    Location,
    Membership,
    Pause,
    ScheduledEntry,
    Skip,
    Task,
)
from app.queries.gates.dates import gate_dates
from app.queries.people import holders
from app.queries.rollouts.board import board, tasks_behind
from app.queries.rollouts.burn import burn
from app.queries.rollouts.facts import rollout_facts
from app.queries.rollouts.needs import pressing
from app.queries.tasks.picking import Reader
from app.queries.tasks.plan import Cut, plan_page
from app.queries.tasks.today import today
from app.rules.tasks.filtering import PlanFilter
from app.rules.tasks.progress import State
from tests import cast as casting
from tests.cast import PLAYBOOK, Cast
from tests.queries.held import hold
from tests.queries.oracle import Oracle

# The cast's playbook with work of every scope, links between the scopes, and a criterion of every kind.
WORK = """\
  papers: {title: Sign the papers, scope: network, owner: director, due: week 2 fri, critical: true}
  stage: {title: Prepare the wave, scope: wave, owner: it-lead, due: wave start, after: papers}
  install:
    title: Install
    owner: champion
    due: week 4 fri
    after: [stage, readiness]
    order: sequence
    workstream: people
    tasks:
      desks: {title: Desks, each: [front, back]}
      screens: {title: Screens at LÜTTICH, answer: {type: number, pass: at least 2}}
      plugs: {title: Plugs, critical: true}
      spare: Spare parts
  handover: {title: Hand over the wave, scope: wave, owner: director, due: wave end, after: install}
  closing: {title: Close it, scope: network, owner: director, due: end, after: [handover, install]}
gates:
  review:
    title: Readiness review
    when: cutover - 10d 15:00
    owner: it-lead
    decide: director
    votes: [director]
    conditions: {at_most: 2}
    criteria:
      told: {title: Everybody is told, answer: yes-no, owner: champion, critical: true}
      papered: {title: Papers, tasks: papers}
"""
CRITERIA = """\
      installed: {title: Installed, tasks: install, critical: true}
      papered: {title: Papers and stage, tasks: [papers, stage], pass: at least 50 %}
      either: {title: One of two, any: [{tasks: migration}, {tasks: [install, handover]}]}
      calm: {title: No standstill, issues: critical, critical: true}
      quiet: {title: Few others, issues: [normal], pass: at most 1}
      held: {title: Each has an owner, issues: [critical, normal], counts: unowned}
      little: {title: Little comes in, issues: [critical, normal], counts: opened a day, over: 2d, pass: at most 1}
      seen: {title: Seen at work, answer: yes-no, owner: champion, critical: true}
      agreed: {title: Agreed, any: [{gate: review}, {answer: yes-no, owner: director}]}
      reviewed: {title: Reviewed, gate: review}
    conditions: {at_most: 5}
health: {amber: 10 %, red: 25 %}
"""
BOOK = PLAYBOOK.replace("gates:\n", WORK).replace("technical: Technical\n", "technical: Technical\n  people: People\n")
BOOK = BOOK.replace("issues:\n", f"{CRITERIA}issues:\n")
MOMENTS = (
    datetime(2027, 1, 5, 15, tzinfo=UTC),
    datetime(2027, 1, 30, 5, 30, tzinfo=UTC),
    datetime(2027, 3, 9, tzinfo=UTC),
)
AGES = tuple(timedelta(hours=hours) for hours in (0, 1, 8, 14, 30, 54, 71, 72, 80, 500))
FILTERS = (
    PlanFilter(), PlanFilter(state="open"), PlanFilter(state="all"), PlanFilter(state="trouble"),
    *(PlanFilter(state=state.value) for state in State), PlanFilter(state="nonsense"),
    PlanFilter(location="alder"), PlanFilter(location="shared", state="open"), PlanFilter(location="nowhere"),
    PlanFilter(workstream="technical"), PlanFilter(workstream="none"), PlanFilter(workstream="nothing"),
    PlanFilter(week=4), PlanFilter(words="lüttich"), PlanFilter(words="100 %"), PlanFilter(words="PLUG", state="open"),
    PlanFilter(wave="pilot"), PlanFilter(wave="second", state="open"), PlanFilter(phase="none"),
    PlanFilter(role="it-lead"), PlanFilter(role="sponsor"),
    PlanFilter(person="me"), PlanFilter(person="me", state="trouble"),
    PlanFilter(person="unowned"), PlanFilter(person="unowned", state="open"), PlanFilter(person="x"),
    PlanFilter(critical=True, state="risk"), PlanFilter(since=date(2027, 1, 18), until=date(2027, 1, 29)),
)  # fmt: skip


@pytest.fixture(params=range(4), ids="chance-{}".format)
def stood(request: pytest.FixtureRequest, database_url: str) -> Iterator[tuple[Database, Cast, datetime]]:
    """A rollout of two waves in which chance has decided what is done, blocked, skipped and answered."""
    database, chance = Database(database_url), Random(request.param)
    cast = casting.running(database, BOOK)
    with database.writing() as session:
        _second_wave(session, cast)
        _more_places(session, cast, MOMENTS[request.param % len(MOMENTS)])
        _live(session, cast, chance, MOMENTS[request.param % len(MOMENTS)])
    yield database, cast, MOMENTS[request.param % len(MOMENTS)]
    database.dispose()


def _second_wave(session: Session, cast: Cast) -> None:
    session.connection().execute(update(Location).where(col(Location.slug) == "birch").values(wave="second"))
    for row in session.connection().execute(select(Task.__table__).where(col(Task.wave) == "pilot")).mappings().all():  # type: ignore[attr-defined]
        if row["location_id"] is None:
            copy = {**row, "wave": "second"}
            del copy["id"]
            session.connection().execute(insert(Task).values(copy))


def _more_places(session: Session, cast: Cast, now: datetime) -> None:
    """Three more, like Birch: one that left, one that stands still, and one whose plan is being written."""
    connection, birch = session.connection(), cast.locations["birch"]
    own = {
        "cedar": {"dropped_at": now, "dropped_by": cast.people["dir"], "dropped_reason": "Sold."},
        "dogwood": {},
        "elm": {"planned_at": None},
    }
    for slug, facts in own.items():
        facts = {"slug": slug, "name": slug, **facts}
        key = cast.locations[slug] = _copy(connection, Location, col(Location.id) == birch, **facts)
        for model in (Task, ScheduledEntry):
            _copy(connection, model, col(model.location_id) == birch, location_id=key)
        _copy(connection, Membership, col(Membership.location_id) == cast.locations["alder"], location_id=key)
    pause = {"reason": "Flood.", "by_id": cast.people["dir"], "at": now - timedelta(days=2)}
    connection.execute(insert(Pause).values(location_id=cast.locations["dogwood"], **pause))
    connection.execute(insert(Pause).values(location_id=cast.locations["alder"], **pause, ended_at=now))


def _copy(connection: Connection, model: type[SQLModel], only: ColumnElement[bool], **changes: object) -> int:
    """The key of the last copy."""
    key = 0
    table = SQLModel.metadata.tables[str(model.__tablename__)]
    for row in connection.execute(select(table).where(only)).mappings().all():
        values = {name: value for name, value in row.items() if name != "id"} | changes
        key = connection.execute(insert(table).values(values)).inserted_primary_key[0]  # type: ignore[index]
    return key


def _staff(session: Session, cast: Cast, chance: Random, now: datetime) -> None:
    """Some are away, with or without a cover; some roles have backups, and some backups have none."""
    connection, day = session.connection(), timedelta(days=1)
    for person in cast.people.values():
        if chance.random() < 0.4:
            cover = chance.choice([None, *cast.people.values()])
            connection.execute(
                insert(Leave).values(
                    person_id=person, first=now.date(), last=now.date(), zone="UTC", from_at=now - day, by_id=person,
                    until_at=now + day, cover_id=None if cover == person else cover, at=now - day,
                    ended_at=now if chance.random() < 0.2 else None,
                )
            )  # fmt: skip
    backups = {"director": "it-lead:member:network cto:member:network", "it-lead": "champion:member:location"}
    for role, taken in backups.items():
        connection.execute(update(Membership).where(col(Membership.role) == role).values(steps_in=taken))


def _troubled(session: Session, cast: Cast, chance: Random, now: datetime) -> None:
    """Some issues of any severity, some solved, some that another place has too."""
    by, places = cast.viewer(session, "dir", now), [cast.locations["alder"], cast.locations["birch"], None]
    for number in range(chance.choice([0, 1, 2, 4])):
        place, severity = chance.choice(places), chance.choice(["critical", "normal"])
        issue = report_issue(
            session, cast.rollout, location_id=place, title=f"No images {number}", severity=severity, by=by, now=now
        )
        if place == places[0] and chance.random() < 0.5:
            same_elsewhere(session, issue.id or 0, location_id=places[1], by=by, now=now)
        issue.resolved_at = now if chance.random() < 0.3 else None
        issue.opened_at = now - chance.choice(AGES)
        issue.holder_id = chance.choice([None, *cast.people.values()])
        issue.acknowledged_by = chance.choice([None, None, *cast.people.values()])
    session.flush()


def _live(session: Session, cast: Cast, chance: Random, now: datetime) -> None:
    connection, by = session.connection(), cast.people["dir"]
    _troubled(session, cast, chance, now)
    _staff(session, cast, chance, now)
    for id_ in connection.execute(select(col(Task.id)).order_by(col(Task.id))).scalars().all():
        at = now - timedelta(hours=chance.choice([1, 7, 14, 20, 26, 300, 700]))
        said = {"task_id": id_, "by_id": by, "at": at}
        if chance.random() < 0.45:
            connection.execute(insert(Completion).values(**said, settled_at=at if chance.random() < 0.8 else None))
        if chance.random() < 0.08:
            connection.execute(insert(Skip).values(**said, reason="not here"))
        if chance.random() < 0.3:
            connection.execute(insert(Assignment).values(**said, person_id=chance.choice([*cast.people.values()])))
        if chance.random() < 0.12:
            lifted = at if chance.random() < 0.5 else None
            connection.execute(insert(Block).values(**said, reason="waits", lifted_at=lifted))
        if chance.random() < 0.3:
            judged = chance.choice(["pass", "fail", "unclear"])
            connection.execute(insert(Answer).values(**said, path="", value=1, judged=judged, at_version=1))
        late = chance.choice(
            [timedelta(days=-3), timedelta(microseconds=-1), timedelta(seconds=1), timedelta(days=9), None]
        )
        values: dict[str, object] = {
            "late_at": None if late is None else now + late,
            "begun": chance.choice([False, False, True]),
        }
        if chance.random() < 0.1:
            values["due"] = None
        connection.execute(update(Task).where(col(Task.id) == id_).values(**values))
    hold(session, cast, chance, now)


@pytest.fixture(params=["dir", "chA", "exe"])
def who(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


def looking(session: Session, cast: Cast, who: str, now: datetime) -> Oracle:
    viewer = cast.viewer(session, who, now)
    facts = rollout_facts(session, "two-sites")
    extent = viewer.locations(facts.id)
    return Oracle(session, facts.within(extent), extent, now)


def reading(session: Session, cast: Cast, who: str, long: Oracle) -> Reader:
    viewer = cast.viewer(session, who, long.now)
    return Reader(viewer, holders(session, long.rollout.id, long.extent, long.now))


def test_chance_has_brought_about_every_state(database_url: str) -> None:
    database, met = Database(database_url), set[State]()
    cast = casting.running(database, BOOK)
    with database.writing() as session:
        _second_wave(session, cast)
        _more_places(session, cast, MOMENTS[0])
        _live(session, cast, Random(0), MOMENTS[0])
        met = set(looking(session, cast, "dir", MOMENTS[0]).states.values())
        late = select(col(Task.location_id)).where(col(Task.late_at) <= MOMENTS[0])
        places = set(session.connection().execute(late.distinct()).scalars())
    assert met == set(State)
    assert {cast.locations[slug] for slug in ("cedar", "dogwood", "elm")} < places
    database.dispose()


def test_the_board_is_what_the_rules_say(stood: tuple[Database, Cast, datetime], who: str) -> None:
    database, cast, now = stood
    with database.reading() as session:
        long = looking(session, cast, who, now)
        seen = board(session, long.rollout, long.extent, now)
        dates = gate_dates(session, long.rollout.id)
        streams = long.streams()
        assert [column.id for column in seen.columns] == streams
        assert seen.shared == long.cells(None, streams)
        assert len(seen.centres) == len(long.rollout.locations)
        for centre in seen.centres:
            roll = long.roll(centre.place, dates)
            assert centre.cells == long.cells(centre.place.id, streams)
            assert _said(centre.roll) == _said(roll)
            assert centre.stand is long.stand(centre.place, roll)
        assert burn(session, long.rollout, long.extent, now) == long.burn()
        assert seen.unowned == long.unowned()


def _said(roll: object) -> list[tuple[object, ...]]:
    bars = getattr(roll, "bars", ())
    return [(bar.id, bar.critical, bar.state, bar.done, bar.total, bar.said) for bar in bars]


def test_behind_every_bar_stand_the_tasks_that_it_counts(stood: tuple[Database, Cast, datetime], who: str) -> None:
    database, cast, now = stood
    with database.reading() as session:
        long = looking(session, cast, who, now)
        seen = board(session, long.rollout, long.extent, now)
        pairs = [(centre, bar) for centre in seen.centres if centre.roll for bar in centre.roll.bars]
        assert pairs
        for centre, bar in pairs:
            rows = [(one.row.id, one.state) for one in tasks_behind(session, seen, centre, bar, now)]
            assert rows == [(row.id, long.states[row.id]) for row in long.behind(centre.place, bar)]
            names = seen.holders.names(long.open_roles(centre.place, bar), centre.place.id)
            assert seen.held_by(centre, bar) == names


def test_what_needs_the_reader_comes_in_the_same_order(stood: tuple[Database, Cast, datetime], who: str) -> None:
    database, cast, now = stood
    with database.reading() as session:
        long, viewer = looking(session, cast, who, now), cast.viewer(session, who, now)
        seen = board(session, long.rollout, long.extent, now)
        expected = long.pressing(viewer, {centre.place.id: centre.roll for centre in seen.centres})
        for limit in (3, 1000):
            found = pressing(session, seen, long.extent, viewer, now, limit)
            assert [one.row.id for one in found.first] == expected[:limit]
            assert found.total == len(expected)
            assert all(one.state is long.states[one.row.id] for one in found.first)


def test_every_filter_of_the_plan_finds_the_same_tasks(stood: tuple[Database, Cast, datetime], who: str) -> None:
    database, cast, now = stood
    with database.reading() as session:
        long = looking(session, cast, who, now)
        reader = reading(session, cast, who, long)
        people = [PlanFilter(person=str(key), state="all") for key in cast.people.values()]
        for wanted in (*FILTERS, *people):
            expected = long.plan(wanted, reader.viewer)
            for number in (1, 2):
                found = plan_page(session, long.rollout, long.extent, wanted, Cut(number, 7), now, reader)
                shown = [(one.row.id, one.state) for one in found.tasks]
                assert (wanted, shown) == (
                    wanted,
                    [(i, long.states[i]) for i in expected[(number - 1) * 7 : number * 7]],
                )
                grave = Counter(long.states[id_] for id_ in expected)
                assert found.sums == (len(expected), grave[State.LATE], grave[State.BLOCKED])


@pytest.mark.parametrize("mine", ["dir", "itl", "chA", "chAB", "exe"])
def test_the_day_of_a_person_is_what_the_rules_say(stood: tuple[Database, Cast, datetime], mine: str) -> None:
    database, cast, now = stood
    with database.reading() as session:
        long, viewer = looking(session, cast, mine, now), cast.viewer(session, mine, now)
        day = today(session, viewer, now)
        for name, expected in long.day(viewer).items():
            found = [(one.task.row.id, one.task.state) for one in getattr(day, name)]
            assert (name, sorted(found)) == (name, sorted((id_, long.states[id_]) for id_ in expected))
        assert {one.task.row.id for one in day.awaited} == long.awaited(viewer)
