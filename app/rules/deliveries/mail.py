"""What is sent to people: a closed list of kinds, who wants which, and when a failed try is made again. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final


class Wish(StrEnum):
    """What somebody wants sent besides what concerns the account."""

    ALL = "all"
    DIGEST = "digest"
    NONE = "none"


@dataclass(frozen=True)
class Kind:
    """One kind of message. `subject` and `says` (a notice's first sentence) name facts of the letter in braces; the
    rest of the text is `templates/mail/<template>.txt` and `.html`. `account`: it concerns the account, so that nobody
    can decline it. `secret`: it carries a link that works once, never kept once sent, nor sent again by hand.
    `outside`: it goes by mail to somebody of the staff, who may have no account, for whoever asked for it.
    """

    title: str
    subject: str
    says: str = ""
    template: str = "notice"
    account: bool = False
    secret: bool = False
    outside: bool = False


KINDS: Final[Mapping[str, Kind]] = {
    "invitation": Kind("Invitation", "{by} invites you to Muster", template="invitation", account=True, secret=True),
    "password_reset": Kind(
        "New password", "Choose a new password for Muster", template="password_reset", account=True, secret=True
    ),
    "password_changed": Kind(
        "Password changed", "Your password for Muster was changed", template="password_changed", account=True
    ),
    "mention": Kind("Mention", "{by} mentions you: {title}", "{by} mentions you."),
    "assignment": Kind("Assignment", "Yours now: {title}", "{by} gave you this."),
    "awaited": Kind("Waited for", "Waits for you: {title}", "{by} says that this waits for you."),
    "unblocked": Kind("Unblocked", "Goes on: {title}", "This can go on."),
    "signature_wanted": Kind(
        "Signature wanted",
        "Waiting for your signature: {title}",
        "This was finished, and your signature was asked for.",
    ),
    "signature_void": Kind(
        "Signature void", "Your signature is void: {title}", "What you signed has changed, so your signature is void."
    ),
    "moved": Kind("Date moved", "New date: {title}", "{by} moved this."),
    "upgraded": Kind(
        "Newer playbook",
        "Newer version of the playbook: {title}",
        "{by} brought this to a newer version of the playbook.",
    ),
    "issue_rung": Kind("Issue on its ladder", "Issue {number}: {title}", "This issue has reached you."),
    "issue_waits": Kind(
        "Issue nobody took", "Nobody has taken issue {number}: {title}", "Nobody has taken this issue."
    ),
    "issue_news": Kind(
        "News of an issue wanted", "What is new with issue {number}? {title}", "It is time to say how this stands."
    ),
    "issue_breach": Kind(
        "Issue out of time", "Out of time: issue {number}, {title}", "The time to solve this issue has run out."
    ),
    "issue_vacant": Kind(
        "Nobody to tell of an issue",
        "Nobody to tell of issue {number}: {title}",
        "A rung of the ladder is held by nobody present.",
    ),
    "issue_given": Kind("Issue given", "Yours now: issue {number}, {title}", "{by} gave you this issue."),
    "issue_mention": Kind("Mention in an issue", "{by} calls you: issue {number}, {title}", "{by} calls you."),
    "issue_confirm": Kind(
        "Fix to confirm", "Is it solved? Issue {number}, {title}", "{by} says that this is solved. Please confirm."
    ),
    "issue_again": Kind("Issue reopened", "Not solved: issue {number}, {title}", "{by} says that it is not solved."),
    "gate_vote": Kind("Vote wanted", "Your vote is wanted: {title}", "Your vote is wanted at a gate."),
    "gate_void": Kind(
        "Vote void",
        "Your vote is void: {title}",
        "What you voted on has changed, so your vote is void.",
    ),
    "gate_waiver": Kind(
        "Condition asked for", "To decide: {title}", "{by} asks for a condition or a waiver that is yours to decide."
    ),
    "gate_condition": Kind("Condition", "Yours to meet: {title}", "{by} accepted a condition that you answer for."),
    "gate_decided": Kind("Gate decided", "Decided: {title}", "{by} has recorded the decision of a gate."),
    "gate_closed": Kind(
        "Gate closed again",
        "Closed again: {title}",
        "A condition of this gate has expired unmet.",
    ),
    "handover": Kind(
        "Centre handed over",
        "Handed over: {title}",
        "{by} has handed this centre over, and work that comes next is yours.",
    ),
    "run_step": Kind("Next step", "Your step is next: {title}", "What this step waited for is done."),
    "run_handed": Kind("Step handed over", "A step is handed to you: {title}", "{by} handed you a step of a run."),
    "run_check": Kind("Check wanted", "A step to check: {title}", "{by} finished this, and your check is wanted."),
    "run_blocked": Kind("Step blocked", "A step is blocked: {title}", "{by} says that a step of a run cannot go on."),
    "run_retimed": Kind("T moved", "Another T: {title}", "{by} moved T of this run, and its planned times with it."),
    "run_returning": Kind("Going back", "We go back: {title}", "{by} decided that this run goes back."),
    "run_ended": Kind("Run ended", "Over: {title}", "{by} ended this run."),
    "run_broadcast": Kind("Broadcast", "{title}", "A message of the run."),
    "selection_sign": Kind(
        "Chosen centres to sign",
        "Waiting for your signature: {title}",
        "{by} proposes which centres go, and your signature is asked for.",
    ),
    "selection_signed": Kind("Chosen centres signed", "Signed: {title}", "{by} has signed the set that you proposed."),
    "selection_void": Kind(
        "Signature under chosen centres void",
        "Your signature is void: {title}",
        "What you signed has changed, or another set was proposed, so your signature is void.",
    ),
    "lesson": Kind("Lesson decided", "What became of {title}", "{by} has decided on a lesson that you raised."),
    "lesson_shared": Kind(
        "Lesson from elsewhere", "Worth knowing: {title}", "{by} passes on what was learnt elsewhere."
    ),
    "duty": Kind("Duty", "On duty: {title}", "{by} put you on duty."),
    "duty_off": Kind("Duty called off", "No longer on duty: {title}", "{by} took you off duty."),
    "mentor": Kind("Mentor", "You are asked for: {title}", "{by} asks you to help a centre that learns."),
    "leave": Kind("Standing in", "{by} is away, and you stand in", "You stand in while {by} is away."),
    "channel_test": Kind(
        "Test of a channel", "Muster reaches you here", "You asked for this test on your account.", account=True
    ),
    "training_asked": Kind(
        "Training", "Training: {title}, {due}", "{by} asks you to this training.", template="training", outside=True
    ),
    "training_moved": Kind(
        "Training changed", "Changed: {title}, {due}", "This training has changed.", template="training", outside=True
    ),
    "training_off": Kind(
        "Training called off",
        "Called off: {title}, {due}",
        "You are not expected at this training any more.",
        template="training",
        outside=True,
    ),
    "digest": Kind("Daily digest", "{title}", template="digest"),
}
TOLD: Final = tuple(name for name, kind in KINDS.items() if not kind.account and not kind.outside and name != "digest")
"""The kinds that stand in the inbox, and that somebody may choose a way for."""
ACKNOWLEDGEABLE: Final = frozenset({"issue_rung", "issue_waits"})
"""Kinds whose mail carries a link by which the issue is taken."""

FIRST_WAIT: Final = timedelta(seconds=30)
LONGEST_WAIT: Final = timedelta(hours=6)
LONGEST_WAIT_FOR_SERVER: Final = timedelta(minutes=4)
GIVE_UP_AFTER: Final = timedelta(hours=72)
LEAST_TRIES: Final = 12


def wanted(kind: str, wish: str, unmailed: Collection[str] = ()) -> bool:
    """Whether somebody with that wish is mailed this kind, `unmailed` being those that are not to come by mail.

    Raises KeyError for a kind that is not in the list.
    """
    if KINDS[kind].account or KINDS[kind].outside:
        return True
    return kind not in unmailed and (wish == Wish.ALL or (kind == "digest" and wish == Wish.DIGEST))


def wait_before_retry(tries: int, jitter: float, *, server_away: bool) -> timedelta:
    """How long to wait after the `tries`-th failed try (from 1 on); `jitter` in 0 .. 1 spreads it from 80 % to 120 %.

    Twice as long each time. While the mail server itself is away the wait stays short, so that everything is out
    within minutes of its return; a server that puts off one message is asked ever less often.
    """
    longest = LONGEST_WAIT_FOR_SERVER if server_away else LONGEST_WAIT
    plain = min(FIRST_WAIT * 2.0 ** min(tries - 1, 20), longest)
    return plain * (0.8 + 0.4 * jitter)


def outdated(kind: str, created: datetime, due: datetime, now: datetime) -> bool:
    """Whether a message never tried has waited so long, for want of a mail server, that it says nothing new."""
    return not KINDS[kind].account and due == created and now >= created + GIVE_UP_AFTER


def gives_up(tries: int, since: datetime, now: datetime) -> bool:
    """Whether a message that waits since then, and failed so often, is not tried again."""
    return tries >= LEAST_TRIES and now >= since + GIVE_UP_AFTER
