"""The text of a proposal: the newest version with the changes that were asked for, under the next number, and sound."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlmodel import Session

from app.actions.lessons.opening import OpenProposal, newest_of
from app.errors import Invalid, Refused
from app.models import PlaybookVersion, Rollout
from app.plan import PlaybookError
from app.plan.draft.guided import Change, Unfit, applied, kept, said, stored
from app.plan.draft.merging import merged
from app.plan.draft.versions import next_minor, with_version
from app.plan.uploads import judged_after
from app.rules.playbooks import checked, parsed

FREE: Final[Mapping[str, Any]] = {"do": "text"}
Edits = Sequence[Mapping[str, Any]]


def with_change(text: str, change: Change) -> str:
    """A sound text with one more change in it. Raises Invalid for the field that does not fit."""
    try:
        return applied(text, parsed(text), change)
    except Unfit as fault:
        raise Invalid({fault.field: fault.message}) from None


def title_of(text: str, change: Change) -> str:
    """What a change does, in a few words. Raises Invalid."""
    try:
        return said(parsed(text), change)
    except Unfit as fault:
        raise Invalid({fault.field: fault.message}) from None


def with_edit(edits: Edits, change: Change | None) -> list[dict[str, Any]]:
    """The edits of a proposal and one more; None: whatever was written freely, which stands there once."""
    if change is not None:
        return [*map(dict, edits), kept(change)]
    return [dict(one) for one in edits if one != FREE] + [dict(FREE)]


def sound(base: PlaybookVersion, text: str) -> str:
    """A text as the next minor version after its base. Raises PlaybookError with every mistake, and Refused where
    nothing differs, or where it is another playbook.
    """
    if with_version(text, base.version) == with_version(base.text, base.version):
        raise Refused("Nothing would change: the text is that of the newest version.")
    found = with_version(text, next_minor(base.version))
    report = checked(found.encode())
    if report.playbook is not None and report.playbook.id != base.playbook_id:
        raise Refused(f"This is the playbook `{report.playbook.id}`; the rollout follows `{base.playbook_id}`.")
    judged = judged_after(parsed(base.text), report)
    if judged.playbook is None:
        raise PlaybookError(judged)
    return found


def demand_newest(session: Session, opened: OpenProposal) -> None:
    """Raises Refused where somebody has kept a newer version since the proposal was written."""
    newest = newest_of(session, opened.rollout)
    if newest.id != opened.base.id:
        raise Refused(f"Version {newest.version} is here now. Write the proposal anew for that one first.")


def renewed(session: Session, opened: OpenProposal, rollout: Rollout) -> tuple[PlaybookVersion, str]:
    """The newest version, and the text of a proposal made once more for that one.

    Guided changes are made again where their entries stand now; what was written freely is carried over line by line.
    Raises PlaybookError, and Refused where the two cannot be brought together.
    """
    newest = newest_of(session, rollout)
    edits = opened.proposal.edits
    if any(dict(one) == dict(FREE) for one in edits):
        return newest, sound(newest, _carried(opened, newest))
    text = newest.text
    for edit in edits:
        try:
            text = applied(text, parsed(text), stored(edit))
        except Unfit as fault:
            raise Refused(f"It cannot be made once more. {fault.message}") from None
    return newest, sound(newest, text)


def _carried(opened: OpenProposal, newest: PlaybookVersion) -> str:
    """The free text on the newest version: its own number in all three, or that line would always be in the way."""
    texts = (opened.base.text, opened.proposal.text, newest.text)
    found = merged(*(with_version(text, newest.version) for text in texts))
    if found is None:
        raise Refused(f"Version {newest.version} changed the same lines. Write the text once more for that one.")
    return found
