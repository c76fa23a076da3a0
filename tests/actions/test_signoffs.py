"""Completed work that a second person must check or sign, and signatures that fall with what was signed."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from app.actions.signoffs.signing import sign_task, withdraw_signature
from app.actions.tasks.answers import answer_task
from app.actions.tasks.checklists import check_item, uncheck_item
from app.actions.tasks.completion import complete_task, reopen_task
from app.actions.tasks.evidence import attach_link, remove_evidence
from app.db import Database
from app.errors import Forbidden, Invalid, NotFound, ProofWanted, Refused, Stale
from app.models import Completion, Delivery, Event, Evidence, Signature, Task
from app.rules.signoffs import FRESH
from tests import cast as casting
from tests.cast import NOW, PLAYBOOK, Cast

SIGNED = PLAYBOOK.replace(
    "  migration: {title: Migration test, owner: it-lead, due: cutover - 4wd, after: readiness, sign_off: director}\n",
    """\
  migration:
    title: Migration test
    owner: it-lead
    due: cutover - 4wd
    verify: ops-manager
    sign_off: {of: [director, cto, sponsor], at_least: 2, must: [cto]}
    answer: {type: number, unit: studies, pass: at least 100}
    evidence: link
    checklist: {counts: Counts agree, spot-check: {title: Spot check, optional: true}}
""",
)


@pytest.fixture
def signing(db: Database) -> Cast:
    """The rollout whose migration test wants a check and two of three signatures, one of them the CTO's."""
    return casting.running(db, SIGNED)


def completed(db: Database, cast: Cast, who: str = "itl") -> int:
    with db.writing() as session:
        task = cast.task(session, "migration")
        complete_task(session, task.id or 0, seen=task.version, by=cast.viewer(session, who), now=NOW)
        return task.id or 0


def worked(db: Database, cast: Cast) -> int:
    """The migration test done by the IT lead, with answer, proof and tick."""
    with db.writing() as session:
        task, by = cast.task(session, "migration"), cast.viewer(session, "itl")
        task_id = task.id or 0
        answer_task(session, task_id, "120", seen=task.version, by=by, now=NOW)
        attach_link(session, task_id, url="https://wiki.example.org/counts", seen=task.version, by=by, now=NOW)
        check_item(session, task_id, "counts", seen=task.version, by=by, now=NOW)
        complete_task(session, task_id, seen=task.version, by=by, now=NOW)
        return task_id


def sign(session: Session, cast: Cast, task_id: int, who: str, kind: str = "sign_off") -> Task:
    task = session.get_one(Task, task_id)
    return sign_task(session, task_id, kind=kind, seen=task.version, by=cast.proven(session, who), now=NOW)


def signed(db: Database, cast: Cast) -> int:
    task_id = worked(db, cast)
    with db.writing() as session:
        sign(session, cast, task_id, "opm", "verify")
        sign(session, cast, task_id, "cto")
        sign(session, cast, task_id, "dir")
        assert session.exec(select(Completion.settled_at)).one() == NOW
    return task_id


def test_a_task_waits_for_its_signature_and_then_is_done(db: Database, running: Cast) -> None:
    task_id = completed(db, running)
    with db.writing() as session:
        assert session.exec(select(Completion.settled_at)).one() is None
        for _ in range(2):
            sign_task(session, task_id, kind="sign_off", seen=2, by=running.proven(session, "dir"), now=NOW)
        assert session.exec(select(Completion.settled_at)).one() == NOW
        assert [(row.kind, row.role) for row in session.exec(select(Signature))] == [("sign_off", "director")]


def test_nobody_signs_own_work(db: Database, running: Cast) -> None:
    task_id = completed(db, running, "dir")
    with db.writing() as session, pytest.raises(Refused, match="own work"):
        sign_task(session, task_id, kind="sign_off", seen=2, by=running.proven(session, "dir"), now=NOW)


def test_who_did_some_of_the_work_and_took_it_back_still_does_not_sign(db: Database, signing: Cast) -> None:
    with db.writing() as session:
        task, by = signing.task(session, "migration"), signing.viewer(session, "opm")
        check_item(session, task.id or 0, "counts", seen=task.version, by=by, now=NOW)
        uncheck_item(session, task.id or 0, "counts", seen=task.version, by=by, now=NOW)
    task_id = worked(db, signing)
    with db.writing() as session, pytest.raises(Refused, match="own work"):
        sign(session, signing, task_id, "opm", "verify")


