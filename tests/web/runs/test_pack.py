"""The printed pack of a runbook, before a run of it is made, and of a run."""

from __future__ import annotations

from app.actions.runs.blocking import block_step
from app.actions.runs.stepping import hand_over, note_on
from app.queries.runs.pack import run_pack
from app.web.runs.packed import sheet
from tests.running import later, rehearse, runbook_id, start
from tests.web.conftest import Site
from tests.web.runs.rehearsals import rehearsed


def test_the_pack_is_printed_before_a_run_and_of_a_run(site: Site) -> None:
    address = rehearsed(site).removesuffix("/review")
    with site.database.reading() as session:
        runbook = f"/runbooks/{runbook_id(session, site.cast)}"
    for path, name in ((runbook, "night-alder"), (address, "night-alder-run-1")):
        for who in ("dir", "chA", "exe"):
            answer = site.client(who).get(f"{path}/pack.pdf?paper=us-letter")
            assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")
            assert answer.headers["content-disposition"] == f'inline; filename="{name}.pdf"'
        assert site.client("chB").get(f"{path}/pack.pdf").status_code == 404
        assert site.client("dir").get(f"{path}/pack.pdf?paper=a9").status_code == 422


def test_a_pack_says_who_and_until_when_and_nothing_that_people_typed(site: Site) -> None:
    cast = site.cast
    with site.database.writing() as session:
        run = rehearse(session, cast)
        start(session, cast, run, "freeze")
        opm = cast.viewer(session, "opm")
        note_on(session, run.id or 0, step="freeze", text="canary note", by=opm, now=later(1))
        block_step(session, run.id or 0, "freeze", reason="canary block", severity="normal", until=later(9), seen=None,
                   by=opm, now=later(2))  # fmt: skip
        hand_over(session, run.id or 0, "orders", person=cast.people["cto"], seen=None, by=opm, now=later(2))
        facts = sheet(run_pack(session, run.id or 0, cast.viewer(session, "dir"), later(3)), "https://m.example", "a4",
                      later(3))  # fmt: skip
    steps = {one.title: one for one in facts.steps}
    assert facts.kind == "Rehearsal 1, straight through"
    assert facts.facts[0] == ("T", "Tue 5 Jan 2027, 09:00 Central, its beginning")
    assert steps["Orders"].who == "Handed to Carla Toivonen"
    assert steps["Freeze settings"].check == "Site champion: Abena Boateng, Chiara Amato"
    assert steps["Orders"].texts == (("To undo it alone", "Delete them (10\u00a0min)"),)
    assert [(one.title, one.t) for one in facts.back] == [
        ("Tell everyone", "+0\u00a0min"), ("Settings open again", "+5\u00a0min")
    ]  # fmt: skip
    assert "canary" not in str(facts)
