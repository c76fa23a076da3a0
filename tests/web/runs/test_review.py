"""After a run: what it was like on one page, and its minutes on their way into the playbook."""

from __future__ import annotations

from typing import Any

from sqlmodel import select

from app.actions.runs.ending import correct_entry, end_run
from app.actions.runs.returning import go_back
from app.models import PlaybookVersion, Proposal, RunEntry
from app.plan import load
from app.plan.inherit import leaves
from tests.queries.test_counts import counting
from tests.running import finish, later, rehearse, start
from tests.web.conftest import Site
from tests.web.forms import forms_of
from tests.web.runs.rehearsals import SLOW, rehearsed
from tests.web.test_lessons import see, text_of, version


def ticked(page: str) -> dict[str, Any]:
    """The form that proposes, with everything ticked as it was drawn."""
    form = next(one for one in forms_of(page) if one.action.endswith("/review/proposal"))
    return {**form.fields, "minutes": figures(page)}


def figures(page: str) -> list[str]:
    return [part.split('"')[0] for part in page.split('name="minutes" value="')[1:]]


def test_the_review_says_how_it_ended_and_how_long_every_step_took(site: Site) -> None:
    address = rehearsed(site, took=SLOW, blocked={"patients": 35}, skip=("try-out",))
    shown = see(site.client("chA"), address)
    assert "Cutover · Alder · Rehearsal 1" in shown
    assert "The rehearsal ended 8 minutes inside its window. One step was blocked for 35 minutes." in shown
    assert "2. Patients Compared Planned 1 h 00 09:30 Took 1 h 30 09:30 to 11:35" in shown
    assert "+30 min" in shown and "left out" in shown
    assert "What was blocked" in shown and "35 min · Issue 1 , open" in shown
    assert "Minutes for the playbook" not in shown


def test_what_people_wrote_is_for_those_who_work_there(site: Site) -> None:
    cast = site.cast
    address = rehearsed(site, skip=("try-out",), end=False)
    run_id = int(address.split("/")[2])
    with site.database.writing() as session:
        entry = session.exec(select(RunEntry.id).where(RunEntry.kind == "started").order_by(RunEntry.id)).first()
        opm = cast.viewer(session, "opm", later(300))
        correct_entry(session, run_id, entry or 0, happened=later(2), why="canary clock", by=opm, now=later(300))
        end_run(session, run_id, reason="canary end", by=opm, now=later(300))
    for who, reads in (("chA", True), ("dir", True), ("exe", False)):
        shown = see(site.client(who), address)
        assert ("canary clock" in shown, "canary end" in shown) == (reads, reads), who
        assert "begun today 09:02, not today 09:00" in shown
    assert site.client("chB").get(address).status_code == 404


def test_a_run_that_is_not_over_says_so_and_measures_nothing_yet(site: Site) -> None:
    with site.database.writing() as session:
        run = rehearse(session, site.cast)
        start(session, site.cast, run, "freeze")
        address = f"/runs/{run.id}/review"
    shown = see(site.client("dir"), address)
    assert "The rehearsal is not over . Nothing was blocked." in shown
    assert "not done" in shown and "Minutes for the playbook" not in shown


def test_a_run_that_went_back_shows_both_ways(site: Site) -> None:
    cast = site.cast
    with site.database.writing() as session:
        run = rehearse(session, cast)
        start(session, cast, run, "freeze")
        finish(session, cast, run, "freeze", minute=20)
        go_back(session, run.id or 0, reason="No way", by=cast.proven(session, "dir", later(30)), now=later(30))
        session.expire_all()
        for step, who, minute in (("say-back", "opm", 30), ("unfreeze", "itl", 40)):
            start(session, cast, run, step, who, minute)
            finish(session, cast, run, step, who, minute + 9)
        end_run(session, run.id or 0, by=cast.viewer(session, "opm"), now=later(60))
        address = f"/runs/{run.id}/review"
    shown = see(site.client("opm"), address)
    assert "The rehearsal went back and was over" in shown
    assert "The way back, planned against real" in shown and "To be back by" in shown


