"""Evidence files: named by content, typed by content, capped."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

import pytest

from app.errors import Invalid
from app.storage import MOST_PARTS, EvidenceStore

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


def office(part: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(part, "<x/>")
    return file.getvalue()


@pytest.fixture
def store(tmp_path: Path) -> EvidenceStore:
    return EvidenceStore(tmp_path / "evidence", limit=1_000_000)


def test_content_is_kept_under_its_hash(store: EvidenceStore) -> None:
    kept = store.keep(io.BytesIO(PNG), "../../etc/passwd.png")
    assert kept.sha256 == hashlib.sha256(PNG).hexdigest()
    assert (kept.size, kept.content_type) == (len(PNG), "image/png")
    assert store.path(kept.sha256).read_bytes() == PNG
    assert [path.name for path in store.folder.rglob("*") if path.is_file()] == [kept.sha256]


def test_keeping_the_same_content_twice_is_one_file(store: EvidenceStore) -> None:
    assert store.keep(io.BytesIO(PNG), "a.png") == store.keep(io.BytesIO(PNG), "b.png")
    assert len([path for path in store.folder.rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        (b"\xff\xd8\xff\xe0" + b"\0" * 20, "x.exe", "image/jpeg"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "x", "image/webp"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "x", "image/heic"),
        (b"GIF89a" + b"\0" * 20, "x", "image/gif"),
        (b"%PDF-1.7\n", "x.html", "application/pdf"),
        ("Grüße\r\n".encode(), "x.html", "text/plain"),
        (b"a,b\n1,2\n", "Report.CSV", "text/csv"),
        (office("word/document.xml"), "x", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (office("xl/workbook.xml"), "x", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
)
def test_the_type_is_found_in_the_content(store: EvidenceStore, content: bytes, name: str, expected: str) -> None:
    assert store.keep(io.BytesIO(content), name).content_type == expected


@pytest.mark.parametrize(
    "content",
    [b"", b"MZ\x90\0" + b"\0" * 60, office("evil/thing.xml"), b"PK\x03\x04 broken", b"\x7fELF", b"\xff\xfeh\0i\0"],
)
def test_anything_else_is_refused_and_leaves_nothing(store: EvidenceStore, content: bytes) -> None:
    with pytest.raises(Invalid) as refusal:
        store.keep(io.BytesIO(content), "photo.jpg")
    assert set(refusal.value.fields) == {"file"}
    assert [path for path in store.folder.rglob("*") if path.is_file()] == []


def test_a_file_over_the_limit_is_refused_while_reading(store: EvidenceStore) -> None:
    read = io.BytesIO(PNG + b"\0" * 5_000_000)
    with pytest.raises(Invalid, match="1 MB"):
        store.keep(read, "a.png")
    assert read.tell() < 1_600_000


@pytest.mark.parametrize("name", ["", "../../../etc/passwd", "A" * 64, "0" * 63])
def test_only_a_hash_names_a_file(store: EvidenceStore, name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        store.path(name)


def crowded(parts: int) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
        for number in range(parts - 1):
            archive.writestr(f"x{number}", "")
    return file.getvalue()


@pytest.mark.parametrize("admits", [True, False])
def test_an_archive_of_too_many_parts_is_refused_before_its_list_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, admits: bool
) -> None:
    content = bytearray(crowded(MOST_PARTS * 3))
    if not admits:  # a count that lies: readers go by the size of the list
        content[-14:-10] = b"\1\0\1\0"

    def opened(_path: Path) -> None:
        raise AssertionError("the list of parts was read")

    monkeypatch.setattr(zipfile, "ZipFile", opened)
    store = EvidenceStore(tmp_path, limit=25_000_000)
    with pytest.raises(Invalid):
        store.keep(io.BytesIO(content), "report.docx")


def test_an_archive_with_a_64_bit_end_is_refused_and_one_with_a_comment_is_taken(store: EvidenceStore) -> None:
    end = office("word/document.xml")
    far = end[:-22] + b"PK\x06\x07" + b"\0" * 16 + end[-22:]
    with pytest.raises(Invalid):
        store.keep(io.BytesIO(far), "report.docx")
    remark = b"made by hand"
    noted = end[:-2] + len(remark).to_bytes(2, "little") + remark
    assert store.keep(io.BytesIO(noted), "x").content_type.endswith("wordprocessingml.document")