@pytest.mark.parametrize(("who", "refusal"), [("cto", Forbidden), ("chA", Forbidden), ("chB", NotFound)])
def test_only_whoever_is_named_signs(db: Database, running: Cast, who: str, refusal: type[Exception]) -> None:
    task_id = completed(db, running)
    with db.writing() as session, pytest.raises(refusal):
        sign_task(session, task_id, kind="sign_off", seen=2, by=running.proven(session, who), now=NOW)


def test_nothing_is_signed_that_is_not_completed_or_not_asked_for(db: Database, running: Cast) -> None:
    with db.writing() as session:
        by = running.proven(session, "dir")
        for entry, kind in (("migration", "sign_off"), ("scanners", "sign_off"), ("migration", "verify")):
            with pytest.raises(Refused, match="waited for"):
                sign_task(session, running.task(session, entry).id or 0, kind=kind, seen=1, by=by, now=NOW)


@pytest.mark.parametrize("age", [None, FRESH + timedelta(seconds=1), -timedelta(seconds=1)])
def test_signing_asks_for_a_fresh_proof_of_identity(db: Database, running: Cast, age: timedelta | None) -> None:
    task_id = completed(db, running)
    with db.writing() as session:
        by = running.viewer(session, "dir") if age is None else running.proven(session, "dir", NOW - age)
        with pytest.raises(ProofWanted):
            sign_task(session, task_id, kind="sign_off", seen=2, by=by, now=NOW)
        assert session.exec(select(Signature)).all() == []


def test_it_is_checked_before_it_is_signed_and_two_of_three_are_enough(db: Database, signing: Cast) -> None:
    task_id = worked(db, signing)
    with db.writing() as session:
        with pytest.raises(Forbidden):
            sign(session, signing, task_id, "cto")
        sign(session, signing, task_id, "opm", "verify")
        with pytest.raises(Forbidden):
            sign(session, signing, task_id, "exe")  # the CTO's comes first
        sign(session, signing, task_id, "cto")
        assert session.exec(select(Completion.settled_at)).one() is None
        sign(session, signing, task_id, "exe")
        assert session.exec(select(Completion.settled_at)).one() == NOW
        assert [(row.role, row.meaning) for row in session.exec(select(Signature).order_by("id"))] == [
            ("ops-manager", "reviewed"),
            ("cto", "approved"),
            ("sponsor", "approved"),
        ]


def test_one_person_does_not_fill_two_signatures(db: Database, signing: Cast) -> None:
    task_id = worked(db, signing)
    with db.writing() as session:
        sign(session, signing, task_id, "dir", "verify")  # directors may sign for a role that is not theirs
        assert session.exec(select(Signature.role, Signature.signed_as)).one() == ("ops-manager", "director")
        with pytest.raises(Refused, match="two people"):
            sign(session, signing, task_id, "dir")


def test_a_signature_holds_what_was_signed_and_its_hash(db: Database, signing: Cast) -> None:
    task_id = signed(db, signing)
    with db.reading() as session:
        row = session.exec(select(Signature).where(Signature.role == "cto")).one()
        content = json.loads(row.content)
        assert hashlib.sha256(row.content.encode()).hexdigest() == row.sha256
        assert content["answers"] == {".": 120}
        assert content["ticks"] == {"counts": "ticked"}
        assert [piece["url"] for piece in content["evidence"].values()] == ["https://wiki.example.org/counts"]
        assert content["instructions"]["title"] == "Migration test"
        assert content["completed"]["by"] == signing.people["itl"]
        assert (row.task_id, row.name, row.proof) == (task_id, "Carla Toivonen", "password")


def test_a_changed_answer_voids_every_signature_and_the_task_waits_again(db: Database, signing: Cast) -> None:
    task_id = signed(db, signing)
    with db.writing() as session:
        task = session.get_one(Task, task_id)
        answer_task(session, task_id, "121", seen=task.version, by=signing.viewer(session, "itl"), now=NOW)
    with db.writing() as session:
        rows = session.exec(select(Signature)).all()
        assert [(row.voided_at, row.voided_by) for row in rows] == [(NOW, signing.people["itl"])] * 3
        assert rows[0].changes == [{"what": "answers › .", "was": "120", "now": "121"}]
        assert session.exec(select(Completion.settled_at)).one() is None
        event = session.exec(select(Event).where(Event.verb == "task.answered").order_by(Event.id.desc())).first()
        assert event is not None and event.data["after"]["voided"] == [row.id for row in rows]
        sign(session, signing, task_id, "opm", "verify")
        sign(session, signing, task_id, "cto")
        sign(session, signing, task_id, "dir")
        assert session.exec(select(Completion.settled_at)).one() == NOW
        assert len(session.exec(select(Signature)).all()) == 6


