"""A location shows the others what its own people agreed to, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlmodel import Session, col, select

from app.actions.locations.consents import give_consent, withdraw_consent
from app.actions.locations.joining import drop_location, planned_drop
from app.actions.rollouts.closing import close_rollout
from app.actions.tasks.added import add_task
from app.actions.tasks.completion import complete_task
from app.db import Database
from app.errors import Forbidden, NotFound, Refused
from app.models import Consent, Event, Rollout
from app.queries.rollouts.facts import rollout_facts
from app.queries.shared import Neighbour, neighbours, offers
from app.rules.tasks.progress import State
from tests import cast as casting
from tests.cast import NOW, PLAYBOOK, Cast

SHARING = (
    PLAYBOOK
    + """\
metrics:
  waiting: {title: Waiting for an appointment, unit: minutes}
sharing:
  readiness-view:
    title: Readiness shown to the other location
    consent: champion
    metrics: [waiting]
    tasks: [migration, line-speed]
    workstreams: [technical]
  figures: {title: Figures, consent: champion, metrics: [waiting]}
"""
)


@pytest.fixture
def cast(db: Database) -> Cast:
    return casting.running(db, SHARING)


def agree(session: Session, cast: Cast, who: str = "chB", place: str = "birch") -> None:
    give_consent(session, cast.locations[place], "readiness-view", by=cast.viewer(session, who), now=NOW)


def seen(session: Session, cast: Cast, who: str) -> list[Neighbour]:
    return neighbours(session, cast.rollout, cast.viewer(session, who).locations(cast.rollout), NOW)


def test_nothing_is_shared_before_somebody_agrees(db: Database, cast: Cast) -> None:
    with db.reading() as session:
        assert seen(session, cast, "chA") == []


def test_what_was_agreed_to_is_seen_by_the_others_and_nothing_else(db: Database, cast: Cast) -> None:
    with db.writing() as session:
        agree(session, cast)
        task = cast.task(session, "scanners", "birch")
        complete_task(session, task.id or 0, seen=1, by=cast.viewer(session, "chB"), now=NOW)
    with db.reading() as session:
        (birch,) = seen(session, cast, "chA")
        assert birch.name == "Birch"
        (share,) = birch.shares
        due = {entry: cast.task(session, entry, "birch").due for entry in ("migration", "line-speed", "posters")}
        assert [(one.title, one.stands.state, one.stands.said, one.due) for one in share.parts] == [
            ("Migration test", State.WAITING, "0 of 1", due["migration"]),
            ("Measure the line", State.TODO, "0 of 1", due["line-speed"]),
            ("Technical", State.TRACK, "1 of 6", due["posters"]),
        ]


def test_nobody_sees_the_own_location_as_a_neighbour(db: Database, cast: Cast) -> None:
    with db.writing() as session:
        agree(session, cast)
        assert seen(session, cast, "chB") == seen(session, cast, "chAB") == seen(session, cast, "dir") == []


def test_what_was_added_by_hand_is_not_counted_among_what_is_shared(db: Database, cast: Cast) -> None:
    with db.writing() as session:
        agree(session, cast)
        before = seen(session, cast, "chA")
        add_task(
            session, cast.rollout, title="Secret", due=None, role="champion", location_id=cast.locations["birch"],
            workstream="technical", by=cast.viewer(session, "dir"), now=NOW,
        )  # fmt: skip
        assert seen(session, cast, "chA") == before


def test_it_ends_when_it_is_withdrawn(db: Database, cast: Cast) -> None:
    with db.writing() as session:
        agree(session, cast)
        agree(session, cast)
        by, birch = cast.viewer(session, "chB"), cast.locations["birch"]
        withdraw_consent(session, birch, "readiness-view", by=by, now=NOW)
        withdraw_consent(session, birch, "readiness-view", by=by, now=NOW)
        assert seen(session, cast, "chA") == []
        agree(session, cast)
        assert len(seen(session, cast, "chA")) == 1
        assert len(session.exec(select(Consent)).all()) == 2
        verbs = session.exec(select(Event.verb).where(col(Event.verb).contains("sharing")).order_by(col(Event.id)))
        assert verbs.all() == ["location.sharing_agreed", "location.sharing_withdrawn", "location.sharing_agreed"]


def test_what_the_playbook_names_later_was_not_agreed_to(db: Database, cast: Cast) -> None:
    with db.writing() as session:
        agree(session, cast)
        row = session.exec(select(Consent)).one()
        row.covers = {"tasks": ["migration"], "workstreams": []}
        session.add(row)
    with db.writing() as session:
        (birch,) = seen(session, cast, "chA")
        assert [one.title for one in birch.shares[0].parts] == ["Migration test"]
        assert [one.unseen for one in offers(session, rollout_facts(session, "two-sites")) if one.by] == [
            ("Measure the line", "Technical", "Waiting for an appointment (minutes)")
        ]
        agree(session, cast)
        (birch,) = seen(session, cast, "chA")
        assert len(birch.shares[0].parts) == 3


def test_a_location_that_left_shares_nothing(db: Database, cast: Cast) -> None:
    with db.writing() as session:
        agree(session, cast)
        by, birch = cast.viewer(session, "dir"), cast.locations["birch"]
        shown = planned_drop(session, birch, by=by, now=NOW).fingerprint
        drop_location(session, birch, reason="Sold.", shown=shown, by=by, now=NOW)
        assert seen(session, cast, "chA") == []


Act = Callable[..., object]


@pytest.mark.parametrize("act", [give_consent, withdraw_consent])
@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("dir", Forbidden),
        ("opm", Forbidden),
        ("itl", Forbidden),
        ("chA", NotFound),
        ("ch0", NotFound),
        ("adm", NotFound),
    ],
)
def test_only_the_holder_of_the_role_agrees_or_withdraws(
    db: Database, cast: Cast, act: Act, who: str, refusal: type[Exception]
) -> None:
    with db.writing() as session, pytest.raises(refusal):
        act(session, cast.locations["birch"], "readiness-view", by=cast.viewer(session, who), now=NOW)


def test_an_agreement_is_about_something_that_the_playbook_names(db: Database, cast: Cast) -> None:
    with db.writing() as session, pytest.raises(NotFound):
        give_consent(session, cast.locations["birch"], "nothing", by=cast.viewer(session, "chB"), now=NOW)


def test_in_a_closed_rollout_nobody_agrees_any_more_but_may_still_withdraw(db: Database, cast: Cast) -> None:
    with db.writing() as session:
        agree(session, cast)
        seen_version = session.get_one(Rollout, cast.rollout).version
        close_rollout(session, cast.rollout, note="Over.", seen=seen_version, by=cast.viewer(session, "dir"), now=NOW)
        with pytest.raises(Refused):
            agree(session, cast, "chA", "alder")
        withdraw_consent(session, cast.locations["birch"], "readiness-view", by=cast.viewer(session, "chB"), now=NOW)
        assert seen(session, cast, "chA") == []


def test_what_is_offered_is_the_work_and_the_figures_that_are_named(db: Database, cast: Cast) -> None:
    with db.reading() as session:
        found = offers(session, rollout_facts(session, "two-sites"))
        assert [(one.place.slug, one.id, one.role, one.by) for one in found] == [
            ("alder", "readiness-view", "champion", None),
            ("alder", "figures", "champion", None),
            ("birch", "readiness-view", "champion", None),
            ("birch", "figures", "champion", None),
        ]
        waiting = ("Waiting for an appointment (minutes)",)
        assert (found[0].work, found[0].figures) == (("Migration test", "Measure the line", "Technical"), waiting)
        assert (found[1].work, found[1].figures) == ((), waiting)
