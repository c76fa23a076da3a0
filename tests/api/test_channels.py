"""How one is reached, over the API: read, tried, ended and chosen, but never added by a token."""

from __future__ import annotations

from sqlmodel import select

from app.actions.people.channels import add_channel
from app.models import Channel, Delivery
from app.rules.deliveries.mail import TOLD
from tests.api.conftest import Programs

HOOK = "https://hooks.example.org/secret-path"
LIST = "/me/channels"


def added(programs: Programs, who: str = "chA", name: str = "At work") -> str:
    """A channel made on the page of the account: its address."""
    site = programs.site
    with site.database.writing() as session:
        by = site.cast.proven(session, who, site.now)
        return f"{LIST}/{add_channel(session, service='webhook', name=name, url=HOOK, by=by, now=site.now).id}"


def test_no_token_adds_a_channel(programs: Programs) -> None:
    refused = programs("chA").post(LIST, json={"service": "webhook", "name": "Pager", "url": HOOK})
    assert (refused.status_code, refused.json()["type"]) == (403, "/api/v1/#proof-wanted")
    assert HOOK not in refused.text
    assert programs("chA").get(LIST).json()["items"] == []


def test_one_sees_the_own_channels_and_never_their_addresses(programs: Programs) -> None:
    paths = [added(programs), added(programs, name="At home")]
    added(programs, "chB")
    with programs.site.database.reading() as session:
        secrets = session.exec(select(Channel.secret)).all()
    first = programs("chA").get(f"{LIST}?limit=1")
    rest = programs("chA").get(first.json()["next"].removeprefix("/api/v1"))
    shown = [*first.json()["items"], *rest.json()["items"]]
    assert [(f"{LIST}/{one['id']}", one["shown"]) for one in shown] == [
        (path, "Web hook hooks.example.org") for path in paths
    ]
    one = programs("chA").get(paths[0])
    assert (one.json()["service"], one.json()["state"]) == ("Web hook", None)
    told = first.text + rest.text + one.text
    assert not any(word in told for word in ("secret-path", *secrets))
    assert programs("chB").get(paths[0]).status_code == 404


def test_a_channel_is_tried_once_a_minute(programs: Programs) -> None:
    path = added(programs)
    for _ in range(2):
        tried = programs("chA").put(f"{path}/test")
        assert (tried.status_code, tried.json()["state"]) == (200, "waiting")
    with programs.site.database.reading() as session:
        assert len(session.exec(select(Delivery).where(Delivery.kind == "channel_test")).all()) == 1
    assert programs("chB").put(f"{path}/test").status_code == 404
    assert programs("chA", reads_only=True).put(f"{path}/test").status_code == 403


def test_a_channel_is_ended_and_its_address_forgotten(programs: Programs) -> None:
    path = added(programs)
    assert programs("chA").delete(path).status_code == 428
    _, seen = programs.read("chA", path)
    assert programs("chB").delete(path, headers=seen).status_code == 404
    programs("chA").put(f"{path}/test")
    assert programs("chA").delete(path, headers=seen).status_code == 412
    _, seen = programs.read("chA", path)
    assert programs("chA").delete(path, headers=seen).status_code == 204
    assert (programs("chA").get(path).status_code, programs("chA").get(LIST).json()["items"]) == (404, [])
    with programs.site.database.reading() as session:
        assert [(row.url, row.secret) for row in session.exec(select(Channel))] == [("", "")]


def test_one_chooses_what_comes_which_way(programs: Programs) -> None:
    path, other = added(programs), added(programs, name="At home")
    key, untouched = int(path.rpartition("/")[2]), int(other.rpartition("/")[2])
    shown, seen = programs.read("chA", "/me/ways")
    usual = [kind for kind in TOLD if kind.startswith("issue_")]
    assert shown == {
        "mail": list(TOLD), "channels": [{"channel": key, "kinds": usual}, {"channel": untouched, "kinds": usual}],
    }  # fmt: skip
    wanted = {"mail": ["mention"], "channels": [{"channel": key, "kinds": ["mention", "issue_rung"]}]}
    assert programs("chA").put("/me/ways", json=wanted).status_code == 428
    chosen = programs("chA").put("/me/ways", headers=seen, json=wanted)
    assert (chosen.status_code, chosen.json()["mail"]) == (200, ["mention"]), chosen.text
    assert [set(one["kinds"]) for one in chosen.json()["channels"]] == [{"mention", "issue_rung"}, set(usual)]
    assert set(programs("chA").get(path).json()["kinds"]) == {"mention", "issue_rung"}
    assert programs("chA").put("/me/ways", headers=seen, json=wanted).status_code == 200
    late = programs("chA").put("/me/ways", headers=seen, json={"mail": []})
    assert (late.status_code, late.json()["who"], late.json()["etag"]) == (412, "Chiara Amato", chosen.headers["etag"])


def test_nobody_chooses_an_unknown_kind_or_for_the_channel_of_others(programs: Programs) -> None:
    theirs = int(added(programs, "chB").rpartition("/")[2])
    before, seen = programs.read("chA", "/me/ways")
    unknown = programs("chA").put("/me/ways", headers=seen, json={"mail": ["invitation"]})
    assert (unknown.status_code, unknown.json()["errors"][0]["at"]) == (422, "ways")
    stolen = {"mail": [], "channels": [{"channel": theirs, "kinds": []}]}
    assert programs("chA").put("/me/ways", headers=seen, json=stolen).status_code == 404
    assert programs.read("chA", "/me/ways")[0] == before
    assert programs("chB").get(f"{LIST}/{theirs}").json()["kinds"] != []
