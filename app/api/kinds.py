"""The kinds of problems: what a refusal is called, which status it has, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

PAGE: Final = "/api/v1/"


@dataclass(frozen=True)
class Kind:
    """One kind of refusal. `name` is its anchor on the page of the API, where `type` leads."""

    name: str
    status: int
    title: str
    meaning: str

    @property
    def type(self) -> str:
        """The reference that a problem document names (RFC 9457, 3.1.1)."""
        return f"{PAGE}#{self.name}"


MALFORMED: Final = Kind(
    "malformed", 400, "The request cannot be read",
    "Its query or body is not what this operation takes. `errors` says where, and never repeats what was sent.",
)  # fmt: skip
TOKEN_WANTED: Final = Kind(
    "token-wanted", 401, "A token is wanted",
    "Send `Authorization: Bearer` with a token of your account that has neither ended nor expired.",
)  # fmt: skip
FORBIDDEN: Final = Kind("forbidden", 403, "Not for you to do", "You may see this, but not do that to it.")
READS_ONLY: Final = Kind("reads-only", 403, "This token only reads", "Make a token that may also change things.")
PROOF_WANTED: Final = Kind(
    "proof-wanted", 403, "This needs you yourself",
    "Signing, voting and deciding at a gate, deciding that a run goes back, and adding a channel ask for a fresh proof "
    "of who you are. A token proves nobody: do it on its page.",
)  # fmt: skip
NOT_FOUND: Final = Kind("not-found", 404, "Nothing here", "There is no such thing, or none that you may see.")
METHOD: Final = Kind("method", 405, "Nothing here answers to that", "The header `Allow` names what does.")
REFUSED: Final = Kind(
    "refused", 409, "A rule says no",
    "The playbook or the state of the rollout does not allow it. `missing` lists what is still wanted.",
)  # fmt: skip
STALE: Final = Kind(
    "stale", 412, "Somebody was quicker",
    "What you change was changed after the version you named. `who`, `when` and `what` say how, `etag` is the present "
    "version: read again, then decide.",
)  # fmt: skip
TOO_LARGE: Final = Kind("too-large", 413, "Too large", "The body is larger than this operation takes.")
MEDIA_TYPE: Final = Kind("media-type", 415, "Not this kind of body", "Send the kind of body that is documented.")
INVALID: Final = Kind(
    "invalid", 422, "Not to be taken like this",
    "The request can be read, but a value in it cannot be taken. `errors` says which and why.",
)  # fmt: skip
MISTAKES: Final = Kind(
    "mistakes", 422, "The playbook has mistakes", "`mistakes` lists each with its line, column, rule and key path."
)
VERSION_WANTED: Final = Kind(
    "version-wanted", 428, "A version is wanted",
    "Nothing is changed without saying which version you saw: send its `ETag` as `If-Match`.",
)  # fmt: skip
THROTTLED: Final = Kind("throttled", 429, "Wait a little", "Too many failed attempts. `Retry-After` says how long.")
FAULT: Final = Kind(
    "fault", 500, "Something went wrong here", "The fault is ours and was noted. Nothing is half saved."
)
AWAY: Final = Kind("away", 503, "Not just now", "The database does not answer. Try again after `Retry-After`.")

KINDS: Final = (
    MALFORMED, TOKEN_WANTED, FORBIDDEN, READS_ONLY, PROOF_WANTED, NOT_FOUND, METHOD, REFUSED, STALE, TOO_LARGE,
    MEDIA_TYPE, INVALID, MISTAKES, VERSION_WANTED, THROTTLED, FAULT, AWAY,
)  # fmt: skip
