"""A rehearsal of both locations that is on, with a canary in all that was said in it: every page and form of runs."""

from __future__ import annotations

from io import BytesIO
from typing import Any, Final

from sqlmodel import Session, col, select

from app.actions.runs.files import attach_step_file, attach_step_link, remove_step_file
from app.actions.runs.finishing import finish_step
from app.actions.runs.links import make_link
from app.actions.runs.making import make_run
from app.actions.runs.stepping import note_on, skip_step, start_step
from app.models import Run, RunEntry, RunFile, RunStep
from tests.cast import NOW
from tests.house import policy
from tests.house.policy import ALDER, AT, BIRCH, DO, MOVE, SIGN, Address, Rule
from tests.running import runbook_id
from tests.web.conftest import Site

ONE: Final = "/runs/{run_id}"
STEP: Final = f"{ONE}/steps/{{step}}"
# A champion's own check: the director may check anything.
CHECK: Final = {
    "alder": policy.of("dir", "chA", "chAB", sees=ALDER),
    "birch": policy.of("dir", "chB", "chAB", sees=BIRCH),
}


def run_at(site: Site, session: Session, place: str, canary: str) -> None:
    """A step is finished and waits for its check, one was left out, one has a proof and one that was taken away."""
    by: dict[str, Any] = {"by": site.cast.viewer(session, "opm"), "now": NOW}
    run = make_run(session, runbook_id(session, site.cast, place), **by).id or 0
    start_step(session, run, "freeze", why=f"{canary} why of a beginning", seen=None, **by)
    finish_step(session, run, "freeze", note=f"{canary} note of an end", seen=None, **by)
    skip_step(session, run, "tell", reason=f"{canary} reason of a gap", seen=None, **by)
    note_on(session, run, step="freeze", text=f"{canary} note of a step", **by)
    kept = site.app.state.store.keep(BytesIO(f"{canary} content of a step".encode()), "e.txt")
    attach_step_file(session, run, "freeze", stored=kept, file_name=f"{canary}-step.txt", **by)
    gone = attach_step_link(session, run, "freeze", url=f"https://example.org/{canary}", **by)
    remove_step_file(session, run, gone.id or 0, **by)
    make_link(session, run, title=f"{canary} title of a link", **by)


def run_addresses(site: Site) -> dict[str, list[Address]]:
    """For every route of runs its addresses, with forms that are outdated, empty or already done."""
    old, empty = {"version": "0"}, {"reason": " "}
    hour = {**old, "day": "2027-01-05", "time": "08:59", "why": " "}
    forms: dict[str, tuple[dict[str, Rule], dict[str, str]]] = {
        ONE: (AT, {}),
        STEP: (AT, {}),
        f"{ONE}/files/{{file_id}}": (DO, {}),
        f"{ONE}/notes": (DO, {"text": " "}),
        f"{ONE}/zero": (MOVE, empty),
        f"{ONE}/way-back": (SIGN, empty),
        f"{ONE}/ending": (MOVE, empty),
        f"{ONE}/wall": (AT, {}),
        f"{ONE}/links": (MOVE, {"title": " "}),
        f"{STEP}/start": (DO, old),
        f"{STEP}/completion": (DO, old),
        f"{STEP}/verification": (CHECK, old),
        f"{STEP}/return": (CHECK, {**old, **empty}),
        f"{STEP}/reopening": (MOVE, {**old, **empty}),
        f"{STEP}/skipping": (DO, {**old, **empty}),
        f"{STEP}/block": (DO, {**old, **empty}),
        f"{STEP}/unblocking": (DO, old),
        f"{STEP}/holder": (DO, old),
        f"{STEP}/notes": (DO, {**old, "text": " "}),
        f"{STEP}/entries/{{entry_id}}/correction": (MOVE, hour),
        f"{STEP}/evidence": (DO, {}),
        f"{STEP}/evidence/link": (DO, {**old, "url": "http://example.org"}),
        f"{STEP}/files/{{file_id}}/removal": (DO, old),
    }
    found: dict[str, list[Address]] = {}
    books: dict[str, int] = {}
    walls: list[Address] = []
    with site.database.reading() as session:
        for place in AT:
            books[place] = runbook_id(session, site.cast, place)
            keys = _keys(session, books[place])
            for route, (rules, form) in forms.items():
                file = "gone" if route.endswith("/removal") else "file"
                path = route.format(step="freeze", file_id=keys[file], **keys)
                found.setdefault(route, []).append(Address(path, rules[place], form))
            walls.append(Address(f"/runs/{keys['run_id']}/links/99999/end", MOVE[place], gone=True))
    book = "/runbooks/{dated_id}"
    return {
        **found,
        f"{ONE}/links/{{link_id}}/end": walls,
        "/wall/{token}": [Address("/wall/unknown", policy.everybody(), gone=True)],
        "/wall/{token}/live": [Address("/wall/unknown/live", policy.everybody(), gone=True)],
        "/rollouts/{slug}/runbooks": [Address("/rollouts/two-sites/runbooks", policy.PLAN)],
        book: [Address(f"/runbooks/{key}", AT[at]) for at, key in books.items()],
        # Each has a run that is not over: no other one is made.
        f"{book}/rehearsal": [
            Address(f"/runbooks/{key}/rehearsal", MOVE[at], {"how": "hours"}) for at, key in books.items()
        ],
        f"{book}/live-run": [Address(f"/runbooks/{key}/live-run", MOVE[at]) for at, key in books.items()],
    }


