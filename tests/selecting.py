"""A rollout of four locations whose pilots are still to be selected, and what its people do for it."""

from __future__ import annotations

from sqlmodel import Session, select

from app.actions.locations.facts import planned_facts, state_facts
from app.actions.playbooks import upload_playbook
from app.actions.rollouts.drafting import Holding, draft_rollout, set_locations, set_people, set_start
from app.actions.schedule.starting import start_rollout
from app.actions.selection.answering import answer_of_location, answer_of_set
from app.actions.selection.choosing import Signed, propose_set, sign_set
from app.db import Database
from app.models import Location, Rollout, ScheduledEntry, SelectionChoice
from app.stored import playbook_at
from app.stored.selection import StoredSelection, selection_at
from app.worker import tick
from tests import cast as casting
from tests.cast import HOLDINGS, NOW, PLAYBOOK, START, Cast

SELECTION = """\
selection:
  pilots:
    title: The pilot locations
    wave: pilot
    owner: ops-manager
    due: week 1 thu
    sign_off: sponsor
    exclude:
      renovating: {title: Under renovation, where: {renovation: true}}
      dead-end: {title: Legacy system without an upgrade path, where: {legacy: true, upgrade-path: false}}
    mix:
      - {title: One in town, where: {setting: urban}}
      - {title: One outside, where: {setting: suburban}}
    criteria:
      backing: {title: The leadership backs it, answer: yes-no, weight: 3, critical: true}
      billing: {title: Billing history is clean, where: {clean: true}, weight: 3}
      typical: {title: The location is no outlier, answer: yes-no, weight: 2}
    together:
      near: {title: They are near each other, answer: yes-no, critical: true}
      diverse: {title: They stand for the whole, answer: yes-no}
"""
ATTRIBUTES = """\
attributes:
  legacy: {title: Legacy system on site, answer: yes-no}
  upgrade-path: {title: Legacy system has an upgrade path, answer: yes-no}
  setting: {title: Setting, answer: [urban, suburban]}
  renovation: {title: Facility is being renovated, answer: yes-no}
  clean: {title: Clean billing history, answer: yes-no}
"""
WAVES = """\
waves:
  pilot: {title: Pilot, when: week 2 .. week 4, cutover: "week 4 mon 07:00", locations: 2}
  second: {title: Second wave, when: week 5 .. week 7, cutover: "week 7 mon 07:00", locations: 2}
"""
_FRAME = PLAYBOOK[PLAYBOOK.index("attributes:\n") : PLAYBOOK.index("workstreams:\n")]
CHOOSING = PLAYBOOK.replace(_FRAME, ATTRIBUTES + WAVES + SELECTION).replace(
    "gates:\n  go:\n", "gates:\n  chosen:\n    title: Pilots chosen\n    scope: network\n    when: week 1 fri 15:00\n"
    "    owner: ops-manager\n    decide: director\n    votes: [director]\n    after: pilots\n    criteria:\n"
    "      agreed: {title: Everybody agrees, answer: yes-no, owner: it-lead}\n  go:\n",
)  # fmt: skip
PLACES = {
    "alder": {"setting": "urban", "renovation": False, "legacy": False, "clean": True},
    "birch": {"setting": "suburban", "renovation": False, "legacy": False, "clean": False},
    "cedar": {"setting": "suburban", "renovation": False, "legacy": True, "clean": True},
    "dogwood": {"setting": "urban", "renovation": True, "legacy": False, "clean": True},
}
"""Alder and Cedar go best together, Dogwood is out, and of Cedar an upgrade path is not stated yet."""


def choosing(database: Database, playbook: str = CHOOSING) -> Cast:
    """Everybody in a started rollout of four locations: Alder and Birch are planned for the pilot."""
    return casting._made_once(database, _choosing, playbook)


