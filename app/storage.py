"""Evidence files in a local folder, named by the SHA-256 of their content and never by what people called them."""

from __future__ import annotations

import hashlib
import os
import re
import struct
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

from app.errors import Invalid, NotFound

CHUNK = 256 * 1024
HEAD = 64
CONTENT_TYPES = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/heic": ".heic",
    "image/gif": ".gif",
    "application/pdf": ".pdf",
    "text/plain": ".txt",
    "text/csv": ".csv",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_END, _END_64 = b"PK\x05\x06", b"PK\x06\x07"
_END_FIELDS = struct.Struct("<4s4H2LH")
_LOCATOR_64 = 20
MOST_PARTS = 10_000
LARGEST_DIRECTORY = MOST_PARTS * 128
_OFFICE = {"word/document.xml": ".docx", "xl/workbook.xml": ".xlsx"}


@dataclass(frozen=True)
class StoredFile:
    """Content that is safely on the disk: `size` in bytes, `content_type` as found in the content itself."""

    sha256: str
    size: int
    content_type: str


class EvidenceStore:
    """Files under `folder`, none larger than `limit` bytes."""

    def __init__(self, folder: Path, limit: int) -> None:
        self.folder = folder
        self.limit = limit

    def keep(self, file: BinaryIO, name: str) -> StoredFile:
        """Write the content so that it survives a power cut, then say what it is. Keeping it again changes nothing.

        `name` only tells a table of figures from plain text. Raises Invalid for field `file`: empty, too large, or a
        type that is not taken.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self.folder, delete=False) as copy:
            written = Path(copy.name)
            try:
                stored = self._copied(file, copy, name)
                copy.flush()
                os.fsync(copy.fileno())
                self._place(written, stored.sha256)
            finally:
                written.unlink(missing_ok=True)
        return stored

    def path(self, sha256: str) -> Path:
        """Where the content lies; the name must be a hash, so it cannot lead anywhere else."""
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise ValueError("not a SHA-256")
        return self.folder / sha256[:2] / sha256

    def download(self, file_id: int, sha256: str, content_type: str, called: str = "evidence") -> tuple[Path, str]:
        """Where the content of a file lies, and our name for it: what it is `called`, and its key. Raises NotFound."""
        path = self.path(sha256)
        if not path.is_file():
            raise NotFound("file")
        return path, f"{called}-{file_id}{CONTENT_TYPES[content_type]}"

    def _copied(self, file: BinaryIO, copy: IO[bytes], name: str) -> StoredFile:
        digest, size = hashlib.sha256(), 0
        while chunk := file.read(CHUNK):
            size += len(chunk)
            if size > self.limit:
                raise Invalid({"file": f"The file is larger than {self.limit // 1_000_000} MB."})
            digest.update(chunk)
            copy.write(chunk)
        if not size:
            raise Invalid({"file": "The file is empty."})
        copy.flush()
        return StoredFile(digest.hexdigest(), size, content_type(Path(copy.name), name))

    def _place(self, written: Path, sha256: str) -> None:
        target = self.path(sha256)
        target.parent.mkdir(exist_ok=True)
        if not target.exists():
            written.replace(target)
            _sync(target.parent)


def _sync(folder: Path) -> None:
    """Make a new name in a folder durable, where the system can."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def content_type(path: Path, name: str) -> str:
    """The type by the content, one of CONTENT_TYPES. Raises Invalid for anything else."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    extension = _by_head(head) or (_office(path) if head.startswith(b"PK") else _text(path, name))
    for kind, known in CONTENT_TYPES.items():
        if known == extension:
            return kind
    raise Invalid({"file": "Attach a photo (JPEG, PNG, WebP, HEIC, GIF), PDF, Word, Excel, CSV or text file."})


def _by_head(head: bytes) -> str:
    if head.startswith(b"\xff\xd8\xff"):
        return ".jpg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return ".png"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return ".gif"
    if head.startswith(b"%PDF-"):
        return ".pdf"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return ".webp"
    return ".heic" if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS else ""


def _office(path: Path) -> str:
    if not _small_directory(path):
        return ""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return ""
    return next((extension for part, extension in _OFFICE.items() if part in names), "")


def _small_directory(path: Path) -> bool:
    """Whether the archive's end record (APPNOTE.TXT 4.3.16) names a list of parts that is quickly read.

    The size of the list in bytes counts too, since readers go by it and not by the number of parts.
    """
    with path.open("rb") as file:
        whole = file.seek(0, os.SEEK_END)
        file.seek(max(0, whole - _END_FIELDS.size - 2**16 - _LOCATOR_64))
        tail = file.read()
    plain = len(tail) - _END_FIELDS.size  # where the record lies without a comment, as nearly always
    at = plain if tail[plain:].startswith(_END) and tail.endswith(b"\0\0") else tail.rfind(_END)
    if at < 0 or at > plain:
        return False
    if tail[max(0, at - _LOCATOR_64) : at].startswith(_END_64):
        return False
    *_, parts, size, _start, _comment = _END_FIELDS.unpack_from(tail, at)
    return bool(parts <= MOST_PARTS and size <= LARGEST_DIRECTORY)


def _text(path: Path, name: str) -> str:
    try:
        with path.open(encoding="utf-8", errors="strict") as file:
            while chunk := file.read(CHUNK):
                if _NOT_TEXT.search(chunk):
                    return ""
    except UnicodeDecodeError:
        return ""
    return ".csv" if name.lower().endswith(".csv") else ".txt"
