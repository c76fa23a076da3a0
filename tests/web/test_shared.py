"""What another centre shows is what its people agreed to: no text, file or name, and nothing once they withdraw."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest

from app.actions.tasks.added import add_task
from app.actions.tasks.answers import answer_task
from app.actions.tasks.assignments import assign_tasks
from app.actions.tasks.blocks import block_task
from app.actions.tasks.comments import comment_on_task
from app.actions.tasks.evidence import attach_file
from app.models import Location
from tests import cast as casting
from tests.cast import NAMES, NOW, PLAYBOOK
from tests.web.conftest import Site

SHARED = "/rollouts/two-sites/shared"
BIRCH = "/rollouts/two-sites/locations/birch/sharing/progress"
CANARY = "canary-birch-52fe"
BOOK = (
    PLAYBOOK
    + """\
sharing:
  progress:
    title: How the preparation goes
    consent: champion
    tasks: [readiness, migration]
    workstreams: [technical]
"""
)


@pytest.fixture
def shared_site(bare_site: Site) -> Site:
    """The cast, with a canary in everything that people write at Birch."""
    bare_site.cast = cast = casting.running(bare_site.database, BOOK)
    with bare_site.database.writing() as session:
        by, birch = cast.viewer(session, "dir"), cast.locations["birch"]
        place = session.get_one(Location, birch)
        place.attributes = {"legacy": False, "note": CANARY}
        session.add(place)
        task = cast.task(session, "photos", "birch")
        stored = bare_site.app.state.store.keep(BytesIO(CANARY.encode()), "a.txt")
        attach_file(session, task.id or 0, stored=stored, file_name=f"{CANARY}.txt", seen=task.version, by=by, now=NOW)
        comment_on_task(session, task.id or 0, text=CANARY, by=by, now=NOW)
        task = cast.task(session, "scanners", "birch")
        block_task(session, task.id or 0, reason=CANARY, seen=task.version, by=by, now=NOW)
        task = cast.task(session, "line-speed", "birch")
        answer_task(session, task.id or 0, "12", seen=task.version, by=by, now=NOW)
        add_task(
            session, cast.rollout, title=CANARY, how=CANARY, due=None, role="champion", location_id=birch,
            workstream="technical", by=by, now=NOW,
        )  # fmt: skip
        task = cast.task(session, "cabling", "birch")
        assign_tasks(session, {task.id or 0: task.version}, cast.people["chB"], by=by, now=NOW)
    return bare_site


def test_nothing_of_another_centre_is_seen_before_it_agrees(shared_site: Site) -> None:
    page = shared_site.client("chA").get(SHARED)
    assert page.status_code == 200
    assert "No other centre shares anything with yours yet." in page.text
    assert "Birch" not in page.text


def test_what_was_agreed_to_is_seen_and_nothing_else(shared_site: Site) -> None:
    own = shared_site.client("chB").get(SHARED).text
    assert "Technical readiness, Migration test, Technical" in own
    assert shared_site.client("chB").post(f"{BIRCH}/consent").headers["location"] == f"{SHARED}#own-birch-progress"
    text = shared_site.client("chA").get(SHARED).text
    assert "Birch lets you see how some of its work stands." in text
    for title in ("Technical readiness", "Migration test", "Technical", "Blocked", "0 of 6, 1 blocked", "Fri 15 Jan"):
        assert title in text
    others = text.split('id="own-alder"')[0].split('id="main"')[1]
    assert CANARY not in text
    assert [name for name in NAMES.values() if name in others] == []
    for kept in ("12", "Mbps", "/tasks/", "/evidence/", "locations/birch"):
        assert kept not in others


def test_withdrawing_works_at_the_next_request(shared_site: Site) -> None:
    shared_site.client("chB").post(f"{BIRCH}/consent")
    assert "Birch" in shared_site.client("chA").get(SHARED).text
    shared_site.client("chB").post(f"{BIRCH}/withdrawal")
    assert "Birch" not in shared_site.client("chA").get(SHARED).text
    assert "Share it with the other centres" in shared_site.client("chB").get(SHARED).text


def test_network_roles_see_who_shares_what_and_decide_nothing(shared_site: Site) -> None:
    shared_site.client("chB").post(f"{BIRCH}/consent")
    for who in ("dir", "itl", "exe"):
        text = shared_site.client(who).get(SHARED).text
        assert "What Alder shares" in text and "What Birch shares" in text
        assert "Bengt Holm agreed today 10:00." in text
        assert "/consent" not in text and "/withdrawal" not in text
        assert shared_site.client(who).post(f"{BIRCH}/consent").status_code == 403
    assert shared_site.client("chA").post(f"{BIRCH}/consent").status_code == 404
    assert shared_site.client("ch0").get(SHARED).status_code == 404


def test_a_late_task_reads_late_and_a_paused_centre_tells_no_reason(shared_site: Site) -> None:
    shared_site.client("chB").post(f"{BIRCH}/consent")
    shared_site.client("dir").post("/rollouts/two-sites/locations/birch/pause", data={"reason": CANARY})
    shared_site.now = NOW + timedelta(days=20)
    text = shared_site.client("chA").get(SHARED).text
    assert "Birch" in text and CANARY not in text and "Paused" not in text


def test_the_page_of_a_centre_says_what_it_shares_and_where_the_director_changes_it(shared_site: Site) -> None:
    page = "/rollouts/two-sites/locations/birch"
    assert "not shared" in shared_site.client("chB").get(page).text
    shared_site.client("chB").post(f"{BIRCH}/consent")
    text = shared_site.client("dir").get(page).text
    assert "every other centre; Bengt Holm agreed today 10:00" in text
    for act in ("cutover", "pause", "facts", "leave"):
        assert f'href="{page}/{act}"' in text
        assert f'href="{page}/{act}"' not in shared_site.client("chB").get(page).text