def _choosing(database: Database, playbook: str) -> Cast:
    cast = casting.people(database)
    with database.writing() as session:
        by = cast.viewer(session, "dir")
        version = upload_playbook(session, playbook.encode(), by=by, now=NOW)
        draft = draft_rollout(session, title="Two sites", playbook_version_id=version.id or 0, by=by, now=NOW)
        cast.rollout, cast.playbook = draft.id or 0, version.id or 0
        set_start(session, cast.rollout, start=START, seen=draft.version, by=by, now=NOW)
        set_locations(session, cast.rollout, [_place(*one) for one in PLACES.items()], seen=draft.version, by=by,
                      now=NOW)  # fmt: skip
        holders = [Holding(role, cast.people[who], place) for role, who, place in HOLDINGS]
        set_people(session, cast.rollout, holders, seen=draft.version, by=by, now=NOW)
        rows = session.exec(select(Location).where(Location.rollout_id == cast.rollout))
        cast.locations = {row.slug: row.id or 0 for row in rows}
        start_rollout(session, cast.rollout, seen=draft.version, by=by, now=NOW)
        tick(session, NOW)
    return cast


def _place(slug: str, attributes: dict[str, object]) -> dict[str, object]:
    wave = "pilot" if slug in ("alder", "birch") else "second"
    return {"id": slug, "name": slug.capitalize(), "zone": "America/Chicago", "wave": wave, "attributes": attributes}


def selection_id(session: Session, cast: Cast) -> int:
    statement = select(ScheduledEntry.id).where(
        ScheduledEntry.kind == "selection", ScheduledEntry.rollout_id == cast.rollout
    )
    return session.exec(statement).one() or 0


def stored(session: Session, cast: Cast) -> StoredSelection:
    rollout = session.get_one(Rollout, cast.rollout)
    dated = session.get_one(ScheduledEntry, selection_id(session, cast))
    return selection_at(session, dated, playbook_at(session, rollout))


def answer(
    session: Session, cast: Cast, place: str, rule: str, text: str = "yes", *, part: str = "criteria", who: str = "opm"
) -> None:
    answer_of_location(
        session, selection_id(session, cast), cast.locations[place], part=part, rule=rule, text=text, seen=None,
        by=cast.viewer(session, who), now=NOW,
    )  # fmt: skip


def answer_set(session: Session, cast: Cast, rule: str, text: str = "yes", places: str = "alder birch") -> None:
    answer_of_set(
        session, selection_id(session, cast), locations=[cast.locations[one] for one in places.split()], rule=rule,
        text=text, seen=None, by=cast.viewer(session, "opm"), now=NOW,
    )  # fmt: skip


def all_answered(session: Session, cast: Cast, places: str = "alder birch") -> None:
    """Every question about these locations, and about them together, is answered with yes."""
    for place in places.split():
        for rule in ("backing", "typical"):
            answer(session, cast, place, rule)
    for rule in ("near", "diverse"):
        answer_set(session, cast, rule, places=places)


def propose(session: Session, cast: Cast, places: str = "alder birch", who: str = "opm") -> SelectionChoice:
    return propose_set(
        session, selection_id(session, cast), locations=[cast.locations[one] for one in places.split()], seen=None,
        by=cast.viewer(session, who), now=NOW,
    )  # fmt: skip


def sign(session: Session, cast: Cast, who: str = "exe", number: int | None = None) -> Signed:
    choice = stored(session, cast).choice
    return sign_set(
        session, selection_id(session, cast), number=number or (choice.number if choice else 0),
        by=cast.proven(session, who), now=NOW,
    )  # fmt: skip


def chosen(session: Session, cast: Cast, places: str = "alder birch") -> SelectionChoice:
    """Answered, proposed, signed."""
    all_answered(session, cast, places)
    propose(session, cast, places)
    found = sign(session, cast).choice
    assert found is not None
    return found


def restate(session: Session, cast: Cast, place: str, **facts: object) -> None:
    """Other facts are stated of a location."""
    by, key = cast.viewer(session, "dir"), cast.locations[place]
    here = next(one for one in stored(session, cast).scoring.candidates if one.id == key)
    attributes = {**here.candidate.facts.attributes, **facts}
    shown = planned_facts(session, key, attributes=attributes, by=by, now=NOW).fingerprint
    state_facts(session, key, name=here.name, attributes=attributes, reason="Looked.", shown=shown, by=by, now=NOW)