def _keys(session: Session, runbook: int) -> dict[str, int]:
    """Of the open run of a runbook: `run_id`, an `entry_id`, the `file` that stands and the one that is `gone`."""
    run = session.exec(select(Run.id).where(Run.dated_id == runbook, col(Run.ended_at).is_(None))).one() or 0
    entry = select(RunEntry.id).where(RunEntry.run_id == run, RunEntry.kind == "started")
    files = session.exec(select(RunFile).join(RunStep).where(RunStep.run_id == run)).all()
    return {
        "run_id": run,
        "entry_id": session.exec(entry).one() or 0,
        "file": next(one.id or 0 for one in files if one.removed_at is None),
        "gone": next(one.id or 0 for one in files if one.removed_at is not None),
    }


def run_asks(site: Site, base: str) -> dict[str, list[tuple[str, Rule, Any, bool]]]:
    """For every operation of runs: path, rule, body, and whether the thing may not be there."""
    why, at = {"reason": " "}, {"happened": NOW.isoformat(), "why": " "}
    until = {"reason": "x", "until": NOW.isoformat()}
    bodies: dict[str, tuple[dict[str, Rule], Any]] = {
        f"GET {ONE}": (AT, None), f"GET {ONE}/entries": (AT, None), f"GET {STEP}": (AT, None),
        f"POST {ONE}/entries/{{entry_id}}/corrections": (MOVE, at), f"POST {ONE}/notes": (DO, {"text": " "}),
        f"PUT {ONE}/ending": (MOVE, why), f"PUT {ONE}/way-back": (SIGN, why), f"PUT {ONE}/zero": (MOVE, {"why": "x"}),
        f"PUT {STEP}/start": (DO, {}), f"PUT {STEP}/completion": (DO, {}), f"POST {STEP}/rounds": (DO, {}),
        f"PUT {STEP}/verification": (CHECK, {}), f"PUT {STEP}/return": (CHECK, why),
        f"PUT {STEP}/reopening": (MOVE, why), f"PUT {STEP}/skipping": (DO, why), f"PUT {STEP}/block": (DO, until),
        f"PUT {STEP}/unblocking": (DO, {}), f"PUT {STEP}/holder": (DO, {"person": 99999}),
        f"POST {STEP}/notes": (DO, {"text": " "}), f"POST {STEP}/evidence": (DO, {"file": b""}),
        f"POST {STEP}/evidence/links": (DO, {"url": "http://example.org"}),
        f"DELETE {ONE}/files/{{file_id}}": (DO, None), f"GET {ONE}/files/{{file_id}}/content": (DO, None),
        f"GET {ONE}/links": (MOVE, None), f"POST {ONE}/links": (MOVE, {"title": " "}),
    }  # fmt: skip
    found: dict[str, list[tuple[str, Rule, Any, bool]]] = {f"DELETE {ONE}/links/{{link_id}}": []}
    # Each has a run that is not over: no other one is made.
    hours = {"how": "hours", "zero": NOW.isoformat()}
    with site.database.reading() as session:
        for place in AT:
            book = runbook_id(session, site.cast, place)
            keys = _keys(session, book)
            for key, (rules, body) in bodies.items():
                file = "gone" if key.startswith("DELETE") else "file"
                path = key.split(" ")[1].format(step="freeze", file_id=keys[file], **keys)
                found.setdefault(key, []).append((path, rules[place], body, False))
            ended = (f"/runs/{keys['run_id']}/links/99999", MOVE[place], None, True)
            found[f"DELETE {ONE}/links/{{link_id}}"].append(ended)
            found.setdefault("GET /runbooks/{runbook_id}", []).append((f"/runbooks/{book}", AT[place], None, False))
            made = (f"/runbooks/{book}/runs", MOVE[place], hours, False)
            found.setdefault("POST /runbooks/{runbook_id}/runs", []).append(made)
    found["GET /rollouts/{slug}/runbooks"] = [(f"{base}/runbooks", policy.PLAN, None, False)]
    return found
