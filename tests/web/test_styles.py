"""The one stylesheet and the one script: every file in them, in order, and addresses that follow their content."""

import gzip
import re
from pathlib import Path

import pytest

from app.folders import folder
from app.web import script as scripts
from app.web.script import APART, OWN, script
from app.web.stylesheet import APART as APART_SHEETS
from app.web.stylesheet import join, lean, sheet_apart, stylesheet
from tests.web.conftest import Site


def test_every_css_file_stands_in_the_sheet_tokens_first() -> None:
    body = stylesheet().body
    css = folder("static") / "css"
    files = [path for path in css.rglob("*.css") if css / "apart" not in path.parents]
    assert [path.name for path in files if lean(path.read_bytes()).strip() not in body] == []
    assert body.startswith(lean((folder("static") / "css/tokens.css").read_bytes()).rstrip())


def test_every_other_css_file_stands_in_a_sheet_of_its_noun() -> None:
    apart = folder("static") / "css/apart"
    assert sorted(path.name for path in apart.iterdir()) == sorted(APART_SHEETS)
    for name in APART_SHEETS:
        body = sheet_apart(name).body
        assert [path for path in (apart / name).iterdir() if lean(path.read_bytes()).strip() not in body] == []


def test_a_sheet_that_stands_apart_has_an_address_of_its_own(site: Site) -> None:
    client, present = site.client(), sheet_apart("gates")
    assert present.address.startswith("/styles/gates-")
    assert client.get(present.address).content == present.body
    assert "immutable" in client.get(present.address).headers["cache-control"]
    older = client.get("/styles/gates-0000.css")
    assert (older.content, older.headers["cache-control"]) == (present.body, "no-cache")
    assert stylesheet().address in client.get("/sign-in").text
    assert present.address not in client.get("/sign-in").text


def test_what_is_left_out_of_the_sheet_says_nothing_to_a_browser() -> None:
    assert lean(b"a { /* why\n two */\n\n    color: red;\n}\n/* end */") == b"a { \ncolor: red;\n}\n"


def test_a_changed_file_changes_the_address(tmp_path: Path) -> None:
    for name in ("tokens", "fonts", "base"):
        (tmp_path / f"{name}.css").write_text(name)
    before = join(tmp_path).address
    (tmp_path / "base.css").write_text("other")
    assert join(tmp_path).address != before


def test_the_present_sheet_is_kept_for_good_and_an_old_address_is_not(site: Site) -> None:
    client = site.client()
    present, old = client.get(stylesheet().address), client.get("/styles/0000.css")
    assert present.content == old.content == stylesheet().body
    assert "immutable" in present.headers["cache-control"]
    assert old.headers["cache-control"] == "no-cache"


def test_every_script_of_ours_stands_in_the_script_or_is_meant_to_stand_apart() -> None:
    names = {path.stem for path in (folder("static") / "js").glob("*.js")}
    assert names == {*OWN, *APART}
    body = script().body.decode()
    assert [name for name in OWN if (folder("static") / f"js/{name}.js").read_text() not in body] == []


def test_the_script_carries_what_only_works_with_it(tmp_path: Path) -> None:
    for name in OWN:
        (tmp_path / "js").mkdir(exist_ok=True)
        (tmp_path / f"js/{name}.js").write_text("")
    joined = scripts.join(tmp_path, '<dialog id="a">\n"</dialog>')
    assert b'const FURNITURE = "<dialog id=\\"a\\">\\n\\"</dialog>";' in joined.body
    assert joined.address != scripts.join(tmp_path, "").address


@pytest.mark.parametrize("address", ["/scripts/0000.js", script().address])
def test_the_script_comes_packed_to_whoever_takes_it(site: Site, address: str) -> None:
    client = site.client()
    plain = client.get(address, headers={"Accept-Encoding": "identity"})
    packed = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert plain.content == packed.content == script().body
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["vary"] == "Accept-Encoding"
    assert ("immutable" in packed.headers["cache-control"]) == (address == script().address)
    assert len(script().packed) < 40_000


def test_every_page_asks_for_that_script_and_for_no_other(site: Site) -> None:
    page = site.client("chA").get("/today").text
    assert re.findall(r'<script src="([^"]+)"', page) == ["/static/js/theme.js", script().address]
    assert gzip.decompress(script().packed) == script().body