def test_new_evidence_and_an_untaken_tick_void_signatures_too(db: Database, signing: Cast) -> None:
    task_id = signed(db, signing)
    with db.writing() as session:
        by, task = signing.viewer(session, "itl"), session.get_one(Task, task_id)
        attach_link(session, task_id, url="https://wiki.example.org/more", seen=task.version, by=by, now=NOW)
        assert all(row.voided_at for row in session.exec(select(Signature)))
        check_item(session, task_id, "spot-check", seen=task.version, by=by, now=NOW)


def test_the_same_answer_again_leaves_signatures_alone(db: Database, signing: Cast) -> None:
    task_id = signed(db, signing)
    with db.writing() as session:
        task = session.get_one(Task, task_id)
        answer_task(session, task_id, "120", seen=task.version, by=signing.viewer(session, "itl"), now=NOW)
        assert all(row.voided_at is None for row in session.exec(select(Signature)))


def test_what_is_done_never_lacks_what_it_needs(db: Database, signing: Cast) -> None:
    task_id = signed(db, signing)
    with pytest.raises(Refused, match="would lack"), db.writing() as session:
        piece = session.exec(select(Evidence)).one()
        task = session.get_one(Task, task_id)
        remove_evidence(session, piece.id or 0, seen=task.version, by=signing.viewer(session, "itl"), now=NOW)
    with db.reading() as session:
        assert all(row.voided_at is None for row in session.exec(select(Signature)))
        assert session.exec(select(Evidence.removed_at)).one() is None


def test_reopening_voids_the_signature_and_deletes_nothing(db: Database, running: Cast) -> None:
    task_id = completed(db, running)
    with db.writing() as session:
        sign_task(session, task_id, kind="sign_off", seen=2, by=running.proven(session, "dir"), now=NOW)
        reopen_task(session, task_id, seen=3, by=running.viewer(session, "itl"), now=NOW)
        assert [row.voided_at for row in session.exec(select(Signature))] == [NOW]
        assert session.exec(select(Completion)).all() == []


def test_taking_ones_signature_back_needs_a_reason_and_is_ones_own(db: Database, signing: Cast) -> None:
    task_id = signed(db, signing)
    with db.writing() as session:
        row = session.exec(select(Signature).where(Signature.role == "cto")).one()
        seen = session.get_one(Task, task_id).version

        def withdraw(who: str, reason: str) -> Signature:
            by = signing.viewer(session, who)
            return withdraw_signature(session, row.id or 0, reason=reason, seen=seen, by=by, now=NOW)

        with pytest.raises(Invalid):
            withdraw("cto", "  ")
        with pytest.raises(Forbidden):
            withdraw("dir", "Not mine to say")
        with pytest.raises(NotFound):
            withdraw("chB", "Not mine to see")
        for _ in range(2):
            withdraw("cto", "I looked at the wrong report.")
        assert session.exec(select(Completion.settled_at)).one() is None
        assert session.exec(select(Event).where(Event.verb == "task.signature_withdrawn")).one()
        sign(session, signing, task_id, "cto")
        assert session.exec(select(Completion.settled_at)).one() == NOW


def test_a_task_reopened_meanwhile_is_not_signed(db: Database, running: Cast) -> None:
    task_id = completed(db, running)
    with db.writing() as session:
        reopen_task(session, task_id, seen=2, by=running.viewer(session, "itl"), now=NOW)
        complete_task(session, task_id, seen=3, by=running.viewer(session, "itl"), now=NOW)
        with pytest.raises(Stale):
            sign_task(session, task_id, kind="sign_off", seen=2, by=running.proven(session, "dir"), now=NOW)


def told(session: Session, kind: str) -> list[int]:
    return sorted(session.exec(select(Delivery.person_id).where(Delivery.kind == kind)))


def test_who_may_sign_next_is_told_and_who_signed_in_vain(db: Database, signing: Cast) -> None:
    task_id = worked(db, signing)
    people = signing.people
    with db.writing() as session:
        assert told(session, "signature_wanted") == [people["opm"]]
        sign(session, signing, task_id, "opm", "verify")
        assert told(session, "signature_wanted") == sorted([people["opm"], people["cto"]])
        answer_task(session, task_id, "121", seen=session.get_one(Task, task_id).version,
                    by=signing.viewer(session, "itl"), now=NOW)  # fmt: skip
        assert told(session, "signature_void") == [people["opm"]]
        assert told(session, "signature_wanted") == sorted([people["opm"], people["opm"], people["cto"]])
