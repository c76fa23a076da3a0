"""Somebody changes something, and is shown it whole: the shapes of every such operation, with a version and without."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import Request
from pydantic import BaseModel
from sqlmodel import Session
from starlette.responses import Response

from app.api.tags import versioned_step
from app.rules.people.access import Viewer


@dataclass(frozen=True)
class Act(ABC):
    """Somebody is about to change the thing of this `id`, in whatever version it is."""

    request: Request
    session: Session
    id: int
    viewer: Viewer
    now: datetime

    def make(self, change: Callable[..., object], /, *where: Any, **given: Any) -> Response:
        """Make it, and show the thing as it is then. Raises what the change raises."""
        change(self.session, self.id, *where, **given, by=self.viewer, now=self.now)
        return self.shown()

    @abstractmethod
    def shown(self, status: int = 200) -> Response:
        """The thing as it is now."""


@dataclass(frozen=True)
class Change(Act):
    """Somebody is about to change the thing of this `id`, of which they saw a version."""

    seen: int

    def make_seen(self, change: Callable[..., object], /, *where: Any, **given: Any) -> Response:
        """Make a change that looks at the version itself (`seen`, unless it is `given`); a stale one comes with the
        version that stands.
        """
        said = {"seen": self.seen, **given, "by": self.viewer, "now": self.now}
        self.run(lambda: change(self.session, self.id, *where, **said))
        return self.shown()

    def run(self, act: Callable[[], object]) -> None:
        """The same without showing the thing."""
        versioned_step(self.session, act, self.present)

    @abstractmethod
    def present(self) -> tuple[BaseModel, int]:
        """What is shown of the thing as it is now, and the number of its version."""
