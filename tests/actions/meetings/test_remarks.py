"""Wins and concerns: said about what one sees, settled once, taken back by whoever said them, taken away."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from app.actions.issues.reporting import report_issue
from app.actions.issues.talking import REDACTED
from app.actions.meetings.remarks import say_remark
from app.actions.meetings.settling import redact_remark, settle_remark, withdraw_remark
from app.db import Database
from app.errors import Forbidden, Invalid, NotFound, Refused, Stale
from app.models import Event, Remark, Rollout
from tests import cast as casting
from tests.actions.meetings.talks import occasion
from tests.cast import NOW, Cast
from tests.rules.meetings.book import TALKS


@pytest.fixture
def talks(db: Database) -> Cast:
    return casting.running(db, TALKS)


def say(session: Session, cast: Cast, who: str, **given: object) -> Remark:
    values = {
        "kind": "concern",
        "said": "The line is slow",
        "location_id": cast.locations["alder"],
        "now": NOW,
        **given,
    }
    return say_remark(session, cast.rollout, by=cast.viewer(session, who), **values)  # type: ignore[arg-type]


def test_what_is_said_stands_where_its_subject_is_and_not_in_the_history(db: Database, talks: Cast) -> None:
    with db.writing() as session:
        task = talks.task(session, "scanners", "birch")
        alder, by = talks.locations["alder"], talks.viewer(session, "chA")
        issue = report_issue(session, talks.rollout, location_id=alder, title="Dead", by=by, now=NOW)
        meeting = occasion(session, talks, "huddle", "alder")
        about = {"task": (task.id, "chB", "birch"), "issue": (issue.id, "chA", "alder"),
                 "meeting": (meeting.id, "chAB", "alder")}  # fmt: skip
        for kind, (id_, who, place) in about.items():
            row = say(session, talks, who, subject_kind=kind, subject_id=id_, location_id=None, kind="win")
            assert (row.location_id, row.subject_kind, row.subject_id) == (talks.locations[place], kind, id_)
        told = session.exec(select(Event).where(col(Event.verb).like("remark.%"))).all()
        assert [(one.verb, one.data) for one in told] == [("remark.said", {"after": {"kind": "win"}})] * 3


@pytest.mark.parametrize(
    ("who", "given", "refusal"),
    [
        ("chB", {}, NotFound), ("exe", {}, Forbidden), ("adm", {}, NotFound), ("chA", {"location_id": None}, Forbidden),
        ("opm", {"location_id": None}, None), ("itl", {}, None), ("chA", {"said": "  "}, Invalid),
        ("chA", {"kind": "hope"}, Invalid), ("chA", {"location_id": 99_999}, NotFound),
        ("chA", {"subject_kind": "task", "subject_id": 99_999}, NotFound),
        ("chA", {"subject_kind": "gate", "subject_id": 1}, NotFound),
        ("chA", {"subject_kind": "reconciliation", "subject_id": 1}, NotFound),
    ],
)  # fmt: skip
def test_who_works_there_says_something(
    db: Database, talks: Cast, who: str, given: dict[str, object], refusal: type[Exception] | None
) -> None:
    with db.writing() as session:
        if refusal is None:
            assert say(session, talks, who, **given).by_id == talks.people[who]
            return
        with pytest.raises(refusal):
            say(session, talks, who, **given)


def test_a_second_click_says_nothing_new_but_the_next_day_does(db: Database, talks: Cast) -> None:
    with db.writing() as session:
        first = say(session, talks, "chA")
        assert say(session, talks, "chA", now=NOW + timedelta(minutes=9)).id == first.id
        assert say(session, talks, "chAB").id != first.id
        assert say(session, talks, "chA", kind="win").id != first.id
        assert say(session, talks, "chA", now=NOW + timedelta(days=1)).id != first.id
        one = say(session, talks, "chA", said="Other", token="t")
        assert say(session, talks, "chA", said="Other", token="t", now=NOW + timedelta(days=1)).id == one.id
        with pytest.raises(Refused):
            say(session, talks, "chA", said="Another", token="t")


def test_a_concern_is_settled_once_by_somebody_who_works_there(db: Database, talks: Cast) -> None:
    with db.writing() as session:
        id_, by = say(session, talks, "chA").id or 0, talks.viewer(session, "opm")
        with pytest.raises(NotFound):
            settle_remark(session, id_, outcome="x", by=talks.viewer(session, "chB"), now=NOW)
        with pytest.raises(Forbidden):
            settle_remark(session, id_, outcome="x", by=talks.viewer(session, "exe"), now=NOW)
        with pytest.raises(Invalid):
            settle_remark(session, id_, outcome=" ", by=by, now=NOW)
        row = settle_remark(session, id_, outcome="A new line is ordered", by=by, now=NOW)
        assert (row.settled_at, row.settled_by, row.outcome) == (NOW, by.person, "A new line is ordered")
        settle_remark(session, id_, outcome="A new line is ordered", by=by, now=NOW + timedelta(hours=1))
        assert row.settled_at == NOW
        with pytest.raises(Stale) as refusal:
            settle_remark(session, id_, outcome="Nothing", by=talks.viewer(session, "chA"), now=NOW)
        assert (refusal.value.who, refusal.value.what) == ("Omar Haddad", "settled")
        with pytest.raises(Refused):
            settle_remark(session, say(session, talks, "chA", kind="win").id or 0, outcome="x", by=by, now=NOW)


def test_only_who_said_it_takes_it_back_and_its_text_is_gone(db: Database, talks: Cast) -> None:
    with db.writing() as session:
        id_ = say(session, talks, "chA").id or 0
        with pytest.raises(Forbidden):
            withdraw_remark(session, id_, by=talks.viewer(session, "dir"), now=NOW)
        row = withdraw_remark(session, id_, by=talks.viewer(session, "chA"), now=NOW)
        assert (row.said, row.withdrawn_at) == ("", NOW)
        withdraw_remark(session, id_, by=talks.viewer(session, "chA"), now=NOW + timedelta(days=1))
        assert row.withdrawn_at == NOW
        with pytest.raises(NotFound):
            settle_remark(session, id_, outcome="x", by=talks.viewer(session, "chA"), now=NOW)


def test_what_named_a_patient_is_taken_away_by_its_author_or_who_gives_out_work(db: Database, talks: Cast) -> None:
    with db.writing() as session:
        id_ = say(session, talks, "itl", said="MRN 48213377").id or 0
        by = talks.viewer(session, "dir")
        settle_remark(session, id_, outcome="MRN 48213377 again", by=by, now=NOW)
        with pytest.raises(Forbidden):
            redact_remark(session, id_, part="outcome", by=talks.viewer(session, "cto"), now=NOW)
        row = redact_remark(session, id_, part="said", by=talks.viewer(session, "itl"), now=NOW)
        assert (row.said, row.outcome) == (REDACTED, "MRN 48213377 again")
        row = redact_remark(session, id_, part="outcome", by=talks.viewer(session, "chA"), now=NOW)
        assert (row.outcome, row.redacted_at) == (REDACTED, NOW)
        before = len(session.exec(select(Event)).all())
        redact_remark(session, id_, part="said", by=by, now=NOW)
        assert len(session.exec(select(Event)).all()) == before


def test_nothing_is_said_in_a_closed_rollout(db: Database, talks: Cast) -> None:
    with db.writing() as session:
        id_ = say(session, talks, "chA").id or 0
        session.get_one(Rollout, talks.rollout).closed_at = NOW
        session.flush()
        for act in (
            lambda: say(session, talks, "chA", said="More"),
            lambda: settle_remark(session, id_, outcome="x", by=talks.viewer(session, "chA"), now=NOW),
            lambda: withdraw_remark(session, id_, by=talks.viewer(session, "chA"), now=NOW),
        ):
            with pytest.raises(Refused):
                act()
