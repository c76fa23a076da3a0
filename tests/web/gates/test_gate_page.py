"""The page of a gate: the sentence, the criteria, the answers; for everybody who may see it and for nobody else."""

from __future__ import annotations

import re

import pytest
from sqlmodel import Session, select

from app.actions.issues.reporting import report_issue
from app.models import GateAnswer, GateFile, Rollout
from tests.cast import NOW
from tests.web.gates.floor import Floor, text_of


def report(floor: Floor, severity: str = "critical") -> None:
    site = floor.site
    with site.database.writing() as session:
        report_issue(
            session, site.cast.rollout, location_id=site.cast.locations["alder"], title="No images", severity=severity,
            by=site.cast.viewer(session, "chA"), now=NOW,
        )  # fmt: skip


def test_it_opens_with_the_gate_in_time_and_where_it_stands(floor: Floor) -> None:
    page = floor.page("dir")
    assert "Readiness review, T−10 d. Friday 29 January, 15:00 Central" in text_of(page)
    assert floor.says("dir") == "Go is closed until one critical criterion is met: Failover seen."
    assert "Meet it, or ask for a waiver. Then more than half of the votes cast carry it." in text_of(page)
    assert "2 of 4 met, 2 open" in text_of(page)
    assert page.count("<h1") == 1 and 'id="gate"' in page


def test_what_stands_in_the_way_comes_first_and_leads_to_what_is_behind_it(floor: Floor) -> None:
    report(floor)
    page = floor.page("dir")
    assert floor.says("dir") == "Go is closed while one veto stands: No standstill."
    rows = re.findall(r'<tr role="row" id="criterion-([a-z]+)" data-status="([a-z]+)"', page)
    assert rows == [("calm", "blocked"), ("safe", "open"), ("fast", "open"), ("few", "met")]
    assert "Issue 1" in page and "/issues?location=alder&amp;severity=critical" in page
    assert 'href="#answer-safe"' in page
    assert "1 open" in text_of(page[page.index('id="criterion-calm"') :])


def test_the_day_of_the_gate_turns_what_is_open_into_a_veto(floor: Floor) -> None:
    floor.site.now = NOW.replace(day=29)
    floor.site.sign_everybody_in_anew()
    assert floor.says("dir") == "Go is closed while one veto stands: Failover seen."
    assert 'id="criterion-safe" data-status="blocked"' in floor.page("dir")


@pytest.mark.parametrize("who", ["dir", "opm", "cto", "itl", "chA", "chAB", "exe"])
def test_everybody_of_the_place_sees_it(floor: Floor, who: str) -> None:
    assert "Failover seen" in floor.page(who)


@pytest.mark.parametrize("who", ["chB", "ch0", "adm"])
def test_nobody_else_knows_of_it(floor: Floor, who: str) -> None:
    client = floor.site.client(who)
    assert client.get(f"/gates/{floor.gate}").status_code == 404
    assert client.get(f"/gates/{floor.gate}").text == client.get("/gates/99999").text
    assert floor.answer(who, "safe", "yes").status_code == 404


def test_the_one_who_is_asked_answers_with_a_note_and_proofs(floor: Floor) -> None:
    assert "It waits for Abena Boateng and Chiara Amato (Site champion)." in text_of(floor.page("dir"))
    answer = floor.answer("chA", "safe", "yes", note="Pulled the <plug> myself")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/gates/{floor.gate}")
    client = floor.site.client("chA")
    upload = client.post(
        f"/gates/{floor.gate}/evidence", data={"criterion": "safe"}, files={"file": ("log.txt", b"switched in 40 s")}
    )
    assert upload.status_code == 303
    assert floor.send("chA", "evidence/link", criterion="safe", url="https://wiki.example.org/x").status_code == 303
    page = floor.page("opm")
    assert "Yes Chiara Amato, today 09:00 Pulled the <plug> myself" in text_of(page)
    assert "&lt;plug&gt;" in page and "<plug>" not in page
    assert "log.txt" in page and "https://wiki.example.org/x" in page
    with floor.site.database.reading() as session:
        file = session.exec(select(GateFile.id).where(GateFile.file_name == "log.txt")).one()
    found = client.get(f"/gates/{floor.gate}/files/{file}")
    assert found.content == b"switched in 40 s"
    assert found.headers["content-disposition"] == f'attachment; filename="gate-proof-{file}.txt"'
    assert floor.site.client("chB").get(f"/gates/{floor.gate}/files/{file}").status_code == 404
    assert floor.site.client("exe").get(f"/gates/{floor.gate}/files/{file}").status_code == 403
    assert floor.send("chA", f"files/{file}/removal").status_code == 303
    assert "log.txt" not in floor.page("chA")


