"""Each form of a run by the right and by the wrong people, twice, and too late."""

from __future__ import annotations

import re
from html import unescape

from tests.web.runs.nights import SCRIPT, Night, text_of


def checked_off(night: Night) -> Night:
    """The first step is done and checked, the two loads run."""
    night.done("itl", "freeze", "completion")
    night.done("chA", "freeze", "verification")
    night.done("itl", "orders", "start")
    night.done("itl", "patients", "start")
    return night


def test_a_step_is_for_its_owners_and_for_who_leads(begun: Night) -> None:
    assert begun.send("exe", "freeze", "start").status_code == 403
    assert begun.send("cto", "freeze", "start").status_code == 403
    assert begun.send("chB", "freeze", "start").status_code == 404
    assert begun.send("opm", "freeze", "start").status_code == 303
    assert begun.send("opm", "freeze", "completion").status_code == 303
    assert begun.send("exe", "freeze", "verification").status_code == 403
    assert begun.send("itl", "freeze", "reopening", reason="x").status_code == 403
    assert begun.send("opm", "freeze", "reopening", reason="x").status_code == 303


def test_twice_is_quiet_and_too_late_is_told(begun: Night) -> None:
    for _ in range(2):
        assert begun.post("itl", "steps/freeze/start", version="0", on="run").status_code == 303
    assert len(begun.entries("started")) == 1
    answer = begun.post("opm", "steps/freeze/block", version="0", reason="It hangs", severity="normal",
                        day="2027-01-05", time="10:00", on="step")  # fmt: skip
    assert answer.status_code == 409
    words = text_of(answer.text)
    assert "Ivo Tanaka changed this at 09:00" in words and "Theirs Ivo Tanaka began a step" in words
    assert "Blocked: It hangs" in words
    again = re.search(r'id="use-mine".*?</form>', answer.text, re.DOTALL)
    assert again is not None
    fields = {name: unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', again[0])}
    assert begun.post("opm", "steps/freeze/block", **fields).status_code == 303
    assert begun.found().told["freeze"].state == "blocked"


def test_what_is_missing_is_listed_and_what_was_typed_stays(begun: Night) -> None:
    checked_off(begun)
    answer = begun.send("itl", "patients", "completion", note="Counted by hand")
    assert answer.status_code == 409
    assert "Something is still missing. the answer" in text_of(answer.text)
    assert "Counted by hand</textarea>" in answer.text
    answer = begun.send("itl", "patients", "completion", answer="many")
    assert (answer.status_code, 'value="many"' in answer.text) == (422, True)
    begun.done("itl", "patients", "completion", answer="412")
    assert "Answer: 412" in begun.words("chA", "steps/patients")


def test_out_of_order_only_the_lead_goes_and_says_why(begun: Night) -> None:
    answer = begun.send("itl", "patients", "start")
    assert answer.status_code == 409 and "for “Freeze settings” to be done" in text_of(answer.text)
    assert "Start it out of order" not in begun.get("itl", "steps/patients")
    assert begun.send("opm", "patients", "start").status_code == 409
    begun.done("opm", "patients", "start", why="The console is free now")
    assert "The console is free now" in begun.words("itl")


def test_a_step_is_left_out_blocked_handed_over_and_sent_back(begun: Night) -> None:
    assert begun.send("itl", "freeze", "skipping", reason="No time").status_code == 409
    begun.done("itl", "freeze", "completion")
    assert begun.send("chA", "freeze", "return").status_code == 422
    begun.done("chA", "freeze", "return", reason="Two desks are open")
    assert "Two desks are open" in begun.words("itl", "steps/freeze")
    page = begun.get("itl", "steps/freeze")
    assert re.findall(r"<option value=\"\d+\">([^<]+)</option>", page)[0] == "Ivo Tanaka, holds the role"
    assert "Bengt Holm" not in page
    answer = begun.send("itl", "freeze", "holder", person=str(begun.site.cast.people["chB"]))
    assert (answer.status_code, "Choose somebody of this rollout." in answer.text) == (422, True)
    begun.done("itl", "freeze", "holder", person=str(begun.site.cast.people["cto"]))
    assert "Your next step 0 of 30 min, ends 09:30 1. Freeze settings Done" in begun.words("cto")
    assert "Your next step, not yet about 09:30" in begun.words("itl")
    answer = begun.send("cto", "freeze", "block", reason="It hangs")
    words = text_of(answer.text)
    assert answer.status_code == 422 and "Say how grave it is." in words and "Say when it should be over" in words
    begun.done("cto", "freeze", "block", reason="It hangs", severity="normal", day="2027-01-05", time="09:45")
    assert "Blocked, until about 09:45" in begun.words("chA") and "Issue 1" in begun.words("chA")
    begun.done("cto", "freeze", "unblocking", on="run")
    begun.done("cto", "freeze", "completion")


def test_a_patients_number_is_asked_about_first(begun: Night) -> None:
    answer = begun.post("opm", "notes", text="MRN 48213377 is missing")
    assert answer.status_code == 422 and begun.entries("noted") == []
    assert begun.post("opm", "notes", text="MRN 48213377 is missing", no_patient="yes").status_code == 303
    answer = begun.send("itl", "freeze", "completion", note="MRN 48213377")
    assert answer.status_code == 422 and begun.entries("finished") == []


def test_going_back_is_decided_with_a_reason_and_a_password(begun: Night) -> None:
    checked_off(begun)
    begun.minute(40)
    assert begun.post("chA", "way-back", reason="No way").status_code == 403
    assert begun.post("exe", "way-back", reason="No way").status_code == 403
    begun.minute(60)
    answer = begun.post("dir", "way-back", reason="")
    assert answer.status_code == 422
    begun.site.now = begun.minute(61)
    page = begun.get("dir")
    assert "Decide to go back" in page
    assert begun.post("dir", "way-back", reason="The load fails", password="wrong").status_code == 422
    answer = begun.post("dir", "way-back", reason="The load fails", password="a sentence to sign in with")
    assert answer.status_code == 303
    words = begun.words("itl")
    assert "The run goes back. Dana Whitfield, today 10:01. The load fails" in words
    assert "To be back by" in words and "Back out ends" in words
    assert begun.send("itl", "thaw", "start").status_code == 409


def test_ending_before_the_end_needs_the_lead_and_a_reason(begun: Night) -> None:
    assert begun.post("itl", "ending", reason="Enough").status_code == 403
    assert begun.post("opm", "ending").status_code == 422
    assert begun.post("opm", "ending", reason="Only a look").status_code == 303
    assert begun.post("opm", "ending", reason="Only a look").status_code == 303
    words = begun.words("opm")
    assert "Abandoned" in words and "Only a look" in words
    assert begun.send("itl", "freeze", "start").status_code == 409


def test_a_script_gets_the_element_of_the_page_it_asks_from(begun: Night) -> None:
    client = begun.site.client("itl")
    for on, act in (("run", "start"), ("step", "completion")):
        data = {"version": str(begun.seen("freeze")), "on": on}
        answer = client.post(f"/runs/{begun.run}/steps/freeze/{act}", data=data, headers=SCRIPT)
        assert (answer.status_code, answer.headers["hx-retarget"]) == (200, "#run")
        assert answer.text.lstrip().startswith('<div id="run"')
        assert ("All steps" in answer.text) == (on == "run")
    answer = client.post(f"/runs/{begun.run}/steps/patients/start", data={"version": "0", "on": "run"}, headers=SCRIPT)
    assert answer.status_code == 409 and answer.headers["hx-reswap"] == "morph:outerHTML"


def test_without_a_script_one_stays_on_the_page(begun: Night) -> None:
    for on, act, path in (("run", "start", ""), ("step", "completion", "/steps/freeze")):
        answer = begun.send("itl", "freeze", act, on=on)
        assert answer.headers["location"] == f"/runs/{begun.run}{path}"


def test_proofs_are_attached_downloaded_and_taken_away(begun: Night) -> None:
    client = begun.site.client("itl")
    path = f"/runs/{begun.run}/steps/freeze"
    answer = client.post(f"{path}/evidence", data={"on": "step"}, files=[("file", ("log.txt", b"all well"))])
    assert (answer.status_code, answer.headers["location"]) == (303, path)
    assert begun.send("itl", "freeze", "evidence/link", url="http://example.org").status_code == 422
    begun.done("itl", "freeze", "evidence/link", url="https://example.org/log")
    found = re.search(r'href="(/runs/\d+/files/\d+)"', begun.get("chA", "steps/freeze"))
    assert found is not None
    got = begun.site.client("chA").get(found[1])
    assert (got.content, got.headers["content-disposition"]) == (b"all well", 'attachment; filename="run-proof-1.txt"')
    assert begun.site.client("exe").get(found[1]).status_code == 403
    assert begun.site.client("chB").get(found[1]).status_code == 404
    assert begun.send("exe", "freeze", "files/1/removal").status_code == 403
    begun.done("itl", "freeze", "files/1/removal")
    begun.done("itl", "freeze", "files/1/removal")
    assert begun.site.client("chA").get(found[1]).status_code == 404


def test_a_check_that_stands_on_paper_is_entered_with_its_hour(begun: Night) -> None:
    begun.minute(15)
    begun.done("itl", "freeze", "completion")
    begun.minute(60)
    early = begun.send("chA", "freeze", "verification", day="2027-01-05", time="09:10")
    assert early.status_code == 422 and "checked before it was done" in early.text and 'value="09:10"' in early.text
    begun.done("chA", "freeze", "verification", day="2027-01-05", time="09:20", note="Seen at the desk")
    words = begun.words("opm")
    assert "09:20 Checked Step 1: Freeze settings." in words and "From paper, entered 10:00" in words
