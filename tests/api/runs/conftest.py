"""A program for everybody of the cast, in a rollout with a runbook that can be run."""

from __future__ import annotations

from typing import Any

import pytest

from tests import cast as casting
from tests.api.conftest import API, Programs
from tests.running import RUN, later, runbook_id
from tests.web.conftest import Site


class Night(Programs):
    """`night.rehearse()` makes a run at Alder; `night.act("itl", "freeze", "start")` changes a step as it stands now;
    `night.minute(5)` is five minutes after the rehearsal began.
    """

    run = ""

    def runbook(self, place: str = "alder") -> str:
        with self.site.database.reading() as session:
            return f"/runbooks/{runbook_id(session, self.site.cast, place)}"

    def minute(self, minutes: float) -> None:
        self.site.now = later(minutes)

    def rehearse(self, **given: Any) -> dict[str, Any]:
        answer = self("opm").post(f"{self.runbook()}/runs", json=given)
        assert answer.status_code == 201, answer.text
        self.run = answer.headers["location"].removeprefix(API)
        found: dict[str, Any] = answer.json()
        return found

    def step(self, step: str) -> str:
        return f"{self.run}/steps/{step}"

    def send(self, who: str, step: str, act: str, **given: Any) -> Any:
        """A change of a step in the version that it has now."""
        _, seen = self.read("opm", self.step(step))
        return self(who).request(
            "POST" if act == "rounds" else "PUT", f"{self.step(step)}/{act}", headers=seen, json=given
        )

    def act(self, who: str, step: str, act: str, **given: Any) -> dict[str, Any]:
        answer = self.send(who, step, act, **given)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def seen_run(self, who: str = "opm") -> dict[str, Any]:
        return self.read(who, self.run)[0]


@pytest.fixture
def night(served: Site) -> Night:
    served.cast = casting.running(served.database, RUN)
    return Night(served)
