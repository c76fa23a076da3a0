"""The texts of mails: one template in plain text, one in HTML, from the same facts."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape


def _folder() -> Path:
    """The templates: inside the installed package, else beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    packed = package / "_templates"
    return packed if packed.is_dir() else package.parent / "templates"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    # Everything is escaped but plain text, whatever a file is called.
    return Environment(
        loader=FileSystemLoader(_folder()),
        autoescape=select_autoescape(disabled_extensions=("txt",), default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def written(template: str, facts: dict[str, Any]) -> tuple[str, str]:
    """A letter as plain text and as HTML. Raises UndefinedError for a fact that is not given."""
    text, page = (_environment().get_template(f"mail/{template}.{kind}").render(facts) for kind in ("txt", "html"))
    return text.strip() + "\n", page
