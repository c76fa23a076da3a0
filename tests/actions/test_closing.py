"""A rollout is closed and read only, is taken up again, and is followed by the next one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from app.actions.deliveries.queue import queue_delivery
from app.actions.locations.joining import drop_location, planned_drop
from app.actions.people.accounts import deactivate
from app.actions.people.memberships import add_membership, remove_membership
from app.actions.playbooks import upload_playbook
from app.actions.rollouts.closing import close_rollout, next_rollout, reopen_rollout
from app.actions.tasks.added import add_task
from app.actions.tasks.assignments import assign_tasks
from app.actions.tasks.blocks import block_task
from app.actions.tasks.comments import comment_on_task
from app.actions.tasks.completion import complete_task
from app.db import Database
from app.errors import Forbidden, Invalid, NotFound, Refused, Stale
from app.models import Delivery, Event, Location, Membership, Rollout
from app.queries.digests import digest, home_calendar
from app.queries.dropped import NotToSend
from app.queries.letters import letter
from app.queries.rollouts.facts import rollout_facts
from app.queries.tasks.page import task_page
from app.queries.tasks.signoffs import to_sign
from app.queries.tasks.today import today
from tests.cast import NOW, PLAYBOOK, Cast

LATER = NOW + timedelta(days=30)


def close(session: Session, cast: Cast, who: str = "dir") -> Rollout:
    seen = session.get_one(Rollout, cast.rollout).version
    return close_rollout(session, cast.rollout, note="All are live.", seen=seen, by=cast.viewer(session, who), now=NOW)


def follow(session: Session, cast: Cast, who: str = "dir", **chosen: object) -> Rollout:
    given = {"title": "The next two", "playbook_version_id": cast.playbook, **chosen}
    return next_rollout(session, cast.rollout, **given, by=cast.viewer(session, who), now=NOW)  # type: ignore[arg-type]


# --- closing ----------------------------------------------------------------------------------------------------------


def test_a_closed_rollout_is_read_as_it_was(db: Database, running: Cast) -> None:
    with db.writing() as session:
        close(session, running)
        assert close(session, running).closed_note == "All are live."
        with pytest.raises(Refused, match="closed already: Dana Whitfield closed it, Tue 5 Jan, 09:00 Central"):
            close_rollout(session, running.rollout, note="x", seen=9, by=running.viewer(session, "dir"), now=LATER)
    with db.reading() as session:
        facts = rollout_facts(session, "two-sites")
        assert (facts.state, facts.closed_note, facts.has_plan) == ("closed", "All are live.", True)
        assert facts.as_of(LATER) == NOW == facts.as_of(NOW)
        page = task_page(session, running.task(session, "scanners").id or 0, running.viewer(session, "chA"), LATER)
        assert (page.open, page.may_act) == (False, False)
        (event,) = session.exec(select(Event).where(Event.verb == "rollout.closed"))
        assert event.data["after"] == {"note": "All are live."}


def test_in_a_closed_rollout_nothing_is_changed(db: Database, running: Cast) -> None:
    with db.writing() as session:
        close(session, running)
        by, task = running.viewer(session, "dir"), running.task(session, "scanners")
        key, person = task.id or 0, running.people["chA"]
        changes: tuple[Callable[[], object], ...] = (
            lambda: complete_task(session, key, seen=1, by=by, now=NOW),
            lambda: block_task(session, key, reason="x", seen=1, by=by, now=NOW),
            lambda: assign_tasks(session, {key: 1}, person, by=by, now=NOW),
            lambda: comment_on_task(session, key, text="x", by=by, now=NOW),
            lambda: add_task(session, running.rollout, title="x", due=None, by=by, now=NOW),
        )
        for change in changes:
            with pytest.raises(Refused, match="closed"):
                change()


def test_a_closed_rollout_is_on_nobodys_day_nor_in_any_mail(db: Database, running: Cast) -> None:
    with db.writing() as session:
        by = running.viewer(session, "chA")
        task = running.task(session, "migration")
        complete_task(session, task.id or 0, seen=1, by=running.viewer(session, "itl"), now=NOW)
        subject = ("task", task.id or 0)
        queue_delivery(
            session, kind="moved", person_id=by.person, key="k", subject=subject, rollout_id=running.rollout, now=NOW
        )
        assert digest(session, by, since=NOW, now=LATER) and home_calendar(session, by.person)
        assert to_sign(session, running.viewer(session, "dir"))
        close(session, running)
        assert not digest(session, by, since=NOW, now=LATER)
        assert home_calendar(session, by.person) is None
        assert today(session, by, LATER).rollouts == ()
        assert to_sign(session, running.viewer(session, "dir")) == []
        with pytest.raises(NotToSend, match="closed"):
            letter(session, session.exec(select(Delivery).where(Delivery.kind == "moved")).one(), by, NOW)


def test_it_can_be_taken_up_again(db: Database, running: Cast) -> None:
    with db.writing() as session:
        close(session, running)
        by, seen = running.viewer(session, "dir"), session.get_one(Rollout, running.rollout).version
        for _ in range(2):
            reopen_rollout(session, running.rollout, reason="One is not live.", seen=seen, by=by, now=LATER)
        task = running.task(session, "scanners")
        complete_task(session, task.id or 0, seen=1, by=running.viewer(session, "chA"), now=LATER)
        row = session.get_one(Rollout, running.rollout)
        assert (row.state, row.closed_by, row.closed_note) == ("running", None, "")
        (event,) = session.exec(select(Event).where(Event.verb == "rollout.reopened"))
        assert event.data == {"before": {"note": "All are live."}, "after": {"reason": "One is not live."}}


def test_closing_wants_a_note_and_the_present_version(db: Database, running: Cast) -> None:
    with db.writing() as session:
        by, seen = running.viewer(session, "dir"), session.get_one(Rollout, running.rollout).version
        with pytest.raises(Invalid):
            close_rollout(session, running.rollout, note=" ", seen=seen, by=by, now=NOW)
        with pytest.raises(Stale):
            close_rollout(session, running.rollout, note="x", seen=seen - 1, by=by, now=NOW)


def test_a_draft_is_neither_closed_nor_followed(db: Database, drafted: Cast) -> None:
    with db.writing() as session:
        with pytest.raises(Refused, match="not started"):
            close(session, drafted)
        with pytest.raises(Refused, match="not started"):
            follow(session, drafted)


@pytest.mark.parametrize(
    ("who", "refusal"), [("opm", Forbidden), ("chA", Forbidden), ("ch0", NotFound), ("adm", NotFound)]
)
def test_only_a_director_closes_and_follows(db: Database, running: Cast, who: str, refusal: type[Exception]) -> None:
    with db.writing() as session:
        by = running.viewer(session, who)
        with pytest.raises(refusal):
            close(session, running, who)
        with pytest.raises(refusal):
            reopen_rollout(session, running.rollout, reason="x", seen=1, by=by, now=NOW)
        with pytest.raises(refusal):
            follow(session, running, who)


# --- the next one -----------------------------------------------------------------------------------------------------


def held(session: Session, rollout: Rollout) -> set[tuple[str, int, str]]:
    slugs = dict(session.exec(select(Location.id, Location.slug)).all())
    rows = session.exec(select(Membership).where(Membership.rollout_id == rollout.id))
    return {(row.role, row.person_id, slugs.get(row.location_id, "")) for row in rows}


def test_the_next_rollout_begins_with_the_playbook_and_the_people_of_the_network(db: Database, running: Cast) -> None:
    with db.writing() as session:
        rollout = follow(session, running)
        people = running.people
        assert held(session, rollout) == {
            ("director", people["dir"], ""),
            ("ops-manager", people["opm"], ""),
            ("cto", people["cto"], ""),
            ("it-lead", people["itl"], ""),
            ("sponsor", people["exe"], ""),
        }
        assert (rollout.state, rollout.start, rollout.follows_id) == ("draft", None, running.rollout)
        assert rollout.playbook_version_id == running.playbook
        assert session.exec(select(Location).where(Location.rollout_id == rollout.id)).all() == []
        verbs = session.exec(select(Event.verb).order_by(col(Event.id).desc()).limit(2)).all()
        assert verbs == ["rollout.drafted", "rollout.followed"]
        assert follow(session, running).slug == "the-next-two-2"


def test_it_takes_the_locations_that_stayed_without_their_days(db: Database, running: Cast) -> None:
    with db.writing() as session:
        birch = session.get_one(Location, running.locations["birch"])
        birch.cutover, birch.calendar = (
            "2027-02-09 07:00",
            {"hours": "08:00-16:00", "closed": [{"title": "Works", "when": "week 2"}]},
        )
        session.add(birch)
        by, alder = running.viewer(session, "dir"), running.locations["alder"]
        shown = planned_drop(session, alder, by=by, now=NOW).fingerprint
        drop_location(session, alder, reason="Sold.", shown=shown, by=by, now=NOW)
        close(session, running)
        rollout = follow(session, running, locations=True, people_there=True)
        (row,) = session.exec(select(Location).where(Location.rollout_id == rollout.id)).all()
        assert (row.slug, row.name, row.zone, row.wave) == ("birch", "Birch", "America/New_York", "pilot")
        assert (row.attributes, row.calendar) == ({"legacy": False}, {"hours": "08:00-16:00"})
        assert (row.cutover, row.cutover_at, row.planned_at, row.playbook_version_id) == (None, None, None, None)
        assert {one for one in held(session, rollout) if one[2]} == {
            ("champion", running.people["chB"], "birch"),
            ("champion", running.people["chAB"], "birch"),
        }


def test_a_newer_version_of_the_same_playbook_may_be_chosen_and_nothing_else(db: Database, running: Cast) -> None:
    newer = (
        PLAYBOOK.replace('version: "1.0"', 'version: "1.1"')
        .replace("      cto: CTO\n", "")
        .replace("to: cto", "to: director")
        .replace(
            "legacy: {title: Legacy system on site, answer: yes-no}",
            "legacy: {title: Legacy, answer: [old, new]}",
        )
        .replace(", where: {legacy: true}", "")
    )
    with db.writing() as session:
        by = running.viewer(session, "dir")
        version = upload_playbook(session, newer.encode(), by=by, now=NOW)
        other = upload_playbook(
            session, newer.replace("muster: 1\nid: two-sites", "muster: 1\nid: others").encode(), by=by, now=NOW
        )
        with pytest.raises(Invalid):
            follow(session, running, playbook_version_id=other.id)
        rollout = follow(session, running, playbook_version_id=version.id, locations=True)
        assert "cto" not in {role for role, _, _ in held(session, rollout)}
        rows = session.exec(select(Location).where(Location.rollout_id == rollout.id)).all()
        assert [row.attributes for row in rows] == [{}, {}]


def test_whoever_is_out_of_use_is_not_taken_over(db: Database, running: Cast) -> None:
    with db.writing() as session:
        deactivate(session, running.people["cto"], by=running.viewer(session, "adm"), now=NOW)
        assert running.people["cto"] not in {person for _, person, _ in held(session, follow(session, running))}


def test_a_director_of_this_rollout_alone_directs_the_next_one_too(db: Database, running: Cast) -> None:
    with db.writing() as session:
        by = running.viewer(session, "dir")
        add_membership(session, running.people["opm"], role="director", rollout_id=running.rollout, by=by, now=NOW)
        rollout = follow(session, running, "opm")
        assert ("director", running.people["opm"], "") in held(session, rollout)
        row = session.exec(
            select(Membership.id).where(
                Membership.person_id == running.people["dir"], Membership.rollout_id == running.rollout
            )
        ).one()
        remove_membership(session, row or 0, by=running.viewer(session, "opm"), now=NOW)
        assert follow(session, running, title="By an account's right").id
