"""Gates as the API shows them: as an item of a list, and whole."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import Field

from app.api.fields import Shown
from app.api.gates.held_shapes import AnswerLine, ConditionLine, DecisionLine, FileLine, PackLine, Seat, VoteLine
from app.rules.gates.packs import Standing
from app.rules.gates.states import GateState
from app.rules.gates.voting import Outcome


class GateItem(Shown):
    """A gate at one place: a location, a wave, or (neither) the network."""

    id: int
    rollout: str = Field(description="The rollout's word in addresses.")
    gate: str = Field(description="Its id in the playbook.")
    title: str
    location: str | None = Field(description="The id of the location; null for the whole network, and for a wave.")
    wave: str = Field(description="The id of the wave whose gate it is; empty otherwise.")
    due: date | None
    state: GateState = Field(description="`closed again`: a condition of the go expired unmet.")
    decided_at: datetime | None = Field(
        description="When the outcome that stands was decided; null while a vote is open."
    )


class CriterionLine(Shown):
    """A criterion as it is measured now."""

    id: str
    title: str
    critical: bool = Field(description="Neither met nor waived it closes the gate, whatever the score.")
    weight: float
    needed: str = Field(description="What is asked for, in words.")
    measured: str = Field(description="What was found, in words.")
    stands: Standing
    waived: bool = Field(description="A waiver of it holds.")


class OpenItem(Shown):
    """Something open behind a critical criterion that is not met."""

    criterion: str
    kind: str = Field(description="task or issue.")
    id: int
    title: str | None = Field(description="Of a task.")
    number: int | None = Field(description="Of an issue.")
    severity: str = Field(description="Of an issue.")


class ChangeLine(Shown):
    """What is no longer as it was frozen. Both states are null for whoever may not read what people wrote."""

    what: str
    was: str | None
    now: str | None


class VoteCount(Shown):
    """The votes of the open vote, counted by the rule of the gate."""

    cast: int
    for_it: int
    against: int
    quorum: int = Field(description="How many must be cast.")
    approve: int = Field(description="How many of them must be for it.")
    missing: list[str] = Field(description="Roles that must vote and have not.")


class OutcomeLine(Shown):
    """What stands in the way of an outcome; nothing where it can be decided now."""

    outcome: Outcome
    missing: list[str]


class GateWhole(GateItem):
    """One gate with its evidence as it is measured now, its vote, and all that was said and decided. What people wrote
    is left out (null, or empty lists) for whoever may see the plan but not read it: `detail` says so.
    """

    version: int = Field(description="Of what was recorded; 0 for nothing.")
    detail: bool = Field(description="You may read what people wrote and attached.")
    may_prepare: bool = Field(description="You may open and close the vote.")
    may_ask: bool = Field(description="You may ask for a condition or a waiver.")
    may_decide: bool = Field(description="You may decide, accept and refuse; all but refusing on the page alone.")
    may_answer: list[str] = Field(description="The criteria (or parts of one) that you may answer.")
    may_vote: list[str] = Field(description="The roles for which you may vote, on the page alone.")
    why: str = Field(description="What the gate decides.")
    owners: list[str] = Field(description="The roles that prepare it.")
    decides: str = Field(description="The role that decides.")
    rule: str = Field(description="When the votes carry a go, in words.")
    conditions_allowed: str = Field(description="How many and for how long, in words; empty for any.")
    waits_for: list[str] = Field(description="What it may not be held before.")
    criteria: list[CriterionLine]
    score: float | None = Field(description="The weighted share, in percent, of criteria that are not critical.")
    score_wanted: float | None
    open: list[OpenItem] = Field(description="What is open behind the critical criteria that are not met.")
    opened_at: datetime | None = Field(description="Since when a vote is open.")
    opened_by: str | None
    pack: PackLine | None = Field(description="The frozen evidence that is voted on.")
    changes: list[ChangeLine] = Field(description="What is no longer as it was frozen: the votes on it fall.")
    seats: list[Seat] = Field(description="The roles that vote, with the votes that stand.")
    count: VoteCount | None = Field(description="Null while no vote is open.")
    fallen: list[VoteLine] = Field(description="The votes that fell with the evidence before this.")
    outcomes: list[OutcomeLine]
    conditions: list[ConditionLine]
    decisions: list[DecisionLine] = Field(description="The last one first.")
    answers: list[AnswerLine] = Field(description="One for everything that is asked, answered or not.")
    files: list[FileLine]
    packs: list[PackLine] = Field(description="All frozen evidence, the last first.")
