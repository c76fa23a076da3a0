"""Opening the demo: made once in its data folder, found again later."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from sqlmodel import Session, select

from app.actions.installation import MARKER, first_run_token, open_installation
from app.actions.people.accounts import accept_invitation, invite
from app.actions.people.first_run import first_run
from app.actions.people.memberships import add_membership, remove_membership
from app.actions.people.viewers import viewer_of
from app.actions.playbooks import upload_playbook
from app.actions.rollouts.drafting import Holding, draft_rollout, set_locations, set_people, set_start
from app.actions.schedule.starting import materialise, start_rollout
from app.db import Database
from app.demo.history import live_through
from app.demo.people import ADMINISTRATOR, CARDS, DIRECTOR, EVERYBODY, Somebody
from app.errors import Refused
from app.folders import folder
from app.models import Installation, Membership, Person, Rollout
from app.plan.terms import Access
from app.settings import Settings
from app.storage import EvidenceStore

WEEKS_BEHIND = 7
PREPARED = timedelta(days=10)
STARTED = timedelta(days=4)
CARDS_FILE = "demo-sign-in.txt"
LEGIBLE = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True)
class SignInCard:
    """Somebody to sign in as, and what there is to see. The password is random, and only of this demo."""

    name: str
    shows: str
    email: str
    password: str


@dataclass(frozen=True)
class Demo:
    """An opened demo."""

    database: Database
    cards: tuple[SignInCard, ...]


def open_demo(settings: Settings, *, now: datetime) -> Demo:
    """The demo of the data folder, in its eighth week at `now`; one made on an earlier day is made anew.

    The passwords are made with the first one and kept in a file of the folder that only its owner reads, so that every
    start shows the same. Raises DatabaseProblem, and Refused when the folder holds an installation of people's own.
    """
    database = open_installation(settings, now=now)
    file = settings.data / CARDS_FILE
    if file.exists() and not _made_today(database, now):
        database = _emptied(settings, database, now)
    with database.reading() as session:
        made = session.exec(select(Rollout.id)).first() is not None
        peopled = session.exec(select(Person.id)).first() is not None
    if made and file.exists():
        return Demo(database, _read(file))
    if peopled:
        database.dispose()
        raise Refused(f"{settings.data} holds an installation that is not a demo; name another data folder.")
    cards = _read(file) if file.exists() else _new_cards()
    with database.writing() as session:
        _make(session, EvidenceStore(settings.evidence_folder, settings.evidence_limit), cards, now)
    _write(file, cards)
    return Demo(database, cards)


def _made_today(database: Database, now: datetime) -> bool:
    with database.reading() as session:
        return session.exec(select(Installation.created_at)).one().date() == now.date()


def _emptied(settings: Settings, database: Database, now: datetime) -> Database:
    """The demo's own folder without its database and files; another database than the file in it is left alone."""
    file = settings.database_file
    if file is None:
        return database
    database.dispose()
    for path in (*settings.data.glob(f"{file.name}*"), settings.data / MARKER):
        path.unlink(missing_ok=True)
    shutil.rmtree(settings.evidence_folder, ignore_errors=True)
    return open_installation(settings, now=now)


def _new_cards() -> tuple[SignInCard, ...]:
    return tuple(SignInCard(who.name, shows, who.email, _password()) for who, shows in CARDS)


def _password() -> str:
    """Three groups of letters and figures that are not mistaken for each other: 74 bits."""
    return "-".join("".join(secrets.choice(LEGIBLE) for _ in range(5)) for _ in range(3))


def _write(file: Path, cards: tuple[SignInCard, ...]) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.writelines("\t".join((card.name, card.shows, card.email, card.password)) + "\n" for card in cards)


def _read(file: Path) -> tuple[SignInCard, ...]:
    lines = file.read_text(encoding="utf-8").splitlines()
    return tuple(SignInCard(*line.split("\t")) for line in lines)


def _make(session: Session, store: EvidenceStore, cards: tuple[SignInCard, ...], now: datetime) -> None:
    start = now.date() - timedelta(days=now.weekday(), weeks=WEEKS_BEHIND)
    morning = now.replace(year=start.year, month=start.month, day=start.day, hour=14, minute=0, second=0, microsecond=0)
    keys = accounts(session, {card.email: card.password for card in cards}, morning - PREPARED)
    rollout = drafted(session, keys, start, morning - PREPARED)
    director = viewer_of(session, keys[DIRECTOR.email], now=morning)
    at = morning - STARTED
    job = start_rollout(session, rollout.id or 0, seen=rollout.version, by=director, now=at)
    for _ in materialise(session, job, now=at):
        session.flush()
    live_through(session, store, rollout, keys, now)


def accounts(
    session: Session, passwords: Mapping[str, str], at: datetime, people: Sequence[Somebody] = EVERYBODY
) -> dict[str, int]:
    """Everybody's account by e-mail address; those with a password have joined."""
    token = first_run_token(session, now=at) or ""
    password = passwords[ADMINISTRATOR.email]
    first = first_run(session, token, name=ADMINISTRATOR.name, email=ADMINISTRATOR.email, password=password, now=at)
    keys = {ADMINISTRATOR.email: first.id or 0}
    by = viewer_of(session, keys[ADMINISTRATOR.email], now=at)
    for who in people:
        if who.email in keys:
            continue
        person, link = invite(session, name=who.name, email=who.email, by=by, now=at)
        keys[who.email] = person.id or 0
        if who.email in passwords:
            accept_invitation(session, link or "", password=passwords[who.email], now=at)
    _hand_over(session, keys, at)
    return keys


def _hand_over(session: Session, keys: Mapping[str, int], at: datetime) -> None:
    """The administrator, first in the installation, makes the director one and is a director no longer."""
    adm, director = keys[ADMINISTRATOR.email], keys[DIRECTOR.email]
    add_membership(session, director, role=Access.DIRECTOR, by=viewer_of(session, adm, now=at), now=at)
    rows = select(Membership).where(Membership.person_id == adm, Membership.role == Access.DIRECTOR)
    for row in session.exec(rows).all():
        remove_membership(session, row.id or 0, by=viewer_of(session, director, now=at), now=at)


@dataclass(frozen=True)
class Book:
    """What a rollout is drafted from: a playbook that Muster ships, its locations, and who holds which role."""

    title: str
    file: str
    locations: Sequence[Mapping[str, Any]]
    people: Sequence[Somebody]


def drafted(session: Session, keys: Mapping[str, int], start: date, at: datetime, book: Book | None = None) -> Rollout:
    """The rollout of the demo, or of another book, as it is before it is started."""
    book = book or demo_book()
    by = viewer_of(session, keys[DIRECTOR.email], now=at)
    content = (folder("playbooks") / book.file).read_bytes()
    version = upload_playbook(session, content, by=by, now=at)
    rollout = draft_rollout(session, title=book.title, playbook_version_id=version.id or 0, by=by, now=at)
    key = rollout.id or 0
    set_start(session, key, start=start, seen=rollout.version, by=by, now=at)
    set_locations(session, key, book.locations, seen=rollout.version, by=by, now=at)
    holders = [Holding(who.role, keys[who.email], who.location) for who in book.people]
    return set_people(session, key, holders, seen=rollout.version, by=by, now=at)


def demo_book() -> Book:
    """The playbook of the sixteen weeks with the four example locations."""
    rows = yaml.safe_load((folder("playbooks") / "locations-example.yaml").read_text(encoding="utf-8"))
    return Book("Four centres, one platform", "ray-medical.yaml", rows, EVERYBODY)
