"""Servers in processes of their own: ours as it is served, and the limits beside it."""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

READY_WITHIN = 60.0
COMPILED = tempfile.mkdtemp(prefix="muster-bench-")
"""Where what the servers import stays compiled, as it does wherever Muster is installed."""
atexit.register(shutil.rmtree, COMPILED, ignore_errors=True)


@dataclass(frozen=True)
class Server:
    """A server that answers on `port`; `seconds` is how long it took until it did."""

    port: int
    seconds: float
    pid: int

    def memory(self) -> int:
        """Bytes that its processes have for themselves, and their share of what they have together."""
        pids = [self.pid, *_children(self.pid)]
        return sum(_share(pid) for pid in pids)


def _children(pid: int) -> list[int]:
    task = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(each) for each in task.read_text().split()] if task.exists() else []


def _share(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


@contextmanager
def serving(factory: str, *, processes: int = 1, **environment: str) -> Iterator[Server]:
    """`factory` is `module:function` of an application. Ready when it has answered anything at all."""
    port = _free_port()
    command = [
        sys.executable, "-m", "uvicorn", "--factory", factory, "--port", str(port), "--workers", str(processes),
        "--log-level", "error", "--no-access-log",
    ]  # fmt: skip
    begun = time.perf_counter()
    kept = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": COMPILED}
    process = subprocess.Popen(command, env={**os.environ, **kept, **environment}, start_new_session=True)
    try:
        _wait(port, process)
        yield Server(port, time.perf_counter() - begun, process.pid)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.perf_counter() + READY_WITHIN
    while time.perf_counter() < until:
        if process.poll() is not None:
            sys.exit("a server of the bench did not start")
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as wire:
                wire.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                if wire.recv(1):
                    return
        except OSError:
            time.sleep(0.01)
    sys.exit("a server of the bench did not answer")
