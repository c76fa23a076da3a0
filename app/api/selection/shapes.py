"""A selection as the API shows it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import Field

from app.api.fields import Shown
from app.rules.selection.contents import Found
from app.rules.selection.judging import Stand


class SelectionItem(Shown):
    """One selection of a rollout."""

    id: int
    entry: str = Field(description="Its id in the playbook.")
    title: str
    wave: str = Field(description="The wave whose locations are chosen.")
    due: date | None
    proposed: bool = Field(description="A set has been proposed.")
    settled: bool = Field(description="Everybody whose signature is asked for has signed it.")


class SelectionItems(Shown):
    items: list[SelectionItem]


class RuleLine(Shown):
    """An exclusion or a criterion of a location, or a question about the set."""

    id: str
    title: str
    critical: bool
    weight: float
    stands: Found
    found: str = Field(description="What is stated, and what was answered, in words.")
    missing: list[str] = Field(description="Which facts are not stated yet.")
    asked: str | None = Field(description="The type of the answer that somebody gives; null where facts decide it.")
    value: Any = Field(description="The answer that stands; null where there is none, or you may not read it.")
    note: str | None
    by: int | None
    at: datetime | None


class CandidateLine(Shown):
    """A location that may be chosen, in the order of rank."""

    location: str
    name: str
    wave: str = Field(description="The wave that it is in.")
    stands: Stand = Field(description="fits, unclear (something that could put it out is not known), or out.")
    why: list[str] = Field(description="Why it is out, or what is not known.")
    score: float = Field(description="The weights of the criteria that are met.")
    of: float = Field(description="The weights of all criteria.")
    exclusions: list[RuleLine]
    criteria: list[RuleLine]


class MixLine(Shown):
    title: str
    location: str | None = Field(description="Which of the set fills it; each fills one line.")


class SetShown(Shown):
    """A set: which locations, who fills the mix, what is asked of all together, and what is wrong with it."""

    locations: list[str]
    mix: list[MixLine]
    together: list[RuleLine]
    faults: list[str]


class SignatureLine(Shown):
    role: str
    signed_as: str
    by: int
    by_name: str
    at: datetime


class ChoiceShown(SetShown):
    """The set that was proposed, frozen with the whole scoring."""

    id: int
    number: int
    sha256: str
    content: str = Field(description="The address of what was frozen.")
    proposed_by: int
    by_name: str
    proposed_at: datetime
    settled: bool
    signatures: list[SignatureLine]
    wanted: list[str] = Field(description="The roles of which somebody is still to sign.")


class WaiverLine(Shown):
    id: int
    location: str
    exclusion: str
    reason: str | None
    waived_as: str
    by: int
    by_name: str
    at: datetime
    withdrawn_at: datetime | None


class SelectionWhole(SelectionItem):
    """One selection with everything that counts. Locations that you may not see are only counted in `hidden`, and
    `best` and `choice` are left out where you do not see all of them. What people wrote is left out (null) where you
    may not read it.
    """

    rollout: str
    version: int
    at_least: int = Field(description="How many locations the wave takes at least.")
    at_most: int | None
    hidden: int
    may_answer: bool
    may_propose: bool
    may_waive: bool
    may_sign: bool = Field(description="You may, on its page: a token never signs.")
    candidates: list[CandidateLine]
    best: SetShown | None = Field(description="The best set that fills the mix; null where there is none.")
    choice: ChoiceShown | None
    waivers: list[WaiverLine]
