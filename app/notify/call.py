"""One message by a channel of somebody's own: short, and without what people wrote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Call:
    """What is sent to where. `id` is the same for every try, by which a receiver knows a repetition; `at` is in UTC.

    `url` is a secret, `secret` the key that a web hook is signed with; `about` is the subject's kind and id.
    """

    id: str
    url: str
    secret: str
    kind: str
    title: str
    text: str
    link: str
    about: tuple[str, int]
    at: datetime

    @property
    def reference(self) -> str:
        """The part of the id that people and machines can compare in a text."""
        return self.id[:12]
