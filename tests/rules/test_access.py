"""The table of roles and permissions, cell by cell, for the cast of the policy."""

from __future__ import annotations

import pytest

from app.rules.people.access import ADMINISTRATOR, TABLE, Extent, Grant, Holder, Permission, Reach, Viewer

ROLLOUT, A, B = 1, 11, 12
OTHER_ROLLOUT = 2
CAST = {
    "dir": Viewer(1, "dir", (Grant("director", "director"),)),
    "opm": Viewer(2, "opm", (Grant("ops-manager", "manager", ROLLOUT),)),
    "cto": Viewer(3, "cto", (Grant("cto", "member", ROLLOUT),)),
    "itl": Viewer(4, "itl", (Grant("it-lead", "member", ROLLOUT),)),
    "chA": Viewer(5, "chA", (Grant("champion", "member", ROLLOUT, A),)),
    "chB": Viewer(6, "chB", (Grant("champion", "member", ROLLOUT, B),)),
    "chAB": Viewer(7, "chAB", (Grant("champion", "member", ROLLOUT, A), Grant("champion", "member", ROLLOUT, B))),
    "ch0": Viewer(8, "ch0"),
    "exe": Viewer(9, "exe", (Grant("sponsor", "executive", ROLLOUT),)),
    "adm": Viewer(10, "adm", (Grant(ADMINISTRATOR, ADMINISTRATOR),)),
}
WHO_MAY_AT_A = {
    Permission.SEE_PLAN: "dir opm cto itl chA chAB exe",
    Permission.SEE_DETAIL: "dir opm chA chAB",
    Permission.CHECK_OFF: "dir opm chA chAB",
    Permission.SIGN_OFF: "dir",
    Permission.ASSIGN: "dir opm chA chAB",
    Permission.MOVE: "dir opm",
    Permission.RAISE_ISSUE: "dir opm cto itl chA chAB",
    Permission.STOP_ESCALATION: "dir opm",
    Permission.RECONCILE: "dir opm chA chAB",
    Permission.VOTE: "dir",
    Permission.ENTER_FIGURES: "dir opm chA chAB",
    Permission.DIRECT: "dir",
    Permission.CHANGE_PLAYBOOK: "dir",
    Permission.MANAGE_PEOPLE: "dir adm",
    Permission.EXPORT: "dir opm cto itl chA chAB exe",
    Permission.SEE_AUDIT: "dir opm chA chAB",
    Permission.SEE_ACCOUNT_EVENTS: "dir adm",
    Permission.RUN_MACHINE: "adm",
}


def test_every_permission_says_something_to_every_holder() -> None:
    assert set(TABLE) == set(Permission)
    assert {permission: set(row) for permission, row in TABLE.items()} == {p: set(Holder) for p in Permission}


@pytest.mark.parametrize("permission", Permission)
def test_who_may_do_what_at_a_location_without_being_named(permission: Permission) -> None:
    may = {who for who, viewer in CAST.items() if viewer.can(permission, rollout=ROLLOUT, location=A)}
    assert may == set(WHO_MAY_AT_A[permission].split())


def test_being_named_lets_a_network_member_do_that_act_everywhere() -> None:
    named = ("it-lead",)
    assert CAST["itl"].can(Permission.CHECK_OFF, rollout=ROLLOUT, location=B, named=named)
    assert CAST["itl"].can(Permission.SEE_DETAIL, rollout=ROLLOUT, location=B, named=named)
    assert not CAST["cto"].can(Permission.CHECK_OFF, rollout=ROLLOUT, location=B, named=named)


def test_being_named_lets_a_champion_sign_at_the_own_location_only() -> None:
    named = ("champion",)
    assert CAST["chA"].can(Permission.SIGN_OFF, rollout=ROLLOUT, location=A, named=named)
    assert not CAST["chA"].can(Permission.SIGN_OFF, rollout=ROLLOUT, location=B, named=named)
    assert not CAST["chB"].can(Permission.SIGN_OFF, rollout=ROLLOUT, location=A, named=named)


def test_an_executive_votes_only_where_named() -> None:
    assert CAST["exe"].can(Permission.VOTE, rollout=ROLLOUT, location=A, named=("sponsor",))
    assert not CAST["exe"].can(Permission.VOTE, rollout=ROLLOUT, location=A, named=("director",))
    assert not CAST["exe"].can(Permission.CHECK_OFF, rollout=ROLLOUT, location=A)


