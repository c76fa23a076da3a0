"""A wall is made once for all screens that show it: after a change they all come at the same moment."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

from markupsafe import Markup

from app.web.kept import Mark

KEEP: Final = 32


@dataclass(frozen=True)
class Made:
    """What stands on a wall, and what its head says: `title`, `live`, `kind` and `clocks`."""

    wall: Markup
    head: dict[str, Any]


class Walls:
    """The last wall of each run. Of those who ask for one at the same moment the first makes it, the others wait."""

    def __init__(self) -> None:
        self._made: OrderedDict[int, tuple[Mark, Made]] = OrderedDict()
        self._turns: dict[int, Lock] = {}
        self._lock = Lock()

    def wall(self, run: int, mark: Mark, make: Callable[[], Made]) -> Made:
        """The wall of a run as of a mark that was read before, or a later one."""
        with self._turn(run):
            known = self._made.get(run)
            if known is not None and known[0][:2] >= mark[:2]:
                return known[1]
            made = make()
            with self._lock:
                self._made[run] = (mark, made)
                self._made.move_to_end(run)
                while len(self._made) > KEEP:
                    self._turns.pop(self._made.popitem(last=False)[0], None)
            return made

    def _turn(self, run: int) -> Lock:
        with self._lock:
            return self._turns.setdefault(run, Lock())


def walls_of(app: Any) -> Walls:
    """Those of this process."""
    if not hasattr(app.state, "walls"):
        app.state.walls = Walls()
    found: Walls = app.state.walls
    return found
