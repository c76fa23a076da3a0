"""Days to reconcile for programs: what the pages do, by the same changes."""

from __future__ import annotations

import pytest
from sqlmodel import select

from app.models import ReconciliationCount
from app.worker.occasions import miss
from tests import cast as casting
from tests.api.conftest import Programs
from tests.reconciling import LATE, RECONCILED, close_day, occasion
from tests.web.conftest import Site

LINES = [
    {"line": "claims", "left": "412", "right": "409", "reason": "Batch 7"},
    {"line": "cash", "left": "40.10", "right": "40.1"},
    {"line": "link", "answer": "pass"},
]
DAYS = "/rollouts/two-sites/reconciliations"


@pytest.fixture
def counting(served: Site) -> Programs:
    served.cast = casting.running(served.database, RECONCILED)
    return Programs(served)


def day_of(programs: Programs, place: str = "alder") -> str:
    with programs.site.database.reading() as session:
        return f"/reconciliations/{occasion(session, programs.site.cast, place)}"


def test_a_day_is_counted_handed_in_closed_and_opened_again(counting: Programs) -> None:
    day = day_of(counting)
    found, seen = counting.read("chA", day)
    assert (found["state"], found["version"], found["counts"], found["may_count"]) == ("open", 0, [], True)
    assert [one["tolerance"] for one in found["lines"]] == ["2 or 1 %", "0", None]
    entered = counting("chA").put(f"{day}/counts", json={"lines": LINES}, headers=seen)
    assert entered.status_code == 200, entered.text
    claims, cash, link = entered.json()["counts"]
    assert (claims["variance"], claims["percent"], claims["within"], claims["source"]) == ("-3", "-0.7282", True, "api")
    assert (cash["left"], cash["right"], cash["variance"], link["answer"]) == ("40.10", "40.1", "0.00", "pass")
    assert counting("chA").put(f"{day}/hand-in", headers=seen).status_code == 412
    handed = counting("chA").put(f"{day}/hand-in", headers={"If-Match": entered.headers["etag"]})
    assert (handed.json()["state"], handed.json()["waits_for_review"]) == ("counted", True)
    tag = {"If-Match": handed.headers["etag"]}
    assert counting("chA").put(f"{day}/closing", headers=tag).status_code == 403
    assert counting("opm").put(f"{day}/closing").status_code == 428
    closed = counting("opm").put(f"{day}/closing", headers=tag)
    assert (closed.json()["state"], closed.json()["clean"]) == ("clean", True)
    tag = {"If-Match": closed.headers["etag"]}
    opened = counting("opm").put(f"{day}/reopening", json={"reason": "The ledger was wrong"}, headers=tag)
    assert (opened.json()["state"], opened.json()["returns"][0]["kind"]) == ("open", "reopened")
    verbs = [one["verb"] for one in counting.read("chA", f"{day}/history")[0]["items"]]
    assert [verb.partition(".")[2] for verb in verbs] == ["entered", "handed_in", "closed", "reopened"]


def test_counts_that_are_not_exact_or_look_like_a_patients_are_refused(counting: Programs) -> None:
    day = day_of(counting)
    _, seen = counting.read("chA", day)
    for line in ({"line": "cash", "left": 40.1, "right": 40.1}, {"line": "cash", "left": "1e3", "right": "1"}):
        assert counting("chA").put(f"{day}/counts", json={"lines": [line]}, headers=seen).status_code == 400
    line = {"line": "cash", "left": "1", "right": "2", "reason": "MRN 00123456"}
    refused = counting("chA").put(f"{day}/counts", json={"lines": [line]}, headers=seen)
    assert (refused.status_code, [one["at"] for one in refused.json()["errors"]]) == (422, ["cash"])
    assert "00123456" not in refused.text
    taken = counting("chA").put(f"{day}/counts", json={"lines": [line], "no_patient": True}, headers=seen)
    assert taken.status_code == 200


def test_days_are_listed_a_page_at_a_time_with_their_filters(counting: Programs) -> None:
    with counting.site.database.writing() as session:
        close_day(session, counting.site.cast, occasion(session, counting.site.cast))
        miss(session, LATE)
    counting.site.now = LATE
    client = counting("opm")
    first = client.get(f"{DAYS}?limit=1&location=alder&from=2027-01-05&to=2027-01-06").json()
    assert (first["items"][0]["state"], first["items"][0]["location"]) == ("clean", "alder")
    rest = client.get(first["next"].removeprefix("/api/v1")).json()
    assert ([one["day"] for one in rest["items"]], rest["next"]) == (["2027-01-06"], None)
    missed = client.get(f"{DAYS}?state=missed").json()["items"]
    assert [(one["location"], one["day"], one["issue"]) for one in missed] == [("birch", "2027-01-05", 1)]
    assert {one["state"] for one in client.get(f"{DAYS}?state=ahead&limit=200").json()["items"]} == {"ahead"}
    assert {one["location"] for one in counting("chA").get(f"{DAYS}?limit=200").json()["items"]} == {"alder"}
    for query in ("state=good", "location=cedar", "from=2027-02-30", "nothing=1"):
        assert client.get(f"{DAYS}?{query}").status_code in (400, 422)


def test_runs_are_counted_up(counting: Programs) -> None:
    with counting.site.database.writing() as session:
        close_day(session, counting.site.cast, occasion(session, counting.site.cast))
    runs = counting("chA").get(f"{DAYS}/runs").json()["runs"]
    assert runs == [
        {"location": "alder", "entry": "daily", "due": 1, "closed": 1, "clean": 1, "variance": 0, "missed": 0,
         "waiting": 0, "clean_in_a_row": 1},
    ]  # fmt: skip


def test_many_days_are_entered_in_one_step_or_not_at_all(counting: Programs) -> None:
    row = {"entry": "daily", "day": "2027-01-05", "line": "claims", "left": "1", "right": "1"}
    rows = [{**row, "location": "alder"}, {**row, "location": "birch"}]
    path = f"{DAYS}/counts"
    dry = counting("opm", reads_only=True).post(path, json={"rows": rows, "dry": True}).json()
    assert (dry["done"], [one["outcome"] for one in dry["rows"]]) == (False, ["new", "new"])
    faulty = counting("opm").post(path, json={"rows": [*rows, {**row, "location": "cedar"}]})
    assert (faulty.status_code, faulty.json()["missing"]) == (409, ["Row 3: There is no location cedar."])
    with counting.site.database.reading() as session:
        assert session.exec(select(ReconciliationCount)).all() == []
    done = counting("opm").post(path, json={"rows": rows}).json()
    assert (done["done"], len(done["rows"])) == (True, 2)


def test_files_and_texts(counting: Programs) -> None:
    day = day_of(counting)
    sent = counting("chA").post(f"{day}/files", data={"line": "cash"}, files={"file": ("till.txt", b"40.00")})
    assert sent.status_code == 201, sent.text
    (file,) = sent.json()["files"]
    assert (file["file_name"], file["line"]) == ("till.txt", "cash")
    content = file["content"].removeprefix("/api/v1")
    assert counting("chA").get(content).content == b"40.00"
    assert counting("exe").get(content).status_code == 403
    assert counting("exe").get(day).json()["files"] == []
    taken = counting("chA").put(f"{day}/redaction", json={"part": "file", "id": file["id"]})
    assert (taken.status_code, taken.json()["files"]) == (200, [])
    assert counting("chA").delete(f"{day}/files/{file['id']}").status_code == 200
    assert counting("chA").get(content).status_code == 404