def test_everybody_in_a_rollout_sees_the_plan_of_the_network_and_only_the_named_act_on_it() -> None:
    seeing = {who for who, viewer in CAST.items() if viewer.can(Permission.SEE_PLAN, rollout=ROLLOUT)}
    assert seeing == {"dir", "opm", "cto", "itl", "chA", "chB", "chAB", "exe"}
    acting = {who for who, viewer in CAST.items() if viewer.can(Permission.CHECK_OFF, rollout=ROLLOUT)}
    assert acting == {"dir", "opm"}
    named = {who for who, v in CAST.items() if v.can(Permission.CHECK_OFF, rollout=ROLLOUT, named=("champion",))}
    assert named == {"dir", "opm", "chA", "chB", "chAB"}


@pytest.mark.parametrize("permission", Permission)
def test_another_rollout_is_closed_to_all_but_account_rights(permission: Permission) -> None:
    may = {who for who, v in CAST.items() if v.can(permission, rollout=OTHER_ROLLOUT, location=21, named=("champion",))}
    assert may <= {"dir", "adm"}


def test_an_empty_set_of_locations_means_nothing() -> None:
    assert CAST["ch0"].locations(ROLLOUT) == Extent(False, frozenset())
    assert CAST["adm"].locations(ROLLOUT) == Extent(False, frozenset())
    assert A not in CAST["ch0"].locations(ROLLOUT)
    assert CAST["ch0"].rollouts() == Extent(False, frozenset())


def test_locations_and_rollouts_that_are_seen() -> None:
    assert CAST["chAB"].locations(ROLLOUT) == Extent(False, frozenset({A, B}))
    assert CAST["opm"].locations(ROLLOUT) == Extent(True, frozenset())
    assert CAST["chA"].rollouts() == Extent(False, frozenset({ROLLOUT}))
    assert OTHER_ROLLOUT in CAST["dir"].rollouts()
    assert OTHER_ROLLOUT not in CAST["opm"].rollouts()


def test_a_director_of_one_location_rules_neither_the_network_nor_the_accounts() -> None:
    local = Viewer(20, "local", (Grant("head", "director", ROLLOUT, A),))
    assert local.can(Permission.DIRECT, rollout=ROLLOUT, location=A)
    assert not local.can(Permission.DIRECT, rollout=ROLLOUT)
    assert not local.can(Permission.MANAGE_PEOPLE)
    assert not local.can(Permission.CHANGE_PLAYBOOK)


def test_roles_at_a_place() -> None:
    assert CAST["chAB"].roles(ROLLOUT) == {"champion"}
    assert CAST["chA"].roles(ROLLOUT, B) == frozenset()
    assert CAST["itl"].roles(ROLLOUT, B) == {"it-lead"}
    assert CAST["itl"].roles(OTHER_ROLLOUT) == frozenset()


def test_every_cell_of_the_table_is_one_of_three() -> None:
    assert {cell for row in TABLE.values() for cell in row.values()} <= set(Reach)


def test_an_assignee_does_the_task_by_that_and_nothing_else() -> None:
    for who, person in (("cto", 3), ("exe", 9)):
        assert CAST[who].can(Permission.CHECK_OFF, rollout=ROLLOUT, location=A, assigned=person)
        assert CAST[who].can(Permission.SEE_DETAIL, rollout=ROLLOUT, location=A, assigned=person)
        assert not CAST[who].can(Permission.CHECK_OFF, rollout=ROLLOUT, location=A, assigned=99)
        assert not CAST[who].can(Permission.ASSIGN, rollout=ROLLOUT, location=A, assigned=person)
    assert CAST["chA"].can(Permission.CHECK_OFF, rollout=ROLLOUT, assigned=5)
    assert not CAST["chA"].can(Permission.CHECK_OFF, rollout=ROLLOUT, location=B, assigned=5)
    assert not CAST["ch0"].can(Permission.CHECK_OFF, rollout=ROLLOUT, location=A, assigned=8)


def test_what_is_assigned_to_somebody_is_their_covers_to_do() -> None:
    cover = Viewer(3, "cto", (Grant("cto", "member", ROLLOUT),), covers=frozenset({5}))
    assert cover.can(Permission.CHECK_OFF, rollout=ROLLOUT, location=A, assigned=5)
    assert not cover.can(Permission.CHECK_OFF, rollout=ROLLOUT, location=A, assigned=6)


def test_a_champion_gives_work_at_the_own_location_only() -> None:
    assert CAST["chA"].can(Permission.ASSIGN, rollout=ROLLOUT, location=A)
    assert not CAST["chA"].can(Permission.ASSIGN, rollout=ROLLOUT, location=B)
    assert not CAST["chA"].can(Permission.ASSIGN, rollout=ROLLOUT)
