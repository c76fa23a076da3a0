"""Which version of the playbook a row stands under."""

from __future__ import annotations

from typing import Protocol


class Under(Protocol):
    """What a row of a task says of the version that it stands under."""

    @property
    def location_id(self) -> int | None: ...
    @property
    def playbook_version_id(self) -> int | None: ...
