"""The playbooks that come with the product."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from app.errors import NotFound
from app.folders import folder
from app.rules.playbooks import parsed

_FORMAT = re.compile(r"^muster: ", re.MULTILINE)


@dataclass(frozen=True)
class Shipped:
    """One of them: the name of its file, what it is called, and its id and version."""

    name: str
    title: str
    playbook: str
    version: str


@lru_cache(maxsize=1)
def shipped() -> tuple[Shipped, ...]:
    """All of them, by name."""
    found = sorted(folder("playbooks").glob("*.yaml"))
    texts = ((path.stem, path.read_text(encoding="utf-8")) for path in found)
    return tuple(_shipped(name, text) for name, text in texts if _FORMAT.search(text))


def _shipped(name: str, text: str) -> Shipped:
    playbook = parsed(text)
    return Shipped(name, playbook.title, playbook.id, playbook.version)


def shipped_text(name: str) -> bytes:
    """The text of the one of that name. Raises NotFound."""
    if name not in {one.name for one in shipped()}:
        raise NotFound("playbook")
    return (folder("playbooks") / f"{name}.yaml").read_text(encoding="utf-8").encode()
