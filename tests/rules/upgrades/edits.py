"""A small playbook as plain values, and what somebody may change of it: for the properties of upgrades."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from app.plan import Playbook, check, load

Book = dict[str, Any]

BASE: Book = {
    "muster": 1,
    "id": "two-sites",
    "title": "Two sites move",
    "version": "1.0",
    "length": "8w",
    "calendar": {"zone": "America/Chicago", "open": "mon .. fri", "hours": "07:00-18:00"},
    "roles": {
        "hub": {
            "title": "Hub",
            "scope": "network",
            "roles": {
                "director": {"title": "Director", "access": "director"},
                "ops-manager": {"title": "Operations manager", "access": "manager"},
                "cto": "CTO",
                "it-lead": "IT lead",
                "sponsor": {"title": "Sponsor", "access": "executive"},
            },
        },
        "site": {"title": "At each site", "scope": "location", "roles": {"champion": "Site champion"}},
    },
    "attributes": {"legacy": {"title": "Legacy system on site", "answer": "yes-no"}},
    "waves": {
        "pilot": {"title": "Pilot", "when": "week 3 .. week 6", "cutover": "week 6 mon 07:00", "locations": 2}
    },
    "workstreams": {"technical": "Technical", "people": "People"},
    "milestones": {"budget": {"title": "Budget granted", "when": "week 2 fri", "scope": "network"}},
    "tasks": {
        "sso": {"title": "One sign-on", "scope": "network", "owner": "it-lead", "due": "week 1 fri"},
        "scanners": {"title": "Scanners work", "owner": "champion", "due": "week 2 fri"},
        "speed": {
            "title": "Measure the line", "owner": "champion", "due": "week 2 wed",
            "answer": {"type": "number", "unit": "Mbps", "pass": "at least 100"},
        },
        "walk": {
            "title": "Walk through", "owner": "champion", "due": "scanners + 2wd",
            "checklist": {"front": "Front desk", "back": "Back office"},
        },
        "rounds": {"title": "Rounds", "owner": "champion", "due": "week 1 .. week 3", "every": "mon wed"},
        "rooms": {"title": "Set up", "owner": "it-lead", "due": "cutover - 2w", "each": ["CT", "MRI"]},
        "old": {"title": "Old system off", "owner": "it-lead", "due": "cutover + 3wd", "where": {"legacy": True}},
        "report": {"title": "Report", "scope": "network", "owner": "cto", "due": "walk + 2wd"},
    },
    "meetings": {
        "huddle": {
            "title": "Huddle", "owner": "champion", "who": ["champion"], "when": "week 1 .. week 4",
            "every": "tue 09:00", "scope": "location",
        }
    },
    "reconciliation": {
        "daily": {
            "title": "Daily", "owner": "champion", "when": "week 1 .. week 2", "every": "working day 18:00",
            "lines": {"visits": {"title": "Visits", "compare": ["Old", "New"], "tolerance": 0}},
        }
    },
    "gates": {
        "go": {
            "title": "Go or no-go", "when": "cutover - 1wd 15:00", "owner": "it-lead", "decide": "director",
            "votes": ["director", "champion"],
            "criteria": {"ready": {"title": "Ready", "tasks": ["scanners"], "critical": True}},
        }
    },
}  # fmt: skip

TASKS = ("sso", "scanners", "speed", "walk", "rounds", "rooms", "old", "report")
LEAVES = ("sso", "speed", "rounds", "rooms", "old", "report")
"""Tasks that nothing else counts from."""
DAYS = ("week 1 thu", "week 2 mon", "week 3 fri", "cutover - 1w", "cutover + 2wd", "start + 4wd", "undated")


def text_of(book: Book) -> str:
    """The playbook as a file."""
    return json.dumps(book)


def parsed_book(book: Book) -> Playbook:
    return load(text_of(book).encode())


def sound(book: Book) -> Playbook:
    """The same; what the checker refuses is no newer version, and no case."""
    report = check(text_of(book).encode())
    assume(report.playbook is not None)
    return parsed_book(book)


Edit = tuple[str, ...]
EDITS: st.SearchStrategy[Edit] = st.one_of(
    st.tuples(st.just("title"), st.sampled_from((*TASKS, "budget", "go", "huddle", "daily"))),
    st.tuples(st.just("due"), st.sampled_from(("scanners", "speed", "rooms", "old")), st.sampled_from(DAYS)),
    st.tuples(st.just("due"), st.just("sso"), st.sampled_from(("week 1 thu", "week 3 fri", "start + 4wd"))),
    st.tuples(st.just("demand"), st.sampled_from(TASKS)),
    st.tuples(st.just("who"), st.sampled_from(TASKS)),
    st.tuples(st.just("where"), st.sampled_from(("speed", "rooms", "old", "rounds"))),
    st.tuples(st.just("page"), st.sampled_from(TASKS)),
    st.tuples(st.just("gone"), st.sampled_from(LEAVES)),
    st.tuples(st.just("renamed"), st.sampled_from(LEAVES)),
    st.tuples(st.just("kind"), st.sampled_from(("sso", "speed", "old"))),
    st.tuples(st.just("new"), st.sampled_from(("extra", "other")), st.sampled_from(DAYS[:-1])),
    st.tuples(st.just("rhythm"), st.sampled_from(("huddle", "daily", "rounds"))),
    st.tuples(st.just("values"), st.just("rooms")),
    st.tuples(st.just("cutover"), st.sampled_from(("week 5 wed 07:00", "week 7 mon 07:00"))),
    st.tuples(st.just("lines"), st.just("walk")),
    st.tuples(st.just("silent"), st.sampled_from(("huddle", "daily"))),
)
SOME = st.lists(EDITS, min_size=1, max_size=6)


def edited(book: Book, edits: list[Edit], version: str) -> Book:
    """The playbook after some edits; one that touches what another has taken away does nothing."""
    found = deepcopy(book)
    found["version"] = version
    for number, (act, *given) in enumerate(edits):
        _ACTS[act](found, number, *given)
    return found


def _entry(book: Book, name: str) -> dict[str, Any] | None:
    for section in ("tasks", "milestones", "gates", "meetings", "reconciliation"):
        if name in book.get(section, {}):
            entry: dict[str, Any] = book[section][name]
            return entry
    return None


def _changed(book: Book, name: str, key: str, value: Any) -> None:
    entry = _entry(book, name)
    if entry is not None:
        entry[key] = value


def _of_task(book: Book, name: str, key: str, value: Any) -> None:
    if name in book["tasks"]:
        book["tasks"][name][key] = value


def _demand(book: Book, number: int, name: str) -> None:
    entry = _entry(book, name)
    if entry is None or name not in book["tasks"]:
        return
    if name == "speed":
        entry["answer"] = {"type": "number", "unit": "Mbps", "pass": f"at least {200 + number}"}
    else:
        entry["sign_off"] = "director"


def _gone(book: Book, _: int, name: str) -> None:
    if book["tasks"].pop(name, None) is not None:
        book.setdefault("retired", {})[name] = "Taken out."


def _renamed(book: Book, number: int, name: str) -> None:
    entry = book["tasks"].get(name)
    if entry is not None:
        again = {(f"{name}-{number}" if id_ == name else id_): one for id_, one in book["tasks"].items()}
        again[f"{name}-{number}"] = {**entry, "was": name}
        book["tasks"] = again


def _kind(book: Book, _: int, name: str) -> None:
    entry = book["tasks"].pop(name, None)
    if entry is not None:
        scope = {"scope": entry["scope"]} if "scope" in entry else {}
        book["milestones"][name] = {"title": entry["title"], "when": "week 4 fri", **scope}


def _new(book: Book, number: int, name: str, due: str) -> None:
    book["tasks"][f"{name}-{number}"] = {"title": f"Also {name}", "owner": "champion", "due": due}


def _rhythm(book: Book, number: int, name: str) -> None:
    days = ("mon", "thu", "fri")[number % 3]
    _changed(book, name, "every", days if name == "rounds" else f"{days} 10:00")


def _page(book: Book, number: int, name: str) -> None:
    _of_task(book, name, "workstream", ("technical", "people")[number % 2])


def _where(book: Book, number: int, name: str) -> None:
    _of_task(book, name, "where", {"legacy": bool(number % 2)})


def _silent(book: Book, _: int, name: str) -> None:
    for section in ("meetings", "reconciliation"):
        book.get(section, {}).pop(name, None)
        if section in book and not book[section]:
            del book[section]


_ACTS = {
    "title": lambda book, number, name: _changed(book, name, "title", f"Another title {number}"),
    "due": lambda book, number, name, due: _of_task(book, name, "due", due),
    "demand": _demand,
    "who": lambda book, number, name: _of_task(book, name, "owner", ("cto", "it-lead", "ops-manager")[number % 3]),
    "where": _where,
    "page": _page,
    "gone": _gone,
    "renamed": _renamed,
    "kind": _kind,
    "new": _new,
    "rhythm": _rhythm,
    "values": lambda book, number, name: _of_task(book, name, "each", [["CT"], ["CT", "MRI", "PET"]][number % 2]),
    "cutover": lambda book, number, day: book["waves"]["pilot"].update(cutover=day),
    "lines": lambda book, number, name: _of_task(book, name, "checklist", {"front": "Front", f"yard-{number}": "Yard"}),
    "silent": _silent,
}
