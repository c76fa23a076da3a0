"""Who may do what over HTTP, declared apart from the code: the table of the permission matrix, route by route.

A cell is one user, one address and one method. `yes` (the action's own refusals of an empty or outdated form count),
`no` (403), `hidden` (404) or `sign-in` (sent to the sign-in page).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

USERS: Final = ("dir", "opm", "cto", "itl", "chA", "chB", "chAB", "ch0", "exe", "adm", "off", "")
NETWORK: Final = frozenset({"dir", "opm", "cto", "itl", "exe"})
ALDER: Final = NETWORK | {"chA", "chAB"}
BIRCH: Final = NETWORK | {"chB", "chAB"}
MEMBERS: Final = ALDER | BIRCH
SIGNED_IN: Final = frozenset(USERS) - {"off", ""}


@dataclass(frozen=True)
class Rule:
    """Who sees a thing, and who of them may do this with it."""

    sees: frozenset[str]
    may: frozenset[str]
    public: bool = False

    def cell(self, who: str) -> str:
        if self.public:
            return "yes"
        if who in ("", "off"):
            return "sign-in"
        if who not in self.sees:
            return "hidden"
        return "yes" if who in self.may else "no"


@dataclass(frozen=True)
class Address:
    """One address of a route, with a form that changes nothing: outdated, or empty.

    `gone`: the thing is not there, or not after the first who may change it, so that a yes may read "not found".
    """

    path: str
    rule: Rule
    form: dict[str, str] = field(default_factory=dict)
    gone: bool = False


def everybody() -> Rule:
    return Rule(SIGNED_IN, SIGNED_IN, public=True)


def of(*who: str, sees: frozenset[str] = SIGNED_IN) -> Rule:
    return Rule(sees, frozenset(who))


ALL: Final = Rule(SIGNED_IN, SIGNED_IN)
PLAN: Final = Rule(MEMBERS, MEMBERS)
AT: Final = {"alder": Rule(ALDER, ALDER), "birch": Rule(BIRCH, BIRCH)}
DIRECT: Final = of("dir", sees=MEMBERS)
# An issue is solved, and read, by everybody who works at its place; executives see that it is there.
SOLVE: Final = {"alder": Rule(ALDER, ALDER - {"exe"}), "birch": Rule(BIRCH, BIRCH - {"exe"})}
REPORT: Final = Rule(MEMBERS, MEMBERS - {"exe"})
# Lessons are judged by whoever oversees the whole rollout, and carried into the playbook by whoever may change it.
JUDGE: Final = {"alder": of("dir", "opm", sees=ALDER), "birch": of("dir", "opm", sees=BIRCH)}
PROPOSE: Final = {"alder": of("dir", sees=ALDER), "birch": of("dir", sees=BIRCH)}
OVERSEE: Final = of("dir", "opm", sees=MEMBERS)
KEEP_PLAYBOOKS: Final = of("dir")
KEEP_ACCOUNTS: Final = of("dir", "adm")
KEEP_MEMBERS: Final = of("dir", "adm", sees=MEMBERS | {"adm"})
DO: Final = {
    "alder": of("dir", "opm", "chA", "chAB", sees=ALDER),
    "birch": of("dir", "opm", "chB", "chAB", sees=BIRCH),
    # The one task of the network is the IT lead's.
    "": of("dir", "opm", "itl", sees=MEMBERS),
}
SEE_EVIDENCE: Final = DO
# What a location shares is for the holders of a role there, whatever a director may do elsewhere.
SHARE: Final = {"alder": of("chA", "chAB", sees=ALDER), "birch": of("chB", "chAB", sees=BIRCH)}
GIVE: Final = {
    "alder": of("dir", "opm", "chA", "chAB", sees=ALDER),
    "birch": of("dir", "opm", "chB", "chAB", sees=BIRCH),
    "": of("dir", "opm", sees=MEMBERS),
}
COMMENT: Final = DO
# Both comments are the director's own: others who read them may not take them away.
OWN_COMMENT: Final = {"alder": of("dir", sees=ALDER), "birch": of("dir", sees=BIRCH)}
ADD: Final = of("dir", "opm", "chA", "chB", "chAB", sees=MEMBERS)
SIGN: Final = {"alder": of("dir", sees=ALDER), "birch": of("dir", sees=BIRCH)}
# The migration test at Alder, which the director has signed: whoever sees its texts, and she alone.
SEE_SIGNED: Final = of("dir", "opm", "itl", "chA", "chAB", sees=frozenset({"dir", "opm", "itl", "chA", "chAB"}))
WITHDRAW: Final = of("dir", sees=SEE_SIGNED.sees)
MOVE: Final = {
    "alder": of("dir", "opm", sees=ALDER),
    "birch": of("dir", "opm", sees=BIRCH),
    "": of("dir", "opm", sees=MEMBERS),
}
# A route of the rollout: whoever is in it and may not is refused before the location is looked for.
MOVE_CUTOVER: Final = {"alder": DIRECT, "birch": DIRECT}
