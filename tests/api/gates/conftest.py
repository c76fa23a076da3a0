"""A program for everybody of the cast, in a rollout with gates that can be held."""

from __future__ import annotations

import pytest

from tests import cast as casting
from tests.api.conftest import Programs
from tests.gating import GATED, gate_id
from tests.web.conftest import Site


class Held(Programs):
    """`held.gate()` is the address of the review at Alder; `held.open()` answers it and opens its vote."""

    def gate(self, gate: str = "review", place: str = "alder") -> str:
        with self.site.database.reading() as session:
            return f"/gates/{gate_id(session, self.site.cast, gate, place)}"

    def answer(self, who: str, criterion: str, value: object, gate: str = "") -> None:
        path = f"{gate or self.gate()}/answers/{criterion}"
        _, seen = self.read(who, path)
        answer = self(who).put(path, headers=seen, json={"value": value})
        assert answer.status_code == 200, answer.text

    def open(self) -> str:
        gate = self.gate()
        self.answer("chA", "safe", "yes")
        self.answer("itl", "fast", "900")
        _, seen = self.read("opm", gate)
        answer = self("opm").put(f"{gate}/voting", headers=seen)
        assert answer.status_code == 200, answer.text
        return gate


@pytest.fixture
def held(served: Site) -> Held:
    served.cast = casting.running(served.database, GATED)
    return Held(served)
