"""Answers: judged, kept, replaced, and refused where they cannot be one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import col, select

from app.actions.tasks.answers import answer_task
from app.actions.tasks.completion import complete_task
from app.db import Database
from app.errors import Invalid, Stale
from app.models import Answer, Event
from tests import cast as casting
from tests.cast import NOW, PLAYBOOK, Cast

LATER = NOW + timedelta(minutes=5)


def test_an_answer_is_judged_kept_and_replaced(db: Database, running: Cast) -> None:
    with db.writing() as session:
        by = running.viewer(session, "chA")
        task = running.task(session, "line-speed")
        answer_task(session, task.id or 0, "80", seen=1, by=by, now=NOW)
        answer_task(session, task.id or 0, "80", seen=1, by=by, now=LATER)
        assert [(row.value, row.judged, row.at) for row in session.exec(select(Answer))] == [(80, "fail", NOW)]
        answer_task(session, task.id or 0, "940", seen=2, by=by, now=LATER)
        assert [(row.value, row.judged) for row in session.exec(select(Answer))] == [(940, "pass")]
        last = session.exec(select(Event).order_by(col(Event.id).desc())).first()
        assert last is not None
        assert last.data == {"before": {"value": 80, "judged": "fail"}, "after": {"value": 940, "judged": "pass"}}


def test_an_answer_given_meanwhile_is_stale(db: Database, running: Cast) -> None:
    with db.writing() as session:
        task = running.task(session, "line-speed")
        answer_task(session, task.id or 0, "80", seen=1, by=running.viewer(session, "chA"), now=NOW)
        with pytest.raises(Stale) as refusal:
            answer_task(session, task.id or 0, "90", seen=1, by=running.viewer(session, "chAB"), now=NOW)
        assert refusal.value.what == "answered"


def test_what_cannot_be_an_answer_is_refused(db: Database, running: Cast) -> None:
    with db.writing() as session:
        by = running.viewer(session, "chA")
        for entry, text in (("line-speed", "fast"), ("line-speed", ""), ("scanners", "yes")):
            with pytest.raises(Invalid) as refusal:
                answer_task(session, running.task(session, entry).id or 0, text, seen=1, by=by, now=NOW)
            assert set(refusal.value.fields) == {"answer"}


def test_a_table_is_answered_a_row_a_line(db: Database) -> None:
    text = PLAYBOOK.replace(
        "      posters:",
        "      contacts: {title: Who to call, answer: {type: table, columns: {who: person, hours: number}}}\n"
        "      posters:",
    )
    cast = casting.running(db, text)
    with db.writing() as session:
        task, by = cast.task(session, "contacts"), cast.viewer(session, "chA")
        for typed in ("", "Ada", "Ada | many", "Ada | 1 | 2"):
            with pytest.raises(Invalid) as refusal:
                answer_task(session, task.id or 0, typed, seen=1, by=by, now=NOW)
            assert set(refusal.value.fields) == {"answer"}
        answer_task(session, task.id or 0, "Ada | 8\nBo | 4", seen=1, by=by, now=NOW)
        assert session.exec(select(Answer.value)).all() == [[{"who": "Ada", "hours": 8}, {"who": "Bo", "hours": 4}]]
        complete_task(session, task.id or 0, seen=2, by=by, now=NOW)
