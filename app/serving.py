"""What the console does: serve a real installation, serve the demo, or do the background work alone."""

from __future__ import annotations

import gc
import logging
import signal
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

import structlog
import uvicorn
from pydantic import ValidationError

from app.actions.installation import first_run_token, open_installation
from app.db import Database
from app.demo import open_demo
from app.errors import DatabaseProblem, Refused
from app.main import create_app
from app.settings import Settings
from app.worker import run
from app.worker.channels import switchboard_of
from app.worker.post import office_of

GRACE_SECONDS = 3


def serve(*, host: str | None, port: int | None) -> None:
    """A real installation. While nobody is set up, the link that does it stands on the console, and nowhere else."""
    settings = _settings(host, port)
    database = _opened(lambda: open_installation(settings, now=datetime.now(UTC)))
    with database.writing() as session:
        token = first_run_token(session, now=datetime.now(UTC))

    def welcome(address: str) -> list[str]:
        lines = [f"Muster is running at {address}"]
        if token:
            lines += ["Nobody is set up yet. Open this link to create the first account (it works for 7 days, once):"]
            lines += [f"  {address}/setup/{token}"]
        return lines

    _run(settings, database, welcome)


def demo(*, host: str | None, port: int | None) -> None:
    """The demo: invented people and centres in a data folder of its own, always on SQLite. Nobody is sent mail."""
    folder = _read({}).data
    own = folder / "demo" if folder == Path("data") else folder
    settings = _settings(host, port, data=own, database_url="", smtp_host="")
    print("Preparing the demo …", flush=True)
    opened = _opened(lambda: open_demo(settings, now=datetime.now(UTC)))

    def welcome(address: str) -> list[str]:
        lines = [
            f"Muster's demo is running at {address}",
            "All people, centres and figures in it are invented. Sign in as:",
        ]
        lines += [f"  {card.email:<34} {card.password}   {card.name}: {card.shows}" for card in opened.cards]
        return lines

    _run(settings, opened.database, welcome)


def work() -> None:
    """The background work alone, until told to stop."""
    settings = _settings(None, None)
    database = _opened(lambda: open_installation(settings, now=datetime.now(UTC)))
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    print("Muster's worker is running.", flush=True)
    keep_what_started()
    run(database, stop, office_of(settings), switchboard_of(settings))
    database.dispose()


def keep_what_started() -> None:
    """What was made until now stays as long as the process: the garbage collector need not walk through it again and
    again. Some hundred thousand objects, most of a pause.
    """
    gc.collect()
    gc.freeze()


def _settings(host: str | None, port: int | None, **given: Any) -> Settings:
    named: dict[str, Any] = {k: v for k, v in (("host", host), ("port", port)) if v is not None}
    settings = _read({**named, **given})
    level = getattr(logging, settings.log_level.upper())
    # A plain traceback: the pretty one prints local variables, and with them what people typed.
    lines = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    stamped = structlog.processors.TimeStamper(fmt="iso")
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(level),
        processors=[structlog.processors.add_log_level, stamped, lines],
    )
    return settings


def _read(given: dict[str, Any]) -> Settings:
    """The settings, or one line on what is wrong with them; never what they hold, which may be a password."""
    try:
        return Settings(**given)
    except ValidationError as fault:
        said = "; ".join(f"{'_'.join(map(str, one['loc']))} {one['msg']}".strip() for one in fault.errors())
        sys.exit(f"Muster does not start. {said}")


def _opened(open_it: Callable[[], Any]) -> Any:
    """What is opened, or one line on why not: a database in doubt is never started over."""
    try:
        return open_it()
    except (DatabaseProblem, Refused) as error:
        sys.exit(f"Muster does not start. {error}")


class _Server(uvicorn.Server):
    """Ends the open streams first when it is told to stop: nothing else would, and it waits for every answer."""

    def __init__(self, config: uvicorn.Config, end_streams: Callable[[], None]) -> None:
        super().__init__(config)
        self._end_streams = end_streams

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._end_streams()
        super().handle_exit(sig, frame)


def _run(settings: Settings, database: Database, welcome: Callable[[str], list[str]]) -> None:
    app = create_app(settings, database)
    keep_what_started()
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        log_level="warning",
        timeout_graceful_shutdown=GRACE_SECONDS,
        proxy_headers=True,
        forwarded_allow_ips=settings.trusted_proxies,
        server_header=False,
    )
    socket = config.bind_socket()
    port = socket.getsockname()[1]
    address = settings.base_url.rstrip("/") or f"http://{settings.host}:{port}"
    print("\n".join(["", *welcome(address), "", "Stop with Ctrl+C."]), flush=True)
    try:
        _Server(config, app.state.hub.close).run(sockets=[socket])
    except KeyboardInterrupt:
        pass
    finally:
        database.dispose()
