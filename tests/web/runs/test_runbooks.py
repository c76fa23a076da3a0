"""The list of runbooks, the page of one before and after it was run, and a live run that waits for its gate."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from app.actions.gates.answering import answer_criterion
from tests import cast as casting
from tests.cast import NOW
from tests.gating import decide, gate_id, open_it, vote
from tests.running import RUN
from tests.web.conftest import Site
from tests.web.runs.nights import LIST, Night, text_of

LEADER = "    owner: ops-manager\n    rehearse:"
STABLE = """\
  stable:
    title: It is stable
    when: cutover + 5d 15:00
    owner: it-lead
    decide: director
    votes: champion
    after: night
    criteria: {calm: {title: No standstill, issues: [critical]}}
"""
BOTH = RUN.replace(LEADER, LEADER.replace("rehearse", "after: network-go\n    rehearse"), 1).replace(
    "gates:\n", f"gates:\n{STABLE}", 1
)


def test_the_list_says_where_when_and_whether_it_was_rehearsed(night: Night) -> None:
    words = night.words("dir", LIST)
    assert "Next is Cutover at Birch, Mon 8 Feb, 07:00 Eastern; nobody has rehearsed it." in words
    assert "Cutover Where Alder T Mon 8 Feb, 07:00 Central State Not run Never rehearsed." in words
    assert "Runbooks" in night.words("exe", "/rollouts/two-sites/readiness")
    night.rehearse()
    words = night.words("dir", LIST)
    assert "Rehearsal 1, straight through of Cutover at Alder: On time, 1 h 40 in hand." in words
    assert "State Running, green Rehearsal 1, straight through: On time, 1 h 40 in hand. Never rehearsed" in words
    assert f'href="/runs/{night.run}"' in night.get("dir", LIST)


def test_a_rollout_without_a_runbook_says_so_and_has_no_way_there(bare_site: Site) -> None:
    bare_site.cast = casting.running(bare_site.database)
    page = text_of(bare_site.client("dir").get(LIST).text)
    assert "No night is run from here." in page and "No runbook here" in page
    assert "/runbooks" not in bare_site.client("dir").get("/rollouts/two-sites/board").text
    assert bare_site.client("adm").get(LIST).status_code == 404


def test_the_page_shows_every_step_as_planned(night: Night) -> None:
    words = night.words("chA", f"/runbooks/{night.runbook}")
    assert "6 h 20, from Mon 8 Feb, 01:00 Central to 07:20; nobody has rehearsed it." in words
    assert "T is Mon 8 Feb, 07:00 Central. The window is open from 01:00 to 09:00." in words
    assert "Step 1 Freeze settings Critical Not before Mon 8 Feb, 01:00 Taken back within 12 h 00" in words
    assert "Ivo Tanaka checked by Abena Boateng and Chiara Amato T−06:00 30 min" in words
    assert "Copy the data 1 h 00 Step 2 Patients" in words
    assert "Point of no return" in words and "Every 30 min" in words and "Message" in words
    assert "Last safe decision 06:05" in words
    assert "back by 06:45, less 25 min to back out, less 15 min margin" in words
    assert "Decides to go back Dana Whitfield (Operations director)" in words
    assert "None yet." in words and "Rehearse it" not in words
    assert "Rehearse it" in night.words("opm", f"/runbooks/{night.runbook}")


def test_only_who_leads_makes_a_run_and_once(night: Night) -> None:
    assert night.rehearse("chA").status_code == 403
    assert night.rehearse("chB").status_code == 404
    assert night.rehearse("exe").status_code == 403
    first = night.rehearse()
    assert night.rehearse().headers["location"] == first.headers["location"]
    answer = night.rehearse("dir")
    assert answer.status_code == 409 and "A run of this runbook is not over yet." in text_of(answer.text)
    words = night.words("opm", f"/runbooks/{night.runbook}")
    assert "Rehearsal 1, straight through runs now. On time, 1 h 40 in hand." in words and "Rehearse it" not in words


def test_a_rehearsal_at_the_hours_has_a_t_of_its_own(night: Night) -> None:
    answer = night.rehearse(how="hours")
    assert (answer.status_code, "Say when T is." in answer.text) == (422, True)
    assert night.rehearse(how="hours", day="2027-01-05", time="late").status_code == 422
    assert night.rehearse(broadcasts="on").status_code == 422
    assert night.rehearse(how="hours", day="2027-01-05", time="16:00", broadcasts="test").status_code == 303
    words = night.words("itl")
    assert "Rehearsal 1 · 09:00 Central" in words and "T− 07:00 to T of this rehearsal" in words
    assert "Your next step, not yet about 10:00 1. Freeze settings" in words
    assert "Messages are as a test, to the team." in words


def test_a_live_run_waits_for_its_gate_and_a_gate_for_the_run(database_url: str, tmp_path: Path) -> None:
    site = Site(database_url, tmp_path / "data")
    site.cast = casting.running(site.database, BOTH)
    night = Night(site)
    path = f"/runbooks/{night.runbook}"
    words = night.words("opm", path)
    assert "It cannot run live before: “The network goes”" in words
    answer = night.post("opm", f"{path}/live-run", broadcasts="off")
    assert answer.status_code == 409 and "it waits for “The network goes”" in text_of(answer.text)
    with site.database.writing() as session:
        gate = gate_id(session, site.cast, "network-go", "")
        by = site.cast.viewer(session, "itl")
        answer_criterion(session, gate, criterion="agreed", text="yes", seen=0, by=by, now=NOW)
        open_it(session, site.cast, gate, "dir")
        vote(session, site.cast, gate, "itl")
        vote(session, site.cast, gate, "dir")
        assert decide(session, site.cast, gate, who="cto").decision is not None
    stable = f"/gates/{_stable(site)}"
    assert "a live run of “Cutover”" in night.words("opm", stable)
    assert "It cannot run live before" not in night.words("opm", path)
    assert night.post("opm", f"{path}/live-run").status_code == 422
    assert night.post("chA", f"{path}/live-run", broadcasts="off").status_code == 403
    assert night.post("opm", f"{path}/live-run", broadcasts="off").status_code == 303
    assert "Live run" in night.words("chA")
    for step in ("freeze", "patients", "orders", "tell", "try-out", "pulse", "open", "thaw"):
        site.now += timedelta(minutes=1)
        given = {"answer": {"patients": "412", "try-out": "pass"}.get(step, ""), "why": "Tried out"}
        if step == "pulse":
            night.done("opm", step, "completion", part="round", **given)
        night.done("opm", step, "completion", **given)
        if step == "freeze":
            night.done("chA", step, "verification")
    assert night.post("opm", "ending").status_code == 303
    assert "a live run of “Cutover”" not in night.words("opm", stable)
    assert "Live run finished" in night.words("opm", LIST)
    site.close()


def _stable(site: Site) -> int:
    with site.database.reading() as session:
        return gate_id(session, site.cast, "stable")
