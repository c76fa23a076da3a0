"""Prose of a playbook (Markdown) as HTML. Text is data: no HTML passes through, links lead to https only."""

from __future__ import annotations

from functools import lru_cache

from markdown_it import MarkdownIt
from markupsafe import Markup


@lru_cache(maxsize=1)
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "linkify": False}).disable(["image", "html_block", "html_inline"])
    reader.validateLink = lambda url: url.startswith("https://")  # type: ignore[method-assign]
    return reader


def prose(text: str) -> Markup:
    """Markdown as HTML that is safe to show; empty for an empty text."""
    return Markup(_reader().render(text)) if text.strip() else Markup("")  # noqa: S704 (the reader escapes all HTML)
