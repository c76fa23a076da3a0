"""The demo stands on any day, in the middle of its rollout, and is found again."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, col, func, select

from app.actions.installation import open_installation
from app.actions.people.sign_ins import attempt_sign_in, proves, sign_in
from app.demo import open_demo
from app.demo.opening import CARDS_FILE
from app.demo.people import EVERYBODY
from app.errors import Refused
from app.models import Block, Completion, Event, Location, Person, PlaybookVersion, Rollout, Task
from app.rules.playbooks import parsed
from app.settings import Settings
from tests.cast import NOW

SATURDAY = datetime(2026, 11, 21, 19, tzinfo=UTC)


def late(session: Session, now: datetime) -> int:
    finished = select(Completion.task_id)
    statement = select(func.count()).where(col(Task.late_at) < now, col(Task.id).not_in(finished))
    return session.exec(statement.select_from(Task)).one()


@pytest.mark.parametrize("days", [0, 1, 2, 4, 46], ids=["saturday", "sunday", "monday", "wednesday", "new-year"])
def test_it_stands_in_its_eighth_week_whatever_the_day(tmp_path: Path, days: int) -> None:
    now = SATURDAY + timedelta(days=days)
    demo = open_demo(Settings(data=tmp_path), now=now)
    with demo.database.reading() as session:
        rollout = session.exec(select(Rollout)).one()
        assert rollout.state == "running"
        assert rollout.start is not None and rollout.start.weekday() == 0
        assert (now.date() - rollout.start).days // 7 == 7
        live = session.exec(select(func.count()).select_from(Location).where(col(Location.cutover_at) < now)).one()
        assert live == 2
        assert session.exec(select(func.count()).select_from(Completion)).one() > 90
        assert late(session, now) >= 2
        assert session.exec(select(func.count()).select_from(Block)).one() >= 1
        times = session.exec(select(Event.at).order_by(col(Event.id))).all()
        assert times == sorted(times) and times[-1] <= now
    demo.database.dispose()


def test_everybody_on_a_card_signs_in_and_a_second_start_shows_the_same_cards(tmp_path: Path) -> None:
    demo = open_demo(Settings(data=tmp_path), now=SATURDAY)
    with demo.database.writing() as session:
        for number, card in enumerate(demo.cards):
            attempt = attempt_sign_in(session, email=card.email, address=f"10.0.0.{number}", now=SATURDAY)
            assert proves(attempt, card.password)
            assert sign_in(session, attempt, now=SATURDAY)
    demo.database.dispose()
    again = open_demo(Settings(data=tmp_path), now=SATURDAY + timedelta(days=3))
    assert again.cards == demo.cards
    assert stat.S_IMODE((tmp_path / CARDS_FILE).stat().st_mode) == 0o600
    with again.database.reading() as session:
        start = session.exec(select(Rollout.start)).one()
        assert start is not None and (SATURDAY.date() + timedelta(days=3) - start).days // 7 == 7
    again.database.dispose()


def test_a_second_start_on_the_same_day_keeps_what_was_done(tmp_path: Path) -> None:
    demo = open_demo(Settings(data=tmp_path), now=SATURDAY)
    with demo.database.writing() as session:
        session.exec(select(Rollout)).one().title = "Kept"
    demo.database.dispose()
    again = open_demo(Settings(data=tmp_path), now=SATURDAY + timedelta(minutes=5))
    with again.database.reading() as session:
        assert session.exec(select(Rollout.title)).one() == "Kept"
    again.database.dispose()


def test_passwords_differ_from_demo_to_demo_and_are_stored_nowhere_in_the_database(tmp_path: Path) -> None:
    demos = [open_demo(Settings(data=tmp_path / name), now=SATURDAY) for name in ("one", "two")]
    words = [card.password for demo in demos for card in demo.cards]
    assert len(set(words)) == len(words)
    for name in ("one", "two"):
        content = b"".join(path.read_bytes() for path in (tmp_path / name).glob("muster.db*"))
        assert not any(word.encode() in content for word in words)
    for demo in demos:
        demo.database.dispose()


def test_all_accounts_but_the_cards_have_no_password(tmp_path: Path) -> None:
    demo = open_demo(Settings(data=tmp_path), now=SATURDAY)
    with demo.database.reading() as session:
        joined = session.exec(select(Person.email).where(col(Person.password_hash).is_not(None))).all()
    assert set(joined) == {card.email for card in demo.cards}
    demo.database.dispose()


def test_every_role_that_the_playbook_asks_for_has_a_holder(tmp_path: Path) -> None:
    demo = open_demo(Settings(data=tmp_path), now=SATURDAY)
    with demo.database.reading() as session:
        version_id = session.exec(select(Rollout.playbook_version_id)).one()
        playbook = parsed(session.get_one(PlaybookVersion, version_id).text)
    wanted = {role.id for role in playbook.people.values() if not role.staff}
    assert wanted - {who.role for who in EVERYBODY} == set()
    demo.database.dispose()


def test_an_installation_of_peoples_own_is_never_made_a_demo(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    own = open_installation(settings, now=NOW)
    with own.writing() as session:
        session.add(Person(name="Ada", email="ada@example.org", created_at=NOW))
    with pytest.raises(Refused, match="not a demo"):
        open_demo(settings, now=SATURDAY)
    own.dispose()


def test_it_stands_on_postgresql_too(bare_postgresql_url: str, tmp_path: Path) -> None:
    demo = open_demo(Settings(data=tmp_path, database_url=bare_postgresql_url), now=SATURDAY)
    with demo.database.reading() as session:
        assert session.exec(select(Rollout)).one().state == "running"
    demo.database.dispose()
