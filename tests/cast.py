"""The people every test knows, in one rollout of two sites, all made through the product's own actions.

`dir` operations director, `opm` operations manager, `cto`, `itl` IT lead, `chA` and `chB` champions of Alder and
Birch, `chAB` of both, `ch0` champion of nothing, `exe` executive, `adm` technical administrator, `off` deactivated.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlmodel import Session, select

from app.actions.installation import first_run_token
from app.actions.people import secrets
from app.actions.people.accounts import accept_invitation, deactivate, invite
from app.actions.people.first_run import first_run
from app.actions.people.memberships import add_membership, remove_membership
from app.actions.people.viewers import viewer_of
from app.actions.playbooks import upload_playbook
from app.actions.rollouts.drafting import Holding, draft_rollout, set_locations, set_people, set_start
from app.actions.schedule.starting import start_rollout
from app.db import Database
from app.models import Installation, Location, Membership, Rollout, Task
from app.rules.people.access import ADMINISTRATOR, Viewer
from app.worker import tick
from tests.rows import Rows, put_back, rows_of

# The defaults take 0.4 s a password, which proves nothing here.
secrets.hasher = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))

NOW = datetime(2027, 1, 5, 15, 0, tzinfo=UTC)
"""Tuesday of week 1, nine in the morning at both sites."""
START = date(2027, 1, 4)
PASSWORD = "a sentence to sign in with"

NAMES = {
    "dir": "Dana Whitfield",
    "opm": "Omar Haddad",
    "cto": "Carla Toivonen",
    "itl": "Ivo Tanaka",
    "chA": "Chiara Amato",
    "chB": "Bengt Holm",
    "chAB": "Abena Boateng",
    "ch0": "Noor Zaman",
    "exe": "Edith Okafor",
    "adm": "Adam Marek",
    "off": "Olga Fedorova",
}
HOLDINGS = (
    ("director", "dir", ""),
    ("ops-manager", "opm", ""),
    ("cto", "cto", ""),
    ("it-lead", "itl", ""),
    ("sponsor", "exe", ""),
    ("champion", "chA", "alder"),
    ("champion", "chB", "birch"),
    ("champion", "chAB", "alder"),
    ("champion", "chAB", "birch"),
    ("champion", "off", "alder"),
)

PLAYBOOK = """\
muster: 1
id: two-sites
title: Two sites move to one system
version: "1.0"
length: 8w
calendar: {zone: America/Chicago, open: mon .. fri, hours: "07:00-18:00"}
roles:
  hub:
    title: Hub
    scope: network
    roles:
      director: {title: Operations director, access: director}
      ops-manager: {title: Operations manager, access: manager}
      cto: CTO
      it-lead: IT lead
      sponsor: {title: Executive sponsor, access: executive}
  site:
    title: At each site
    scope: location
    roles:
      champion: Site champion
attributes:
  legacy: {title: Legacy system on site, answer: yes-no}
waves:
  pilot: {title: Pilot, when: week 3 .. week 6, cutover: "week 6 mon 07:00", locations: 2}
workstreams:
  technical: Technical
tasks:
  sso: {title: Choose one sign-on provider, scope: network, owner: it-lead, due: week 1 fri, workstream: technical}
  readiness:
    title: Technical readiness
    owner: champion
    due: week 2 fri
    workstream: technical
    tasks:
      scanners: Label printers and scanners work
      photos: {title: Photograph the server room, evidence: photo}
      line-speed:
        title: Measure the line
        answer: {type: number, unit: Mbps, pass: at least 100}
        critical: true
      walk-through:
        title: Walk through the site
        checklist:
          front-desk: Front desk
          reading-room:
            title: Reading room
            checklist: {screens: Screens, phones: {title: Phones, answer: result}}
          old-system: {title: Old system, where: {legacy: true}}
          garden: {title: Garden, optional: true}
      cabling: {title: Have the cabling checked, owner: it-lead}
      posters: {title: Put up posters, optional: true}
  migration: {title: Migration test, owner: it-lead, due: cutover - 4wd, after: readiness, sign_off: director}
gates:
  go:
    title: Go or no-go
    when: cutover - 1wd 15:00
    owner: it-lead
    decide: director
    votes: [director, champion]
    criteria:
      ready: {title: Readiness done, tasks: [readiness, migration], critical: true}
issues:
  types: {defect: Defect, training-gap: Training gap, wish: Wish for change}
  default: normal
  ladder:
    - {to: champion, at: opened}
    - {to: ops-manager, at: 50 %}
    - {to: holder, at: 75 %}
    - {to: cto, at: 100 %}
  quiet_hours: "19:00-06:30"
  pause: [champion, ops-manager]
  confirm: champion
  again_after: 24h
  severities:
    critical:
      title: A site at a standstill
      quiet: false
      pause: none
      targets: [{respond: 15m, update: 1h, resolve: 4h, clock: elapsed}]
      ladder:
        - {to: champion, at: opened}
        - {to: ops-manager, at: opened + 15m, unless: acknowledged}
        - {to: cto, at: opened + 1h}
        - {to: voters of go, at: opened + 1h}
        - {to: sponsor, at: opened + 4h}
    normal:
      title: Operational issue
      targets:
        - {types: wish, resolve: 20wd, clock: business}
        - {when: live week 1 .. live week 4, respond: 4h, update: 12h, resolve: 24h, clock: elapsed}
        - {respond: 1wd, resolve: 3wd, clock: business}
