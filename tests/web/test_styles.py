"""The one stylesheet: every file in it, in the order of the layers, and an address that follows its content."""

from pathlib import Path

from app.web.folders import folder
from app.web.stylesheet import join, stylesheet
from tests.web.conftest import Site


def test_every_css_file_stands_in_the_sheet_tokens_first() -> None:
    body = stylesheet().body
    files = list((folder("static") / "css").rglob("*.css"))
    assert [path.name for path in files if path.read_bytes() not in body] == []
    assert body.startswith((folder("static") / "css/tokens.css").read_bytes())


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
