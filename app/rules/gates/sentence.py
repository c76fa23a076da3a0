"""The sentence that the page of a gate opens with: where it stands, and the next act. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.plan.format.gates import Gate
from app.rules.clock import count, spelled
from app.rules.gates.conditions import allowed
from app.rules.gates.voting import OUTCOME_WORDS, Count, Outcome, standing_words
from app.rules.rollouts.sentences import Part


@dataclass(frozen=True)
class Veto:
    """A criterion that closes the gate; `asked_by` names who asks for a waiver of it."""

    title: str
    asked_by: str = ""


@dataclass(frozen=True)
class Verdict:
    """What was decided, by whom and when (in words); `left` of its conditions are still to be met, the first of them
    until `until`; `fell`: one of them expired unmet.
    """

    outcome: Outcome
    by: str
    when: str
    left: int = 0
    until: str = ""
    fell: bool = False


@dataclass(frozen=True)
class Situation:
    """A gate as its sentence needs it: `open` of `total` criteria are neither met nor waived; `pressing`: the vetoes
    count today, as its day has come, a vote is open or what is behind them is in trouble. `count` are the votes of an
    open vote, `way` is what else stands between them and a go.
    """

    gate: Gate
    total: int
    vetoes: Sequence[Veto] = ()
    pressing: bool = False
    open: int = 0
    waits: Sequence[str] = ()
    count: Count | None = None
    way: Sequence[str] = ()
    verdict: Verdict | None = None
    prepares: str = ""
    decides: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)


def gate_sentence(seen: Situation) -> tuple[list[Part], str]:
    """The sentence with its emphasised part, and the line below it that says the next act (empty: there is none)."""
    if seen.verdict is not None:
        return _decided(seen.verdict)
    if seen.vetoes:
        return _closed(seen), _lifting(seen)
    if seen.count is not None:
        return _voting(seen, seen.count)
    if seen.waits:
        more = f" and {len(seen.waits) - 1} more" if len(seen.waits) > 1 else ""
        return [Part("Not yet", "wait"), Part(f": it waits for {seen.waits[0]}{more}.")], _then_opened(seen)
    if seen.open:
        still = f"{spelled(seen.open).lower()} of {count(seen.total, 'criterion', 'criteria')}"
        verb = "is" if seen.open == 1 else "are"
        return [Part("No veto stands", "track"), Part(f", and {still} {verb} still open.")], _can_be_opened(seen)
    return [Part("Everything is met", "done"), Part(". The vote can be opened.")], _act(seen.prepares, "opens it.")


def _decided(verdict: Verdict) -> tuple[list[Part], str]:
    if verdict.fell:
        said = Part(f": a condition expired unmet. {verdict.by} had decided on {verdict.when}.")
        return [Part("Closed again", "notready"), said], "A new vote can be opened, or the gate decided anew."
    word, said = OUTCOME_WORDS[verdict.outcome], Part(f", decided by {verdict.by} on {verdict.when}.")
    if verdict.outcome is Outcome.GO:
        return [Part(word, "done"), said], ""
    if verdict.outcome is Outcome.CONDITIONS:
        return [Part(word, "waived"), said], _carried(verdict)
    status = "notready" if verdict.outcome is Outcome.NO_GO else "wait"
    return [Part(word, status), said], "A new vote can be opened as soon as what stood in the way is gone."


def _carried(verdict: Verdict) -> str:
    if not verdict.left:
        return "Every condition that it carries is met."
    one = verdict.left == 1
    ends = f"it ends {verdict.until}" if one else f"the first ends {verdict.until}"
    are, which = ("condition is", "it") if one else ("conditions are", "one")
    return f"{spelled(verdict.left)} {are} still to be met; {ends}. Unmet at its end, {which} closes the gate again."


def _closed(seen: Situation) -> list[Part]:
    number = len(seen.vetoes)
    named = f": {seen.vetoes[0].title}" if number == 1 else ""
    if seen.pressing:
        stand = "veto stands" if number == 1 else "vetoes stand"
        return [Part("Go is closed", "notready"), Part(f" while {spelled(number).lower()} {stand}{named}.")]
    met = "critical criterion is met" if number == 1 else "critical criteria are met"
    return [Part("Go is closed", "todo"), Part(f" until {spelled(number).lower()} {met}{named}.")]


def _lifting(seen: Situation) -> str:
    """How the vetoes go, and what carries it after them."""
    it = "it" if len(seen.vetoes) == 1 else "them"
    asked = next((one.asked_by for one in seen.vetoes if one.asked_by), "")
    if asked:
        act = f"Meet {it}, or accept the waiver that {asked} asks for."
    else:
        act = f"Meet {it}, or ask for a waiver." if allowed(seen.gate) is not None else f"Meet {it}."
    waits = f" It waits for {seen.waits[0]}, too." if seen.waits else ""
    return f"{act}{waits} {_carrying(seen.gate)}".strip()


def _carrying(gate: Gate) -> str:
    if gate.votes is None:
        return ""
    number = len(gate.votes.roles)
    if gate.approve is None:
        return "Then more than half of the votes cast carry it."
    carry = "vote of {} carries it" if gate.approve == 1 else "votes of {} carry it"
    return f"Then {spelled(gate.approve).lower()} {carry.format(spelled(number).lower())}."


def _voting(seen: Situation, found: Count) -> tuple[list[Part], str]:
    wanted = standing_words(found, seen.titles)
    if not wanted:
        said = [Part("The votes carry it", "done"), Part(f": {found.for_it} of {count(found.cast, 'vote')} for it.")]
        way = f"For a go this is still in the way: {'; '.join(seen.way)}." if seen.way else ""
        return said, " ".join(filter(None, (way, _act(seen.decides, "decides."))))
    total = len(seen.gate.votes.roles) if seen.gate.votes else 0
    if found.cast == total:
        short = f": {found.for_it} for it, {found.approve} needed."
        return [Part("The votes do not carry it", "notready"), Part(short)], _act(seen.decides, "decides.")
    more = f"Wanted, too: {'; '.join(wanted[1:])}." if wanted[1:] else ""
    return [Part("The vote is open", "running"), Part(f": {wanted[0]}.")], more


def _can_be_opened(seen: Situation) -> str:
    return " ".join(filter(None, ("The vote can be opened.", _act(seen.prepares, "opens it."))))


def _then_opened(seen: Situation) -> str:
    return f"Then {seen.prepares} opens the vote." if seen.prepares else ""


def _act(who: str, does: str) -> str:
    return f"{who} {does}" if who else ""
