"""A served rollout with a runbook, and what a browser sends to its runs."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any

from sqlmodel import col, select

from app.models import Run, RunEntry, RunStep
from app.stored.runs import StoredRun, stored_run
from tests.cast import NOW
from tests.running import runbook_id
from tests.web.conftest import Site

LIST = "/rollouts/two-sites/runbooks"
SCRIPT = {"hx-request": "true"}


def text_of(page: str) -> str:
    """The words of a page, without its marks."""
    words = re.sub(r"<[^>]+>", " ", re.sub(r"<!--.*?-->", "", page, flags=re.DOTALL))
    said = " ".join(unescape(words).replace("\xa0", " ").split())
    return said.replace(" .", ".").replace(" ,", ",")


class Night:
    """The runbook at Alder in the browsers' reach; `site.now` is `minute` minutes after the rehearsal began."""

    def __init__(self, site: Site) -> None:
        self.site = site
        with site.database.reading() as session:
            self.runbook = runbook_id(session, site.cast)
            self.elsewhere = runbook_id(session, site.cast, "birch")

    def minute(self, minute: float) -> datetime:
        self.site.sign_everybody_in_anew()
        self.site.now = NOW + timedelta(minutes=minute)
        return self.site.now

    def get(self, who: str, path: str = "", status: int = 200) -> str:
        answer = self.site.client(who).get(self.path(path))
        assert answer.status_code == status, answer.text
        return answer.text

    def words(self, who: str, path: str = "") -> str:
        return text_of(self.get(who, path))

    def path(self, path: str) -> str:
        return path if path.startswith("/") else f"/runs/{self.run}{'/' if path else ''}{path}"

    @property
    def run(self) -> int:
        """The last run that was made."""
        with self.site.database.reading() as session:
            return session.exec(select(Run.id).order_by(col(Run.id).desc()).limit(1)).one() or 0

    def found(self) -> StoredRun:
        with self.site.database.reading() as session:
            return stored_run(session, session.get_one(Run, self.run))

    def seen(self, step: str) -> int:
        """The last entry of a step, as a fresh form has it."""
        with self.site.database.reading() as session:
            row = session.exec(select(RunStep.id).where(RunStep.run_id == self.run, RunStep.step == step)).one()
            entries = select(RunEntry.id).where(RunEntry.step_id == row).order_by(col(RunEntry.id).desc())
            return session.exec(entries.limit(1)).first() or 0

    def entries(self, *kinds: str) -> list[RunEntry]:
        with self.site.database.reading() as session:
            return list(session.exec(select(RunEntry).where(col(RunEntry.kind).in_(kinds)).order_by(col(RunEntry.id))))

    def rehearse(self, who: str = "opm", **fields: str) -> Any:
        return self.site.client(who).post(f"/runbooks/{self.runbook}/rehearsal", data={"how": "straight", **fields})

    def send(self, who: str, step: str, act: str, *, on: str = "step", **fields: Any) -> Any:
        """A form of a step, with the entry that is there now."""
        data = {"version": str(self.seen(step)), "on": on, **fields}
        return self.site.client(who).post(f"/runs/{self.run}/steps/{step}/{act}", data=data)

    def done(self, who: str, step: str, act: str, **fields: Any) -> None:
        """The same, and it is done."""
        answer = self.send(who, step, act, **fields)
        assert answer.status_code == 303, text_of(answer.text)

    def post(self, who: str, path: str, **fields: Any) -> Any:
        return self.site.client(who).post(self.path(path), data=fields)
