"""Lessons and proposals as the API shows them, and what a change of the playbook is asked for with."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import ConfigDict, Field

from app.api.fields import Line, Prose, Shown
from app.api.issues.change import Written
from app.api.playbook_shapes import ChangeItem, Mistake
from app.errors import Invalid
from app.plan.draft.guided import AddPoint, AddTask, Change, ChangeTask, SetLine
from app.rules.lessons.standing import State


class LessonItem(Shown):
    """One lesson. Texts are null for whoever may see that it is there but not read it."""

    id: int
    rollout: str = Field(description="The rollout's word in addresses.")
    number: int = Field(description="How people call it in its rollout.")
    said: str | None
    location: str | None = Field(description="The id of the location; null for the whole network, and for a location "
                                 "that you do not see.")  # fmt: skip
    subject: str = Field(description="task, issue, reconciliation, meeting, location or run; empty for the whole "
                         "network.")  # fmt: skip
    subject_id: int | None
    state: State
    at: datetime
    proposal: int | None = Field(description="The id of the proposal that carries it.")
    told_at: datetime | None = Field(description="When it was passed on to the locations that were not live.")
    version: int


class LessonWhole(LessonItem):
    by: str = Field(description="The name of whoever raised it.")
    judged_at: datetime | None
    judged_by: str
    reason: str | None = Field(description="Why it was judged so.")
    may_judge: bool
    may_propose: bool


class ProposalItem(Shown):
    """A proposed change of the playbook."""

    id: int
    rollout: str
    number: int
    title: str | None = Field(description="Null for whoever may not read what people write here.")
    outcome: str = Field(description="accepted, rejected, or empty: not decided.")
    outdated: bool = Field(description="A newer version is here than the one that it was written for.")
    base: str = Field(description="The version that it was written for.")
    result: str = Field(description="The version that it has become; empty until then.")
    at: datetime
    decided_at: datetime | None
    version: int


class ProposalWhole(ProposalItem):
    by: str
    decided_by: str
    reason: str | None
    lessons: list[int] = Field(description="The ids of the lessons behind it, as far as you may know of them.")
    matters: list[str] = Field(description="The ids of the locations that have not gone live, the first to open first.")
    changes: list[ChangeItem] = Field(description="In words, in the kinds that decide what an upgrade does.")
    problems: list[Mistake] = Field(description="What the checker says of the new text.")
    text: str = Field(description="The whole new text.")
    may_decide: bool


class Wanted(Written):
    """One change of the playbook: which kind, of which entry, and what it says from then on. What is empty stays as it
    is, or is handed down by the group.
    """

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"do": "add-task", "title": "Count the labels", "group": "readiness"}]}
    )

    do: Literal["add-task", "change-task", "training", "line", "text"] = Field(
        description="A new task; a task otherwise; a point of a training; a line of a reconciliation; the whole text."
    )
    entry: Line = Field("", description="The id of the task, the training or the reconciliation.")
    title: Line = Field("", description="Of the task or the line; for `text`, what it changes in a few words.")
    group: Line = Field("", description="For a new task: the id of its group; empty: by itself.")
    owner: Line = Field("", description="The id of a role.")
    due: Line = Field("", description="As the playbook writes dates.")
    waves: list[Line] = Field([], max_length=40, description="For a new task: ids of waves; empty: all of them.")
    how: Prose = ""
    topic: Line = Field("", description="For a training: a topic more.")
    line: Line = Field(
        "", description="A line more of a checklist; for a reconciliation, the id of the line to change."
    )
    left: Line = Field("", description="For a reconciliation: the one source.")
    right: Line = Field("", description="For a reconciliation: the other source.")
    tolerance: Line = ""
    text: str = Field("", max_length=600_000, description="For `text`: the whole playbook.")

    def checked(self) -> dict[str, Any]:
        """As of every text that people write; the playbook itself names roles, never people."""
        typed = self.model_copy(update={"text": ""})
        return {**super(Wanted, typed).checked(), "text": self.text}

    def change(self) -> Change:
        """The guided change. Raises Invalid."""
        given = self.checked()
        kinds: dict[str, type[Change]] = {
            "add-task": AddTask, "change-task": ChangeTask, "training": AddPoint, "line": SetLine,
        }  # fmt: skip
        if self.do not in kinds:
            raise Invalid({"do": "Choose what is to change."})
        kind = kinds[self.do]
        names = kind.__dataclass_fields__.keys() & given.keys() - ({"entry"} if kind is AddTask else set())
        known: dict[str, Any] = {name: tuple(given[name]) if name == "waves" else given[name] for name in names}
        return kind(**known)
