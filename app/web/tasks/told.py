"""What a page of a task says about the form before it."""

from __future__ import annotations

from dataclasses import dataclass

from app.queries.tasks.counted import Counted
from app.web.told import Told


@dataclass(frozen=True)
class TaskTold(Told):
    """`form` names the part of the task that was changed: `answer:<path>`, `tick:<path>`, `block`, `done`, `details`.

    `offered` are the tasks that a search inside the form has found. `correcting`: what is done may be corrected here.
    """

    offered: tuple[Counted, ...] | None = None
    correcting: bool = False
