"""What is sent is read in one way or not at all, and a refusal never repeats it."""

from __future__ import annotations

import pytest

from tests.api.conftest import Programs

SECRET = "canary-5c1e"
BODIES = {
    "no JSON": b"{",
    "a member twice": b'{"name": "a", "name": "b"}',
    "NaN": b'{"name": "a", "days": NaN}',
    "infinite": b'{"name": "a", "days": 1e999}',
    "half a pair": b'{"name": "\\ud800"}',
    "too deep": b'{"name": ' + b"[" * 5_000 + b"]" * 5_000 + b"}",
    "a huge number": b'{"name": "a", "days": ' + b"9" * 5_000 + b"}",
    "no UTF-8": b'{"name": "\xff"}',
    "not an object": b"[1]",
    "a text for a number": b'{"name": "a", "days": "30"}',
    "a text for yes or no": b'{"name": "a", "reads_only": "on"}',
    "an unknown member": f'{{"name": "a", "{SECRET}": 1}}'.encode(),
    "a forbidden member": b'{"name": "a", "person_id": 1}',
    "a wrong type": f'{{"name": ["{SECRET}"]}}'.encode(),
    "too long": f'{{"name": "{SECRET * 20}"}}'.encode(),
    "nothing": b"",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_a_body_that_can_be_read_in_two_ways_is_not_read(programs: Programs, body: bytes) -> None:
    answer = programs("chA").post("/tokens", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "/api/v1/#malformed"
    assert answer.json()["errors"]
    assert SECRET not in answer.text


def test_a_whole_number_may_be_written_with_a_point(programs: Programs) -> None:
    answer = programs("chA").post("/tokens", content=b'{"name": "a", "days": 30.0}',
                                  headers={"Content-Type": "application/json"})  # fmt: skip
    assert answer.status_code == 201


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
def test_another_kind_of_body_is_refused(programs: Programs, kind: str) -> None:
    answer = programs("chA").post("/tokens", content=b'{"name": "a"}', headers={"Content-Type": kind} if kind else {})
    assert (answer.status_code, answer.json()["type"]) == (415, "/api/v1/#media-type")


@pytest.mark.parametrize("path", ["/tasks/0", "/tasks/1_0", "/tasks/+1", "/tasks/99999999999999999999999", "/tasks/x",
                                  "/tasks/%0A", "/nothing", "/rollouts/..%2f", "/rollouts/%00/tasks"])  # fmt: skip
def test_an_address_that_is_none_is_not_found(programs: Programs, path: str) -> None:
    answer = programs("dir").get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


def test_a_wrong_method_is_told_which_are_right(programs: Programs) -> None:
    answer = programs("dir").patch(f"/tasks/{programs.site.task('scanners')}/block")
    assert (answer.status_code, answer.headers["allow"]) == (405, "DELETE, PUT")


@pytest.mark.parametrize(
    "tag", ['"x"', "*", 'W/"1-0123456789abcdef"', '"1-0123456789abcdef", "2-0123456789abcdef"', "1"]
)
def test_a_version_that_is_none_is_refused(programs: Programs, tag: str) -> None:
    path = f"/tasks/{programs.site.task('scanners')}/completion"
    assert programs("chA").put(path, headers={"If-Match": tag}).status_code == 400


@pytest.mark.parametrize("stated", [{}, {"Content-Length": "1500012"}])
def test_a_body_over_the_limit_is_refused_while_it_is_read(programs: Programs, stated: dict[str, str]) -> None:
    def pieces() -> object:
        yield b'{"name": "'
        for _ in range(30):
            yield b"x" * 50_000
        yield b'"}'

    headers = {"Content-Type": "application/json", **stated}
    answer = programs("chA").post("/tokens", content=pieces(), headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")
    assert answer.json()["title"] == "Too large"


def test_the_description_is_public_and_complete(programs: Programs) -> None:
    spec = programs().get("/openapi.json")
    assert spec.status_code == 200
    operations = [one for methods in spec.json()["paths"].values() for one in methods.values()]
    assert len(operations) >= 90
    for one in operations:
        assert one["summary"]
        assert one["security"] == [{"token": []}]
        assert {"400", "401", "403", "404", "422", "429", "500", "503"} <= set(one["responses"])
    page = programs.site.client().get("/api/v1/")
    assert page.status_code == 200
    for kind in spec.json()["x-problems"]:
        assert f'id="{kind["name"]}"' in page.text
    assert programs.site.client().get("/api/v1").status_code in (307, 308)
