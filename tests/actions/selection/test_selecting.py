"""Pilots are selected: scored, waived, proposed, signed."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from sqlmodel import Session, col, select

from app.actions.locations.joining import drop_location, planned_drop
from app.actions.selection.answering import answer_of_location
from app.actions.selection.choosing import propose_set, sign_set
from app.actions.selection.waiving import waive_exclusion, withdraw_waiver
from app.db import Database
from app.errors import Forbidden, Invalid, NotFound, ProofWanted, Refused, Stale
from app.models import Delivery, Event, Rollout, SelectionAnswer, SelectionChoice, SelectionSignature, SelectionWaiver
from app.rules.selection.judging import Stand
from app.rules.selection.words import out_words, score_words
from app.rules.signoffs import fingerprint
from tests.cast import NOW, Cast
from tests.selecting import (
    CHOOSING,
    all_answered,
    answer,
    answer_set,
    choosing,
    chosen,
    propose,
    restate,
    selection_id,
    sign,
    stored,
)


@pytest.fixture
def picking(database_url: str) -> Iterator[tuple[Database, Cast]]:
    database = Database(database_url)
    yield database, choosing(database)
    database.dispose()


def stands(session: Session, cast: Cast) -> dict[str, tuple[Stand, str]]:
    found = stored(session, cast).scoring.candidates
    return {one.candidate.slug: (one.stand, score_words(one)) for one in found}


def waive(
    session: Session, cast: Cast, place: str = "dogwood", who: str = "exe", reason: str = "Done by March."
) -> int:
    return waive_exclusion(
        session, selection_id(session, cast), cast.locations[place], exclusion="renovating", reason=reason,
        by=cast.proven(session, who), now=NOW,
    ).id or 0  # fmt: skip


def events(session: Session) -> list[str]:
    return list(session.exec(select(Event.verb).where(Event.subject_kind == "selection").order_by(col(Event.id))))


def test_every_location_is_scored_and_whoever_is_out_has_a_reason(picking: tuple[Database, Cast]) -> None:
    database, cast = picking
    with database.writing() as session:
        all_answered(session, cast, "alder cedar")
        found = stored(session, cast).scoring
        assert stands(session, cast) == {
            "alder": (Stand.FITS, "8 of 8"),
            "cedar": (Stand.UNCLEAR, "8 of 8"),
            "birch": (Stand.UNCLEAR, "0 of 8"),
            "dogwood": (Stand.OUT, "3 of 8"),
        }
        assert [one.candidate.slug for one in found.best] == ["alder", "cedar"]
        assert out_words(found.candidates[-1]) == "Dogwood is out: under renovation."


def test_a_later_answer_takes_the_place_of_an_earlier_one_which_stays(picking: tuple[Database, Cast]) -> None:
    database, cast = picking
    with database.writing() as session:
        for text in ("no", "no", "yes"):
            answer(session, cast, "alder", "backing", text)
        rows = session.exec(select(SelectionAnswer).order_by(col(SelectionAnswer.id))).all()
        assert [(one.value, one.replaced_at is None) for one in rows] == [(False, False), (True, True)]
        assert events(session) == ["selection.answered", "selection.answered"]


def test_a_critical_no_puts_a_location_out(picking: tuple[Database, Cast]) -> None:
    database, cast = picking
    with database.writing() as session:
        answer(session, cast, "alder", "backing", "no")
        assert stands(session, cast)["alder"][0] is Stand.OUT
        with pytest.raises(Refused) as refused:
            propose(session, cast)
    assert refused.value.missing == ("Alder is out: “The leadership backs it” is not met",)


def test_who_may_answer(picking: tuple[Database, Cast]) -> None:
    database, cast = picking
    with database.writing() as session:
        for who in ("dir", "opm"):
            answer(session, cast, "alder", "backing", who=who)
        for who, error in (("exe", Forbidden), ("itl", Forbidden), ("chA", Forbidden), ("chB", NotFound),
                           ("ch0", NotFound), ("adm", NotFound)):  # fmt: skip
            with pytest.raises(error):
                answer(session, cast, "alder", "backing", who=who)


def test_what_follows_from_facts_is_answered_by_nobody(picking: tuple[Database, Cast]) -> None:
    database, cast = picking
    with database.writing() as session:
        with pytest.raises(Invalid):
            answer(session, cast, "alder", "billing")
        with pytest.raises(Invalid):
            answer(session, cast, "alder", "backing", "perhaps")
        for part, rule in (("criteria", "nothing"), ("together", "near"), ("elsewhere", "backing")):
            with pytest.raises(NotFound):
                answer(session, cast, "alder", rule, part=part)


def test_an_answer_on_an_old_form_is_told_who_was_quicker(picking: tuple[Database, Cast]) -> None:
    database, cast = picking
    with database.writing() as session:
        answer(session, cast, "alder", "backing", "no", who="dir")
        with pytest.raises(Stale) as stale:
            answer_of_location(
                session, selection_id(session, cast), cast.locations["alder"], part="criteria", rule="backing",
                text="yes", seen=0, by=cast.viewer(session, "opm"), now=NOW,
            )  # fmt: skip
    assert stale.value.who == "Dana Whitfield"


def test_an_exclusion_is_lifted_by_a_waiver_and_by_nothing_else(picking: tuple[Database, Cast]) -> None:
    database, cast = picking
    with database.writing() as session:
        all_answered(session, cast, "dogwood birch")
        assert stands(session, cast)["dogwood"] == (Stand.OUT, "8 of 8")
        with pytest.raises(Refused):
            propose(session, cast, "dogwood birch")
        waiver = waive(session, cast)
        assert stands(session, cast)["dogwood"][0] is Stand.FITS
        propose(session, cast, "dogwood birch")
        withdraw_waiver(session, selection_id(session, cast), waiver, by=cast.viewer(session, "exe"), now=NOW)
        assert stands(session, cast)["dogwood"][0] is Stand.OUT
        with pytest.raises(Refused) as refused:
            sign(session, cast)
        rows = session.exec(select(SelectionWaiver)).all()
    assert refused.value.missing == ("Dogwood is out: under renovation",)
    assert [(one.reason, one.waived_as, one.withdrawn_at is None) for one in rows] == [
        ("Done by March.", "sponsor", False)
    ]


def test_waiving_twice_is_one_waiver(picking: tuple[Database, Cast]) -> None:
    database, cast = picking
    with database.writing() as session:
        first = waive(session, cast)
        assert waive(session, cast, reason="Again.") == first
        for _ in range(2):
            withdraw_waiver(session, selection_id(session, cast), first, by=cast.viewer(session, "exe"), now=NOW)
        assert events(session) == ["selection.waived", "selection.waiver_withdrawn"]


def test_a_waiver_is_for_whoever_signs_and_for_what_applies(picking: tuple[Database, Cast]) -> None:
    database, cast = picking
    with database.writing() as session:
        for who, error in (("opm", Forbidden), ("chA", NotFound), ("itl", Forbidden)):
            with pytest.raises(error):
                waive(session, cast, who=who)
        with pytest.raises(Invalid):
            waive(session, cast, reason=" ")
        with pytest.raises(Refused):
            waive(session, cast, "alder")
        with pytest.raises(NotFound):
            waive_exclusion(session, selection_id(session, cast), cast.locations["dogwood"], exclusion="none",
                            reason="x", by=cast.proven(session, "exe"), now=NOW)  # fmt: skip
        with pytest.raises(ProofWanted):
            waive_exclusion(session, selection_id(session, cast), cast.locations["dogwood"], exclusion="renovating",
                            reason="x", by=cast.viewer(session, "exe"), now=NOW)  # fmt: skip
        assert waive(session, cast, who="dir")
        assert session.exec(select(SelectionWaiver.waived_as)).one() == "director"


def test_a_set_is_proposed_and_signed_on_the_whole_scoring(picking: tuple[Database, Cast]) -> None:
    database, cast = picking
    with database.writing() as session:
        choice = chosen(session, cast)
        content = json.loads(choice.content)
        assert choice.sha256 == fingerprint(choice.content)
        assert content["chosen"] == {"alder": "Alder", "birch": "Birch"}
        assert content["candidates"]["dogwood"]["why"] == "under renovation"
        assert content["mix"] == {"1 One in town": "alder", "2 One outside": "birch"}
        assert stored(session, cast).settled
        told = session.exec(select(Delivery.kind, Delivery.person_id).order_by(Delivery.id)).all()
        assert [one for one in told if one[0].startswith("selection")] == [
            ("selection_sign", cast.people["exe"]), ("selection_signed", cast.people["opm"]),
        ]  # fmt: skip
        assert events(session)[-2:] == ["selection.proposed", "selection.signed"]


def test_proposing_and_signing_twice_is_quiet(picking: tuple[Database, Cast]) -> None:
    database, cast = picking
    with database.writing() as session:
        first = chosen(session, cast)
        assert propose(session, cast).id == first.id
        again = sign(session, cast).choice
        assert again is not None and again.id == first.id
        assert len(session.exec(select(SelectionSignature)).all()) == 1


def test_who_may_propose_and_sign(picking: tuple[Database, Cast]) -> None:
    database, cast = picking
    with database.writing() as session:
        all_answered(session, cast)
        for who, error in (("exe", Forbidden), ("itl", Forbidden), ("chA", Forbidden), ("ch0", NotFound)):
            with pytest.raises(error):
                propose(session, cast, who=who)
        propose(session, cast, who="dir")
        for who, error in (("opm", Forbidden), ("chA", Forbidden), ("adm", NotFound)):
            with pytest.raises(error):
                sign(session, cast, who)
        with pytest.raises(Refused) as own:
            sign(session, cast, "dir")
        assert own.value.reason.startswith("Nobody signs what they proposed.")
        with pytest.raises(ProofWanted):
            sign_set(session, selection_id(session, cast), number=1, by=cast.viewer(session, "exe"), now=NOW)
        assert sign(session, cast).choice is not None


@pytest.mark.parametrize(
    ("places", "missing"),
    [
        ("alder", ("Pilot takes 2 centres, 1 chosen", "the mix asks for 2 different centres",
                   "no centre of the set is left for “One outside”")),
        ("birch cedar", ("no centre of the set is left for “One in town”",)),
        ("alder birch cedar", ("Pilot takes 2 centres, 3 chosen",)),
        ("alder dogwood", ("Dogwood is out: under renovation", "no centre of the set is left for “One outside”")),
    ],
)  # fmt: skip
def test_a_set_that_is_not_what_the_playbook_asks_for_is_refused(
    picking: tuple[Database, Cast], places: str, missing: tuple[str, ...]
) -> None:
    database, cast = picking
    with database.writing() as session, pytest.raises(Refused) as refused:
        propose(session, cast, places)
    assert refused.value.missing == missing


def test_a_set_with_open_questions_is_not_signed(picking: tuple[Database, Cast]) -> None:
    database, cast = picking
    with database.writing() as session:
        answer(session, cast, "alder", "backing")
        answer_set(session, cast, "near", "no")
        propose(session, cast)
        with pytest.raises(Refused) as refused:
            sign(session, cast)
    assert refused.value.missing == (
        "of Birch it is not known: the leadership backs it (not answered yet)",
        "not so of the set: they are near each other",
        "of the set it is not known: they stand for the whole (not answered yet)",
    )


def test_an_answer_about_one_set_says_nothing_about_another(picking: tuple[Database, Cast]) -> None:
    database, cast = picking
    with database.writing() as session:
        all_answered(session, cast)
        for rule in ("backing", "typical"):
            answer(session, cast, "cedar", rule)
        restate(session, cast, "cedar", **{"upgrade-path": True})
        propose(session, cast, "alder cedar")
        with pytest.raises(Refused) as refused:
            sign(session, cast)
    assert [one.partition(":")[0] for one in refused.value.missing] == ["of the set it is not known"] * 2


def test_what_changes_before_the_signature_is_shown_and_frozen_anew(picking: tuple[Database, Cast]) -> None:
    database, cast = picking
    with database.writing() as session:
        all_answered(session, cast)
        choice = propose(session, cast)
        restate(session, cast, "dogwood", renovation=False)
        found = sign(session, cast, number=choice.number)
        assert found.choice is None
        rows = session.exec(select(SelectionChoice).order_by(col(SelectionChoice.id))).all()
        assert [(one.number, one.replaced_at is None) for one in rows] == [(1, False), (2, True)]
        assert [one["what"] for one in rows[0].changes] == ["candidates › dogwood", "exclusions › dogwood renovating"]
        assert sign(session, cast).choice is not None


def test_a_change_at_a_chosen_location_voids_the_signature_and_one_elsewhere_does_not(
    picking: tuple[Database, Cast],
) -> None:
    database, cast = picking
    with database.writing() as session:
        chosen(session, cast)
        restate(session, cast, "dogwood", renovation=False)
        assert stored(session, cast).settled
        restate(session, cast, "birch", renovation=True)
        found = stored(session, cast)
        assert not found.settled
        assert found.signatures == ()
        voided = session.exec(select(SelectionSignature.voided_at)).one()
        told = session.exec(select(Delivery.person_id).where(Delivery.kind == "selection_void")).all()
    assert voided == NOW
    assert told == [cast.people["exe"]]


def test_a_chosen_location_that_leaves_voids_the_signature(picking: tuple[Database, Cast]) -> None:
    database, cast = picking
    with database.writing() as session:
        chosen(session, cast)
        by, key = cast.viewer(session, "dir"), cast.locations["birch"]
        shown = planned_drop(session, key, by=by, now=NOW).fingerprint
        drop_location(session, key, reason="Sold.", shown=shown, by=by, now=NOW)
        assert not stored(session, cast).settled
        with pytest.raises(Refused) as refused:
            sign(session, cast)
    assert "1 of those chosen is in this rollout no more" in refused.value.missing


def test_another_set_replaces_the_one_that_was_signed(picking: tuple[Database, Cast]) -> None:
    database, cast = picking
    with database.writing() as session:
        chosen(session, cast)
        restate(session, cast, "cedar", **{"upgrade-path": True})
        all_answered(session, cast, "alder cedar")
        propose(session, cast, "alder cedar")
        assert not stored(session, cast).settled
        assert sign(session, cast).choice is not None


def test_a_stale_proposal_is_told_who_was_quicker(picking: tuple[Database, Cast]) -> None:
    database, cast = picking
    with database.writing() as session:
        answer(session, cast, "alder", "backing", who="dir")
        with pytest.raises(Stale):
            propose_set(
                session, selection_id(session, cast), locations=list(cast.locations.values())[:2], seen=0,
                by=cast.viewer(session, "opm"), now=NOW,
            )  # fmt: skip


def test_two_signatures_need_two_people(database_url: str) -> None:
    database = Database(database_url)
    cast = choosing(database, CHOOSING.replace("sign_off: sponsor", "sign_off: {of: [sponsor, cto], must: [cto]}"))
    with database.writing() as session:
        all_answered(session, cast)
        propose(session, cast)
        with pytest.raises(Forbidden):
            sign(session, cast, "exe")
        first = sign(session, cast, "cto").choice
        assert first is not None and first.settled_at is None
        second = sign(session, cast, "exe").choice
        assert second is not None and second.settled_at == NOW
    database.dispose()


def test_where_nobody_is_asked_to_sign_a_whole_set_is_chosen_when_it_is_proposed(database_url: str) -> None:
    database = Database(database_url)
    cast = choosing(database, CHOOSING.replace("    sign_off: sponsor\n", ""))
    with database.writing() as session:
        with pytest.raises(Refused):
            propose(session, cast)
        all_answered(session, cast)
        assert propose(session, cast).settled_at == NOW
        assert stored(session, cast).settled
        with pytest.raises(Forbidden):
            sign(session, cast, "exe")
    database.dispose()


def test_nothing_is_selected_in_a_closed_rollout(picking: tuple[Database, Cast]) -> None:
    database, cast = picking
    with database.writing() as session:
        rollout = session.get_one(Rollout, cast.rollout)
        rollout.closed_at = NOW
        session.add(rollout)
        session.flush()
        with pytest.raises(Refused):
            answer(session, cast, "alder", "backing")
