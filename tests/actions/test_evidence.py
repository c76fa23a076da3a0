"""Evidence on a task: files, photos and links."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from sqlmodel import Session, select

from app.actions.tasks.completion import complete_task
from app.actions.tasks.evidence import attach_file, attach_link, demand_attachable, remove_evidence, restore_evidence
from app.db import Database
from app.errors import Invalid, NotFound, Refused
from app.models import Event, Evidence
from app.storage import EvidenceStore
from tests.cast import NOW, Cast

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


@pytest.fixture
def store(tmp_path: Path) -> EvidenceStore:
    return EvidenceStore(tmp_path / "evidence", limit=1_000_000)


def photo(
    session: Session,
    store: EvidenceStore,
    cast: Cast,
    who: str = "chA",
    *,
    content: bytes = PNG,
    name: str = "room.png",
    seen: int = 1,
    kind: str = "photo",
) -> Evidence:
    task = cast.task(session, "photos")
    return attach_file(
        session, task.id or 0, stored=store.keep(io.BytesIO(content), name), file_name=name, kind=kind, seen=seen,
        by=cast.viewer(session, who), now=NOW,
    )  # fmt: skip


def test_a_photo_is_kept_and_lets_the_task_be_completed(db: Database, running: Cast, store: EvidenceStore) -> None:
    with db.writing() as session:
        row = photo(session, store, running)
        assert store.path(row.sha256).read_bytes() == PNG
        assert (row.kind, row.content_type, row.size, row.file_name) == ("photo", "image/png", len(PNG), "room.png")
        by = running.viewer(session, "chA")
        complete_task(session, row.task_id, seen=2, by=by, now=NOW)


def test_the_same_photo_twice_is_one_row_and_one_event(db: Database, running: Cast, store: EvidenceStore) -> None:
    with db.writing() as session:
        first, second = photo(session, store, running), photo(session, store, running, name="again.png")
        assert first.id == second.id
        assert len(session.exec(select(Event).where(Event.verb == "task.evidence_attached")).all()) == 1


def test_a_name_never_leads_anywhere(db: Database, running: Cast, store: EvidenceStore) -> None:
    with db.writing() as session:
        row = photo(session, store, running, name="..\\..\\win/../evil\r\n.png")
        assert row.file_name == "evil.png"
        assert [path.name for path in store.folder.rglob("*") if path.is_file()] == [row.sha256]


def test_a_text_file_is_no_photo(db: Database, running: Cast, store: EvidenceStore) -> None:
    with db.writing() as session:
        with pytest.raises(Invalid, match="not a photo"):
            photo(session, store, running, content=b"hello")
        row = photo(session, store, running, content=b"hello", kind="file", name="notes.txt")
        assert (row.kind, row.content_type) == ("file", "text/plain")
        with pytest.raises(Refused):
            complete_task(session, row.task_id, seen=2, by=running.viewer(session, "chA"), now=NOW)


def test_a_stranger_attaches_nothing_and_is_told_before_a_file_is_kept(
    db: Database, running: Cast, store: EvidenceStore
) -> None:
    with db.writing() as session:
        task, by = running.task(session, "photos"), running.viewer(session, "chB")
        with pytest.raises(NotFound):
            demand_attachable(session, task.id or 0, by=by)
        with pytest.raises(NotFound):
            photo(session, store, running, "chB")


def test_removed_evidence_no_longer_counts_and_its_content_stays(
    db: Database, running: Cast, store: EvidenceStore
) -> None:
    with db.writing() as session:
        row = photo(session, store, running)
        by = running.viewer(session, "chAB")
        for _ in range(2):
            remove_evidence(session, row.id or 0, seen=1, by=by, now=NOW)
        assert (row.removed_by, row.removed_at) == (running.people["chAB"], NOW)
        assert store.path(row.sha256).exists()
        with pytest.raises(Refused):
            complete_task(session, row.task_id, seen=3, by=by, now=NOW)
        again = photo(session, store, running, seen=3)
        assert again.id != row.id


def test_what_was_taken_away_is_put_back_once(db: Database, running: Cast, store: EvidenceStore) -> None:
    with db.writing() as session:
        row = photo(session, store, running)
        by = running.viewer(session, "chA")
        remove_evidence(session, row.id or 0, seen=2, by=by, now=NOW)
        for _ in range(2):
            restore_evidence(session, row.id or 0, seen=3, by=by, now=NOW)
        assert (row.removed_at, row.removed_by) == (None, None)
        complete_task(session, row.task_id, seen=4, by=by, now=NOW)


@pytest.mark.parametrize(
    "url",
    ["", "http://example.org", "javascript:alert(1)", "https://", "https://user@evil.org", "//x.org", "https://[bad"],
)
def test_only_https_links_are_taken(db: Database, running: Cast, url: str) -> None:
    with db.writing() as session, pytest.raises(Invalid) as refusal:
        task = running.task(session, "scanners")
        attach_link(session, task.id or 0, url=url, seen=1, by=running.viewer(session, "chA"), now=NOW)
    assert set(refusal.value.fields) == {"url"}


def test_a_link_is_kept_once(db: Database, running: Cast) -> None:
    with db.writing() as session:
        task = running.task(session, "scanners")
        for _ in range(2):
            attach_link(
                session, task.id or 0, url="https://wiki.example.org/room?id=1", seen=1,
                by=running.viewer(session, "chA"), now=NOW,
            )  # fmt: skip
        assert [(row.kind, row.url) for row in session.exec(select(Evidence))] == [
            ("link", "https://wiki.example.org/room?id=1")
        ]
