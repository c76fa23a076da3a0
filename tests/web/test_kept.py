"""An unchanged page costs a 304, and what was kept is what would be made now."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from httpx2 import Response

from app.web.kept import Page, Shelf
from tests.cast import NOW, PASSWORD, email
from tests.queries.test_counts import counting
from tests.web.conftest import Site

ROLLOUT = "/rollouts/two-sites"
KEPT = (
    f"{ROLLOUT}/board", f"{ROLLOUT}/readiness", f"{ROLLOUT}/plan", f"{ROLLOUT}/plan/timeline?location=alder",
    f"{ROLLOUT}/locations/alder", f"{ROLLOUT}/gates", "/today",
)  # fmt: skip


class Reader:
    """A browser that keeps what it was sent, and asks whether it still holds."""

    def __init__(self, site: Site, who: str) -> None:
        self.site, self.client, self.who = site, site.client(who), who
        self.kept: dict[str, tuple[str, str]] = {}
        self.spared = 0

    def see(self, path: str, *, has_it: bool = True) -> str:
        etag, text = self.kept.get(path, ("", "")) if has_it else ("", "")
        answer = self._ask(path, {"If-None-Match": etag} if etag else {})
        if answer.status_code == 304:
            assert answer.text == ""
            self.spared += 1
            return text
        assert answer.status_code == 200
        self.kept[path] = (answer.headers["etag"], answer.text)
        return answer.text

    def fresh(self, path: str) -> str:
        """The page as a process makes it that has kept nothing."""
        self.site.app.state.shelf = Shelf()
        return self._ask(path, {}).text

    def _ask(self, path: str, headers: dict[str, str]) -> Response:
        answer = self.client.get(path, headers=headers)
        if answer.status_code == 303:  # signed in too long ago
            self.client.post("/sign-in", data={"email": email(self.who), "password": PASSWORD})
            answer = self.client.get(path, headers=headers)
        return answer


@pytest.mark.parametrize("path", KEPT)
def test_an_unchanged_page_is_neither_sent_nor_made_again(site: Site, path: str) -> None:
    client = site.client("dir")
    first = client.get(path)
    site.now += timedelta(seconds=59)
    with counting(site.database) as sent:
        again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert len(sent) == 1
    assert again.headers["cache-control"] == "no-store"
    with counting(site.database) as sent:
        whole = client.get(path)
    assert (whole.status_code, whole.text, whole.headers["etag"]) == (200, first.text, first.headers["etag"])
    assert len(sent) == 1
    assert whole.headers == first.headers


def test_the_part_that_a_script_asks_for_is_kept_apart_from_the_page(site: Site) -> None:
    client, path = site.client("dir"), f"{ROLLOUT}/board"
    whole = client.get(path)
    part = client.get(path, headers={"HX-Request": "true", "If-None-Match": whole.headers["etag"]})
    assert part.status_code == 200
    assert part.headers["etag"] != whole.headers["etag"]


def test_what_one_person_has_is_not_confirmed_to_another(site: Site) -> None:
    etag = site.client("dir").get("/today").headers["etag"]
    assert site.client("chA").get("/today", headers={"If-None-Match": etag}).status_code == 200


def test_a_session_that_was_ended_gets_no_confirmation(site: Site) -> None:
    client, path = site.client("dir"), f"{ROLLOUT}/board"
    etag = client.get(path).headers["etag"]
    token = client.cookies["muster"]
    client.post("/sign-out")
    client.cookies.set("muster", token)
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 303


def test_a_role_taken_away_ends_what_was_kept(site: Site) -> None:
    client, path = site.client("chB"), f"{ROLLOUT}/plan"
    etag = client.get(path).headers["etag"]
    from sqlmodel import select

    from app.models import Membership

    with site.database.reading() as session:
        held = session.exec(select(Membership.id).where(Membership.person_id == site.cast.people["chB"])).one()
    assert site.client("dir").post(f"{ROLLOUT}/people/memberships/{held}/removal").status_code == 303
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 404


@pytest.mark.parametrize(
    "moment",
    [
        pytest.param(datetime.fromisoformat("2027-01-09T04:59:59.5+00:00"), id="midnight in New York"),
        pytest.param(datetime.fromisoformat("2027-01-09T05:59:59.5+00:00"), id="midnight in Chicago"),
        pytest.param(datetime.fromisoformat("2027-01-16T04:59:30+00:00"), id="something falls late"),
        pytest.param(datetime.fromisoformat("2027-02-08T12:59:59+00:00"), id="the first patient"),
    ],
)
def test_what_is_kept_is_right_when_the_day_turns_and_when_something_falls_late(site: Site, moment: datetime) -> None:
    site.now = moment
    readers = [Reader(site, who) for who in ("dir", "chB")]
    paths = [*KEPT[:3], "/today"]
    differed = False
    for step in (0.0, 0.2, 0.6, 1.0, 30.0, 61.0):
        site.now = moment + timedelta(seconds=step)
        for reader in readers:
            for path in paths:
                before = reader.kept.get(path, ("", ""))[1]
                seen = [reader.see(path), reader.see(path, has_it=False)]
                assert seen == [reader.fresh(path)] * 2, (path, site.now)
                differed = differed or bool(before and before != reader.kept[path][1])
    assert differed
    assert all(reader.spared for reader in readers)


def test_what_is_kept_is_what_a_fresh_computation_says_whatever_happens(site: Site) -> None:
    chance = random.Random(20270105)
    readers = {who: Reader(site, who) for who in ("dir", "chA", "exe")}
    deeds = _deeds(site, chance)
    for _ in range(30):
        chance.choice(deeds)()
        who = chance.choice(sorted(readers))
        path = chance.choice(KEPT)
        reader = readers[who]
        seen = [reader.see(path), reader.see(path, has_it=False), reader.see(path)]
        assert seen == [reader.fresh(path)] * 3, (who, path, site.now)
    assert sum(reader.spared for reader in readers.values()) > 0


def _deeds(site: Site, chance: random.Random) -> list[Callable[[], object]]:
    """What may happen between two looks; half of the time nothing."""
    champion, director = site.client("chAB"), site.client("dir")

    def change(act: str, form: dict[str, str]) -> object:
        task = site.task(chance.choice(["scanners", "photos", "posters", "line-speed"]))
        champion.post("/sign-in", data={"email": email("chAB"), "password": PASSWORD})
        return champion.post(f"/tasks/{task}/{act}", data={"version": str(site.version(task)), **form})

    def wait(seconds: float) -> None:
        site.now += timedelta(seconds=seconds)

    return [
        lambda: change("completion", {}),
        lambda: change("reopening", {}),
        lambda: change("block", {"reason": "No power"}),
        lambda: change("unblocking", {}),
        lambda: wait(chance.random()),
        lambda: wait(chance.choice([61, 3_600, 86_400, 5 * 86_400])),
        lambda: director.get(f"{ROLLOUT}/board"),
        lambda: None,
        lambda: None,
        lambda: None,
        lambda: None,
    ]


def test_a_page_that_says_what_was_just_done_is_not_kept(site: Site) -> None:
    client, task = site.client("chA"), site.task("photos")
    client.get("/today")
    client.post(f"/tasks/{task}/block", data={"version": "1", "reason": "No light"})
    told = client.get("/today")
    assert "Marked blocked." in told.text
    assert "etag" not in told.headers


def test_the_shelf_keeps_as_much_as_fits() -> None:
    shelf, mark = Shelf(most_bytes=10), (1, NOW, False)
    for name in ("a", "b", "c"):
        shelf.put(("who", False, name), mark, Page(name, b"1234"))
    assert shelf.page(("who", False, "a"), mark) is None
    assert shelf.page(("who", False, "b"), mark) == Page("b", b"1234")
    assert shelf.page(("who", False, "b"), (2, NOW, False)) is None
    shelf.put(("who", False, "c"), mark, Page("c", b"12345678901"))
    assert shelf.page(("who", False, "c"), mark) is None
    assert shelf.page(("who", False, "b"), mark) is None