"""
SITES = (
    {"id": "alder", "name": "Alder", "zone": "America/Chicago", "wave": "pilot", "attributes": {"legacy": True}},
    {"id": "birch", "name": "Birch", "zone": "America/New_York", "wave": "pilot", "attributes": {"legacy": False}},
)


@dataclass
class Cast:
    """Keys of people by their short names, and of what they work on. `cast.viewer(session, "chA")` is Chiara."""

    people: dict[str, int] = field(default_factory=dict)
    rollout: int = 0
    playbook: int = 0
    locations: dict[str, int] = field(default_factory=dict)

    def viewer(self, session: Session, who: str, now: datetime = NOW) -> Viewer:
        """The person with the memberships of this moment, and what they stand in for at `now`."""
        return viewer_of(session, self.people[who], now=now)

    def proven(self, session: Session, who: str, at: datetime = NOW) -> Viewer:
        """The person just after proving who they are, as a signature asks for."""
        return replace(self.viewer(session, who), proven_at=at)

    def task(self, session: Session, entry: str, location: str = "alder") -> Task:
        """A task of the rollout; an empty location means one of the network."""
        place = self.locations[location] if location else None
        return session.exec(select(Task).where(Task.entry == entry, Task.location_id == place)).one()


def email(who: str) -> str:
    return f"{who.lower()}@example.org"


def people(database: Database) -> Cast:
    """An installation with everybody's account, and nothing else. The administrator is no director."""
    return _made_once(database, _people)


def drafted(database: Database, playbook: str = PLAYBOOK) -> Cast:
    """Everybody, and a draft of the rollout with its locations and people."""
    return _made_once(database, _drafted, playbook)


def running(database: Database, playbook: str = PLAYBOOK) -> Cast:
    """Everybody in a started rollout whose tasks are written."""
    return _made_once(database, _running, playbook)


_made: dict[tuple[str, str, tuple[str, ...]], tuple[Cast, Rows]] = {}


def _made_once(database: Database, make: Callable[..., Cast], *given: str) -> Cast:
    """What `make` makes, through the actions the first time in a process, as the same rows after that."""
    dialect = database.engine.dialect.name
    key = (dialect, make.__name__, given)
    if key in _made:
        cast, rows = _made[key]
        put_back(database, rows)
    else:
        cast = make(database, *given)
        _made[key] = cast, rows_of(database)
    return deepcopy(cast)


def _people(database: Database) -> Cast:
    cast = Cast()
    with database.writing() as session:
        session.add(Installation(mark="tests", created_at=NOW))
    with database.writing() as session:
        token = first_run_token(session, now=NOW) or ""
        adm = first_run(session, token, name=NAMES["adm"], email=email("adm"), password=PASSWORD, now=NOW)
        cast.people["adm"] = adm.id or 0
        for who in NAMES.keys() - {"adm"}:
            cast.people[who] = _join(session, cast, who)
        add_membership(session, cast.people["dir"], role="director", by=cast.viewer(session, "adm"), now=NOW)
        _leave_only_administration(session, cast)
        deactivate(session, cast.people["off"], by=cast.viewer(session, "adm"), now=NOW)
    return cast


def _join(session: Session, cast: Cast, who: str) -> int:
    by = cast.viewer(session, "adm")
    person, token = invite(session, name=NAMES[who], email=email(who), by=by, now=NOW)
    accept_invitation(session, token or "", password=PASSWORD, now=NOW)
    return person.id or 0


def _leave_only_administration(session: Session, cast: Cast) -> None:
    rows = session.exec(select(Membership).where(Membership.person_id == cast.people["adm"])).all()
    for row in rows:
        if row.role != ADMINISTRATOR:
            remove_membership(session, row.id or 0, by=cast.viewer(session, "dir"), now=NOW)


def _drafted(database: Database, playbook: str) -> Cast:
    cast = people(database)
    with database.writing() as session:
        by = cast.viewer(session, "dir")
        version = upload_playbook(session, playbook.encode(), by=by, now=NOW)
        draft = draft_rollout(session, title="Two sites", playbook_version_id=version.id or 0, by=by, now=NOW)
        cast.rollout, cast.playbook = draft.id or 0, version.id or 0
        set_start(session, cast.rollout, start=START, seen=draft.version, by=by, now=NOW)
        set_locations(session, cast.rollout, SITES, seen=draft.version, by=by, now=NOW)
        holders = [Holding(role, cast.people[who], place) for role, who, place in HOLDINGS]
        set_people(session, cast.rollout, holders, seen=draft.version, by=by, now=NOW)
        rows = session.exec(select(Location).where(Location.rollout_id == cast.rollout))
        cast.locations = {row.slug: row.id or 0 for row in rows}
    return cast


def _running(database: Database, playbook: str) -> Cast:
    cast = drafted(database, playbook)
    with database.writing() as session:
        seen = session.get_one(Rollout, cast.rollout).version
        start_rollout(session, cast.rollout, seen=seen, by=cast.viewer(session, "dir"), now=NOW)
        tick(session, NOW)
    return cast