def test_measured_minutes_are_proposed_shown_as_a_diff_and_accepted(site: Site) -> None:
    first = rehearsed(site, took=SLOW)
    address = rehearsed(site, begin=600, took={**SLOW, "patients": 84})
    client = site.client("dir")
    page = client.get(address).text
    shown = text_of(page)
    assert "measured in 2 runs, 7 steps" in shown
    assert "Patients: 1 h 30 in place of 1 h 00 Measured 2 times: the middle is 1 h 27" in shown
    assert "Tell everybody: 15 min in place of 5 min" in shown
    assert figures(page) == ["patients:90", "tell:15"]
    assert page.count("checked") == 2
    answer = client.post(f"{address}/proposal", data=ticked(page))
    assert answer.status_code == 303, text_of(answer.text)
    proposal = answer.headers["location"]
    diff = see(client, proposal)
    assert "Minutes of Cutover, measured in 2 runs" in diff
    assert "runbooks.night.steps patients: takes Kind Date Was 1h Is 1h30m" in diff
    assert "It comes from the minutes of runs" in diff and "None that you may read" not in diff
    assert "Patients: 1 h 30 in place of 1 h 00 waits in proposal 1" in see(client, first)
    assert "Decide" not in see(site.client("opm"), proposal)
    assert client.post(f"{proposal}/acceptance", data={"version": version(site, proposal)}).status_code == 303
    with site.database.reading() as session:
        text = session.exec(select(PlaybookVersion.text).where(PlaybookVersion.version == "1.1")).one()
    takes = {step.id: str(step.takes) for step in leaves(load(text.encode()).runbooks["night"].steps)}
    assert (takes["patients"], takes["tell"], takes["orders"]) == ("1h30m", "15m", "40m")
    assert "answer: number records}" in text and "patients: {title: Patients, takes: 90m, owner: it-lead" in text
    after = see(client, address)
    assert "The playbook plans every step with the minutes that it takes." in after
    assert "Accepted 1. Minutes of Cutover, measured in 2 runs 2 steps · version 1.1 · today" in after


def test_nothing_is_proposed_twice(site: Site) -> None:
    address = rehearsed(site, took=SLOW)
    client = site.client("dir")
    form = ticked(client.get(address).text)
    first = client.post(f"{address}/proposal", data=form).headers["location"]
    assert client.post(f"{address}/proposal", data=form).headers["location"] == first
    assert client.post(f"{address}/proposal", data={**form, "token": ""}).headers["location"] == first
    part = client.post(f"{address}/proposal", data={"minutes": ["tell:15"]})
    assert part.status_code == 409 and "The same minutes wait in proposal 1." in text_of(part.text)
    rejected = client.post(f"{first}/rejection", data={"version": version(site, first), "reason": "One night only"})
    assert rejected.status_code == 303
    again = client.post(f"{address}/proposal", data={**form, "token": ""})
    assert again.status_code == 409 and "The same minutes were rejected in proposal 1." in text_of(again.text)
    assert figures(client.get(address).text) == []
    with site.database.reading() as session:
        assert len(session.exec(select(Proposal.id)).all()) == 1


def test_other_minutes_than_those_that_were_shown_are_not_proposed(site: Site) -> None:
    address = rehearsed(site, took=SLOW)
    client = site.client("dir")
    form = ticked(client.get(address).text)
    rehearsed(site, begin=600, took={"patients": 200, "tell": 12})
    client = site.client("dir")
    answer = client.post(f"{address}/proposal", data=form)
    assert answer.status_code == 409 and "Other minutes are measured now" in text_of(answer.text)
    none = client.post(f"{address}/proposal", data={"token": "x"})
    assert none.status_code == 422 and "Tick at least one step." in text_of(none.text)


def test_only_whoever_may_change_the_playbook_proposes_and_only_the_network_sees_all_runs(site: Site) -> None:
    address = rehearsed(site, took=SLOW)
    form = ticked(site.client("dir").get(address).text)
    for who, status in (("opm", 403), ("chA", 403), ("exe", 403), ("chB", 404), ("adm", 404)):
        assert site.client(who).post(f"{address}/proposal", data=form).status_code == status, who
    shown = see(site.client("opm"), address)
    assert "Whoever may change the playbook proposes it." in shown and "Propose it" not in shown
    assert "Minutes for the playbook" not in see(site.client("chA"), address)


def test_a_lesson_is_learnt_from_a_run(site: Site) -> None:
    address = rehearsed(site)
    page = site.client("chA").get(address).text
    form = next(one for one in forms_of(page) if one.action.endswith("/lessons/new"))
    answer = site.client("chA").post(form.action, data={**form.fields, "said": "Two people for the orders"})
    assert answer.status_code == 303
    assert "Learnt from a run Cutover, rehearsal 1" in see(site.client("chA"), answer.headers["location"])


def test_ten_runs_are_reviewed_with_as_many_queries_as_one(site: Site) -> None:
    address = rehearsed(site, took=SLOW)
    site.client("dir").get(address)
    with counting(site.database) as one:
        assert site.client("dir").get(address).status_code == 200
    for number in range(1, 4):
        rehearsed(site, begin=600 * number, took=SLOW, blocked={"orders": 5})
    site.client("dir").get(address)
    with counting(site.database) as many:
        assert site.client("dir").get(address).status_code == 200
    assert len(many) == len(one)
