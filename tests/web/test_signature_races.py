"""Everybody signs, corrects and takes up again at the same moment, over HTTP: nobody ever approves own work."""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import col, select

from app.actions.signoffs.contents import content_of
from app.actions.signoffs.voiding import standing
from app.actions.tasks.opening import visible_task
from app.models import Completion, Event, Signature
from app.rules.signoffs import WORK, changes
from tests.web.conftest import Site

SIGNERS = ("dir", "dir", "opm", "cto", "itl", "chA", "exe", "ch0", "adm")


def deeds(
    site: Site, task: int, chance: random.Random, *, director_works: bool
) -> list[tuple[str, str, dict[str, str]]]:
    """Who sends what at once: signatures of everybody, and what makes them void."""
    seen = str(site.version(task))
    found = [(who, "signature", {"version": seen}) for who in SIGNERS]
    found.append(("itl", "evidence/link", {"version": seen, "kind": "link", "url": "https://wiki.example.org/run"}))
    if chance.random() < 0.5:
        found.append(("itl", "reopening", {"version": seen}))
    if director_works:
        found.append(("dir", "completion", {"version": seen}))
    chance.shuffle(found)
    return found


def faults(site: Site, task: int) -> list[str]:
    """What may never be, as the rows have it."""
    told = []
    with site.database.reading() as session:
        works = select(Event.actor_id).where(
            Event.subject_kind == "task", Event.subject_id == task, col(Event.verb).in_(WORK)
        )
        worked = set(session.exec(works))
        for row in session.exec(select(Signature).where(Signature.task_id == task)):
            if row.role != "director" or row.signed_as != "director":
                told.append(f"{row.name} signed as {row.signed_as}")
            if row.by_id in worked and row.voided_at is None:
                told.append(f"{row.name} approves own work")
        signed = standing(session, task)
        if len(signed) > 1:
            told.append("one role was signed for twice")
        opened = visible_task(session, task, by=site.cast.viewer(session, "dir"))
        now = content_of(session, opened.task, opened.asked, opened.playbook)
        told += ["a signature stands for what is no longer so" for row in signed if changes(row.content, now)]
        done = session.exec(select(Completion).where(Completion.task_id == task)).first()
        if (done is not None and done.settled_at is not None) != bool(signed):
            told.append("counted as done without its signature, or not with it")
    return told


def races(site: Site, rounds: int, seed: int) -> Counter[str]:
    """Let them loose so many times. What came of it: rounds that ended signed, void and open."""
    chance, ended = random.Random(seed), Counter[str]()
    tasks = [site.task("migration", place) for place in ("alder", "birch")]
    for who in {*SIGNERS}:
        site.client(who)
    with ThreadPoolExecutor(len(SIGNERS) + 3) as pool:
        for number in range(rounds):
            task = tasks[number % 2]
            site.client("itl").post(f"/tasks/{task}/completion", data={"version": str(site.version(task))})
            # In the last rounds she has done some of the work of one task: from then on she never signs that one.
            works = number >= rounds * 3 // 4 and number % 2 == 1
            acts = deeds(site, task, chance, director_works=works)
            if works:
                site.client("dir").post(
                    f"/tasks/{task}/evidence/link",
                    data={"version": str(site.version(task)), "kind": "link", "url": "https://wiki.example.org/own"},
                )
            sent = [pool.submit(_send, site, who, f"/tasks/{task}/{act}", form) for who, act, form in acts]
            answers = [one.result() for one in sent]
            assert max(answers) < 500, (number, answers)
            assert faults(site, task) == [], number
            with site.database.reading() as session:
                ended["signed" if standing(session, task) else "unsigned"] += 1
    return ended


def _send(site: Site, who: str, path: str, form: dict[str, str]) -> int:
    return site.client(who).post(path, data=form).status_code


def test_nobody_approves_own_work_whoever_is_first(site: Site) -> None:
    ended = races(site, 16, 2027)
    assert ended["signed"] and ended["unsigned"]


@pytest.mark.prove
def test_a_thousand_races(site: Site) -> None:
    ended = races(site, 500, 1)
    assert ended["signed"] > 50
    assert ended["unsigned"] > 50