def test_an_executive_sees_how_it_stands_but_not_what_people_wrote(floor: Floor) -> None:
    floor.answer("chA", "safe", "yes", note="A secret about the plug")
    page = floor.page("exe")
    assert "Yes" in text_of(page) and "A secret about the plug" not in page
    assert 'id="answer-safe-form"' not in page


def test_who_is_not_asked_has_no_form_and_is_refused(floor: Floor) -> None:
    assert 'id="answer-fast-form"' not in floor.page("chA")
    assert floor.answer("chA", "fast", "900").status_code == 403
    assert floor.answer("cto", "safe", "yes").status_code == 403
    assert floor.answer("exe", "safe", "yes").status_code == 403
    assert floor.answer("chA", "calm", "yes").status_code == 422
    assert floor.answer("chA", "nowhere", "yes").status_code == 404


def test_another_answer_is_told_who_was_quicker_and_can_be_sent_again(floor: Floor) -> None:
    floor.answer("chA", "safe", "yes")
    stale = floor.answer("chAB", "safe", "no")
    assert stale.status_code == 409
    assert "Chiara Amato changed this at 09:00" in text_of(stale.text)
    again = re.search(r'id="use-mine".*?</form>', stale.text, re.DOTALL)
    assert again is not None
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', again[0]))
    assert floor.site.client("chAB").post(f"/gates/{floor.gate}/answer", data=fields).status_code == 303
    with floor.site.database.reading() as session:
        rows = session.exec(select(GateAnswer).order_by(GateAnswer.id)).all()  # type: ignore[arg-type]
    assert [(one.value, one.replaced_at is None) for one in rows] == [(True, False), (False, True)]


def test_the_same_answer_twice_is_quiet(floor: Floor) -> None:
    for _ in range(2):
        assert floor.answer("chA", "safe", "yes").status_code == 303
    with floor.site.database.reading() as session:
        assert len(session.exec(select(GateAnswer)).all()) == 1


@pytest.mark.parametrize(
    ("criterion", "who", "fields", "said"),
    [
        ("fast", "itl", {"answer": "quick"}, "figure"),
        ("safe", "chA", {"answer": ""}, "Nothing was given"),
        ("safe", "chA", {"answer": "yes", "note": "MRN 48213377 saw it"}, "Nothing is stored yet"),
    ],
)
def test_a_faulty_answer_keeps_what_was_typed(
    floor: Floor, criterion: str, who: str, fields: dict[str, str], said: str
) -> None:
    answer = floor.send(who, "answer", criterion=criterion, **{**fields, "version": "0"})
    assert answer.status_code == 422
    assert fields.get("note", "") in answer.text
    with floor.site.database.reading() as session:
        assert session.exec(select(GateAnswer)).all() == []


def test_a_script_gets_the_changed_element_and_what_is_wrong(floor: Floor) -> None:
    answer = floor.send("chA", "answer", criterion="safe", answer="yes", version="0", script=True)
    assert (answer.status_code, answer.text.lstrip()[:14]) == (200, '<div id="gate"')
    fault = floor.send("itl", "answer", criterion="fast", answer="quick", version="0", script=True)
    assert (fault.status_code, fault.headers["hx-retarget"]) == (422, "#gate")


def test_a_gate_of_the_network_is_seen_by_all_and_answered_by_whom_it_names(floor: Floor) -> None:
    gate = floor.of("network-go", "")
    assert "The whole network" in floor.page("chB", gate)
    assert floor.send("itl", "answer", gate=gate, criterion="agreed", answer="yes", version="0").status_code == 303
    assert floor.send("chB", "answer", gate=gate, criterion="agreed", answer="no", version="1").status_code == 403


def test_a_closed_rollout_is_read_only(floor: Floor) -> None:
    floor.opened()
    with floor.site.database.writing() as session:
        _close(session, floor.site.cast.rollout)
    page = floor.page("dir")
    assert 'id="cast"' not in page and 'id="decide"' not in page and "answer-safe-form" not in page
    assert floor.vote("chA").status_code == 409


def _close(session: Session, rollout: int) -> None:
    session.get_one(Rollout, rollout).closed_at = NOW


def test_the_page_asks_for_a_sheet_of_its_own(floor: Floor) -> None:
    sheet = re.findall(r'<link rel="stylesheet" href="(/styles/gates-[0-9a-f]+\.css)"', floor.page("dir"))
    assert len(sheet) == 1
    assert ".criteria" in floor.site.client().get(sheet[0]).text
    assert sheet[0] not in floor.site.client("dir").get("/rollouts/two-sites/board").text
