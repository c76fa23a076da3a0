"""Find a Chromium for the browser tests, or unpack the one that npm brought.

`python -m tests.browser.chromium` unpacks it ahead of the tests. Order of search: CHROME_PATH, a browser of the
system, the unpacked one. That one runs on Linux x86-64 only and needs no library of the system.
"""

from __future__ import annotations

import io
import os
import platform
import shutil
import sys
import tarfile
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKED = ROOT / "node_modules" / "@sparticuz" / "chromium" / "bin"
UNPACKED = ROOT / ".browser"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ADVICE = "no Chromium found: install one, set CHROME_PATH, or run `playwright install --only-shell chromium`"


@dataclass(frozen=True)
class Browser:
    executable: str
    environment: dict[str, str] = field(default_factory=dict)


def find() -> Browser | None:
    if found := installed():
        return Browser(found)
    if (UNPACKED / ".stamp").exists():
        libraries = str(UNPACKED / "al2023" / "lib")
        return Browser(
            str(UNPACKED / "chromium"),
            {"LD_LIBRARY_PATH": libraries, "FONTCONFIG_FILE": str(UNPACKED / "fonts.conf")},
        )
    return None


def installed() -> str | None:
    return os.environ.get("CHROME_PATH") or next(filter(None, map(shutil.which, NAMES)), None)


def unpack() -> None:
    """Fill .browser anew when npm's copy has changed; does nothing where it could not run."""
    if sys.platform != "linux" or platform.machine() != "x86_64" or not PACKED.exists():
        return
    stamp = UNPACKED / ".stamp"
    want = f"{UNPACKED}\n" + (PACKED.parent / "package.json").read_text()
    if stamp.exists() and stamp.read_text() == want:
        return
    shutil.rmtree(UNPACKED, ignore_errors=True)
    UNPACKED.mkdir()
    program = UNPACKED / "chromium"
    program.write_bytes(inflate("chromium.br"))
    program.chmod(0o755)
    for name in ("al2023", "fonts"):
        extract(inflate(f"{name}.tar.br"), UNPACKED / name)
    # The fonts.conf of the package names folders of another platform, and without a font the pages have no text.
    (UNPACKED / "fonts.conf").write_text(
        f"<fontconfig><dir>{UNPACKED / 'fonts'}</dir><cachedir>{UNPACKED / 'cache'}</cachedir></fontconfig>"
    )
    stamp.write_text(want)


def inflate(name: str) -> bytes:
    import brotli  # type: ignore[import-untyped]

    data: bytes = brotli.decompress((PACKED / name).read_bytes())
    return data


def extract(archive: bytes, target: Path) -> None:
    target.mkdir(exist_ok=True)
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        if hasattr(tarfile, "data_filter"):
            tar.extractall(target, filter="data")
        else:  # Python 3.11.0 to 3.11.3
            tar.extractall(target)


if __name__ == "__main__":
    if not installed():
        unpack()
    if find() is None:
        print(ADVICE, file=sys.stderr)
