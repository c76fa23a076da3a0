"""Leave: who may record it, who then acts for whom, and that all of it ends by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, col, select

from app.actions.people.accounts import deactivate
from app.actions.people.leaves import end_leave, record_leave, set_cover
from app.actions.people.memberships import add_membership, remove_membership
from app.actions.signoffs.signing import sign_task
from app.actions.tasks.completion import complete_task
from app.db import Database
from app.errors import Forbidden, Invalid, NotFound, Refused
from app.models import Delivery, Event, Leave, Membership
from app.rules.people.access import Grant, Permission
from tests import cast as casting
from tests.cast import NOW, PLAYBOOK, Cast

TODAY, FRIDAY = date(2027, 1, 5), date(2027, 1, 8)
SATURDAY = datetime(2027, 1, 9, tzinfo=ZoneInfo("America/Chicago"))
# The IT lead's backup is the CTO, the champion's the IT lead; nobody holds the trainer's role.
BACKED = PLAYBOOK.replace("it-lead: IT lead", "it-lead: {title: IT lead, backup: cto}").replace(
    "champion: Site champion", "champion: {title: Site champion, backup: it-lead}"
)


def away(
    session: Session,
    cast: Cast,
    who: str,
    *,
    cover: str = "",
    by: str = "dir",
    first: date = TODAY,
    last: date = FRIDAY,
) -> Leave:
    covering = cast.people[cover] if cover else None
    viewer = cast.viewer(session, by)
    return record_leave(session, cast.people[who], first=first, last=last, cover_id=covering, by=viewer, now=NOW)


def test_a_leave_is_from_the_first_to_the_last_day_at_the_place(db: Database, running: Cast) -> None:
    with db.writing() as session:
        row = away(session, running, "chB", by="chB")
        assert (row.zone, row.by_id, row.cover_id) == ("America/New_York", running.people["chB"], None)
        there = ZoneInfo("America/New_York")
        assert row.from_at == datetime(2027, 1, 5, tzinfo=there)
        assert row.until_at == datetime(2027, 1, 9, tzinfo=there)
        assert away(session, running, "itl", by="itl").zone == "America/Chicago"  # of the rollout
        assert away(session, running, "ch0", by="ch0").zone == "UTC"


def test_twice_is_quiet_and_one_event(db: Database, running: Cast) -> None:
    with db.writing() as session:
        first = away(session, running, "chA", by="chA")
        assert away(session, running, "chA", by="chA").id == first.id
        verbs = session.exec(select(Event.verb).where(col(Event.verb).contains("leave"))).all()
        assert verbs == ["person.leave_recorded"]


@pytest.mark.parametrize(
    ("by", "who", "cover", "refusal"),
    [
        ("chA", "chA", "", None),
        ("dir", "chA", "chB", None),
        ("adm", "chA", "chB", None),
        ("dir", "dir", "opm", None),
        ("chA", "chA", "chB", Forbidden),
        ("opm", "chA", "", Forbidden),
        ("chB", "chA", "", Forbidden),
        ("dir", "chA", "dir", Forbidden),
        ("dir", "chA", "off", Invalid),
        ("dir", "chA", "chA", Invalid),
    ],
)
def test_who_may_record_a_leave_and_name_a_cover(
    db: Database, running: Cast, by: str, who: str, cover: str, refusal: type[Exception] | None
) -> None:
    with db.writing() as session:
        if refusal is None:
            assert away(session, running, who, cover=cover, by=by).id
            return
        with pytest.raises(refusal):
            away(session, running, who, cover=cover, by=by)


def test_the_director_of_one_rollout_hands_over_no_rights_beyond_it(db: Database, running: Cast) -> None:
    with db.writing() as session:
        own = session.exec(select(Membership).where(Membership.person_id == running.people["dir"])).all()
        everywhere = next(row for row in own if row.rollout_id is None)
        remove_membership(session, everywhere.id or 0, by=running.viewer(session, "adm"), now=NOW)
        director = running.viewer(session, "dir")
        assert not any(grant.rollout is None for grant in director.grants)
        away(session, running, "chA", cover="chB")
        add_membership(session, running.people["itl"], role="manager", by=running.viewer(session, "adm"), now=NOW)
        away(session, running, "itl")
        with pytest.raises(Forbidden):
            away(
                session, running, "itl", cover="chB", first=FRIDAY + timedelta(days=7), last=FRIDAY + timedelta(days=8)
            )
        with pytest.raises(NotFound):
            away(session, running, "adm")


def test_days_that_cannot_be_are_refused(db: Database, running: Cast) -> None:
    with db.writing() as session:
        for first, last in ((FRIDAY, TODAY), (date(2026, 12, 1), date(2027, 1, 4)), (TODAY, date(2028, 2, 1))):
            with pytest.raises(Invalid):
                away(session, running, "chA", by="chA", first=first, last=last)
        away(session, running, "chA", by="chA")
        with pytest.raises(Refused, match="away already"):
            away(session, running, "chA", by="chA", first=FRIDAY, last=date(2027, 1, 20))
        away(session, running, "chA", by="chA", first=date(2027, 1, 9), last=date(2027, 1, 10))


def test_the_cover_acts_with_all_roles_and_only_while_the_leave_runs(db: Database, running: Cast) -> None:
    with db.writing() as session:
        away(session, running, "chB", cover="chA")
        alder, birch = running.locations["alder"], running.locations["birch"]
        viewer = running.viewer(session, "chA")
        assert viewer.roles(running.rollout, birch) == {"champion"}
        assert [grant.instead_of for grant in viewer.grants] == [None, ("Bengt Holm",)]
        assert viewer.covers == {running.people["chB"]}
        task = running.task(session, "scanners", "birch")
        assert complete_task(session, task.id or 0, seen=1, by=viewer, now=NOW).version == 2
        before = running.viewer(session, "chA", datetime(2027, 1, 5, 4, 59, tzinfo=ZoneInfo("UTC")))
        after = running.viewer(session, "chA", datetime(2027, 1, 9, 5, tzinfo=ZoneInfo("UTC")))
        for moment in (before, after):
            assert (moment.roles(running.rollout, birch), moment.covers) == (frozenset(), frozenset())
            assert moment.roles(running.rollout, alder) == {"champion"}


def test_an_ended_leave_a_lost_role_and_a_closed_account_take_the_rights_away_at_once(
    db: Database, running: Cast
) -> None:
    def stands_in(session: Session) -> bool:
        return running.viewer(session, "chA").can(
            Permission.CHECK_OFF, rollout=running.rollout, location=running.locations["birch"]
        )

    with db.writing() as session:
        leave = away(session, running, "chB", cover="chA")
        assert stands_in(session)
        end_leave(session, leave.id or 0, by=running.viewer(session, "chB"), now=NOW)
        assert not stands_in(session)
    with db.writing() as session:
        away(session, running, "chB", cover="chA")
        role = session.exec(select(Membership).where(Membership.person_id == running.people["chB"])).one()
        remove_membership(session, role.id or 0, by=running.viewer(session, "dir"), now=NOW)
        session.flush()
        assert not stands_in(session)
        session.rollback()
    with db.writing() as session:
        away(session, running, "chB", cover="chA")
        assert stands_in(session)
        deactivate(session, running.people["chB"], by=running.viewer(session, "adm"), now=NOW)
        session.flush()
        assert not stands_in(session)
        session.rollback()
    with db.writing() as session:
        away(session, running, "chB", cover="chA")
        deactivate(session, running.people["chA"], by=running.viewer(session, "adm"), now=NOW)
        with pytest.raises(NotFound):
            running.viewer(session, "chA")


def test_without_a_cover_the_backup_of_the_role_steps_in(db: Database) -> None:
    cast = casting.running(db, BACKED)
    alder, birch = cast.locations["alder"], cast.locations["birch"]
    with db.writing() as session:
        assert cast.viewer(session, "itl").roles(cast.rollout) == {"it-lead"}
        away(session, cast, "chB", by="chB")
        assert cast.viewer(session, "itl").roles(cast.rollout, birch) == {"it-lead"}  # the other champion is there
        away(session, cast, "chAB", by="chAB")
        viewer = cast.viewer(session, "itl")
        assert viewer.roles(cast.rollout, birch) == {"it-lead", "champion"}
        assert viewer.roles(cast.rollout, alder) == {"it-lead"}
        assert viewer.grants[-1] == Grant("champion", "member", cast.rollout, birch, ("Bengt Holm", "Abena Boateng"))
        away(session, cast, "itl", by="itl")
        assert cast.viewer(session, "itl").roles(cast.rollout, birch) == {"it-lead"}  # away, it stands in for nobody
        assert cast.viewer(session, "cto").roles(cast.rollout) == {"cto", "it-lead"}


def test_the_backup_steps_in_where_nobody_holds_the_role(db: Database) -> None:
    cast = casting.running(db, BACKED)
    with db.writing() as session:
        for row in session.exec(select(Membership).where(Membership.role == "champion")).all():
            remove_membership(session, row.id or 0, by=cast.viewer(session, "dir"), now=NOW)
        session.flush()
        viewer = cast.viewer(session, "itl")
        assert {grant.location for grant in viewer.grants if grant.role == "champion"} == set(cast.locations.values())
        assert {grant.instead_of for grant in viewer.grants if grant.role == "champion"} == {()}


def test_four_eyes_stays_a_matter_of_persons(db: Database, running: Cast) -> None:
    """The IT lead does the work and then covers the director, whose signature it wants: still own work."""
    with db.writing() as session:
        for entry in ("scanners", "posters", "cabling"):
            task = running.task(session, entry)
            complete_task(session, task.id or 0, seen=1, by=running.viewer(session, "dir"), now=NOW)
        task = running.task(session, "migration")
        complete_task(session, task.id or 0, seen=1, by=running.viewer(session, "itl"), now=NOW)
        away(session, running, "dir", cover="itl", by="adm")
        by = replace(running.viewer(session, "itl"), proven_at=NOW)
        assert "director" in by.roles(running.rollout)
        with pytest.raises(Refused):
            sign_task(session, task.id or 0, kind="sign_off", seen=task.version, by=by, now=NOW)


def test_a_cover_is_named_later_told_and_changed(db: Database, running: Cast) -> None:
    with db.writing() as session:
        leave = away(session, running, "chA", by="chA")
        with pytest.raises(Forbidden):
            set_cover(
                session, leave.id or 0, cover_id=running.people["chB"], by=running.viewer(session, "chA"), now=NOW
            )
        by = running.viewer(session, "dir")
        for _ in range(2):
            set_cover(session, leave.id or 0, cover_id=running.people["chB"], by=by, now=NOW)
        told = session.exec(select(Delivery.kind, Delivery.person_id, Delivery.subject_kind)).all()
        assert told == [("leave", running.people["chB"], "leave")]
        set_cover(session, leave.id or 0, cover_id=None, by=by, now=NOW)
        assert running.viewer(session, "chB").covers == frozenset()
        end_leave(session, leave.id or 0, by=by, now=NOW)
        with pytest.raises(Refused, match="over"):
            set_cover(session, leave.id or 0, cover_id=None, by=by, now=NOW)
        assert end_leave(session, leave.id or 0, by=by, now=NOW).ended_at == NOW


def test_nobody_else_ends_a_leave(db: Database, running: Cast) -> None:
    with db.writing() as session:
        leave = away(session, running, "chA", by="chA")
        for who in ("chB", "opm", "exe"):
            with pytest.raises(Forbidden):
                end_leave(session, leave.id or 0, by=running.viewer(session, who), now=NOW)
