"""A gate as people hold it in their browsers."""

from __future__ import annotations

import re
from html import unescape
from typing import Any, Final

from httpx2 import Response
from sqlmodel import col, select

from app.models import GateDecision, GateRecord
from tests.gating import gate_id
from tests.web.conftest import Site

SCRIPT: Final = {"hx-request": "true"}


def text_of(page: str) -> str:
    words = re.sub(r"<[^>]+>", " ", re.sub(r"<!--.*?-->", "", page, flags=re.DOTALL))
    return " ".join(unescape(words).replace("\xa0", " ").split())


class Floor:
    """The readiness review of Alder, in the browsers of the cast."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.gate = self.of("review")

    def of(self, gate: str, place: str = "alder") -> int:
        with self.site.database.reading() as session:
            return gate_id(session, self.site.cast, gate, place)

    def page(self, who: str, gate: int = 0) -> str:
        answer = self.site.client(who).get(f"/gates/{gate or self.gate}")
        assert answer.status_code == 200, answer.text
        return answer.text

    def says(self, who: str, gate: int = 0) -> str:
        """The sentence that the page opens with."""
        found = re.search(r"<h1[^>]*>(.*?)</h1>", self.page(who, gate), re.DOTALL)
        assert found is not None
        return text_of(found[1]).replace(" ,", ",").replace(" .", ".").replace(" :", ":")

    def version(self, gate: int = 0) -> str:
        with self.site.database.reading() as session:
            row = session.exec(select(GateRecord).where(GateRecord.dated_id == (gate or self.gate))).first()
            return str(row.version if row else 0)

    def send(self, who: str, act: str, *, gate: int = 0, script: bool = False, **fields: Any) -> Response:
        """A form of the page, with the version that is there now unless one is given."""
        data = {"version": self.version(gate), **fields}
        headers = SCRIPT if script else {}
        return self.site.client(who).post(f"/gates/{gate or self.gate}/{act}", data=data, headers=headers)

    def answer(self, who: str, criterion: str, text: str, **fields: Any) -> Response:
        return self.send(who, "answer", criterion=criterion, answer=text, **{"version": "0", **fields})

    def made_ready(self) -> None:
        """Both criteria that are answered are good enough."""
        assert self.answer("chA", "safe", "yes").status_code == 303
        assert self.answer("itl", "fast", "900").status_code == 303

    def opened(self) -> None:
        """Ready, and the vote is open."""
        self.made_ready()
        assert self.send("opm", "opening").status_code == 303

    def vote(self, who: str, vote: str = "go", **fields: Any) -> Response:
        return self.send(who, "votes", **{"vote": vote, "role": "", "comment": "", "pack": "1", **fields})

    def voted(self) -> None:
        """Champion and IT lead have voted go: a go can be decided."""
        self.opened()
        for who in ("chA", "itl"):
            assert self.vote(who).status_code == 303

    def decide(self, outcome: str = "go", who: str = "dir", **fields: Any) -> Response:
        reason = "" if outcome == "go" else "So we agreed."
        given = {"outcome": outcome, "reason": reason, "pack": "1", "version": self.decision(), **fields}
        return self.send(who, "decision", **given)

    def decision(self, gate: int = 0) -> str:
        """The key of the last decision, as the form of whoever decides shows it."""
        statement = select(GateDecision.id).join(GateRecord).where(GateRecord.dated_id == (gate or self.gate))
        with self.site.database.reading() as session:
            return str(session.exec(statement.where(col(GateDecision.replaced_at).is_(None))).first() or 0)
