"""A lesson goes from one line to a version of the playbook, and whoever raised it hears of every step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from app.actions.lessons.capturing import capture_lesson
from app.actions.lessons.carrying import join_proposal
from app.actions.lessons.deciding import accept_proposal, reject_proposal
from app.actions.lessons.judging import judge_lesson, pass_on
from app.actions.lessons.proposing import propose_change, propose_text
from app.actions.lessons.redacting import REDACTED, redact_lesson, redact_proposal
from app.actions.lessons.revising import add_change, renew_proposal, rewrite_proposal
from app.actions.playbooks import upload_playbook
from app.actions.rollouts.closing import close_rollout
from app.db import Database
from app.errors import Forbidden, Invalid, NotFound, Refused, Stale
from app.models import Delivery, Event, Lesson, Location, Notice, PlaybookVersion, Proposal, Rollout
from app.plan import PlaybookError, load
from app.plan.draft.guided import AddTask, ChangeTask
from app.plan.draft.versions import with_version
from app.plan.versions import changes
from app.queries.lessons.waiting import waiting
from app.rules.people.access import Viewer
from tests.cast import NOW, PLAYBOOK, Cast

NEW = AddTask(title="Count the labels twice", group="readiness")


class Stage:
    """`stage.do(act, "dir", key, …)` makes one change as somebody, in a transaction of its own."""

    def __init__(self, db: Database, cast: Cast) -> None:
        self.db, self.cast = db, cast

    def do(self, act: Callable[..., Any], who: str, key: int, **given: Any) -> Any:
        with self.db.writing() as session:
            row = act(session, key, **given, by=self.by(session, who), now=NOW)
            session.flush()
            session.expunge_all()
            return row

    def by(self, session: Session, who: str) -> Viewer:
        return self.cast.viewer(session, who)

    def learn(self, who: str = "chA", said: str = "Label printers print twice", **given: Any) -> Lesson:
        given = given or {"subject": "location", "subject_id": self.cast.locations["alder"]}
        return self.do(capture_lesson, who, self.cast.rollout, said=said, **given)

    def propose(self, lesson: Lesson, change: Any = NEW, who: str = "dir") -> Proposal:
        return self.do(propose_change, who, lesson.id or 0, change=change, seen=None)

    def all(self, statement: Any) -> list[Any]:
        with self.db.reading() as session:
            found = list(session.exec(statement))
            session.expunge_all()
            return found

    def upload(self, text: str) -> None:
        with self.db.writing() as session:
            upload_playbook(session, text.encode(), by=self.by(session, "dir"), now=NOW)


@pytest.fixture
def stage(db: Database, running: Cast) -> Stage:
    return Stage(db, running)


def test_the_same_words_about_the_same_thing_are_one_lesson(stage: Stage) -> None:
    first, again = stage.learn(), stage.learn()
    assert (first.id, first.number, first.location_id) == (again.id, 1, stage.cast.locations["alder"])
    assert stage.learn("opm").number == 2
    assert stage.learn(said="Another thing").number == 3
    events = stage.all(select(Event).where(Event.verb == "lesson.captured"))
    assert [one.data["after"]["number"] for one in events] == [1, 2, 3]
    assert all("print twice" not in str(one.data) for one in stage.all(select(Event)))


def test_a_lesson_stands_where_it_was_learnt(stage: Stage) -> None:
    with stage.db.reading() as session:
        task, sso = stage.cast.task(session, "scanners").id, stage.cast.task(session, "sso", "").id
    at = stage.learn(subject="task", subject_id=task)
    assert (at.location_id, at.subject_kind, at.subject_id) == (stage.cast.locations["alder"], "task", task)
    assert stage.learn(subject="task", subject_id=sso).location_id is None
    with pytest.raises(NotFound):
        stage.learn("chB", subject="task", subject_id=task)
    with pytest.raises(NotFound):
        stage.learn(subject="meeting", subject_id=task)
    with pytest.raises(Invalid):
        stage.learn(subject="nonsense", subject_id=1)
    with pytest.raises(Invalid):
        stage.learn(said="  ")


def test_only_who_works_there_says_what_was_learnt(stage: Stage) -> None:
    with pytest.raises(Forbidden):
        stage.learn("exe")
    with pytest.raises(NotFound):
        stage.learn("ch0")
    with pytest.raises(NotFound):
        stage.learn("chB")
    assert stage.learn("chB", subject="", subject_id=None).location_id is None


def test_a_judgement_is_told_and_a_stale_one_refused(stage: Stage) -> None:
    lesson = stage.learn()
    with pytest.raises(Forbidden):
        stage.do(judge_lesson, "chA", lesson.id, outcome="noted", seen=1)
    with pytest.raises(Invalid):
        stage.do(judge_lesson, "opm", lesson.id, outcome="dismissed", seen=1)
    noted = stage.do(judge_lesson, "opm", lesson.id, outcome="noted", seen=1)
    assert (noted.outcome, noted.judged_by, noted.version) == ("noted", stage.cast.people["opm"], 2)
    assert stage.do(judge_lesson, "opm", lesson.id, outcome="noted", seen=1).version == 2
    with pytest.raises(Stale):
        stage.do(judge_lesson, "dir", lesson.id, outcome="dismissed", reason="Only here", seen=1)
    stage.do(judge_lesson, "dir", lesson.id, outcome="dismissed", reason="Only here", seen=2)
    told = stage.all(select(Notice).where(Notice.kind == "lesson").order_by(col(Notice.id)))
    assert [(one.person_id, one.said) for one in told] == [
        (stage.cast.people["chA"], "noted for the record"),
        (stage.cast.people["chA"], "not taken further"),
    ]


def test_a_proposal_is_the_newest_version_with_one_change(stage: Stage) -> None:
    lesson = stage.learn()
    proposal = stage.propose(lesson)
    assert (proposal.number, proposal.title, proposal.outcome) == (1, "New task: Count the labels twice", "")
    old, new = load(PLAYBOOK.encode()), load(proposal.text.encode())
    assert new.version == "1.1"
    assert [str(one) for one in changes(old, new)] == ["added: tasks count-the-labels-twice (Count the labels twice)"]
    line = "      count-the-labels-twice: Count the labels twice\n"
    assert with_version(proposal.text, "1.0").replace(line, "") == PLAYBOOK
    with stage.db.reading() as session:
        assert waiting(session, stage.cast.rollout) == (0, 1)
        assert session.get_one(Lesson, lesson.id).proposal_id == proposal.id


def test_only_who_changes_playbooks_proposes(stage: Stage) -> None:
    lesson = stage.learn()
    with pytest.raises(Forbidden):
        stage.propose(lesson, who="opm")
    with pytest.raises(Forbidden):
        stage.propose(lesson, who="chA")
    proposal = stage.propose(lesson)
    with pytest.raises(Forbidden):
        stage.do(accept_proposal, "opm", proposal.id, seen=None)
    with pytest.raises(NotFound):
        stage.do(accept_proposal, "ch0", proposal.id, seen=None)


def test_a_change_that_makes_mistakes_is_refused_whole(stage: Stage) -> None:
    lesson = stage.learn()
    with pytest.raises(PlaybookError) as found:
        stage.propose(lesson, AddTask(title="x", group="readiness", due="cutover -3d"))
    assert [(one.id, one.path) for one in found.value.report.errors] == [("D1", "tasks.readiness.tasks.x.due")]
    with pytest.raises(Invalid) as fault:
        stage.propose(lesson, AddTask(title="x", group="nowhere"))
    assert set(fault.value.fields) == {"group"}
    assert stage.all(select(Proposal)) == []
    assert stage.all(select(Lesson.outcome)) == [""]


def test_the_same_form_proposes_once(stage: Stage) -> None:
    lesson = stage.learn()
    made = [stage.do(propose_change, "dir", lesson.id, change=NEW, token="one", seen=1).id for _ in range(2)]
    assert made[0] == made[1]
    with pytest.raises(Refused, match="sent before"):
        stage.do(propose_change, "dir", lesson.id, change=AddTask(title="Other"), token="one", seen=1)
    with pytest.raises(Refused, match="A proposal carries it"):
        stage.do(propose_change, "dir", lesson.id, change=NEW, token="two", seen=2)
    with pytest.raises(Refused, match="A proposal carries it"):
        stage.do(judge_lesson, "opm", lesson.id, outcome="noted", seen=2)


def test_accepted_it_is_a_version_and_the_rollout_stays_on_its_own(stage: Stage) -> None:
    lesson, other = stage.learn(), stage.learn("chB", subject="location", subject_id=stage.cast.locations["birch"])
    proposal = stage.propose(lesson)
    stage.do(join_proposal, "dir", other.id, proposal_id=proposal.id, seen=1)
    assert stage.do(join_proposal, "dir", other.id, proposal_id=proposal.id, seen=1).version == 2
    accepted = stage.do(accept_proposal, "dir", proposal.id, reason="It costs nothing", seen=1)
    assert stage.do(accept_proposal, "dir", proposal.id, reason="Again", seen=1).reason == "It costs nothing"
    version = stage.all(select(PlaybookVersion).where(PlaybookVersion.id == accepted.result_id))[0]
    assert (version.version, version.text, version.uploaded_by) == ("1.1", proposal.text, stage.cast.people["dir"])
    assert stage.all(select(Rollout.playbook_version_id)) == [stage.cast.playbook]
    assert set(stage.all(select(Location.playbook_version_id))) == {stage.cast.playbook}
    told = stage.all(select(Notice.person_id, Notice.said).where(Notice.kind == "lesson"))
    assert sorted(told) == sorted((stage.cast.people[who], "in the playbook, version 1.1") for who in ("chA", "chB"))
    with pytest.raises(Refused, match="accepted already"):
        stage.do(reject_proposal, "dir", proposal.id, reason="No", seen=2)
    with pytest.raises(Refused, match="stands in the playbook"):
        stage.do(judge_lesson, "dir", lesson.id, outcome="noted", seen=2)


def test_rejected_its_lessons_may_be_judged_anew(stage: Stage) -> None:
    lesson = stage.learn()
    proposal = stage.propose(lesson)
    with pytest.raises(Invalid):
        stage.do(reject_proposal, "dir", proposal.id, reason=" ", seen=1)
    stage.do(reject_proposal, "dir", proposal.id, reason="Every centre has other printers", seen=1)
    assert stage.all(select(PlaybookVersion.version)) == ["1.0"]
    with pytest.raises(Refused, match="rejected already"):
        stage.do(accept_proposal, "dir", proposal.id, seen=2)
    assert stage.propose(lesson).number == 2


def test_what_somebody_else_kept_outdates_a_proposal_until_it_is_made_anew(stage: Stage) -> None:
    proposal = stage.propose(stage.learn())
    stage.upload(with_version(PLAYBOOK, "1.1").replace("Have the cabling checked", "Have all cabling checked"))
    for act, given in ((accept_proposal, {}), (add_change, {"change": AddTask(title="More", owner="director")})):
        with pytest.raises(Refused, match=r"Version 1\.1 is here"):
            stage.do(act, "dir", proposal.id, seen=1, **given)
    anew = stage.do(renew_proposal, "dir", proposal.id, seen=1)
    book = load(anew.text.encode())
    assert (book.version, "count-the-labels-twice" in book.entries) == ("1.2", True)
    assert book.entries["cabling"].title == "Have all cabling checked"
    assert stage.do(renew_proposal, "dir", proposal.id, seen=1).version == anew.version
    assert stage.do(accept_proposal, "dir", proposal.id, seen=anew.version).result_id is not None


def test_what_was_written_freely_is_carried_over_where_nobody_wrote(stage: Stage) -> None:
    text = PLAYBOOK.replace("Measure the line", "Measure both lines")
    proposal = stage.do(propose_text, "dir", stage.learn().id, title="Two lines", text=text, seen=None)
    stage.upload(with_version(PLAYBOOK, "1.1").replace("Choose one sign-on provider", "Choose a sign-on provider"))
    anew = stage.do(renew_proposal, "dir", proposal.id, seen=1)
    book = load(anew.text.encode())
    titles = (book.version, book.entries["line-speed"].title, book.entries["sso"].title)
    assert titles == ("1.2", "Measure both lines", "Choose a sign-on provider")
    stage.upload(with_version(PLAYBOOK, "1.2").replace("Measure the line", "Measure every line"))
    with pytest.raises(Refused, match="same lines"):
        stage.do(renew_proposal, "dir", proposal.id, seen=anew.version)


def test_a_proposal_grows_until_it_is_decided(stage: Stage) -> None:
    proposal = stage.propose(stage.learn())
    more = ChangeTask(entry="scanners", how="Print ten, count ten.", line="Ten printed")
    grown = stage.do(add_change, "dir", proposal.id, change=more, seen=1)
    assert stage.do(add_change, "dir", proposal.id, change=more, seen=1).version == grown.version == 2
    scanners = load(grown.text.encode()).entries["scanners"]
    assert (scanners.how, [*scanners.checklist]) == ("Print ten, count ten.", ["ten-printed"])  # type: ignore[attr-defined]
    with pytest.raises(Stale):
        stage.do(rewrite_proposal, "dir", proposal.id, text=PLAYBOOK + "# more\n", seen=1)
    with pytest.raises(Refused, match="Nothing would change"):
        stage.do(rewrite_proposal, "dir", proposal.id, text=PLAYBOOK, seen=2)
    with pytest.raises(Refused, match="the playbook `other`"):
        stage.do(rewrite_proposal, "dir", proposal.id, text=PLAYBOOK.replace("id: two-sites", "id: other"), seen=2)
    with pytest.raises(PlaybookError):
        stage.do(rewrite_proposal, "dir", proposal.id, text="muster: 1\n", seen=2)
    text = grown.text.replace("Ten printed", "Ten were printed")
    written = stage.do(rewrite_proposal, "dir", proposal.id, text=text, seen=2)
    assert [one["do"] for one in written.edits] == ["add-task", "change-task", "text"]


def test_what_is_passed_on_may_be_read_by_those_ahead(stage: Stage) -> None:
    lesson = stage.learn()
    with pytest.raises(Refused, match="what becomes of it"):
        stage.do(pass_on, "opm", lesson.id)
    stage.do(judge_lesson, "opm", lesson.id, outcome="noted", seen=1)
    told = stage.do(pass_on, "opm", lesson.id)
    assert stage.do(pass_on, "dir", lesson.id).told_by == told.told_by == stage.cast.people["opm"]
    notices = stage.all(select(Notice.person_id).where(Notice.kind == "lesson_shared"))
    assert sorted(notices) == sorted(stage.cast.people[who] for who in ("chB", "chAB"))
    assert stage.all(select(Delivery.kind).where(Delivery.kind == "lesson_shared")) == ["lesson_shared"] * 2


def test_nobody_is_told_where_every_location_is_live(stage: Stage) -> None:
    lesson = stage.learn()
    stage.do(judge_lesson, "opm", lesson.id, outcome="noted", seen=1)
    with stage.db.writing() as session:
        for place in session.exec(select(Location)):
            place.cutover_at = NOW - timedelta(days=1)
    with pytest.raises(Refused, match="Every centre is live"):
        stage.do(pass_on, "opm", lesson.id)


def test_a_named_patient_is_taken_away_for_good(stage: Stage) -> None:
    lesson = stage.learn()
    for who, error in (("itl", Forbidden), ("chB", NotFound)):
        with pytest.raises(error):
            stage.do(redact_lesson, who, lesson.id)
    gone = stage.do(redact_lesson, "chA", lesson.id)
    assert (gone.said, gone.redacted_at, gone.version) == (REDACTED, NOW, 2)
    assert stage.do(redact_lesson, "chAB", lesson.id).version == 2
    proposal = stage.propose(lesson)
    stage.do(reject_proposal, "dir", proposal.id, reason="Because of Mr X", seen=1)
    assert stage.do(redact_proposal, "dir", proposal.id, part="reason").reason == REDACTED


def test_nothing_is_changed_in_a_closed_rollout(stage: Stage) -> None:
    lesson, other = stage.learn(), stage.learn(said="Another")
    proposal = stage.propose(lesson)
    with stage.db.writing() as session:
        seen = session.get_one(Rollout, stage.cast.rollout).version
        close_rollout(session, stage.cast.rollout, note="Over", seen=seen, by=stage.by(session, "dir"), now=NOW)
    tries: list[tuple[Callable[..., Any], int, dict[str, Any]]] = [
        (judge_lesson, other.id or 0, {"outcome": "noted", "seen": 1}),
        (redact_lesson, other.id or 0, {}),
        (accept_proposal, proposal.id or 0, {"seen": 1}),
        (propose_change, other.id or 0, {"change": NEW, "seen": 1}),
    ]
    for act, key, given in tries:
        with pytest.raises(Refused, match="closed"):
            stage.do(act, "dir", key, **given)
    with pytest.raises(Refused, match="closed"):
        stage.learn(said="Too late")
