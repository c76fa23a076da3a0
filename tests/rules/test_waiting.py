from app.plan import load
from app.rules.tasks.progress import State
from app.rules.tasks.waiting import Spot, Waits

BOOK = load(
    b"""\
muster: 1
id: waits
title: Waits
version: "1.0"
length: 8w
calendar: {zone: UTC}
roles: {lead: {title: Lead, scope: network}}
waves:
  one: {title: One, when: week 1 .. week 4, cutover: "week 4 mon 07:00", locations: 1 ..}
  two: {title: Two, when: week 5 .. week 8, cutover: "week 8 mon 07:00", locations: 1 ..}
tasks:
  net: {title: Network, scope: network, owner: lead, due: week 1 fri}
  group:
    title: Group
    owner: lead
    due: week 2 fri
    order: sequence
    tasks: {alpha: First, beta: Second}
  local: {title: Local, owner: lead, due: week 3 fri, after: [net, group]}
  together: {title: Together, scope: wave, owner: lead, due: wave end, after: local}
  whole: {title: Whole, scope: network, owner: lead, due: end, after: [together, start of net]}
"""
)
WAVES = {1: "one", 2: "one", 3: "two"}


def test_a_group_means_everything_inside() -> None:
    assert BOOK.inside["group"] == ("alpha", "beta")
    assert BOOK.predecessors == {
        "beta": ("alpha",),
        "local": ("net", "alpha", "beta"),
        "together": ("local",),
        "whole": ("together",),
    }


def noted() -> Waits:
    waits = Waits(BOOK, WAVES)
    waits.note(Spot("net", None, ""), State.DONE)
    for location, state in ((1, State.LATE), (2, State.DONE), (3, State.TRACK)):
        waits.note(Spot("alpha", location, ""), state)
        waits.note(Spot("local", location, ""), state)
    waits.note(Spot("together", None, "one"), State.WAITING)
    return waits


def test_inside_a_location_an_id_means_its_own_record_and_then_the_networks() -> None:
    waits = noted()
    assert waits.before(Spot("local", 1, "")) == (State.DONE, State.LATE)
    assert waits.before(Spot("local", 2, "")) == (State.DONE,)
    assert waits.before(Spot("beta", 3, "")) == (State.TRACK,)


def test_from_a_wave_an_id_means_all_of_its_locations() -> None:
    assert set(noted().before(Spot("together", None, "one"))) == {State.LATE, State.DONE}
    assert noted().before(Spot("together", None, "two")) == (State.TRACK,)


def test_from_the_network_an_id_means_all_of_them() -> None:
    assert noted().before(Spot("whole", None, "")) == (State.WAITING,)


def test_what_has_no_record_here_holds_nothing_up() -> None:
    assert Waits(BOOK, WAVES).before(Spot("local", 1, "")) == ()
