"""Whoever is on leave is replaced: by the named cover, else by the role's backup, else by nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from app.plan.check import check
from app.rules.people.access import Grant, Viewer
from app.rules.people.responsibility import Away, Backup, Member, Staff, backups, steps_in

R, A, B = 1, 11, 12
NOW = datetime(2027, 1, 5, 15, tzinfo=UTC)
LEADS = "it-lead:member:network"
LOCAL = "champion:member:location"

ANN = Member(1, "Ann", "champion", "member", R, A)
BEN = Member(2, "Ben", "champion", "member", R, B)
PAM = Member(3, "Pam", "practice-manager", "manager", R, A, LOCAL)
IVO = Member(4, "Ivo", "it-lead", "member", R, None)
HUGO = Member(5, "Hugo", "it-director", "member", R, None, f"{LEADS} {LOCAL}")
DANA = Member(6, "Dana", "director", "director", None, None)
EVERYBODY = (ANN, BEN, PAM, IVO, HUGO, DANA)


def away(member: Member, cover: Member | None = None, days: int = 3) -> Away:
    until = NOW + timedelta(days=days)
    extra = (cover.person, cover.name) if cover else (None, "")
    return Away(9, member.person, member.name, NOW.date(), until.date(), NOW - timedelta(days=1), until, *extra)


def names(staff: Staff, role: str, location: int | None) -> list[str]:
    return [one.name for one in staff.of(R, role, location)]


def test_the_nearest_holders_answer() -> None:
    staff = Staff((*EVERYBODY, replace(IVO, person=7, name="Kim", role="champion")), (), NOW)
    assert names(staff, "champion", A) == ["Ann"]
    assert names(staff, "champion", 13) == ["Kim"]
    assert names(staff, "champion", None) == ["Ann", "Ben", "Kim"]
    assert [one.instead_of for one in staff.of(R, "champion", A)] == [None]


def test_a_cover_has_all_roles_of_the_absent_one() -> None:
    leave = away(ANN, BEN)
    staff = Staff(EVERYBODY, [leave], NOW)
    (one,) = staff.of(R, "champion", A)
    assert (one.name, one.instead_of) == ("Ben", (leave,))
    assert staff.stand_ins(2, {}) == (Grant("champion", "member", R, A, ("Ann",)),)
    assert staff.covered_by(2) == {1}


def test_the_backup_steps_in_where_all_holders_are_away_and_only_there() -> None:
    staff = Staff(EVERYBODY, [away(ANN)], NOW)
    assert names(staff, "champion", A) == ["Pam"]
    assert names(staff, "champion", B) == ["Ben"]
    assert staff.stand_ins(3, {R: (A, B)}) == (Grant("champion", "member", R, A, ("Ann",)),)
    second = replace(ANN, person=8, name="Second")
    staff = Staff((*EVERYBODY, second), [away(ANN)], NOW)
    assert names(staff, "champion", A) == ["Second"]
    assert staff.stand_ins(3, {R: (A, B)}) == ()


def test_the_backup_steps_in_where_there_is_no_holder_at_all() -> None:
    staff = Staff((PAM, BEN, HUGO), (), NOW)
    assert names(staff, "champion", A) == ["Pam"]
    assert [one.instead_of for one in staff.of(R, "champion", A)] == [()]
    assert staff.stand_ins(3, {R: (A, B)}) == (Grant("champion", "member", R, A, ()),)
    assert staff.stand_ins(5, {R: (A, B)}) == (
        Grant("it-lead", "member", R, None, ()),
        Grant("champion", "member", R, A, ()),
    )


@pytest.mark.parametrize(
    ("leaves", "role", "place", "who"),
    [
        ([away(ANN, BEN), away(BEN)], "champion", A, ["Pam"]),
        ([away(ANN), away(PAM)], "champion", A, ["Hugo"]),
        ([away(IVO), away(HUGO)], "it-lead", None, []),
        ([away(IVO), away(HUGO, DANA)], "it-lead", None, ["Dana"]),
    ],
    ids=["the cover is away too", "the near backup is away", "everybody is away", "the cover of a backup steps in"],
)
def test_who_answers_when_several_are_away(leaves: list[Away], role: str, place: int | None, who: list[str]) -> None:
    assert names(Staff(EVERYBODY, leaves, NOW), role, place) == who


def test_leave_begins_and_ends_by_itself() -> None:
    leave = away(ANN)
    for at, expected in (
        (leave.from_at - timedelta(microseconds=1), ["Ann"]),
        (leave.from_at, ["Pam"]),
        (leave.until_at - timedelta(microseconds=1), ["Pam"]),
        (leave.until_at, ["Ann"]),
    ):
        assert names(Staff(EVERYBODY, [leave], at), "champion", A) == expected


def test_what_is_assigned_falls_to_the_cover_then_to_the_role() -> None:
    def owners(*leaves: Away) -> list[str]:
        return [one.name for one in Staff(EVERYBODY, leaves, NOW).owners(R, ("champion",), A, HUGO.person)]

    assert owners() == ["Hugo"]
    assert owners(away(HUGO, BEN)) == ["Ben"]
    assert owners(away(HUGO)) == ["Ann"]
    staff = Staff(EVERYBODY, (), NOW)
    assert [one.name for one in staff.owners(R, ("champion",), A, BEN.person)] == ["Ann"]  # Ben does not see Alder
    assert [one.name for one in staff.owners(R, ("champion",), None, BEN.person)] == ["Ben"]
    assert [one.name for one in staff.owners(R, ("champion",), A, DANA.person)] == ["Dana"]


def test_rights_and_owners_agree_whoever_is_away() -> None:
    """Whoever answers for a role somewhere may act in it there, and whoever may act only by standing in answers,
    or a nearer one does who stands in too.
    """
    chance = Random(7)
    for _ in range(300):
        members = [one for one in EVERYBODY if chance.random() < 0.8]
        leaves = [away(one, chance.choice([None, *members])) for one in members if chance.random() < 0.5]
        staff = Staff(members, leaves, NOW)
        for role in ("champion", "it-lead", "practice-manager", "it-director"):
            for place in (A, B):
                answering = {one.person for one in staff.of(R, role, place)}
                for member in members:
                    own = [Grant(one.role, one.access, R, one.location) for one in members if one == member]
                    extra = staff.stand_ins(member.person, {R: (A, B)})
                    may = role in Viewer(member.person, "", (*own, *extra)).roles(R, place)
                    assert may or member.person not in answering
                    only = role in Viewer(member.person, "", extra).roles(R, place)
                    nobodys = all(one.instead_of is not None for one in staff.of(R, role, place))
                    assert not only or member.person in answering or nobodys


def test_backups_are_frozen_from_the_playbook() -> None:
    text = (Path(__file__).parents[2] / "playbooks" / "ray-medical.yaml").read_bytes()
    playbook = check(text).playbook
    assert playbook is not None
    assert steps_in(playbook, "ops-manager") == "director:director:network"
    assert backups(steps_in(playbook, "practice-manager")) == (Backup("champion", "member", everywhere=False),)
    assert backups(steps_in(playbook, "sponsor")) == ()


def test_a_leave_knows_its_days() -> None:
    leave = away(ANN)
    assert leave.last == date(2027, 1, 8)
    assert leave.at(NOW)
